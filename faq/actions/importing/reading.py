"""Read a table from a file that anybody may have made."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from faq.errors import FileUnusable
from faq.queries.exchange import unsafe

LARGEST_BYTES = 5_000_000
MOST_ROWS = 1_000
MOST_COLUMNS = 60
# A workbook of entries is packed to a tenth or so; what is packed to a hundredth and
# more was made to fill the memory.
LARGEST_UNPACKED_BYTES = 50_000_000
MOST_PARTS, LARGEST_RATIO = 500, 150
# Entities that expand are declared in a document type; Excel writes none. In UTF-16 a
# NUL stands before or after each letter; XML knows no other way to write them.
_DECLARATIONS = re.compile(
    rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)"
)
_RATIO_COUNTS_FROM = 1_000_000
# One long string may stand in thousands of cells, and costs anew in each.
MOST_CELL_CHARACTERS, MOST_CHARACTERS = 20_000, 5_000_000
_ZIP = b"PK"


@dataclass(frozen=True)
class Line:
    """A row of a table.

    Args:
        number: As the spreadsheet counts it; the headings are row 1.
        cells: Heading → text.
    """

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """What a file holds."""

    headings: list[str]
    lines: list[Line]


def read_table(content: bytes) -> Table:
    """Return the table of a CSV (UTF-8 or Shift_JIS) or of an Excel workbook.

    Raises:
        FileUnusable: it is too large, or no such file; the sentence says what to do.
    """
    if len(content) > LARGEST_BYTES:
        message = "ファイルが大きすぎます（5MBまで）。分けてください。"
        raise FileUnusable(message)
    is_workbook = content[:2] == _ZIP
    rows = _workbook(content) if is_workbook else _csv(content)
    filled = [(n, row) for n, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        message = "ファイルに何も書かれていません。"
        raise FileUnusable(message)
    _, first = filled[0]
    headings = [cell.strip() for cell in first]
    lines = [
        Line(number, dict(zip(headings, [*row, *[""] * len(headings)], strict=False)))
        for number, row in filled[1:]
    ]
    return Table(headings, lines)


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    try:
        cells = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = list(_affordable(_bounded(cells)))
    except csv.Error as error:
        message = 'CSVとして読めません。引用符（"）が閉じているかお確かめください。'
        raise FileUnusable(message) from error
    for number, row in enumerate(rows, start=1):
        yield number, [unsafe(cell) for cell in row[:MOST_COLUMNS]]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    message = (
        "文字コードをUTF-8かShift_JISにして保存したCSVか、"
        "Excelのファイルを選んでください。"
    )
    raise FileUnusable(message)


def _bounded(rows: Iterable[Any]) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count > MOST_ROWS:
            message = f"行が多すぎます（{MOST_ROWS:,}行まで）。分けてください。"
            raise FileUnusable(message)
        yield row


def _affordable(rows: Iterable[Any]) -> Iterator[Any]:
    """Refuse rows with more text than entries ever have, before any is worked on."""
    total = 0
    for row in rows:
        lengths = [len(value) for value in row if isinstance(value, str)]
        total += sum(lengths)
        if total > MOST_CHARACTERS or max(lengths, default=0) > MOST_CELL_CHARACTERS:
            message = "文字が多すぎます。1つのセルは2万文字までにして、分けてください。"
            raise FileUnusable(message)
        yield row


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_packing(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        # What a workbook says of its own size may be made up.
        sheet.reset_dimensions()
        cells = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        rows = list(_affordable(_bounded(cells)))
    except FileUnusable:
        raise
    except Exception as error:  # whatever a broken workbook raises
        raise FileUnusable from error
    for number, row in enumerate(rows, start=1):
        yield number, [unsafe(_text(value)) for value in row]


def _check_packing(content: bytes) -> None:
    """Refuse a workbook that unpacks to far more than it should, before it does."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            unpacked = sum(part.file_size for part in parts)
            suspicious = any(
                part.file_size > _RATIO_COUNTS_FROM
                and part.file_size > LARGEST_RATIO * max(part.compress_size, 1)
                for part in parts
            )
            if (
                len(parts) > MOST_PARTS
                or unpacked > LARGEST_UNPACKED_BYTES
                or suspicious
            ):
                message = "Excelのファイルが大きすぎます。CSVにして、分けてください。"
                raise FileUnusable(message)
            # A sheet is what a relation names so, whatever its file is called.
            if any(_DECLARATIONS.search(packed.read(part)) for part in parts):
                raise FileUnusable
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise FileUnusable from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # Excel keeps what XML cannot hold as _xHHHH_.
    return str(value).replace("_x000D_", "").replace("\r\n", "\n")
