"""Whether what entries point to is still there."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from faq.models.entries import Revision
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Organization

# One bad night of another's server is no broken link.
PATIENCE = timedelta(hours=12)


class LinkStatus(models.TextChoices):
    """What came of the last look (結果)."""

    FOUND = "found", "開けます"
    GONE = "gone", "ページがありません"
    UNREACHABLE = "unreachable", "つながりません"
    REFUSED = "refused", "公開の場所ではありません"


class LinkCheckQuerySet(OrganizationScopedQuerySet["LinkCheck"]):
    """Looks at links."""

    def broken(self) -> Self:
        """Those that somebody should put right."""
        return self.filter(
            Q(status__in=[LinkStatus.GONE, LinkStatus.REFUSED])
            | Q(
                status=LinkStatus.UNREACHABLE,
                checked_at__gte=F("failed_since") + PATIENCE,
            )
        )


class LinkCheck(models.Model):
    """The last look at one address of a published revision (リンクの確認)."""

    tenancy = policies.BODY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    revision = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="links",
        verbose_name="版",
    )
    url = models.URLField("場所", max_length=300)
    status = models.CharField("結果", max_length=12, choices=LinkStatus)
    told = models.CharField("詳しい結果", max_length=100, blank=True)
    checked_at = models.DateTimeField("確認日時")
    failed_since = models.DateTimeField("切れた日時", null=True, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "リンクの確認"
        verbose_name_plural = "リンクの確認"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                "organization", "revision", "url", name="faq_linkcheck_once"
            ),
            models.CheckConstraint(
                name="faq_linkcheck_failed_since_tells",
                condition=Q(status=LinkStatus.FOUND, failed_since__isnull=True)
                | (~Q(status=LinkStatus.FOUND) & Q(failed_since__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                fields=["organization", "status"],
                condition=~Q(status="found"),
                name="faq_linkcheck_failed",
            ),
        )

    def __str__(self) -> str:
        return self.url
