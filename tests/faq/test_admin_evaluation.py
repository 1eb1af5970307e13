"""Test sets and thresholds at the desk: made, measured, weighed before they hold."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from faq.actions.measuring import evaluate_test_set, measure_due
from faq.models import Calibration, Evaluation, IndexVersion, Proposal, TestSet
from faq.queries.thresholds import thresholds_of
from foundation.tenancy.scope import Scope, scoped
from organizations.queries import scope_for
from tests import factories
from tests.factories import AKI, PREFECTURE
from tests.faq.test_calibrating import ASKED, RECKLESS, SAFE, published, rows, set_of

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

SETS = reverse("admin:faq_testset_changelist")
THRESHOLDS = reverse("admin:faq_calibration_opening", args=["propose"])


@pytest.fixture
def keeper():
    return factories.staff("administrator", organization=PREFECTURE)


@pytest.fixture
def desk(keeper):
    return factories.browser_of(keeper)


def step(row, name):
    return reverse("admin:faq_testset_step", args=[row.pk, name])


def page_of(row):
    return reverse(f"admin:faq_{row._meta.model_name}_change", args=[row.pk])


def all_of(model):
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        return list(model.objects.order_by("pk"))


def text_of(answer):
    return answer.content.decode()


def table(*asked):
    lines = [",".join(row.values()) for row in rows(*asked)]
    return "\n".join([",".join(rows(ASKED[0])[0]), *lines])


def test_a_set_is_made_filled_frozen_and_measured(desk):
    published()
    new = {"name": "春の問題", "audience": "resident", "organization": PREFECTURE}
    desk.post(reverse("admin:faq_testset_opening", args=["new"]), new)
    [test_set] = all_of(TestSet)
    for encoding in ("utf-8-sig", "cp932"):
        content = table(*ASKED).encode(encoding)
        desk.post(
            step(test_set, "questions"), {"file": SimpleUploadedFile("q.csv", content)}
        )
    more = {"text": "届いた架空請求", "codes": "fake-bill", "language": "ja"}
    desk.post(step(test_set, "add"), more)
    desk.post(step(test_set, "freeze"))
    answer = desk.post(step(test_set, "evaluate"), follow=True)
    [waiting] = all_of(Evaluation)
    assert "測定中です" in text_of(answer)
    assert "測定中" in text_of(desk.get(page_of(waiting)))
    measure_due()

    [measured] = all_of(Evaluation)
    assert measured.figures["all"]["questions"] == 4
    page = text_of(desk.get(page_of(test_set)))
    assert "<polyline" not in page  # one point is no line
    desk.post(step(test_set, "evaluate"))
    measure_due()
    page = text_of(desk.get(page_of(test_set)))
    assert "<polyline" in page
    assert "届いた架空請求" in page
    assert "問題をファイルから入れかえる" not in page
    assert "測定中です" not in page
    shown = text_of(desk.get(page_of(measured)))
    assert "高知県 消費生活センター" in shown
    assert "0.0％" in shown


def test_what_is_exported_is_taken_back_as_it_was(desk, keeper):
    published()
    asked = (*ASKED, ("far", "ja", "", "=1+1 はいくつ", ""))
    test_set = set_of(keeper, *asked, frozen=False)
    file = desk.post(step(test_set, "export"))

    assert file.content.startswith("\ufeff種類,言語".encode())
    assert ",'=1+1" in file.content.decode()
    again = SimpleUploadedFile("q.csv", file.content)
    desk.post(step(test_set, "questions"), {"file": again})
    assert "=1+1 はいくつ" in text_of(desk.get(page_of(test_set)))
    assert "&#x27;=1+1" not in text_of(desk.get(page_of(test_set)))


def test_a_wrong_file_says_which_question_and_changes_nothing(desk, keeper):
    published()
    test_set = set_of(keeper, frozen=False)
    content = table(ASKED[0], ("in", "ja", "", "答えのない質問", "")).encode()

    answer = desk.post(
        step(test_set, "questions"), {"file": SimpleUploadedFile("q.csv", content)}
    )

    assert answer.status_code == 422
    assert "2問目：" in text_of(answer)
    assert ASKED[2][3] in text_of(desk.get(page_of(test_set)))


def proposal_page(proposal, name=None):
    if name is None:
        return reverse("admin:faq_proposal_change", args=[proposal.pk])
    return reverse("admin:faq_proposal_step", args=[proposal.pk, name])


def test_thresholds_are_weighed_before_they_hold(desk, keeper):
    published()
    set_of(keeper)
    asked = desk.post(THRESHOLDS, {"audience": "resident", **vars(SAFE)}, follow=True)
    [proposal] = Proposal.objects.all()
    assert "測定中です" in text_of(asked)
    assert "有効にする" not in text_of(asked)
    measure_due()

    shown = text_of(desk.get(proposal_page(proposal)))

    assert "悪くなるところはありません" in shown
    assert "高知県 消費生活センター" in shown
    assert Calibration.objects.count() == 0
    done = desk.post(proposal_page(proposal, "activate"), follow=True)
    assert "しきい値を有効にしました" in text_of(done)
    assert thresholds_of("resident") == SAFE
    listed = text_of(desk.get(reverse("admin:faq_calibration_changelist")))
    assert "回答 0.9、候補 0.3、差 0" in listed
    listed = text_of(desk.get(reverse("admin:faq_proposal_changelist")))
    assert "有効にしました" in listed


def test_thresholds_that_are_worse_say_why_and_do_not_hold(desk, keeper):
    published()
    set_of(keeper)
    Calibration.objects.create(audience="resident", **vars(SAFE))
    worse = {**vars(RECKLESS), "answer_from": 0, "offer_from": 0}
    desk.post(THRESHOLDS, {"audience": "resident", **worse})
    measure_due()
    [proposal] = Proposal.objects.all()

    shown = text_of(desk.get(proposal_page(proposal)))
    refused = desk.post(proposal_page(proposal, "activate"))

    assert "このしきい値は有効にできません" in shown
    assert "有効にする</" not in shown
    assert refused.status_code == 422
    assert "誤った回答が0問から" in text_of(refused)
    assert thresholds_of("resident") == SAFE


def test_a_measurement_that_is_over_or_failed_is_asked_for_again(desk, keeper):
    published()
    desk.post(THRESHOLDS, {"audience": "resident", **vars(SAFE)})
    measure_due()  # no set yet
    [proposal] = Proposal.objects.all()
    assert "測れませんでした" in text_of(desk.get(proposal_page(proposal)))
    set_of(keeper)
    again = desk.post(proposal_page(proposal, "again"), follow=True)
    assert "測定中です" in text_of(again)
    measure_due()
    set_of(keeper, name="夏の問題")

    shown = text_of(desk.get(proposal_page(proposal)))

    assert "この測定は、いまのものではありません" in shown
    refused = desk.post(proposal_page(proposal, "activate"))
    assert refused.status_code == 422
    assert "「もう一度測る」を押してください" in text_of(refused)


@pytest.mark.parametrize("wrong", [{"answer_from": "x"}, {"answer_from": "0.1"}, {}])
def test_thresholds_that_cannot_be_are_refused_in_words(desk, wrong):
    proposed = {"audience": "resident", **vars(SAFE), **wrong}
    if not wrong:
        del proposed["lead_from"]

    answer = desk.post(THRESHOLDS, proposed)

    assert answer.status_code == 422
    assert "してください" in text_of(answer)


@pytest.mark.parametrize(
    ("role", "body"), [("publisher", PREFECTURE), ("administrator", AKI)]
)
def test_who_does_not_administer_the_prefecture_only_looks(role, body):
    published()
    browser = factories.browser_of(factories.staff(role, organization=body))

    assert browser.get(reverse("admin:faq_calibration_changelist")).status_code == 200
    assert browser.get(THRESHOLDS).status_code == 403
    proposals = reverse("admin:faq_proposal_changelist")
    assert browser.get(proposals).status_code == 200


def test_sets_and_figures_of_another_body_do_not_exist(keeper):
    published()
    test_set = set_of(keeper)
    with scoped(scope_for(keeper)):
        measured = evaluate_test_set(test_set, by=keeper)
    other = factories.browser_of(factories.staff("administrator", organization=AKI))

    assert "春の問題" not in text_of(other.get(SETS))
    for address in (page_of(test_set), page_of(measured), step(test_set, "export")):
        assert other.get(address).status_code == 404


def test_support_looks_and_touches_nothing(keeper):
    published()
    test_set = set_of(keeper)
    support = factories.browser_of(factories.staff("support", organization=PREFECTURE))

    assert support.get(page_of(test_set)).status_code == 200
    assert support.post(step(test_set, "evaluate")).status_code == 403
    assert all_of(Evaluation) == []


def test_the_indexes_that_were_built_are_listed(desk):
    published()
    version, _ = IndexVersion.objects.all()

    listed = text_of(desk.get(reverse("admin:faq_indexversion_changelist")))

    assert "letters-1" in listed
    assert desk.get(page_of(version)).status_code == 200
