"""What a table would change, row by row, before anything changes."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from faq.actions.authoring import words_of
from faq.actions.authoring.drafts import check_fields, check_words
from faq.actions.importing.plans import Plan, Row
from faq.actions.importing.reading import Table
from faq.actions.translating import FIELDS
from faq.errors import FileUnusable, WordsUnusable
from faq.models import UNFINISHED, Desk, Entry, Language, Revision
from faq.queries.differences import differences
from faq.queries.duplicates import plain, questions_asked
from faq.queries.exchange import (
    CODE,
    COLUMNS,
    DESK,
    LISTED,
    WORDINGS,
    WORDS_IN_FILES,
    contacts_in,
    wordings_in,
)
from foundation import japanese
from foundation.japanese import TextError
from procedures.models import Procedure

_DAYS = ("checked_on", "review_on", "valid_from", "valid_until")
_NEEDED_COLUMNS = ("question",)


def plan_import(organization_id: int, table: Table) -> Plan:
    """Return what the table would change in the body's entries.

    Raises:
        FileUnusable: it has no column of questions.
    """
    names = {heading: name for name, heading in COLUMNS.items()}
    missing = [COLUMNS[n] for n in _NEEDED_COLUMNS if COLUMNS[n] not in table.headings]
    if missing:
        message = f"「{missing[0]}」の列がありません。1行目に列の名前を書いてください。"
        raise FileUnusable(message)
    known = _Known(organization_id)
    rows = [
        known.plan(
            Row(line),
            {names[head]: text for head, text in line.cells.items() if head in names},
        )
        for line in table.lines
    ]
    unknown = [head for head in table.headings if head and head not in names]
    return Plan(table.headings, rows, unknown)


class _Known:
    """What the body has: read once for all rows."""

    def __init__(self, organization_id: int) -> None:
        self.organization_id = organization_id
        desks = Desk.objects.filter(organization_id=organization_id)
        self.desks = {desk.code: desk for desk in desks}
        entries = (
            Entry.objects.filter(organization_id=organization_id)
            .select_related("desk", "live__procedure")
            .prefetch_related("alternatives")
        )
        self.entries = {entry.code: entry for entry in entries}
        unfinished = Revision.objects.filter(
            organization_id=organization_id, state__in=UNFINISHED
        ).select_related("procedure", "author")
        self.unfinished = {revision.entry_id: revision for revision in unfinished}
        self.procedures = {row.code: row for row in Procedure.objects.published()}
        self.asked = questions_asked(organization_id)
        self.in_file: dict[str, int] = {}
        self.codes: dict[str, int] = {}

    def plan(self, row: Row, cells: Mapping[str, str]) -> Row:
        """Fill in what the row would do, or why it cannot."""
        row.code = cells.get(CODE, "").strip()
        row.entry = self.entries.get(row.code) if row.code else None
        row.desk = self._desk(row, cells.get(DESK, "").strip())
        row.last = last = self._last(row.entry)
        row.words = self._words(row, cells, last)
        row.question = str(row.words.get("question") or "")
        row.wordings = self._wordings(row, cells.get(WORDINGS, ""))
        self._check_asked(row)
        self._check_code(row)
        if row.errors:
            return row
        revision = self._revision(row, last)
        if row.entry is not None and last is not None:
            row.changed = [one.label for one in differences(last, revision)]
            if row.wordings:
                row.changed.append(COLUMNS[WORDINGS])
        return row

    def _last(self, entry: Entry | None) -> Revision | None:
        return (self.unfinished.get(entry.pk) or entry.live) if entry else None

    def _desk(self, row: Row, code: str) -> Desk | None:
        if row.entry is not None:
            if code and code != row.entry.desk.code:
                row.errors.append(
                    f"窓口は変えられません（いまは「{row.entry.desk.code}」）。"
                )
            return row.entry.desk
        desk = self.desks.get(code)
        if desk is None:
            row.errors.append(
                f"窓口コード「{code}」の窓口がありません。"
                if code
                else "新しい項目には、窓口コードが必要です。"
            )
        elif desk.closed_at is not None:
            row.errors.append(f"窓口「{code}」は廃止されています。")
        return desk

    def _words(
        self, row: Row, cells: Mapping[str, str], last: Revision | None
    ) -> dict[str, Any]:
        """Return the words of the row; columns that the file has not stay as they are.

        Whether a language is machine-made is not in files: who rewrote it has read it,
        and the others keep their mark.
        """
        words: dict[str, Any] = {}
        for name in WORDS_IN_FILES:
            if name in cells and name != WORDINGS:
                try:
                    words[name] = self._word(name, _trimmed(cells[name]))
                except TextError as error:
                    row.errors.append(f"{COLUMNS[name]}：{error}")
        if last is None and not words.get("checked_on"):
            words["checked_on"] = timezone.localdate()
        if "checked_on" in words and words["checked_on"] is None:
            del words["checked_on"]
        if last is not None:
            words["machine_translated"] = [
                language
                for language in last.machine_translated
                if all(
                    words.get(name, getattr(last, name)) == getattr(last, name)
                    for name in FIELDS[Language(language)].values()
                )
            ]
        if not words.get("question"):
            row.errors.append("質問が書かれていません。")
        return words

    def _word(self, name: str, text: str) -> Any:
        if name in _DAYS:
            return japanese.date(text) if text else None
        if name == "keywords":
            return list(dict.fromkeys(filter(None, map(str.strip, text.split(LISTED)))))
        if name == "contacts":
            return contacts_in(text)
        if name == "procedure":
            if text and text not in self.procedures:
                message = f"手続コード「{text}」の手続がありません。"
                raise TextError(message)
            return self.procedures.get(text)
        return text

    def _wordings(self, row: Row, cell: str) -> list[tuple[str, str]]:
        known = (
            {one.text for one in row.entry.alternatives.all()} if row.entry else set()
        )
        new = [(text, lang) for text, lang in wordings_in(cell) if text not in known]
        for text, _ in new:
            code = self.asked.get(plain(text))
            if code is not None and code != row.code:
                row.errors.append(
                    f"ほかの聞き方「{text}」は、項目「{code}」の質問です。"
                )
        return new

    def _check_asked(self, row: Row) -> None:
        key = plain(row.question)
        if not key:
            return
        code = self.asked.get(key)
        if code is not None and code != row.code:
            row.errors.append(f"同じ質問の項目「{code}」が、すでにあります。")
        before = self.in_file.setdefault(key, row.line.number)
        if before != row.line.number:
            row.errors.append(f"{before}行目と同じ質問です。")

    def _check_code(self, row: Row) -> None:
        if not row.code:
            return
        before = self.codes.setdefault(row.code, row.line.number)
        if before != row.line.number:
            row.errors.append(f"{before}行目と同じ項目コードです。")
        if row.entry is None:
            try:
                check_fields(Entry(code=row.code), only=("code",))
            except WordsUnusable as error:
                row.errors.append(str(error))

    def _revision(self, row: Row, last: Revision | None) -> Revision:
        begun = words_of(last) if last is not None else {}
        revision = Revision(**{**begun, **row.words})
        try:
            check_words(revision)
        except WordsUnusable as error:
            row.errors.append(str(error))
        return revision


def _trimmed(cell: str) -> str:
    return cell.strip().replace("\r\n", "\n")
