"""Whoever clicks most changes nothing of what others are answered."""

import pytest

from faq.actions.counting import count_popular
from faq.actions.indexing import build_index
from faq.models import Question
from faq.queries.finding import asking_as_resident, find
from foundation.identifiers import new_id
from foundation.tenancy.scope import NOBODY, scoped
from tests.conftest import EVERY_ROLE
from tests.factories.asked import group_unanswered, in_body
from tests.factories.faq import desk, entry, indexed

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)

COOLING_OFF = "訪問販売のクーリング・オフは何日以内にできますか"
FAKE_BILL = "架空請求のメールが届きました"
ASKED = (COOLING_OFF, "クーリング・オフ", "請求のメール", "買った品物の返品")
CLICKS = 10_000


def answers():
    found = []
    for text in ASKED:
        with scoped(NOBODY):
            answer = find(text, asking_as_resident(text))
        scores = [(match.id, match.score, match.cosine) for match in answer.matches]
        found.append((answer.outcome, answer.confidence, scores))
    return found


def test_ten_thousand_clicks_change_no_ranking_and_no_answer():
    consumer = desk(code="consumer")
    praised = entry(consumer, FAKE_BILL)
    blamed = entry(consumer, COOLING_OFF)
    entry(consumer, "通信販売で買った品物を返品できますか")
    indexed()
    before = answers()
    shown = [{"entry": str(blamed.pk), "score": 9.0, "cosine": 0.9}]
    common = {
        "organization_id": consumer.organization_id,
        "desk": consumer,
        "capability": "a" * 64,
        "audience": "resident",
        "text": COOLING_OFF,
        "language": "ja",
        "confidence": 0.9,
        "found": shown,
    }
    chosen = {"outcome": "candidates", "chosen_id": praised.pk, "verdict": "solved"}
    refused = {"outcome": "answer", "answered_id": blamed.pk, "verdict": "unsolved"}
    with scoped(in_body(consumer.organization_id)):
        Question.objects.bulk_create(
            [
                Question(
                    conversation=new_id(), **common, **(refused if n % 2 else chosen)
                )
                for n in range(CLICKS)
            ],
            batch_size=1_000,
        )

    count_popular()
    group_unanswered()
    assert build_index("resident") is None
    build_index("resident", whole=True)

    assert answers() == before
