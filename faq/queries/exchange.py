"""Entries as rows of a table: the same columns leave in a file and come back in one."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch

from faq.models import UNFINISHED, Alternative, Entry, Language, Revision, State
from faq.safety import OfficialContact

CODE, DESK, STATE, WORDINGS = "code", "desk", "state", "alternatives"
# Name of a word → heading of its column, in the order of the file.
COLUMNS = {
    CODE: "項目コード",
    DESK: "窓口コード",
    "category": "分類",
    "question": "質問",
    "answer": "回答",
    "keywords": "言い換え・関連語",
    WORDINGS: "ほかの聞き方",
    "question_easy": "質問（やさしい日本語）",
    "answer_easy": "回答（やさしい日本語）",
    "question_en": "質問（英語）",
    "answer_en": "回答（英語）",
    "contacts": "必ず示す連絡先",
    "procedure": "手続コード",
    "dataset_title": "オープンデータの名前",
    "dataset_url": "オープンデータの場所",
    "source": "根拠",
    "source_url": "根拠の場所",
    "checked_on": "内容を確かめた日",
    "review_on": "次に見直す日",
    "valid_from": "有効開始日",
    "valid_until": "有効終了日",
    STATE: "状態",
}
WORDS_IN_FILES = tuple(name for name in COLUMNS if name not in {CODE, DESK, STATE})
LISTED = "、"
_MARK = re.compile(r"^\[(ja|ja-easy|ja-Hira|en)\]\s*(.*)$")
# Source: OWASP, CSV Injection: a cell that begins so is run as a formula.
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_AT_ONCE = 500


def rows_of(entries: Any) -> Iterator[list[str]]:
    """Yield each entry as it was last written, in the order of `COLUMNS`."""
    unfinished = Revision.objects.filter(state__in=UNFINISHED).select_related(
        "procedure"
    )
    found = entries.select_related("desk", "live__procedure").prefetch_related(
        Prefetch("revisions", unfinished, to_attr="being_written"),
        Prefetch("alternatives", Alternative.objects.order_by("id")),
    )
    for entry in found.iterator(chunk_size=_AT_ONCE):
        cells = cells_of(entry)
        yield [cells[name] for name in COLUMNS]


def cells_of(entry: Entry) -> dict[str, str]:
    """Return an entry's cells; `being_written` holds its unfinished words."""
    written: list[Revision] = getattr(entry, "being_written", [])
    words = next(iter(written), None) or entry.live
    cells = {
        CODE: entry.code,
        DESK: entry.desk.code,
        WORDINGS: written_as(entry.alternatives.all()),
        STATE: state_of(entry, words),
    }
    for name in WORDS_IN_FILES:
        if name != WORDINGS:
            cells[name] = _text(words, name) if words else ""
    return {name: safe(cell) for name, cell in cells.items()}


def state_of(entry: Entry, words: Revision | None) -> str:
    """Return what the words in the file are: those that answer, or others."""
    if words is not None and words.state in UNFINISHED:
        return State(words.state).label
    return "公開中" if entry.is_published else "公開終了"


def _text(words: Revision, name: str) -> str:
    value: Any = getattr(words, name)
    if value is None:
        return ""
    if name == "procedure":
        return str(value.code)
    return LISTED.join(value) if isinstance(value, list) else str(value)


def written_as(alternatives: Iterable[Alternative]) -> str:
    """Return other wordings one a line, marked where they are not plain Japanese."""
    return "\n".join(
        text if language == Language.JAPANESE else f"[{language}] {text}"
        for one in alternatives
        for text, language in [(one.text, one.language)]
    )


def wordings_in(cell: str) -> list[tuple[str, str]]:
    """Return the other wordings of a cell, each with its language."""
    found = []
    for line in filter(str.strip, cell.splitlines()):
        marked = _MARK.match(line.strip())
        language, text = marked.groups() if marked else ("ja", line.strip())
        found.append((text, language))
    return found


def contacts_in(cell: str) -> list[str]:
    """Return the official numbers of a cell, as they are kept."""
    known = {one.value for one in OfficialContact}
    parts = [part.strip() for part in re.split(r"[、,，\s]+", cell) if part.strip()]
    return [part if part in known else f"{part}？" for part in parts]


def safe(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(RUN_AS_FORMULA) else cell


def unsafe(cell: str) -> str:
    """Take that apostrophe away again."""
    runs = cell[:1] == "'" and cell[1:].startswith(RUN_AS_FORMULA)
    return cell[1:] if runs else cell
