"""Entries as a file: what spreadsheets open, and no formula that they run."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from faq.models import Entry
from faq.queries.exchange import COLUMNS, rows_of
from foundation.desk.admin import ScopedAdmin

Desk = ScopedAdmin[Entry]
UTF8, CP932, XLSX = "utf-8", "cp932", "xlsx"
FORMATS = (
    (XLSX, "Excel（.xlsx）"),
    (UTF8, "CSV（UTF-8）"),
    (CP932, "CSV（Shift_JIS）"),
)
# Stands for a character that Shift_JIS has not (下駄記号).
GETA = "〓"
MOST_SHOWN = 100
# The dash of JIS that Microsoft maps elsewhere; Python knows of the others itself.
_AS_MICROSOFT = str.maketrans("\u2014", "\u2015")
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(desk: Desk, request: HttpRequest, entries: Any, wanted: str) -> HttpResponse:
    """Hand out the entries in the format that was asked for.

    Where Shift_JIS has not all the characters, which those are; with 〓 in their
    place when that is asked for.
    """
    rows = list(rows_of(entries))
    if wanted == XLSX:
        return _file(_workbook(rows), _SPREADSHEET, "xlsx")
    lines = _lines([list(COLUMNS.values()), *rows])
    if wanted != CP932:
        return _file(lines.encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")
    lines = lines.translate(_AS_MICROSOFT)
    lost = list(_lost(rows))
    if lost and "replace" not in request.POST:
        return _tell(desk, request, lost)
    content = "".join(c if _fits(c) else GETA for c in lines).encode("cp932")
    return _file(content, "text/csv; charset=Shift_JIS", "csv")


def _tell(desk: Desk, request: HttpRequest, lost: list[Any]) -> HttpResponse:
    context = {
        "title": "Shift_JISにない文字",
        "lost": lost[:MOST_SHOWN],
        "count": len(lost),
        "geta": GETA,
        "ticked": request.POST.getlist("_selected_action"),
        "action": request.POST.get("action", ""),
        "back_url": desk.url_of(request, "changelist"),
    }
    return desk.page(request, "admin/faq/entry/lost.html", context)


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"faq-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def csv_of(rows: Iterable[list[str]]) -> HttpResponse:
    """Hand out a table as CSV in UTF-8."""
    return _file(_lines(rows).encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")


def _lines(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _fits(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _lost(rows: list[list[str]]) -> Iterator[dict[str, str]]:
    """Yield where characters stand that Shift_JIS has not."""
    for row in rows:
        for heading, cell in zip(COLUMNS.values(), row, strict=True):
            typed = cell.translate(_AS_MICROSOFT)
            characters = dict.fromkeys(c for c in typed if not _fits(c))
            if characters:
                yield {
                    "code": row[0],
                    "heading": heading,
                    "characters": "".join(characters),
                }


def _workbook(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("FAQ")
    sheet.append(list(COLUMNS.values()))
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _cell(sheet: Any, text: str) -> WriteOnlyCell:
    """Return a cell of text: never a formula, a number or an error."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell
