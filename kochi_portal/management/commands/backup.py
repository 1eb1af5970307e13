"""Back up the database and the papers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kochi_portal.backup import BackupFailed, back_up


class Command(BaseCommand):
    """Write one backup set into a new folder."""

    help = "データベースと文書を、新しいフォルダへ控えます。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder to make."""
        parser.add_argument("target", type=Path, help="作るフォルダ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up, and tell what the set holds."""
        del args
        try:
            made = back_up(
                settings.BACKUP_DATABASE_URL, settings.DOCUMENT_DIR, options["target"]
            )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        rows = sum(made.counts.values())
        self.stdout.write(
            f"{len(made.counts)} 表 {rows} 行、ジャーナルの封印 {made.journal_head}"
        )
