"""What is not filed yet, and under which key a program filed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.applications import Correction, Filed
from applications.models.forms import FormRevision
from foundation.tenancy.querysets import FiledQuerySet
from procedures.models import Offering


class DraftQuerySet(FiledQuerySet["Draft"]):
    """Drafts."""

    def kept(self) -> Self:
        """Within their lifetime; a correction is kept as long as its case."""
        return self.filter(
            Q(expires_at__gt=timezone.now()) | Q(correction__isnull=False)
        )

    def take(self, draft: "Draft", *, correcting: bool) -> "Draft | None":
        """Remove a draft and return it as it last was; of two callers one gets it.

        It comes back if the transaction is rolled back.
        """
        # Named one by one: a prepared `*` would fail once a column is added.
        columns = ", ".join(str(field.column) for field in Draft._meta.concrete_fields)
        taken = self.raw(
            "DELETE FROM applications_draft"  # noqa: S608 - names of columns
            " WHERE organization_id = %s AND id = %s"
            f" AND (correction_id IS NOT NULL) = %s RETURNING {columns}",
            [draft.organization_id, draft.pk, correcting],
        )
        return next(iter(taken), None)


class Draft(Filed):
    """Answers that are not filed yet (下書き), valid or not.

    It has the id that the application will have: filing the same draft twice cannot
    make two applications.
    """

    offering = models.ForeignKey(
        Offering,
        on_delete=models.CASCADE,
        db_constraint=False,
        verbose_name="手続",
    )
    revision = models.ForeignKey(
        FormRevision, on_delete=models.PROTECT, verbose_name="様式の版"
    )
    correction = models.ForeignKey(
        Correction,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        verbose_name="補正依頼",
    )
    raw = models.JSONField("入力", default=dict)
    updated_at = models.DateTimeField("更新日時", auto_now=True)
    expires_at = models.DateTimeField("保存期限")

    objects = DraftQuerySet.as_manager()

    class Meta(Filed.Meta):
        verbose_name = "下書き"
        verbose_name_plural = "下書き"
        indexes = (
            models.Index(fields=["person", "-id"], name="draft_of_person"),
            models.Index(fields=["expires_at"], name="draft_expiry"),
        )

    def __str__(self) -> str:
        return f"{self.offering} の下書き"


class Submission(Filed):
    """An `Idempotency-Key` under which a program filed something, and what (送信).

    Like a draft it has the id of the application: the same key again leads to it. A
    key names one filing of the person, to whichever body: it is unique over all.
    """

    key = models.UUIDField("重複防止キー")
    sha256 = models.CharField("送信内容のSHA-256", max_length=64)
    created_at = models.DateTimeField("送信日時", auto_now_add=True)

    objects = FiledQuerySet.as_manager()

    class Meta(Filed.Meta):
        verbose_name = "送信"
        verbose_name_plural = "送信"
        constraints = (
            *Filed.Meta.constraints,
            models.UniqueConstraint(
                "person", "key", name="applications_submission_key_once_a_person"
            ),
        )

    def __str__(self) -> str:
        return str(self.key)
