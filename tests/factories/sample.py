"""What the portal ships, for tests that use it as people do."""

import json

from django.conf import settings

from procedures.models import Procedure
from tests.factories import applications, procedures


def water_supply(*organizations: int) -> Procedure:
    """Return 水道使用開始・中止届 with its real form, offered by the bodies."""
    folder = settings.BASE_DIR / "applications" / "documents"
    source = (folder / "water_supply.json").read_text(encoding="utf-8")
    procedure = procedures.procedure(
        code="water-supply", kana="スイドウシヨウカイシチュウシトドケ"
    )
    applications.form(procedure, json.loads(source))
    for organization in organizations:
        procedures.offering(organization, of=procedure)
    return procedure
