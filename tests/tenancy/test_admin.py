"""On the desk, what belongs to another body does not exist."""

import pytest
from django.contrib import admin
from django.urls import reverse

from applications.models import Application, Document
from foundation.desk.admin import ScopedAdmin
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry
from notifications.models import Delivery, Message, Webhook
from organizations.models import ApiToken, Membership, Organization
from tests import factories
from tests.factories import AKI, MUROTO
from tests.factories.asked import cluster, question, ticket
from tests.factories.faq import desk as faq_desk
from tests.factories.faq import entry, measured_set, thresholds

pytestmark = pytest.mark.django_db

EVERY_ROLE = ("clerk", "examiner", "approver", "publisher", "administrator")
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OF_NO_BODY = {
    "procedures.Operation",
    "faq.Calibration",
    "faq.IndexVersion",
    "faq.Proposal",
}
TENANT_MODELS = [model for model in MODELS if model._meta.label not in OF_NO_BODY]
A_NAME = "髙知"


def label(model):
    return model._meta.label


def of_faq():
    """Return a row of everything that people asked and desks wrote."""
    office = faq_desk(AKI, name="安芸市のひみつ窓口", code="secret-desk")
    asked = question(office, "ひみつの質問")
    measured = measured_set(office, "ひみつの問題集", "ひみつの問題")
    return {
        "faq.Cluster": cluster(office, "ひみつのまとまり"),
        "faq.Desk": office,
        "faq.Entry": entry(office, "ひみつの項目", published=False),
        "faq.Evaluation": measured,
        "faq.Question": asked,
        "faq.TestSet": measured.test_set,
        "faq.Ticket": ticket(office, "ひみつの相談"),
    }


@pytest.fixture
def theirs():
    """Fill 安芸市 with one row of everything; return model → row."""
    member = factories.staff(
        *EVERY_ROLE, organization=AKI, email="secret-colleague@aki.example"
    )
    department = factories.department(
        AKI, name="安芸市のひみつ課", code="secret-office"
    )
    procedure = factories.procedure(AKI, title="安芸市のひみつ手続", code="secret-code")
    offering = factories.offering(AKI, of=procedure, department=department)
    revision = factories.form(procedure)
    application = factories.application(AKI, offering=offering)
    with scoped(Scope(organization_ids=frozenset({AKI}))):
        message = Message.objects.create(
            organization_id=AKI,
            key="secret",
            template="received",
            subject_id=application.pk,
            address="secret-person@example.jp",
            context={"number": application.number},
            state="failed",
        )
        token = ApiToken.objects.create(
            organization_id=AKI,
            label="安芸市のひみつ連携",
            prefix="kp1_secret12",
            capability="0" * 64,
            scopes=["cases:read"],
            expires_at=application.filed_at,
        )
        webhook = Webhook.objects.create(
            organization_id=AKI,
            label="安芸市のひみつ連携先",
            url="https://secret.example",
            events=["faq.question_handed_over"],
            created_by=member,
        )
        delivery = Delivery.objects.create(
            organization_id=AKI,
            webhook=webhook,
            entry_id=application.pk,
            event="secret",
            subject_id=application.pk,
        )
        return {
            **of_faq(),
            "accounts.User": member,
            "applications.Application": Application.objects.get(pk=application.pk),
            "applications.FormRevision": revision,
            "journal.Entry": Entry.objects.filter(subject_id=application.pk)[0],
            "notifications.Delivery": delivery,
            "notifications.Message": message,
            "notifications.Webhook": webhook,
            "organizations.ApiToken": token,
            "organizations.Department": department,
            "organizations.Membership": Membership.objects.filter(user=member)[0],
            "organizations.Organization": Organization.objects.get(pk=AKI),
            "procedures.Offering": offering,
            "procedures.Procedure": procedure,
        }


@pytest.fixture
def desk(client):
    """Sit down at the desk of 室戸市 with every role there is in one body."""
    user = factories.staff(*EVERY_ROLE, organization=MUROTO)
    client.force_login(user)
    return client


def names_of(theirs):
    """Return what would give 安芸市 away, wherever it appears."""
    names = {str(row.pk) for row in theirs.values() if len(str(row.pk)) > 6}
    return names | {
        theirs["applications.Application"].number,
        "ひみつ",
        "secret",
        "安芸市",
    }


def test_every_page_of_the_desk_is_scoped():
    assert MODELS
    for model in MODELS:
        assert isinstance(admin.site._registry[model], ScopedAdmin)


def test_a_fixture_holds_a_row_of_everything_that_belongs_to_a_body(theirs):
    assert {label(model) for model in TENANT_MODELS} == set(theirs)


def url_of(model, page, *args):
    name = f"{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(f"admin:{name}", args=args)


