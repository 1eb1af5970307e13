"""Papers of a case."""

from django.db import models
from django.db.models import Q

from applications.models.applications import Part
from foundation.tenancy.querysets import FiledQuerySet


class Document(Part):
    """A paper of the case as it was made (文書): its content never changes.

    The page shows `content` at once; a worker makes the PDF from the same content.
    """

    class Kind(models.TextChoices):
        """What the paper is."""

        RECEIPT = "receipt", "受付票"
        CORRECTION = "correction", "補正依頼書"
        NOTICE = "notice", "結果のお知らせ"

    kind = models.CharField("種類", max_length=12, choices=Kind)
    content = models.JSONField("内容")
    created_at = models.DateTimeField("作成日時")
    file = models.FileField("PDF", upload_to="", max_length=200, blank=True)
    sha256 = models.CharField("PDFのSHA-256", max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    render_at = models.DateTimeField("PDF作成予定", null=True, blank=True)
    first_downloaded_at = models.DateTimeField("初回取得日時", null=True, blank=True)

    objects = FiledQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = "文書"
        verbose_name_plural = "文書"
        ordering = ("created_at",)
        indexes = (
            models.Index(
                fields=["render_at"],
                condition=Q(render_at__isnull=False),
                name="document_to_render",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} {self.get_kind_display()}"
