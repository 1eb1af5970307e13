"""Desks, entries and an index, and an encoder that needs no model."""

import hashlib
from itertools import count

import numpy as np
from django.utils import timezone

from faq.actions.indexing import build_index
from faq.models import (
    Alternative,
    Calibration,
    Desk,
    Entry,
    Evaluation,
    Progress,
    Revision,
    State,
    TestQuestion,
    TestSet,
)
from foundation.tenancy.scope import Scope, scoped
from tests.factories import procedures

_numbers = count(1)


class Letters:
    """Stand in for an encoder: texts are near where they share pairs of letters."""

    name = "letters-1"

    def encode(self, texts, *, seconds):
        del seconds
        return np.array([_of(text) for text in texts], np.float32).reshape(-1, 384)


def _of(text):
    _, _, words = text.partition(": ")
    vector = np.zeros(384, np.float32)
    for pair in zip(words, words[1:] + "。", strict=True):
        digest = hashlib.blake2b("".join(pair).encode(), digest_size=2).digest()
        vector[int.from_bytes(digest) % 384] += 1
    return vector / max(np.linalg.norm(vector), 1e-9)


def desk(organization=390003, audience="resident", **fields):
    """Return a desk of the body, open on working days."""
    values = {
        "code": f"desk{next(_numbers)}",
        "name": "消費生活センター",
        "subject": "契約のトラブル、悪質商法",
        "audience": audience,
    }
    if "department" not in fields:
        values["department"] = procedures.department(organization)
    with scoped(Scope(organization_ids=frozenset({organization}))):
        return Desk.objects.create(organization_id=organization, **{**values, **fields})


def entry(desk_, question, answer="", *, alternatives=(), published=True, **words):
    """Return an entry of the desk with these words, published unless told otherwise."""
    body = desk_.organization_id
    with scoped(Scope(organization_ids=frozenset({body}))):
        made = Entry.objects.create(
            organization_id=body,
            desk=desk_,
            audience=desk_.audience,
            code=words.pop("code", f"entry-{next(_numbers)}"),
        )
        values = {
            "category": "契約",
            "source": "一般的な実務",
            "checked_on": timezone.localdate(),
            "number": 1,
            "state": State.PUBLISHED if published else State.DRAFT,
        }
        revision = Revision.objects.create(
            organization_id=body,
            entry=made,
            audience=desk_.audience,
            question=question,
            answer=answer or f"{question}には、窓口でお答えします。",
            **{**values, **words},
        )
        for text in alternatives:
            Alternative.objects.create(organization_id=body, entry=made, text=text)
        if published:
            made.live, made.published_at = revision, timezone.now()
            made.save(update_fields=["live", "published_at"])
    return made


def indexed(*audiences):
    """Build the indexes of the audiences, residents' unless told otherwise."""
    for audience in audiences or ("resident",):
        build_index(audience)


def measured_set(desk_, name, question):
    """Return what a frozen test set of the desk's body measured, and got wrong."""
    body = desk_.organization_id
    figures = {"questions": 1, "answered": 1, "wrong_share": 1.0}
    with scoped(Scope(organization_ids=frozenset({body}))):
        test_set = TestSet.objects.create(
            organization_id=body,
            audience=desk_.audience,
            name=name,
            frozen_at=timezone.now(),
        )
        TestQuestion.objects.create(
            organization_id=body,
            test_set=test_set,
            desk=desk_,
            text=question,
            entry_codes=["any"],
        )
        return Evaluation.objects.create(
            organization_id=body,
            test_set=test_set,
            state=Progress.DONE,
            measured_at=timezone.now(),
            index_number=1,
            thresholds={"answer_from": 0.5, "offer_from": 0.3, "lead_from": 0.0},
            figures={"all": figures, "groups": {}, "wrong": [[question, "other"]]},
        )


def thresholds(answer_from=0.5, offer_from=0.3, audience="resident"):
    """Return thresholds that hold for all bodies."""
    return Calibration.objects.create(
        audience=audience, answer_from=answer_from, offer_from=offer_from
    )
