"""Desks: who answers what, and when somebody is there."""

from datetime import datetime, time
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from foundation.identifiers import new_id
from foundation.japanese import is_open_day
from foundation.tenancy import policies
from foundation.tenancy.querysets import OrganizationScopedQuerySet
from organizations.models import Department, Organization


class Audience(models.TextChoices):
    """Who may ask, and whose entries answer (対象)."""

    RESIDENT = "resident", "住民・事業者"
    STAFF = "staff", "職員"


class Weekday(models.IntegerChoices):
    """A day of the week, as `date.weekday()` counts."""

    MONDAY = 0, "月"
    TUESDAY = 1, "火"
    WEDNESDAY = 2, "水"
    THURSDAY = 3, "木"
    FRIDAY = 4, "金"
    SATURDAY = 5, "土"
    SUNDAY = 6, "日"


WORKING_DAYS = [day.value for day in Weekday if day < Weekday.SATURDAY]


def working_days() -> list[int]:
    """Return Monday to Friday."""
    return list(WORKING_DAYS)


class DeskQuerySet(OrganizationScopedQuerySet["Desk"]):
    """Desks."""

    def answering(self, audience: str) -> Self:
        """Those in service for residents, or for staff."""
        return self.filter(audience=audience, closed_at__isnull=True)


class Desk(models.Model):
    """An office that answers questions of one audience (相談窓口)."""

    tenancy = policies.PUBLIC

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name="団体"
    )
    code = models.SlugField("窓口コード", max_length=30)
    name = models.CharField("名称", max_length=100)
    audience = models.CharField("対象", max_length=10, choices=Audience)
    subject = models.CharField(
        "受け持つ相談",
        max_length=100,
        help_text="例：契約のトラブル、悪質商法",
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
        verbose_name="担当部署",
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=working_days,
        verbose_name="開いている曜日",
    )
    opens_at = models.TimeField("開く時刻", default=time(8, 30))
    closes_at = models.TimeField("閉まる時刻", default=time(17, 15))
    closed_on_holidays = models.BooleanField("祝日・年末年始は休み", default=True)
    # Answers are promised in working days.
    reply_days = models.PositiveSmallIntegerField("返事の目安（開庁日）", default=3)
    # Where one person is the whole office, nobody else could review.
    needs_review = models.BooleanField("公開前に別の職員が確認する", default=True)
    closed_at = models.DateTimeField("廃止日時", null=True, blank=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = "相談窓口"
        verbose_name_plural = "相談窓口"
        ordering = ("organization", "code")
        constraints = (
            models.UniqueConstraint(
                "organization", "code", name="faq_desk_code_once_a_body"
            ),
            models.CheckConstraint(
                name="faq_desk_closes_after_it_opens",
                condition=Q(closes_at__gt=models.F("opens_at")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_open_at(self, moment: datetime) -> bool:
        """Tell whether somebody is at the desk at that moment, in Japan."""
        here = timezone.localtime(moment)
        if here.weekday() not in self.weekdays:
            return False
        if self.closed_on_holidays and not _works_on(here):
            return False
        return self.opens_at <= here.time() < self.closes_at

    @property
    def hours(self) -> str:
        """When it is open, in words: 月〜金 8時30分〜17時15分."""
        days = sorted(self.weekdays)
        names = [Weekday(day).label for day in days]
        in_a_row = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
        weekdays = f"{names[0]}〜{names[-1]}" if in_a_row else "・".join(names)
        hours = f"{_clock(self.opens_at)}〜{_clock(self.closes_at)}"
        holidays = "（祝日・年末年始は休み）" if self.closed_on_holidays else ""
        return f"{weekdays} {hours}{holidays}"


def _works_on(here: datetime) -> bool:
    # A desk may be open on Saturdays and yet closed on holidays.
    return is_open_day(here.date()) or here.weekday() not in WORKING_DAYS


def _clock(moment: time) -> str:
    return (
        f"{moment.hour}時{moment.minute:02}分" if moment.minute else f"{moment.hour}時"
    )
