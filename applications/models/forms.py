"""Published forms and their revisions."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from foundation.identifiers import new_id
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Organization
from procedures.models import Procedure


class Form(models.Model):
    """The questions of a procedure (様式), through all its revisions."""

    tenancy = policies.PUBLIC

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="所管団体"
    )
    procedure = models.OneToOneField(
        Procedure, on_delete=models.PROTECT, verbose_name="手続"
    )

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "様式"
        verbose_name_plural = "様式"

    def __str__(self) -> str:
        return f"{self.procedure} の様式"


class FormRevision(models.Model):
    """A form as it was published (様式の版): never changed, a trigger sees to it."""

    tenancy = policies.PUBLIC

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="所管団体"
    )
    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, related_name="revisions", verbose_name="様式"
    )
    number = models.PositiveIntegerField("版")
    document = models.JSONField("定義")
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.CharField("変更点", max_length=200, blank=True)
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, verbose_name="公開した人"
    )
    published_at = models.DateTimeField("公開日時", default=timezone.now)

    objects = OrganizationScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "様式の版"
        verbose_name_plural = "様式の版"
        ordering = ("form", "-number")
        constraints = (
            models.UniqueConstraint(
                "form", "number", name="applications_formrevision_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} 第{self.number}版"
