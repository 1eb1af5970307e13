"""Builders of what tests need, each with sensible values, each in its own scope."""

from tests.factories.applications import (
    WATER,
    application,
    draft,
    filed_answers,
    form,
)
from tests.factories.people import person, resident, staff
from tests.factories.procedures import department, offering, procedure

__all__ = [
    "AKI",
    "KOCHI",
    "MUROTO",
    "PREFECTURE",
    "WATER",
    "application",
    "department",
    "draft",
    "filed_answers",
    "form",
    "offering",
    "person",
    "procedure",
    "resident",
    "staff",
]

PREFECTURE, KOCHI, MUROTO, AKI = 390003, 392014, 392022, 392031
