"""Write the head of the journal's chain down, outside the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from journal.actions import export_head


class Command(BaseCommand):
    """Append the head as one line of JSON; the clock does so every night."""

    help = "Append the head of the journal's chain to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let another file be named."""
        parser.add_argument("--to", type=Path, default=settings.JOURNAL_HEAD_FILE)

    def handle(self, *_: Any, to: Path, **__: Any) -> None:
        """Append, and print what was appended."""
        head = export_head(to)
        self.stdout.write(f"{head.position} {head.digest}")
