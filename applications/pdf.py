"""Make a PDF of a paper."""

from applications.models import Document


def render_pdf(document: Document) -> bytes:
    """Return the paper as PDF."""
    raise NotImplementedError(document)
