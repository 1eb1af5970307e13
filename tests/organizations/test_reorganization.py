"""The change of 1 April: tried, confirmed, applied whole; cases follow on the day."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from applications.models import Application, Document
from applications.workflow import State
from foundation.tenancy.scope import Scope, scoped
from journal.actions import deliver_due
from journal.models import Entry
from organizations.actions import (
    Plan,
    ReorganizationChanged,
    ReorganizationUnusable,
    reorganize,
    take_over_due,
    try_reorganization,
)
from organizations.models import Department, Membership
from organizations.queries import department_in_charge
from procedures.models import Offering
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db

OURS = Scope(organization_ids=frozenset({MUROTO}))
DEPARTMENTS = "部署コード,名称,後継の部署コード,適用日\n"
MEMBERSHIPS = "メールアドレス,氏名,部署コード,役割,開始日,最終日\n"
NEW_YEAR = date(2027, 4, 1)


@pytest.fixture
def administrator():
    return factories.staff("administrator", organization=MUROTO, email="kanri@a.jp")


@pytest.fixture
def water():
    return factories.department(MUROTO, code="water", name="上下水道課")


def tried(by, departments="", memberships=""):
    with scoped(OURS):
        return try_reorganization(
            MUROTO,
            departments=departments and DEPARTMENTS + departments,
            memberships=memberships and MEMBERSHIPS + memberships,
            by=by,
        )


def problems(by, departments="", memberships=""):
    with pytest.raises(ReorganizationUnusable) as error:
        tried(by, departments, memberships)
    return error.value.problems


def applied(by, departments="", memberships=""):
    plan = tried(by, departments, memberships)
    with scoped(OURS):
        return reorganize(
            MUROTO,
            departments=departments and DEPARTMENTS + departments,
            memberships=memberships and MEMBERSHIPS + memberships,
            digest=plan.digest,
            by=by,
        )


def departments():
    with scoped(OURS):
        return list(Department.objects.filter(organization_id=MUROTO))


def roles_of(email):
    with scoped(OURS):
        held = Membership.objects.filter(organization_id=MUROTO, user__email=email)
        return [
            (m.role, m.department and m.department.code, m.valid_from, m.valid_until)
            for m in held.order_by("valid_from", "role")
        ]


# What a trial tells, and that it changes nothing


def test_a_trial_tells_line_by_line_what_would_change(administrator, water):
    factories.department(MUROTO, code="garbage", name="ごみ係")

    plan = tried(
        administrator,
        "water,上下水道局,,令和9年4月1日\ngarbage,,water,2027-04-01\n"
        "sea,海の課,,2027/4/1\n",
        "t@a.jp,田中　一郎,sea,受付,2027-04-01,\n",
    )

    assert plan.changes == (
        "部署の2行目：2027年4月1日に「上下水道課」を「上下水道局」に改めます。",
        "部署の3行目：2027年4月1日に「ごみ係」を廃止し、「上下水道局」が引き継ぎます。",
        "部署の4行目：2027年4月1日に「海の課」を新設します。",
        "所属の2行目：2027年4月1日から、t@a.jp に「受付」（海の課）を割り当てます。",
    )


def test_a_trial_changes_nothing(administrator, water):
    tried(
        administrator,
        "water,上下水道局,,2027-04-01\n",
        "tanaka@a.jp,田中,water,受付,2027-04-01,\n",
    )

    assert departments() == [water]
    assert not User.objects.filter(email="tanaka@a.jp").exists()
    with scoped(OURS):
        assert not Entry.objects.exists()


def test_problems_are_named_by_line_all_at_once(administrator, water):
    found = problems(
        administrator,
        "water,上下水道局,,4月の1日\n"
        ",名前だけ,,2027-04-01\n"
        "none,,water,2027-04-01\n"
        "water,,nowhere,2027-04-01\n"
        f"long,{'あ' * 101},,2027-04-01\n",
        "not-an-address,田中,water,受付,2027-04-01,\n"
        "a@a.jp,田中,water,市長,2027-04-01,\n"
        "b@a.jp,田中,nowhere,受付,2027-04-01,\n"
        "c@a.jp,田中,water,受付,2027-04-01,2027-03-01\n"
        "d@a.jp,田中,water,受付,,\n",
    )

    lines = [problem.partition("：")[0] for problem in found]
    assert lines == [f"部署の{n}行目" for n in range(2, 7)] + [
        f"所属の{n}行目" for n in range(2, 7)
    ]


@pytest.mark.parametrize(
    ("departments", "memberships", "told"),
    [
        ("", "", "1行以上"),
        ("なまえ\nx\n", "", "「部署コード」"),
        (DEPARTMENTS.strip() + ",色\n1,2,3,4,5\n", "", "「色」"),
        ('部署コード,名称,後継の部署コード,適用日\n"a\x00,b\n', "", "部署の"),
        ("", "メールアドレス\nx\n", "所属の1行目"),
    ],
)
def test_a_table_that_is_none_is_told_so(administrator, departments, memberships, told):
    with scoped(OURS), pytest.raises(ReorganizationUnusable) as error:
        try_reorganization(
            MUROTO, departments=departments, memberships=memberships, by=administrator
        )

    assert told in " ".join(error.value.problems)


def test_only_an_administrator_reorganizes(water):
    clerk = factories.staff("clerk", "publisher", organization=MUROTO)

    assert "管理" in problems(clerk, "water,上下水道局,,2027-04-01\n")[0]


def test_nobody_reorganizes_another_body(water):
    stranger = factories.staff("administrator", organization=AKI)

    assert "管理" in problems(stranger, "water,上下水道局,,2027-04-01\n")[0]


# Applying


def test_all_lines_are_applied_or_none(administrator, water):
    with scoped(OURS), pytest.raises(ReorganizationUnusable):
        reorganize(
            MUROTO,
            departments=f"{DEPARTMENTS}sea,海の課,,2027-04-01\nwater,,none,2027-04-01\n",
            memberships="",
            digest="",
            by=administrator,
        )

    assert departments() == [water]


def test_what_was_not_confirmed_is_not_applied(administrator, water):
    with scoped(OURS), pytest.raises(ReorganizationChanged):
        reorganize(
            MUROTO,
            departments=f"{DEPARTMENTS}sea,海の課,,2027-04-01\n",
            memberships="",
            digest=Plan(("something else",)).digest,
            by=administrator,
        )

    assert departments() == [water]


def test_a_second_table_corrects_a_name_that_the_first_planned(administrator, water):
    applied(administrator, "water,上下水動局,,2027-04-01\n")

    plan = applied(administrator, "water,上下水道局,,2027-04-01\n")

    assert plan.changes == (
        "部署の2行目：2027年4月1日に「上下水動局」を「上下水道局」に改めます。",
    )
    assert [row.name for row in departments()] == ["上下水道課", "上下水道局"]


def test_applying_again_changes_nothing(administrator, water):
    tables = (
        "water,上下水道局,,2027-04-01\nsea,海の課,,2027-04-01\n",
        "tanaka@a.jp,田中,water,受付,2027-04-01,2028-03-31\n",
    )
    applied(administrator, *tables)
    before = (departments(), roles_of("tanaka@a.jp"))

    assert applied(administrator, *tables).changes == ()
    assert (departments(), roles_of("tanaka@a.jp")) == before


def test_a_renamed_department_keeps_its_contact_and_ends_the_day_before(
    administrator, water
):
    applied(administrator, "water,上下水道局,,2027-04-01\n")

    old, new = departments()
    assert (old.name, old.valid_until, old.successor_id) == (
        "上下水道課",
        NEW_YEAR,
        new.pk,
    )
    assert (new.name, new.valid_from, new.phone) == (
        "上下水道局",
        NEW_YEAR,
        water.phone,
    )


def test_a_role_moves_to_another_department(administrator, water):
    factories.department(MUROTO, code="sea", name="海の課")
    applied(administrator, "", "tanaka@a.jp,田中,water,受付,2026-12-01,\n")

    applied(administrator, "", "tanaka@a.jp,,sea,受付,2027-04-01,\n")

    assert roles_of("tanaka@a.jp") == [
        ("clerk", "water", date(2026, 12, 1), NEW_YEAR),
        ("clerk", "sea", NEW_YEAR, None),
    ]


def test_a_line_with_only_a_last_day_ends_the_role(administrator, water):
    applied(administrator, "", "tanaka@a.jp,田中,water,受付,2026-04-01,\n")

    applied(administrator, "", "tanaka@a.jp,,,受付,,2027-03-31\n")

    assert roles_of("tanaka@a.jp") == [("clerk", "water", date(2026, 4, 1), NEW_YEAR)]


def test_one_administrator_follows_another_in_whichever_order(administrator, water):
    applied(
        administrator,
        "",
        "kanri@a.jp,,,管理,,2027-03-31\nnew@a.jp,新任,,管理,2027-04-01,\n",
    )

    assert roles_of("kanri@a.jp")[0][3] == NEW_YEAR
    assert roles_of("new@a.jp") == [("administrator", None, NEW_YEAR, None)]


def test_the_last_administrator_stays(administrator):
    assert (
        "管理の役割の人がいなくなって"
        in problems(administrator, "", "kanri@a.jp,,,管理,,2027-03-31\n")[0]
    )


def test_support_is_not_given_by_a_municipality(administrator):
    assert (
        "県サポート"
        in problems(administrator, "", "a@a.jp,田中,,県サポート,2027-04-01,\n")[0]
    )


def test_a_resident_does_not_become_staff(administrator):
    factories.resident("hanako@a.jp")

    told = problems(administrator, "", "hanako@a.jp,花子,,受付,2027-04-01,\n")

    assert "職員用に使えません" in told[0]
    assert not User.objects.get(email="hanako@a.jp").is_staff


# The day itself


@pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
class TestTheDay:
    def test_cases_and_offerings_follow_on_the_day_and_not_before(
        self, administrator, water
    ):
        offering = factories.offering(MUROTO, department=water)
        waiting, done = (
            factories.application(MUROTO, offering=offering) for _ in range(2)
        )
        with scoped(OURS):
            Application.objects.filter(pk=done.pk).update(
                state=State.COMPLETED, closed_at=done.filed_at
            )
        applied(administrator, "water,上下水道局,,2027-04-01\n")
        new = departments()[1]

        with time_machine.travel("2027-03-31T23:59:00+09:00"):
            assert take_over_due() == 0
            deliver_due()
            assert _offices(waiting, offering) == {water.pk}

        with time_machine.travel("2027-04-01T00:10:00+09:00"):
            assert take_over_due() == 1
            deliver_due()
            assert _offices(waiting, offering) == {new.pk}
            assert _offices(done) == {water.pk}

            assert take_over_due() == 0
            deliver_due()
        with scoped(OURS):
            moved = Entry.objects.filter(name="applications.moved")
            assert [entry.subject_id for entry in moved] == [waiting.pk]
            assert moved[0].payload["to_department_id"] == str(new.pk)
            assert Entry.objects.filter(name="procedures.offering_moved").count() == 1
            of_the_day = Entry.objects.filter(recorded_at__year=2027)
            assert {entry.actor_kind for entry in of_the_day} == {"portal"}
            assert of_the_day.count() == 3

    def test_papers_keep_the_name_they_were_made_with(self, administrator, water):
        offering = factories.offering(MUROTO, department=water)
        application = factories.application(MUROTO, offering=offering)
        applied(administrator, "water,上下水道局,,2026-04-01\n")
        deliver_due()

        with scoped(OURS):
            receipt = Document.objects.get(application=application)
            application.refresh_from_db()
        assert receipt.content["office"]["name"] == "上下水道課"
        assert application.department.name == "上下水道局"

    def test_a_chain_of_successors_ends_at_the_last_in_whichever_order_told(
        self, administrator, water
    ):
        offering = factories.offering(MUROTO, department=water)
        application = factories.application(MUROTO, offering=offering)
        applied(administrator, "water,上下水道局,,2027-04-01\n")
        applied(administrator, "sea,海の局,,2028-04-01\nwater,,sea,2028-04-01\n")

        with time_machine.travel("2028-04-02T00:10:00+09:00"):
            take_over_due()
            deliver_due()

        sea = next(one for one in departments() if one.code == "sea")
        assert _offices(application, offering) == {sea.pk}

    def test_members_go_along_with_their_department(self, administrator, water):
        clerk = factories.staff("clerk", organization=MUROTO, department_id=water.pk)
        applied(administrator, "water,上下水道局,,2026-04-01\n")

        new = departments()[1]
        with scoped(OURS):
            assert Membership.objects.get(user=clerk).department_id == new.pk

    @pytest.mark.usefixtures("water")
    def test_a_role_that_begins_after_its_department_ended_goes_along(
        self, administrator
    ):
        applied(administrator, "", "t@a.jp,田中,water,受付,2027-04-15,\n")
        applied(administrator, "heir,海の局,,2027-04-01\nwater,,heir,2027-04-01\n")

        with time_machine.travel("2027-04-01T00:10:00+09:00"):
            take_over_due()

        assert roles_of("t@a.jp") == [("clerk", "heir", date(2027, 4, 15), None)]

    @pytest.mark.usefixtures("water")
    def test_a_role_that_ended_stays_where_it_was_held(self, administrator):
        applied(administrator, "", "t@a.jp,田中,water,受付,2026-04-01,2026-06-30\n")
        applied(administrator, "heir,海の局,,2026-10-01\nwater,,heir,2026-10-01\n")

        assert [role[1] for role in roles_of("t@a.jp")] == ["water"]

    @pytest.mark.usefixtures("water")
    def test_a_role_given_later_from_before_the_day_goes_to_the_successor(
        self, administrator
    ):
        lines = "t@a.jp,田中,water,受付,2026-09-01,\n"
        applied(administrator, "heir,海の局,,2026-10-01\nwater,,heir,2026-10-01\n")

        applied(administrator, "", lines)

        assert [role[1] for role in roles_of("t@a.jp")] == ["heir"]
        assert tried(administrator, "", lines).changes == ()

    def test_a_filing_under_way_at_midnight_follows_too(self, administrator, water):
        offering = factories.offering(MUROTO, department=water)
        applied(administrator, "water,上下水道局,,2026-04-01\n")
        deliver_due()
        with scoped(OURS):  # as read before the offering moved
            Offering.objects.filter(pk=offering.pk).update(department=water)
        late = factories.application(MUROTO, offering=offering)

        deliver_due()

        assert _offices(late) == {departments()[1].pk}

    @pytest.mark.usefixtures("water")
    def test_nothing_of_another_body_moves(self, administrator):
        theirs = factories.application(AKI)
        before = theirs.department_id
        applied(administrator, "water,上下水道局,,2026-04-01\n")
        deliver_due()

        with scoped(Scope(organization_ids=frozenset({AKI}))):
            theirs.refresh_from_db()
        assert theirs.department_id == before


def _offices(*rows):
    with scoped(OURS):
        for row in rows:
            row.refresh_from_db()
    return {row.department_id for row in rows}


def test_a_department_in_force_is_in_charge_itself(water):
    with scoped(OURS):
        assert department_in_charge(water.pk, date(2026, 11, 24)) == water.pk


# The pages


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


PAGE = "admin:organizations_department_opening"


def post(desk, **tables):
    return desk.post(reverse(PAGE, args=["reorganization"]), tables)


def test_the_page_shows_the_plan_and_applies_it_on_the_second_click(desk, water):
    table = DEPARTMENTS + "water,上下水道局,,2027-04-01\n"

    seen = post(desk, departments=table)
    assert seen.status_code == 200
    assert "「上下水道課」を「上下水道局」に改めます" in seen.content.decode()
    assert departments() == [water]

    digest = seen.context["plan"].digest
    assert digest in seen.content.decode()
    done = post(desk, departments=table, digest=digest)
    assert done.status_code == 303
    assert [one.name for one in departments()] == ["上下水道課", "上下水道局"]

    again = post(desk, departments=table, digest=digest)
    assert again.status_code == 303
    assert len(departments()) == 2


def test_a_table_changed_after_the_trial_is_shown_again_first(desk, water):
    digest = (
        post(desk, departments=DEPARTMENTS + "water,上下水道局,,2027-04-01\n")
        .context["plan"]
        .digest
    )

    seen = post(
        desk, departments=DEPARTMENTS + "water,水の局,,2027-04-01\n", digest=digest
    )

    assert seen.status_code == 200
    assert "「水の局」に改めます" in seen.content.decode()
    assert departments() == [water]


def test_problems_come_back_with_the_table_as_typed(desk, water):
    table = DEPARTMENTS + "water,上下水道局,,いつか\n"

    seen = post(desk, departments=table)

    assert seen.status_code == 422
    assert "部署の2行目" in seen.content.decode()
    assert "上下水道局,,いつか" in seen.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_read_as_excel_saves_it(desk, water, encoding):
    text = DEPARTMENTS + "water,上下水道局,,2027/4/1\r\n"
    file = SimpleUploadedFile("a.csv", text.encode(encoding), "text/csv")

    seen = post(desk, departments_file=file)

    assert seen.status_code == 200
    assert "「上下水道局」に改めます" in seen.content.decode()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a\x00b", b"x" * 600_000])
def test_a_file_that_is_no_table_is_refused_in_words(desk, content):
    file = SimpleUploadedFile("a.csv", content, "text/csv")

    assert post(desk, departments_file=file).status_code == 422


def test_who_does_not_administer_gets_no_page(client):
    client.force_login(factories.staff("clerk", organization=MUROTO))

    page = reverse(PAGE, args=["reorganization"])
    assert client.get(page).status_code == 403
    assert client.post(page, {"departments": "x"}).status_code == 403


def test_a_large_table_is_refused_beyond_its_limit(administrator):
    line = "a@a.jp,田中,,受付,2027-04-01,\n"

    assert "2000行まで" in problems(administrator, "", line * 2001)[0]
