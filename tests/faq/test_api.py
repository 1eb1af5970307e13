"""The API of the FAQ: what is published, and a question like any other."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from django.utils.http import http_date

from faq.models import Entry, Question, Ticket
from foundation.identifiers import new_id
from foundation.tenancy.scope import Scope, scoped
from journal.models import Entry as Written
from tests import factories
from tests.factories import MUROTO, PREFECTURE
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)

ENTRIES = "/api/v1/faq/entries/"
DESKS = "/api/v1/faq/desks/"
QUESTIONS = "/api/v1/faq/questions/"
COOLING_OFF = "訪問販売のクーリング・オフは何日以内にできますか"
OTHERS = ("通信販売で買った品物を返品できますか", "架空請求のメールが届きました")
SECRET = "会計システムの管理者の暗証番号を忘れました"


@pytest.fixture
def anyone():
    return factories.Caller()


def staff_caller(body=PREFECTURE, *scopes):
    return factories.Caller(factories.token_for(body, *(scopes or ("faq:read",))))


def consumer_desk():
    made = desk()
    wanted = entry(made, COOLING_OFF, contacts=["188"])
    for other in OTHERS:
        entry(made, other)
    return made, wanted


def asked(caller, text, **more):
    return caller.send(QUESTIONS, {"text": text, **more})


def titles(answer):
    return [one["question"] for one in answer.json()["results"]]


def of_body(model, body=PREFECTURE):
    with scoped(Scope(organization_ids=frozenset({body}))):
        return list(model.objects.all())


def assert_problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


# Entries and desks


def test_anyone_reads_what_is_published_for_residents(anyone):
    made, wanted = consumer_desk()
    entry(made, "まだ下書きの質問", published=False)

    listed = anyone.get(ENTRIES)
    one = anyone.get(f"{ENTRIES}{wanted.pk}/").json()

    assert titles(listed) == [*reversed(OTHERS), COOLING_OFF]
    assert one["question"] == COOLING_OFF
    assert one["contacts"] == [
        {"number": "188", "label": "消費者ホットライン 188（いやや）"}
    ]
    assert one["desk"]["name"] == "消費生活センター"


@pytest.mark.parametrize(
    "narrowed", ["desk", "category", "organization", "language", "updated_since"]
)
def test_each_filter_narrows_the_list(anyone, narrowed):
    consumer_desk()
    other = desk(MUROTO)
    words = {"question_en": "Dogs?", "answer_en": "At the town office."}
    wanted = entry(other, "犬の登録", category="生活", **words)
    with scoped(Scope(organization_ids=frozenset({MUROTO}))):
        Entry.objects.filter(pk=wanted.pk).update(
            published_at=timezone.now() + timedelta(hours=1)
        )
    value = {
        "desk": other.pk,
        "category": "生活",
        "organization": MUROTO,
        "language": "en",
        "updated_since": (timezone.now() + timedelta(minutes=30)).isoformat(),
    }[narrowed]

    [one] = anyone.get(ENTRIES, {narrowed: value}).json()["results"]

    assert one["id"] == str(wanted.pk)
    assert one["question"] == ("Dogs?" if narrowed == "language" else "犬の登録")


def test_pages_of_entries_are_followed_by_cursor(anyone):
    consumer_desk()

    first = anyone.get(ENTRIES, {"page_size": 2})
    second = anyone.get(first.json()["next"])

    assert titles(first) + titles(second) == [*reversed(OTHERS), COOLING_OFF]


@pytest.mark.parametrize("days", [-1, 1])
def test_what_is_not_within_its_days_is_nowhere(anyone, days):
    day = timezone.localdate() + timedelta(days=days)
    field = "valid_until" if days < 0 else "valid_from"
    made = desk()
    gone = entry(made, COOLING_OFF, **{field: day})
    for other in OTHERS:
        entry(made, other)
    indexed()

    answer = asked(anyone, COOLING_OFF).json()

    assert COOLING_OFF not in titles(anyone.get(ENTRIES))
    assert_problem(anyone.get(f"{ENTRIES}{gone.pk}/"), 404)
    shown = [answer["answer"], *answer["candidates"]]
    assert all(one["id"] != str(gone.pk) for one in shown if one)


def test_who_has_it_already_is_told_so(anyone):
    _, wanted = consumer_desk()
    address = f"{ENTRIES}{wanted.pk}/"
    tags = {read: anyone.get(read)["ETag"] for read in (ENTRIES, address, DESKS)}
    for read, tag in tags.items():
        assert anyone.get(read, headers={"If-None-Match": tag}).status_code == 304
    since = anyone.get(address)["Last-Modified"]
    assert anyone.get(address, headers={"If-Modified-Since": since}).status_code == 304

    entry(desk(code="water"), "水道を使い始めるには")

    for read in (ENTRIES, DESKS):
        tag = tags[read]
        assert anyone.get(read, headers={"If-None-Match": tag}).status_code == 200


def test_who_asks_since_when_hears_of_another_heading(anyone):
    _, wanted = consumer_desk()
    address = f"{ENTRIES}{wanted.pk}/"
    since = http_date((timezone.now() + timedelta(seconds=5)).timestamp())
    later = timezone.now() + timedelta(minutes=1)
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        Entry.objects.filter(pk=wanted.pk).update(refiled_at=later)

    again = anyone.get(address, headers={"If-Modified-Since": since})
    listed = anyone.get(ENTRIES, {"updated_since": later.isoformat()}).json()

    assert again.status_code == 200
    assert [one["id"] for one in listed["results"]] == [str(wanted.pk)]


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31T23:59:59.9"])
def test_a_moment_beyond_the_calendar_is_told_or_finds_nothing(anyone, since):
    assert anyone.get(ENTRIES, {"updated_since": since}).status_code in {200, 422}


def test_words_nobody_wrote_in_a_language_come_in_japanese(anyone):
    words = {"question_en": "Cooling off?", "answer_en": "Within eight days."}
    english = entry(desk(), COOLING_OFF, **words, machine_translated=["en"])
    plain = entry(desk(), "犬の登録")

    one = anyone.get(f"{ENTRIES}{english.pk}/", {"language": "en"}).json()
    other = anyone.get(f"{ENTRIES}{plain.pk}/", {"language": "en"}).json()

    assert (one["question"], one["language"]) == ("Cooling off?", "en")
    assert one["is_machine_translated"] is True
    assert (other["question"], other["language"]) == ("犬の登録", "ja")
    assert other["is_machine_translated"] is False


def test_desks_tell_their_hours_and_office(anyone):
    made = desk()
    desk(closed_at=timezone.now())
    desk(MUROTO)

    [one] = anyone.get(DESKS, {"organization": PREFECTURE}).json()["results"]

    assert one["id"] == str(made.pk)
    assert one["hours"].startswith("月〜金 8時30分〜17時15分")
    assert one["office"]["name"] == made.department.name


# Staff


def staff_words(body=PREFECTURE):
    made = desk(body, audience="staff", name="会計管理課の窓口")
    wanted = entry(made, SECRET)
    for other in OTHERS:
        entry(made, other)
    return wanted


def test_words_for_staff_are_their_own_bodys_alone(anyone):
    ours = staff_words()
    theirs = staff_words(MUROTO)
    consumer_desk()
    indexed("resident", "staff")
    staff = {"audience": "staff"}
    others = [
        (anyone, 401),
        (staff_caller(PREFECTURE, "cases:read"), 403),
        (factories.Caller(factories.token_of(factories.resident())), 403),
    ]

    for caller, refused in others:
        assert_problem(caller.get(ENTRIES, staff), refused)
        assert_problem(caller.get(DESKS, staff), refused)
        assert_problem(asked(caller, SECRET, **staff), refused)
        assert_problem(caller.get(f"{ENTRIES}{ours.pk}/"), 404)
        texts = [caller.get(ENTRIES), caller.get(DESKS), asked(caller, SECRET)]
        assert all(SECRET not in text.content.decode() for text in texts[:2])
        found = texts[2].json()
        shown = [found["answer"], *found["candidates"]]
        assert str(ours.pk) not in [one["id"] for one in shown if one]
        assert "会計管理課の窓口" not in texts[1].content.decode()

    clerk = staff_caller()
    assert titles(clerk.get(ENTRIES, staff)) == [*reversed(OTHERS), SECRET]
    assert clerk.get(f"{ENTRIES}{ours.pk}/").json()["question"] == SECRET
    assert_problem(clerk.get(f"{ENTRIES}{theirs.pk}/"), 404)
    assert len(clerk.get(DESKS, staff).json()["results"]) == 1
    answer = asked(clerk, SECRET, **staff).json()
    assert answer["answer"]["id"] == str(ours.pk)


def test_a_question_of_staff_is_opened_with_their_token_alone(anyone):
    staff_words()
    indexed("staff")
    clerk = staff_caller()
    answer = asked(clerk, SECRET, audience="staff").json()
    said = {"token": answer["conversation"]["token"], "verdict": "solved"}

    assert_problem(anyone.send(answer["feedback"], said), 401)
    assert clerk.send(answer["feedback"], said).status_code == 200


# Asking


def test_a_question_is_answered_with_its_source_and_what_to_do_next(anyone):
    made, wanted = consumer_desk()
    indexed()

    response = asked(anyone, COOLING_OFF)
    answer = response.json()

    assert response.status_code == 201
    assert answer["outcome"] == "answer"
    assert answer["answer"]["id"] == str(wanted.pk)
    assert answer["answer"]["source"] == "一般的な実務"
    assert answer["candidates"] == []
    assert [one["number"] for one in answer["contacts"]] == ["188"]
    assert answer["desk"]["id"] == str(made.pk)
    assert answer["confidence"] > 0.9
    [kept] = of_body(Question)
    assert str(kept.pk) == answer["id"]
    assert kept.door == "api"


def test_what_names_a_person_is_masked_before_it_is_kept(anyone):
    consumer_desk()
    indexed()

    asked(anyone, f"{COOLING_OFF} 電話は090-1234-5678です")

    [kept] = of_body(Question)
    assert "1234" not in kept.text


def test_the_next_question_belongs_to_the_conversation(anyone):
    consumer_desk()
    indexed()
    first = asked(anyone, COOLING_OFF).json()["conversation"]

    second = asked(anyone, OTHERS[0], conversation=first).json()["conversation"]
    wrong = {**first, "token": "ABCD2345EFGH6789"}

    assert second == first
    assert len({one.conversation for one in of_body(Question)}) == 1
    assert_problem(asked(anyone, OTHERS[0], conversation=wrong), 422)


def test_a_town_answers_who_says_where_they_live(anyone):
    town = desk(MUROTO)
    wanted = entry(town, "犬の登録はどこでできますか")
    consumer_desk()
    indexed()

    def shown(**more):
        found = asked(anyone, "犬の登録はどこでできますか", **more).json()
        return [one["id"] for one in (found["answer"], *found["candidates"]) if one]

    assert str(wanted.pk) not in shown()
    assert str(wanted.pk) in shown(place=MUROTO)
    assert str(wanted.pk) in shown(place=MUROTO, topic=str(town.pk))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": "あ" * 501}, 422),
        ({"text": "水道", "place": 999999}, 422),
        ({"text": "水道", "topic": "019abc4e-7d1f-7c52-8f0e-6a4d2b1c9e55"}, 422),
        ({"text": "水道", "audience": "admin"}, 422),
        ({"text": "水道", "language": "ja-Hira"}, 422),
        ({"text": "水道", "wrong": 1}, 422),
        ({"text": ["水道"]}, 422),
        ({"text": "水\0道"}, 400),
        ({"text": "\ufdfa" * 3000}, 422),
        ({"text": "あ" * 1_000_000}, 413),
        ({"text": "\u200b\u200b"}, 409),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(anyone, body, status):
    consumer_desk()

    assert assert_problem(anyone.send(QUESTIONS, body), status)["detail"]
    assert of_body(Question) == []


def test_the_longest_strange_question_is_answered_like_any_other(anyone):
    consumer_desk()
    indexed()

    answer = asked(anyone, "\ufdfa" * 500)

    assert answer.status_code == 201
    assert answer.json()["outcome"] != "answer"


def test_nobody_asks_without_end(anyone, monkeypatch):
    consumer_desk()
    rates = {"anonymous": None, "token": None, "token_asking": "1/hour"}
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES",
        rates | {"anonymous_asking": "2/hour", "anonymous_handing": None},
    )

    answers = [asked(anyone, "水道") for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 201, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert anyone.get(ENTRIES).status_code == 200


# Feedback and hand-over


@pytest.fixture
def question(anyone):
    consumer_desk()
    indexed()
    return asked(anyone, COOLING_OFF).json()


def test_what_was_said_first_stays_however_often_it_is_sent(anyone, question):
    token = question["conversation"]["token"]

    for verdict in ("solved", "solved", "unsolved"):
        said = {"token": token, "verdict": verdict}
        answer = anyone.send(question["feedback"], said)
        assert answer.json() == {
            "id": question["id"],
            "entry": None,
            "verdict": "solved",
        }


def test_only_what_was_offered_can_be_chosen(anyone, question):
    token = question["conversation"]["token"]
    other = entry(desk(), "水道を使い始めるには")
    wanted = question["answer"]["id"]

    chosen = anyone.send(question["feedback"], {"token": token, "entry": wanted})
    wrong = {"token": token, "entry": str(other.pk)}

    assert chosen.json()["entry"] == wanted
    assert_problem(anyone.send(question["feedback"], wrong), 409)
    assert_problem(anyone.send(question["feedback"], {"token": token}), 422)


@pytest.mark.parametrize("door", ["feedback", "handover"])
@pytest.mark.parametrize("token", ["", "ABCD2345EFGH6789", "\u3042"])
def test_nothing_opens_a_question_but_its_secret(anyone, question, door, token):
    body = {"token": token}
    if door == "feedback":
        body["verdict"] = "solved"

    assert_problem(anyone.send(question[door], body), 404 if token else 422)
    assert of_body(Ticket) == []


def test_a_question_handed_over_twice_is_one_ticket(anyone, question):
    body = {
        "token": question["conversation"]["token"],
        "message": "先週の契約です",
        "email": "hanako@example.jp",
    }

    first = anyone.send(question["handover"], body)
    second = anyone.send(question["handover"], body)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    [ticket] = of_body(Ticket)
    assert ticket.number == first.json()["number"]
    assert ticket.contact_email == "hanako@example.jp"
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        names = list(Written.objects.values_list("name", flat=True))
    assert names.count("faq.question_handed_over") == 1


def test_a_program_hands_over_no_faster_than_people_can_answer(anyone, monkeypatch):
    consumer_desk()
    indexed()
    caller = staff_caller()
    questions = [asked(caller, COOLING_OFF).json() for _ in range(2)]
    rates = {"token": None, "anonymous": None, "anonymous_handing": None}
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES",
        rates | {"token_handing": "1/hour"},
    )

    answers = [
        caller.send(one["handover"], {"token": one["conversation"]["token"]})
        for one in questions
    ]

    assert [one.status_code for one in answers] == [201, 429]


def test_what_begins_to_hold_today_has_changed_today(anyone):
    today = timezone.localdate()
    old = timezone.now() - timedelta(days=9)
    made = entry(desk(), COOLING_OFF, valid_from=today)
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        type(made).objects.filter(pk=made.pk).update(published_at=old)
        type(made.live).objects.filter(pk=made.live_id).update(reviewed_at=old)
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    just_before = midnight - timedelta(seconds=1)

    def since(moment):
        return titles(anyone.get(ENTRIES, {"updated_since": moment.isoformat()}))

    assert since(just_before) == [COOLING_OFF]
    assert since(midnight + timedelta(seconds=1)) == []


HUGE = 10**30
ODD = (HUGE, -1, 0, "9" * 400, "words", "%00", "%ED%A0%80", "1.5", "高知")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/organizations/{}/",
        "/api/v1/procedures/{}/",
        "/api/v1/offerings/{}/",
        "/api/v1/faq/entries/{}/",
        "/api/v1/faq/questions/{}/",
        "/organizations/{}/",
        "/procedures/water-supply/{}/",
        "/faq/entries/{}/x/",
        "/faq/desks/{}/x/",
        "/faq/questions/{}/",
        "/faq/tickets/{}/",
    ],
)
def test_an_address_of_nothing_is_not_there(anyone, address, odd):
    factories.water_supply()
    answer = anyone.get(address.format(odd))

    # U+0000 in an address is refused before it is looked for.
    assert answer.status_code in ({400, 404} if odd == "%00" else {404})
    if address.startswith("/api/"):
        assert re.search(
            "[ぁ-ん]", assert_problem(answer, answer.status_code)["detail"]
        )


@pytest.mark.parametrize("odd", [*ODD[:2], *ODD[3:6], "1.5", 1_000_000, ""])
@pytest.mark.parametrize("door", [ENTRIES, DESKS, "/api/v1/offerings/"])
def test_a_body_that_has_no_six_digits_is_refused_by_name(anyone, door, odd):
    answer = anyone.get(f"{door}?organization={odd}")

    if odd == "%00":
        assert_problem(answer, 400)
        return
    [error] = assert_problem(answer, 422)["errors"]
    assert error["pointer"] == "#/organization"
    assert re.search("[ぁ-ん]", error["detail"])


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"[1, {}]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text":' * 20_000, "application/json", 400),
        (b'{"text": "\\u0000"}', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b'{"text": ["a"]}', "application/json", 422),
        (b'{"text": {"a": 1}}', "application/json", 422),
        (b'{"text": "a", "place": 1e400}', "application/json", 422),
        (b'{"text": "a", "place": %d}' % HUGE, "application/json", 422),
        (b'{"text": "a", "place": -1}', "application/json", 422),
        (b'{"text": "a", "language": {}}', "application/json", 422),
        (b'{"text": "a", "topic": []}', "application/json", 422),
        (b'{"text": "a", "conversation": 1}', "application/json", 422),
        (b'{"text": "%s"}' % (b"a" * 100_000), "application/json", 422),
        (b'{"text": "%s"}' % (b"a" * 1_000_000), "application/json", 413),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"text", "text/plain", 415),
        (b"--x", "multipart/form-data; boundary=x", 415),
    ],
)
def test_whatever_is_sent_is_refused_in_words(anyone, body, kind, status):
    one = f"{QUESTIONS}{new_id()}"
    for door in (QUESTIONS, f"{one}/feedback/", f"{one}/handover/"):
        answer = anyone.post(door, body, content_type=kind)

        problem = assert_problem(answer, status)
        errors = problem.get("errors", [])
        said = [problem["detail"], *(error["detail"] for error in errors)]
        assert all(re.search("[ぁ-ん]", sentence) for sentence in said)