@pytest.mark.parametrize("model", TENANT_MODELS, ids=label)
def test_every_page_of_another_body_s_row_is_not_there(desk, theirs, model):
    pk = theirs[label(model)].pk
    pages = [url_of(model, page, pk) for page in ("change", "history", "delete")]
    pages += [
        url_of(model, "step", pk, step.name)
        for step in admin.site._registry[model].steps
    ]

    answered = {
        (method, page): getattr(desk, method)(page).status_code
        for method in ("get", "post")
        for page in pages
    }

    assert set(answered.values()) == {404}, answered


def test_what_belongs_to_no_body_all_staff_see_and_nobody_changes(client, desk):
    row = thresholds()
    change, delete = (url_of(type(row), page, row.pk) for page in ("change", "delete"))

    assert desk.get(change).status_code == 200
    assert desk.post(change).status_code == 403
    assert desk.get(delete).status_code == desk.post(delete).status_code == 403
    client.force_login(factories.resident())
    assert client.get(change).status_code in {302, 403, 404}


def test_a_paper_of_another_body_is_not_there(desk, theirs):
    application = theirs["applications.Application"]
    with scoped(Scope(organization_ids=frozenset({AKI}))):
        paper = Document.objects.get(application=application)
    ours = factories.application(MUROTO)

    for case in (application, ours):
        for page in ("document", "pdf"):
            url = url_of(Application, page, case.pk, paper.pk)
            assert desk.get(url).status_code == 404


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_list_names_nothing_of_another_body(desk, theirs, model):
    url = url_of(model, "changelist")
    page = desk.get(url).content.decode()

    assert {name for name in names_of(theirs) if name in page} == set()


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_no_filter_reaches_another_body(desk, theirs, model):
    url = url_of(model, "changelist")
    theirs_by_filter = {
        "body": str(AKI),
        "department": str(theirs["organizations.Department"].pk),
        "procedure": "secret-code",
        "subject_id": str(theirs["applications.Application"].pk),
        "actor_id": str(theirs["accounts.User"].pk),
        "state": "all",
        "time": "all",
    }
    offered = {
        one.parameter_name for one in admin.site._registry[model].list_filter
    } & theirs_by_filter.keys()

    for name in offered:
        response = desk.get(url, {name: theirs_by_filter[name]})
        shown = [str(row.pk) for row in response.context["cl"].result_list]
        assert not names_of(theirs) & set(shown)
        assert "ひみつ" not in response.content.decode()


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_lookup_that_no_filter_offers_is_refused(desk, model):
    for lookup in (
        {"organization_id": str(AKI)},
        {"organization__code__exact": str(AKI)},
        {"id__startswith": "0"},
        {"user__email__startswith": "secret"},
        {"assignee__password__startswith": "p"},
    ):
        assert desk.get(url_of(model, "changelist"), lookup).status_code == 400


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_search_finds_nothing_of_another_body(desk, theirs, model):
    url = url_of(model, "changelist")
    application = theirs["applications.Application"]

    for term in (A_NAME, application.number, "ひみつ", "secret", str(application.pk)):
        response = desk.get(url, {"q": term})
        assert response.status_code == 200
        shown = {str(row.pk) for row in response.context["cl"].result_list}
        assert not shown & names_of(theirs)


def test_a_form_offers_nothing_of_another_body(desk, theirs):
    ours = (
        factories.application(MUROTO, state="accepted"),
        factories.department(MUROTO),
        factories.offering(MUROTO),
    )
    pages = [
        url_of(type(row), "step", row.pk, step.name)
        for row in ours
        for step in admin.site._registry[type(row)].steps
    ] + [
        url_of(model, "opening", step.name)
        for model in MODELS
        for step in admin.site._registry[model].openings
    ]
    published = {"安芸市のひみつ手続", str(theirs["procedures.Procedure"].pk)}

    for page in pages:
        response = desk.get(page, follow=True)
        assert response.status_code in {200, 403}, page
        told = response.content.decode()
        if page.endswith(("/procedures/offering/steps/open/", "/faq/entry/steps/new/")):
            for name in published:  # what anyone may read, and so may offer too
                told = told.replace(name, "")
        assert not [name for name in names_of(theirs) if name in told], page


def test_autocomplete_answers_nobody(desk, theirs):
    response = desk.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "procedures",
            "model_name": "offering",
            "field_name": "department",
            "term": "ひみつ",
        },
    )

    assert response.status_code == 404


def test_django_s_permissions_open_nothing_by_themselves(client, theirs):
    keeper = factories.staff(organization=MUROTO)
    keeper.is_superuser = True
    keeper.save()
    client.force_login(keeper)

    for model in MODELS:
        assert client.get(url_of(model, "changelist")).status_code == 403
        if label(model) in theirs:
            url = url_of(model, "change", theirs[label(model)].pk)
            assert client.get(url).status_code == 404


def test_the_first_page_counts_nothing_of_another_body(desk, theirs):
    page = desk.get(reverse("admin:index")).content.decode()

    assert not [name for name in names_of(theirs) if name in page]
