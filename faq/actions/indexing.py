"""Build the indexes: a delta as soon as something changes, the whole now and then."""

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import monotonic
from uuid import UUID

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from faq.errors import EncoderUnavailable
from faq.index.building import build
from faq.index.documents import Document
from faq.index.encoding import ENTRY_SECONDS, encoder
from faq.index.errors import IndexDamaged
from faq.index.segments import FORMAT, Basis, Segment, load, load_statistics
from faq.index.store import Store
from faq.models import Audience, IndexVersion, Vector
from faq.queries.documents import documents_of, fingerprint_of

logger = logging.getLogger(__name__)

# A delta beyond this share of its base, or this many entries, becomes a new base.
LARGEST_DELTA_SHARE, LARGEST_DELTA = 0.05, 500
_READ_AT_ONCE, _ENCODED_AT_ONCE = 2_000, 64
_STATE, _DIGESTS = "state.json", "digests.json"


def build_indexes(*, whole: bool = False) -> list[IndexVersion]:
    """Bring the index of each audience up to date; return those built.

    Args:
        whole: Build new bases, whatever has changed.
    """
    built = [build_index(audience, whole=whole) for audience in Audience.values]
    return [version for version in built if version is not None]


def build_index(audience: str, *, whole: bool = False) -> IndexVersion | None:
    """Bring one index up to date; None where nothing has changed since.

    While the encoder is away what serves goes on serving; where nothing does, words
    alone are indexed, and the next run does the rest.
    """
    store = Store(Path(settings.FAQ_INDEX_DIR) / audience)
    with store.alone() as is_first:
        return _bring_up_to_date(audience, store, whole=whole) if is_first else None


def _bring_up_to_date(
    audience: str, store: Store, *, whole: bool
) -> IndexVersion | None:
    wanted = {
        "fingerprint": fingerprint_of(audience),
        "model": encoder().name,
        "format": str(FORMAT),
    }
    serving = store.pointed()
    if serving and not whole:
        if _state_of(serving[-1]) == wanted and _are_whole(serving):
            return None
        whole = not _are_whole(serving[:1])
    documents = documents_of(audience)
    if not serving and encoder().name:
        _write(audience, store, documents, None, wanted | {"model": ""})
    base = serving[0] if serving and not whole else None
    try:
        return _write(audience, store, documents, base, wanted)
    except EncoderUnavailable:
        logger.warning("encoder unavailable; the index stays as it was")
        return None


def _write(
    audience: str,
    store: Store,
    documents: list[Document],
    base: Path | None,
    state: dict[str, str],
) -> IndexVersion:
    """Write a base, or a delta to `base` where little has changed, and point at it."""
    begun = monotonic()
    latest = IndexVersion.objects.using("worker").filter(audience=audience).first()
    # What a killed builder or an older backup left keeps its number.
    number = max(latest.number if latest else 0, store.highest_number()) + 1
    changes = _changes(base, documents, state["model"]) if base else None
    if base and changes:
        folder = store.folder_of(int(base.name), delta=number)
        segment = _build_delta(base, changes, state["model"])
        segment.save(folder)
    else:
        folder = store.folder_of(number)
        segment = _build_base(documents, folder, state["model"])
    (folder / _STATE).write_text(json.dumps(state), encoding="utf-8")
    store.point_at(base if base and changes else folder, folder if changes else None)
    return IndexVersion.objects.using("worker").create(
        audience=audience,
        number=number,
        model=segment.model,
        entries=len(documents),
        rows=segment.rows,
        is_delta=bool(changes),
        seconds=monotonic() - begun,
    )


def _build_base(documents: list[Document], folder: Path, model: str) -> Segment:
    lookup = vectors_of if model else None
    segment, basis = build(documents, lookup=lookup, model=model)
    segment.save(folder, basis)
    digests = {str(document.id): digest_of(document) for document in documents}
    (folder / _DIGESTS).write_text(json.dumps(digests), encoding="utf-8")
    return segment


class _Changes:
    """What a delta holds, and which entries of the base it replaces or removes."""

    def __init__(self, documents: list[Document], retired: list[UUID]) -> None:
        self.documents, self.retired = documents, retired


def _changes(base: Path, documents: list[Document], model: str) -> _Changes | None:
    """Return what has changed since the base; None where a new base is better."""
    try:
        known = json.loads((base / _DIGESTS).read_text(encoding="utf-8"))
        if load(base).model != model:
            return None
    except (OSError, ValueError, IndexDamaged):
        return None
    now = {str(document.id): digest_of(document) for document in documents}
    changed = [d for d in documents if known.get(str(d.id)) != now[str(d.id)]]
    retired = [UUID(key) for key, digest in known.items() if now.get(key) != digest]
    most = min(LARGEST_DELTA, LARGEST_DELTA_SHARE * len(known))
    return _Changes(changed, retired) if len(changed) + len(retired) <= most else None


def _build_delta(base: Path, changes: _Changes, model: str) -> Segment:
    spoken, read = load_statistics(base)
    basis = Basis(spoken, read, load(base).means)
    lookup = vectors_of if model else None
    segment, _ = build(
        changes.documents,
        lookup=lookup,
        model=model,
        basis=basis,
        retired=changes.retired,
    )
    return segment


def _are_whole(folders: Iterable[Path]) -> bool:
    try:
        for folder in folders:
            load(folder)
    except IndexDamaged:
        return False
    return True


def _state_of(folder: Path) -> dict[str, str] | None:
    try:
        state: dict[str, str] = json.loads((folder / _STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return state


def digest_of(document: Document) -> str:
    """Return what changes when anything that is indexed of an entry does."""
    return hashlib.sha256(repr(document).encode()).hexdigest()


def vectors_of(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the vectors of marked texts, float32 (texts, dimensions).

    Known ones are read, the others made and kept batch by batch: who is killed begins
    again where they were.

    Raises:
        EncoderUnavailable: some are not known, and cannot be made now.
    """
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    missing = dict(zip(digests, texts, strict=True))
    for digest in _read(encoder().name, missing):
        del missing[digest]
    waiting = list(missing.items())
    for at in range(0, len(waiting), _ENCODED_AT_ONCE):
        batch = waiting[at : at + _ENCODED_AT_ONCE]
        values = encoder().encode([text for _, text in batch], seconds=ENTRY_SECONDS)
        _keep(encoder().name, [digest for digest, _ in batch], values)
    found = _read(encoder().name, digests)
    if not texts:
        return np.zeros((0, 0), np.float32)
    return np.stack([found[digest] for digest in digests]).astype(np.float32)


def _read(model: str, digests: Iterable[str]) -> dict[str, NDArray[np.float16]]:
    wanted = list(digests)
    found: dict[str, NDArray[np.float16]] = {}
    for at in range(0, len(wanted), _READ_AT_ONCE):
        rows = Vector.objects.using("worker").filter(
            model=model, digest__in=wanted[at : at + _READ_AT_ONCE]
        )
        found |= {
            digest: np.frombuffer(data, "<f2")
            for digest, data in rows.values_list("digest", "data")
        }
    return found


def _keep(model: str, digests: list[str], values: NDArray[np.float32]) -> None:
    Vector.objects.using("worker").bulk_create(
        [
            Vector(model=model, digest=digest, data=row.astype("<f2").tobytes())
            for digest, row in zip(digests, values, strict=True)
        ],
        ignore_conflicts=True,
    )
