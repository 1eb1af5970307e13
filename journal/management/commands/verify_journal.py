"""Check that nothing in the journal was changed, removed or slipped in."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from journal.errors import ChainBroken
from journal.queries import exported_heads, verify


class Command(BaseCommand):
    """Exit with 0, or with 1 after naming the first entry that is not right."""

    help = "Walk the chain of seals; compare it with the heads exported earlier."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let another copy of the exported heads be named."""
        parser.add_argument("--heads", type=Path, default=settings.JOURNAL_HEAD_FILE)

    def handle(self, *_: Any, heads: Path, **__: Any) -> None:
        """Verify, and print the head.

        Raises:
            CommandError: names the first entry that is not what was sealed.
        """
        known = exported_heads(heads)
        try:
            head = verify(known)
        except ChainBroken as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(
            f"ジャーナルは改ざんされていません。封印 {head.position} 番まで、"
            f"未封印 {head.unsealed} 件、書き出し済みの封印 {len(known)} 件と一致。\n"
            f"{head.digest}"
        )
