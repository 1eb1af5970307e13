"""Load desks, their entries and the test questions from a folder of JSON Lines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from faq.models import (
    Alternative,
    Audience,
    Desk,
    Entry,
    Expectation,
    Revision,
    State,
    TestQuestion,
    TestSet,
)
from foundation.tenancy.scope import scoped
from organizations.models import Department
from organizations.queries import PREFECTURE, everywhere
from procedures.models import Procedure

SAMPLE = Path(__file__).parents[2] / "sample"
LONG_AGO = date(2020, 4, 1)
# Law changes at the turn of a fiscal year: everything is looked at once a year.
REVIEWED_AFTER = timedelta(days=365)
TEST_SETS = {
    Audience.RESIDENT: "見本のテスト問題（住民・事業者）",
    Audience.STAFF: "見本のテスト問題（職員）",
}
WORDS = (
    "category",
    "question",
    "answer",
    "keywords",
    "question_easy",
    "answer_easy",
    "question_en",
    "answer_en",
    "contacts",
    "source",
    "source_url",
    "checked_on",
)


@dataclass(frozen=True)
class Line:
    """One object of a file, with where it stands there."""

    place: str
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        """Return a value; say where it is missing."""
        try:
            return self.values[key]
        except KeyError:
            message = f"{self.place}：「{key}」がありません。"
            raise CommandError(message) from None


class Command(BaseCommand):
    """Load what is missing; what is there stays as it is."""

    help = "見本の相談窓口・FAQ・テスト問題を登録します（SAMPLE=1 のときだけ）。"

    def add_arguments(self, parser: Any) -> None:
        """Take another folder than the sample's."""
        parser.add_argument("folder", nargs="?", type=Path, default=SAMPLE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load desks, then entries, then test questions."""
        del args
        if not settings.SAMPLE:
            message = "見本データは SAMPLE=1 のときだけ登録できます。"
            raise CommandError(message)
        folder: Path = options["folder"]
        with scoped(everywhere()):
            desks = _load_desks(_lines(folder / "desks.jsonl"))
            files = sorted((folder / "entries").glob("*.jsonl"))
            loaded = _load_entries(desks, [line for f in files for line in _lines(f)])
            asked = _load_questions(desks, list(_lines(folder / "questions.jsonl")))
        if options["verbosity"]:
            self.stdout.write(
                f"FAQ {loaded} 項目、テスト問題 {asked} 問を登録しました。"
            )


def _lines(file: Path) -> Iterator[Line]:
    if not file.exists():
        return
    with file.open(encoding="utf-8") as source:
        for number, line in enumerate(source, start=1):
            place = f"{file.name} {number}行目"
            if not line.strip():
                continue
            try:
                yield Line(place, json.loads(line))
            except ValueError as error:
                message = f"{place}：JSONとして読めません（{error}）。"
                raise CommandError(message) from error


def _load_desks(lines: Iterator[Line]) -> dict[str, Desk]:
    return {line["code"]: _load_desk(line) for line in lines}


def _load_desk(line: Line) -> Desk:
    body = line["organization"]
    known = Desk.objects.filter(organization_id=body, code=line["code"]).first()
    if known:
        return known
    code, name = line["department"]
    offices = Department.objects.filter(organization_id=body, code=code)
    department = offices.now().first() or Department.objects.create(
        organization_id=body,
        code=code,
        name=name,
        phone=f"0880-00-{body % 10000:04}",
        email=f"{code}@{body}.example",
        opening_hours="平日 8時30分〜17時15分",
        valid_from=LONG_AGO,
    )
    fields = ("code", "name", "audience", "subject", "needs_review")
    return Desk.objects.create(
        organization_id=body,
        department=department,
        **{field: line[field] for field in fields},
    )


def _load_entries(desks: dict[str, Desk], lines: list[Line]) -> int:
    """Publish the entries whose codes their bodies do not know yet."""
    known = set(Entry.objects.values_list("organization_id", "code"))
    missing = [
        (desk, line)
        for line in lines
        for desk in [_desk_of(desks, line)]
        if (desk.organization_id, line["code"]) not in known
    ]
    if not missing:
        return 0
    procedures = dict(Procedure.objects.published().values_list("code", "id"))
    entries = [
        Entry(
            organization_id=desk.organization_id,
            desk=desk,
            audience=desk.audience,
            code=line["code"],
        )
        for desk, line in missing
    ]
    made = list(zip(entries, (line for _, line in missing), strict=True))
    Entry.objects.bulk_create(entries)
    Revision.objects.bulk_create(
        [_revision(entry, line, procedures) for entry, line in made]
    )
    Alternative.objects.bulk_create(
        [one for entry, line in made for one in _alternatives(entry, line)]
    )
    words = Revision.objects.filter(entry=OuterRef("pk")).values("pk")
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        live=Subquery(words), published_at=timezone.now()
    )
    return len(entries)


def _desk_of(desks: dict[str, Desk], line: Line) -> Desk:
    try:
        return desks[line["desk"]]
    except KeyError:
        message = f"{line.place}：窓口「{line['desk']}」がありません。"
        raise CommandError(message) from None


def _revision(entry: Entry, line: Line, procedures: dict[str, UUID]) -> Revision:
    now = timezone.now()
    return Revision(
        organization_id=entry.organization_id,
        entry=entry,
        audience=entry.audience,
        number=1,
        state=State.PUBLISHED,
        procedure_id=procedures.get(line["procedure"]),
        review_on=date.fromisoformat(line["checked_on"]) + REVIEWED_AFTER,
        is_sample=True,
        written_at=now,
        reviewed_at=now,
        **{field: line[field] for field in WORDS},
    )


def _alternatives(entry: Entry, line: Line) -> Iterator[Alternative]:
    texts = {one["text"]: one["language"] for one in line["alternatives"]}
    for text, language in texts.items():
        yield Alternative(
            organization_id=entry.organization_id,
            entry=entry,
            text=text,
            language=language,
        )


def _load_questions(desks: dict[str, Desk], lines: list[Line]) -> int:
    """Freeze the questions of each audience; far ones without a desk are for both."""
    return sum(_load_set(audience, desks, lines) for audience in TEST_SETS)


def _load_set(audience: Audience, desks: dict[str, Desk], lines: list[Line]) -> int:
    name = TEST_SETS[audience]
    known = TestSet.objects.filter(organization_id=PREFECTURE, name=name)
    wanted = [
        (desk, line)
        for line in lines
        for desk in [_desk_of(desks, line) if line["desk"] else None]
        if desk is None or desk.audience == audience
    ]
    if not wanted or known.exists():
        return 0
    test_set = TestSet.objects.create(
        organization_id=PREFECTURE,
        audience=audience,
        name=name,
        frozen_at=timezone.now(),
    )
    questions = [
        TestQuestion(
            organization_id=PREFECTURE,
            test_set=test_set,
            # A question of a municipality is measured with the prefecture's.
            desk=desk if desk and desk.organization_id == PREFECTURE else None,
            text=line["text"],
            language=line["language"],
            expectation=Expectation(line["expectation"]),
            entry_codes=line["entry_codes"],
        )
        for desk, line in wanted
    ]
    return len(TestQuestion.objects.bulk_create(questions))
