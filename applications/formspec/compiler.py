"""Forms are compiled once and kept: a published document never changes."""

from dataclasses import dataclass, field
from functools import lru_cache

from applications.formspec.document import (
    Document,
    DocumentInvalid,
    document_sha256,
    shape_problems,
)
from applications.formspec.pages import build_pages
from applications.formspec.spec import FormSpec


@dataclass(frozen=True)
class _Published:
    """A document that is known by its digest, so that it is compiled once."""

    sha256: str
    document: Document = field(compare=False)


@lru_cache(maxsize=512)
def _compile(published: _Published) -> FormSpec:
    if problems := shape_problems(published.document):
        raise DocumentInvalid(problems)
    pages = build_pages(published.document)
    return FormSpec(
        document=published.document,
        sha256=published.sha256,
        outline=pages,
        pages=pages,
    )


def compile_document(document: Document, *, sha256: str = "") -> FormSpec:
    """Compile a form document; a document compiled before is only looked up.

    Args:
        document: The published document, never changed again.
        sha256: Its `document_sha256`, where it is stored with it.

    Raises:
        DocumentInvalid: it is no form document.
    """
    return _compile(_Published(sha256 or document_sha256(document), document))
