"""Entries, the chain that seals them, and the two queues that lead there."""

from django.db import models

from foundation.identifiers import new_id
from foundation.tenancy.policies import Policy
from foundation.tenancy.querysets import OrganizationScopedQuerySet

APPEND_ONLY = Policy(
    "append only",
    reads="organization_id = ANY (current_setting('app.organization_ids')::int[])",
    writes="true",
)


class Entry(models.Model):
    """One event that happened (ジャーナル): never changed, never removed.

    A trigger forbids UPDATE, DELETE and TRUNCATE to everyone, and puts each new entry
    into the queues of delivery and sealing.
    """

    tenancy = APPEND_ONLY

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization_id = models.IntegerField("団体コード")
    name = models.CharField("出来事", max_length=100)
    subject_id = models.UUIDField("対象")
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.CharField("行為者", max_length=40, blank=True)
    payload = models.JSONField("内容", default=dict)
    request_id = models.CharField("リクエスト番号", max_length=64, blank=True)
    recorded_at = models.DateTimeField("記録日時")

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "ジャーナル"
        verbose_name_plural = "ジャーナル"
        indexes = (
            models.Index(
                fields=["organization_id", "-id"], name="journal_entry_newest"
            ),
            models.Index(fields=["subject_id", "id"], name="journal_entry_subject"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"


class Seal(models.Model):
    """One link of the hash chain over the committed entries (封印)."""

    position = models.BigIntegerField("順番", primary_key=True)
    entry_id = models.UUIDField("ジャーナル", unique=True)
    digest = models.BinaryField("ハッシュ値", max_length=32)
    sealed_at = models.DateTimeField("封印日時")

    class Meta:
        verbose_name = "封印"
        verbose_name_plural = "封印"

    def __str__(self) -> str:
        return f"{self.position} {bytes(self.digest).hex()}"


class Undelivered(models.Model):
    """An entry that not all subscribers have heard (未配送); gone once they have."""

    position = models.BigAutoField("順番", primary_key=True)
    entry_id = models.UUIDField("ジャーナル", unique=True)
    subject_id = models.UUIDField("対象")
    attempts = models.SmallIntegerField("試行回数", db_default=0)
    due_at = models.DateTimeField("次回配送日時")

    class Meta:
        verbose_name = "未配送"
        verbose_name_plural = "未配送"
        indexes = (
            models.Index(fields=["subject_id", "position"], name="undelivered_subject"),
            models.Index(fields=["due_at", "position"], name="undelivered_due"),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.entry_id}"


class Unsealed(models.Model):
    """A committed entry that waits for its link in the chain (未封印)."""

    position = models.BigAutoField("順番", primary_key=True)
    entry_id = models.UUIDField("ジャーナル", unique=True)

    class Meta:
        verbose_name = "未封印"
        verbose_name_plural = "未封印"

    def __str__(self) -> str:
        return f"{self.position} {self.entry_id}"
