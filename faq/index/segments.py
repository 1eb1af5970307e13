"""A segment: the arrays of some entries; an index is a base and perhaps a delta."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faq.index.errors import IndexDamaged
from faq.retrieval.bm25 import Postings, Statistics

FIELDS = ("question", "whole", "chunks")
META = "meta.json"
FORMAT = 2


@dataclass(frozen=True)
class Vectors:
    """The rows of one field, sorted by entry; an entry has one or more.

    Args:
        values: int8 (rows, dimensions): mean-centred vectors of length 1, each divided
            by its scale; eight bits lose nothing that can be measured.
        scale: float32 (rows,).
        signs: uint64 (dimensions / 64, rows): the sign of each value.
        owner: int32 (rows,): number of the entry in the segment.
        penalty: float32 (rows,): what is taken off the cosine.
        starts: int64 (entries + 1,): where the rows of each entry begin.
    """

    values: NDArray[np.int8]
    scale: NDArray[np.float32]
    signs: NDArray[np.uint64]
    owner: NDArray[np.int32]
    penalty: NDArray[np.float32]
    starts: NDArray[np.int64]


@dataclass(frozen=True)
class Segment:
    """Some entries, ready to be asked.

    Args:
        ids: uint8 (entries, 16).
        organization: int32 (entries,).
        desk: uint8 (entries, 16).
        valid_from: int32 (entries,), day ordinal.
        valid_until: int32 (entries,), day ordinal.
        words: Postings of the words.
        sounds: Postings of the readings.
        vectors: One for each of `FIELDS`; empty without an encoder.
        means: float32 (fields, dimensions) that were taken off before storing.
        model: Name of the encoder; empty without one.
        folder: Where it lies; None in memory.
        retired: Ids of entries of the base that a delta replaces or removes.
    """

    ids: NDArray[np.uint8]
    organization: NDArray[np.int32]
    desk: NDArray[np.uint8]
    valid_from: NDArray[np.int32]
    valid_until: NDArray[np.int32]
    words: Postings
    sounds: Postings
    vectors: dict[str, Vectors]
    means: NDArray[np.float32]
    retired: NDArray[np.uint8]
    model: str = ""
    folder: Path | None = None
    sizes: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def rows(self) -> int:
        """How many vectors there are, in all fields."""
        return sum(len(vectors.owner) for vectors in self.vectors.values())

    def is_intact(self) -> bool:
        """Tell whether every mapped file still has its size.

        Reading beyond the end of a mapped file ends the process; this is asked first.
        """
        if self.folder is None:
            return True
        try:
            return all(
                (self.folder / name).stat().st_size == size
                for name, size in self.sizes.items()
            )
        except OSError:
            return False

    def save(self, folder: Path, basis: "Basis | None" = None) -> None:
        """Write the arrays; the meta file comes last and names every size.

        Args:
            folder: New.
            basis: What a delta to come will need.
        """
        folder.mkdir(parents=True)
        sizes = {}
        for name, array in self._arrays():
            np.save(folder / f"{name}.npy", array)
            sizes[f"{name}.npy"] = (folder / f"{name}.npy").stat().st_size
        if basis is not None:
            _save_statistics(folder, "words", basis.words)
            _save_statistics(folder, "sounds", basis.sounds)
        meta = {"format": FORMAT, "model": self.model, "sizes": sizes}
        (folder / META).write_text(json.dumps(meta), encoding="utf-8")

    def _arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        for name in _OWN:
            yield name, getattr(self, name)
        for kind in ("words", "sounds"):
            for name in _OF_POSTINGS:
                yield f"{kind}-{name}", getattr(getattr(self, kind), name)
        for kind, vectors in self.vectors.items():
            for name in _OF_VECTORS:
                yield f"{kind}-{name}", getattr(vectors, name)


class Basis(NamedTuple):
    """What a delta takes over from its base, so that their scores compare."""

    words: Statistics
    sounds: Statistics
    means: NDArray[np.float32]


_OWN = (
    "ids",
    "organization",
    "desk",
    "valid_from",
    "valid_until",
    "means",
    "retired",
)
_OF_POSTINGS = ("terms", "starts", "documents", "impacts")
_OF_VECTORS = ("values", "scale", "signs", "owner", "penalty", "starts")


def load(folder: Path) -> Segment:
    """Map the arrays of a folder.

    Raises:
        IndexDamaged: a file is missing, cut off, or of another format.
    """
    try:
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        if meta["format"] != FORMAT:
            raise IndexDamaged(folder.name)
        for name, size in meta["sizes"].items():
            if (folder / name).stat().st_size != size:
                raise IndexDamaged(folder.name)

        def mapped(name: str) -> NDArray[Any]:
            # As a plain array: numpy's own class for maps is slow to slice.
            array: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r")
            return array.view(np.ndarray)

        fields = FIELDS if meta["model"] else ()
        return Segment(
            **{name: mapped(name) for name in _OWN},
            words=Postings(**{n: mapped(f"words-{n}") for n in _OF_POSTINGS}),
            sounds=Postings(**{n: mapped(f"sounds-{n}") for n in _OF_POSTINGS}),
            vectors={
                kind: Vectors(**{n: mapped(f"{kind}-{n}") for n in _OF_VECTORS})
                for kind in fields
            },
            model=meta["model"],
            folder=folder,
            sizes=meta["sizes"],
        )
    except (OSError, ValueError, KeyError) as error:
        raise IndexDamaged(folder.name) from error


def _save_statistics(folder: Path, kind: str, statistics: Statistics) -> None:
    np.savez(
        folder / f"{kind}.npz",
        keys=np.fromiter(statistics.frequency.keys(), np.uint64),
        counts=np.fromiter(statistics.frequency.values(), np.int64),
        documents=statistics.documents,
        length=statistics.length,
    )


def load_statistics(folder: Path) -> tuple[Statistics, Statistics]:
    """Read what a delta needs of its base: of words, and of sounds.

    Raises:
        IndexDamaged: it is missing or unreadable.
    """
    try:
        return _load_statistics(folder, "words"), _load_statistics(folder, "sounds")
    except (OSError, ValueError, KeyError) as error:
        raise IndexDamaged(folder.name) from error


def _load_statistics(folder: Path, kind: str) -> Statistics:
    with np.load(folder / f"{kind}.npz") as saved:
        counts = zip(saved["keys"].tolist(), saved["counts"].tolist(), strict=True)
        return Statistics(int(saved["documents"]), float(saved["length"]), dict(counts))
