"""Builders of what tests need, each with sensible values, each in its own scope."""

from tests.factories.applications import (
    WATER,
    application,
    draft,
    filed_answers,
    form,
)
from tests.factories.browsers import browser_of, browser_with, sign_in, totp_code
from tests.factories.papers import PDF, made_paper
from tests.factories.people import PASSWORD, person, resident, staff
from tests.factories.procedures import department, offering, procedure
from tests.factories.sample import water_supply
from tests.factories.tokens import Caller, set_token, token_for, token_of

__all__ = [
    "AKI",
    "KOCHI",
    "MUROTO",
    "PASSWORD",
    "PDF",
    "PREFECTURE",
    "WATER",
    "Caller",
    "application",
    "browser_of",
    "browser_with",
    "department",
    "draft",
    "filed_answers",
    "form",
    "made_paper",
    "offering",
    "person",
    "procedure",
    "resident",
    "set_token",
    "sign_in",
    "staff",
    "token_for",
    "token_of",
    "totp_code",
    "water_supply",
]

PREFECTURE, KOCHI, MUROTO, AKI = 390003, 392014, 392022, 392031
