"""Papers whose PDF a worker has made."""

import hashlib

from django.core.files.base import ContentFile

from applications.models import Application, Document
from foundation.tenancy.scope import Scope, scoped

PDF = b"%PDF-1.7 sample"


def made_paper(application: Application) -> Document:
    """Return the application's receipt with its PDF."""
    scope = Scope(organization_ids=frozenset({application.organization_id}))
    with scoped(scope):
        paper = Document.objects.get(application=application)
        paper.file.save(f"{paper.pk}.pdf", ContentFile(PDF), save=False)
        paper.sha256 = hashlib.sha256(PDF).hexdigest()
        paper.render_at = None
        paper.save()
    return paper
