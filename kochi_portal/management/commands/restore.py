"""Restore a backup set and prove it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kochi_portal.backup import BackupFailed, restore


class Command(BaseCommand):
    """Restore into an empty database and folder, and compare with the manifest."""

    help = "控えを空のデータベースへ戻し、行数とジャーナルの封印を照合します。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the set, the empty database (as owner) and the folder for papers."""
        parser.add_argument("source", type=Path, help="控えのフォルダ")
        parser.add_argument("database_url", help="空のデータベース（所有者として）")
        parser.add_argument("documents", type=Path, help="文書を戻すフォルダ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and tell that everything is equal."""
        del args
        try:
            made = restore(
                options["source"], options["database_url"], options["documents"]
            )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        rows = sum(made.counts.values())
        self.stdout.write(
            f"{len(made.counts)} 表 {rows} 行、ジャーナルの封印、どちらも一致しました。"
        )
