"""Papers of a filing: to read at once, and as PDF once it is made."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.actions import open_document
from applications.models import Document
from applications.pdf import paper_context
from applications.queries import inquiry_code_of
from applications.views.reach import account, application_of, for_applicants
from foundation.numbering import in_groups

RETRY_AFTER_SECONDS = 10


@for_applicants
@require_safe
def document(request: HttpRequest, pk: UUID, document_id: UUID) -> HttpResponse:
    """Show a paper as a page."""
    paper = _paper(request, pk, document_id)
    context = {
        "document": paper,
        "application": paper.application,
        **paper_context(paper),
        "code": _code(paper),
    }
    return render(request, "applications/document.html", context)


@for_applicants
@require_safe
def download(request: HttpRequest, pk: UUID, document_id: UUID) -> HttpResponseBase:
    """Hand out a paper as PDF; say so while it is still being made."""
    paper = _paper(request, pk, document_id)
    try:
        file = paper.file.open() if paper.file else None
    except OSError:  # the disk is away or full; the page shows the same content
        file = None
    if file is None:
        context = {"document": paper, "application": paper.application}
        page = "applications/document_pending.html"
        response = render(request, page, context, status=202)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    name = f"{paper.get_kind_display()}_{paper.application.number}.pdf"
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="application/pdf"
    )


def _paper(request: HttpRequest, pk: UUID, document_id: UUID) -> Document:
    """Find the paper within reach; that it was opened is noted."""
    application = application_of(request, pk)
    paper = get_object_or_404(
        Document.objects.filter(organization_id=application.organization_id),
        application=application,
        pk=document_id,
    )
    paper.application = application
    if request.method == "GET":
        open_document(paper, by=account(request))
    return paper


def _code(paper: Document) -> str:
    """Return 問合せ番号 for the applicant's receipt: made here, stored nowhere."""
    if paper.kind != Document.Kind.RECEIPT:
        return ""
    return in_groups(inquiry_code_of(paper))
