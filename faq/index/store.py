"""Where indexes lie: a folder for each building, and a pointer swapped as one.

A building never changes once it is pointed at. A reader that finds the newest damaged
serves the one before it.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from faq.index.errors import IndexDamaged
from faq.index.searching import Index
from faq.index.segments import META, load

logger = logging.getLogger(__name__)

_CURRENT, _LOCK = "CURRENT", "LOCK"
_DELTA = "-delta-"
# The one that serves and the one before it, should the newest be damaged.
_KEPT = 2


class Store:
    """The indexes of one audience."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamp: tuple[int, int] | None = None
        self._index: Index | None = None

    def current(self) -> Index | None:
        """Return the index to ask: the newest that is whole; None where none is."""
        stamp = self._read_stamp()
        if stamp != self._stamp or (
            self._index is not None and not self._index.is_intact()
        ):
            self._stamp, self._index = stamp, self._newest_whole()
        return self._index

    def pointed(self) -> list[Path]:
        """Return the folders that serve, base first, then perhaps a delta."""
        try:
            names = (self.folder / _CURRENT).read_text(encoding="utf-8").split()
        except OSError:
            return []
        return [self.folder / name for name in names]

    def _read_stamp(self) -> tuple[int, int] | None:
        try:
            status = (self.folder / _CURRENT).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def _newest_whole(self) -> Index | None:
        for base, delta in self._candidates():
            try:
                segments = [load(self.folder / base)]
            except IndexDamaged:
                logger.exception("index damaged", extra={"index": base})
                continue
            try:
                segments += [load(self.folder / delta)] if delta else []
            except IndexDamaged:
                logger.exception("delta damaged", extra={"index": delta})
            return Index(tuple(segments))
        return None

    def _candidates(self) -> Iterator[tuple[str, str]]:
        """Name base and delta to try: those pointed at, then any, newest first."""
        if pointed := [folder.name for folder in self.pointed()]:
            yield pointed[0], pointed[1] if len(pointed) > 1 else ""
        for base in self._bases():
            yield base, ""

    def _bases(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        # The meta file is written last: without it nobody finished.
        names = [path.parent.name for path in self.folder.glob(f"*/{META}")]
        return sorted((name for name in names if name.isdigit()), key=int, reverse=True)

    def highest_number(self) -> int:
        """Return the highest number of any building here, finished or not."""
        names = [path.name for path in self.folder.iterdir() if path.is_dir()]
        return max(
            (int(n) for name in names for n in name.split(_DELTA) if n.isdigit()),
            default=0,
        )

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Tell whether nobody else writes here now, and keep others away meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def folder_of(self, number: int, delta: int | None = None) -> Path:
        """Return where a building is to be written."""
        name = f"{number}" if delta is None else f"{number}{_DELTA}{delta}"
        return self.folder / name

    def point_at(self, base: Path, delta: Path | None = None) -> None:
        """Let readers use these from now on, and remove what nobody needs any more."""
        names = [base.name] + ([delta.name] if delta else [])
        fresh = self.folder / f"{_CURRENT}.{os.getpid()}"
        fresh.write_text(" ".join(names), encoding="utf-8")
        fresh.replace(self.folder / _CURRENT)
        self._remove_old(keep=set(names))

    def _remove_old(self, keep: set[str]) -> None:
        keep = keep | set(self._bases()[:_KEPT])
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in keep:
                # Who still has it mapped keeps what is mapped.
                shutil.rmtree(path, ignore_errors=True)
