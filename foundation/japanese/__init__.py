"""What people in Japan type, read generously and returned in one form.

Each reader takes the text as typed and returns the value to store, or raises
`TextError`, whose sentence tells the person what to do. Normalised by kind of field,
never globally: what is right for a postal code would ruin a name.
"""

from foundation.japanese.calendar import add_open_days, is_open_day
from foundation.japanese.characters import digits, free_text
from foundation.japanese.dates import (
    ERAS,
    Era,
    date,
    display_date,
    display_instant,
    era_of,
    fiscal_year,
)
from foundation.japanese.errors import TextError
from foundation.japanese.names import name, search_key
from foundation.japanese.numbers import corporate_number, looks_like_my_number
from foundation.japanese.phones import display_phone, phone
from foundation.japanese.postal import (
    Address,
    addresses_for,
    display_postal_code,
    postal_code,
)
from foundation.japanese.readings import kana

__all__ = [
    "ERAS",
    "Address",
    "Era",
    "TextError",
    "add_open_days",
    "addresses_for",
    "corporate_number",
    "date",
    "digits",
    "display_date",
    "display_instant",
    "display_phone",
    "display_postal_code",
    "era_of",
    "fiscal_year",
    "free_text",
    "is_open_day",
    "kana",
    "looks_like_my_number",
    "name",
    "phone",
    "postal_code",
    "search_key",
]
