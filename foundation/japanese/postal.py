"""Postal codes, and the addresses in Kochi that they stand for."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from foundation.japanese.characters import digits, folded
from foundation.japanese.errors import TextError

PREFECTURE = "高知県"


@dataclass(frozen=True)
class Address:
    """The part of an address that a postal code tells.

    Args:
        town: Empty where the code covers a whole municipality.
        organization_code: 全国地方公共団体コード of the municipality, six digits.
    """

    prefecture: str
    city: str
    town: str
    organization_code: str


def postal_code(raw: str) -> str:
    """Return the seven digits of a postal code.

    Raises:
        TextError: it has not seven digits.
    """
    try:
        code = digits(folded(raw).removeprefix("〒"))
    except TextError:
        code = ""
    if len(code) != 7:
        msg = "郵便番号は、7けたの数字で入力してください（例：780-8570）。"
        raise TextError(msg)
    return code


def display_postal_code(code: str) -> str:
    """Return `780-8570`."""
    return f"{code[:3]}-{code[3:]}"


def addresses_for(code: str) -> list[Address]:
    """Return the addresses in Kochi under a postal code of seven digits.

    Usually one; several where towns share the code; none outside the prefecture and
    for the codes that large offices have of their own.
    """
    return list(_addresses().get(code, ()))


@cache
def _addresses() -> dict[str, list[Address]]:
    text = files("foundation.japanese").joinpath("kochi_postal.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if line[0] != "#")
    found: dict[str, list[Address]] = {}
    for row in rows:
        address = Address(PREFECTURE, row["city"], row["town"], row["lgcode6"])
        found.setdefault(row["postal_code"], []).append(address)
    return found
