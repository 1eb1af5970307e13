"""The filtered list as CSV: what spreadsheets open, and no formula that they run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from accounts.models import User
from applications.actions import note_export, note_exported
from applications.admin.filters import body_shown
from applications.admin.steps import signed_in
from applications.formspec import Field
from applications.models import Application, ApplicationVersion
from applications.queries import spec_of
from applications.workflow import WORKERS, State
from foundation.desk.admin import ScopedAdmin
from foundation.desk.roles import bodies_where
from foundation.keyset import keyset_page
from foundation.request_id import current_request_id
from foundation.tenancy.scope import Scope, scoped

BATCH = 500
HEADERS = (
    "到達番号",
    "手続",
    "状態",
    "申請者",
    "到達日時",
    "処理期限",
    "担当部署",
    "担当者",
    "終了日時",
)
# Source: OWASP, CSV Injection: a cell that begins so is run as a formula.
_RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def permitted(request: HttpRequest) -> bool:
    """Tell whether the person works on the cases listed; support only looks."""
    return body_shown(request) in bodies_where(request.user, WORKERS)


def answer(desk: ScopedAdmin[Application], request: HttpRequest) -> HttpResponse:
    """Stream the cases that the filters in the address leave.

    Each case is written into the journal as seen before it leaves the house.
    """
    if not desk.has_view_permission(request) or not permitted(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    changelist = desk.get_changelist_instance(request)
    body = body_shown(request)
    procedure = request.GET.get("procedure", "")
    user = signed_in(request)
    note_export(organization_id=body, procedure=procedure, by=user)
    order = [str(name) for name in desk.get_ordering(request)]
    rows = _Rows(changelist.queryset, order, body, user)
    revisions = rows.revisions() if procedure else []
    response = StreamingHttpResponse(
        rows.lines(revisions), content_type="text/csv; charset=utf-8"
    )
    name = f"applications-{body}-{timezone.localtime():%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]


class _Line:
    """Where csv.writer leaves its line."""

    def write(self, line: str) -> str:
        return line


class _Rows:
    """Cases, read and told of batch by batch, each in its own transaction."""

    def __init__(
        self, queryset: Any, order: Sequence[str], body: int, user: User
    ) -> None:
        self.queryset = queryset
        self.order, self.body, self.user = order, body, user
        self.request_id = current_request_id()

    def revisions(self) -> list[Any]:
        """Return the revisions of the form among the cases, newest first."""
        found = self.queryset.order_by().values_list("revision_id", "revision__number")
        return [pk for pk, _ in sorted(found.distinct(), key=lambda row: -row[1])]

    def lines(self, revisions: list[Any]) -> Iterator[str]:
        """Yield the file, its mark of UTF-8 and its header first."""
        with self._scope():
            columns = _columns(revisions)
        write = csv.writer(_Line()).writerow
        yield "\ufeff" + write([*HEADERS, *columns.values()])
        cursor, more = "", True
        while more:
            with self._scope():
                page = keyset_page(self.queryset, self.order, cursor=cursor, size=BATCH)
                prefetch_related_objects(
                    page.rows, "offering__procedure", "department", "assignee"
                )
                note_exported(page.rows, by=self.user)
                answers = _answers(page.rows) if columns else {}
                lines = [
                    write(_safe([*_facts(row), *_cells(row, answers, columns)]))
                    for row in page.rows
                ]
            yield from lines
            cursor, more = page.next, bool(page.next)

    @contextmanager
    def _scope(self) -> Iterator[None]:
        """Be the request again, whose transaction has ended before the file streams."""
        scope = Scope(organization_ids=frozenset({self.body}))
        with bound_contextvars(request_id=self.request_id), scoped(scope):
            yield


def _exported(revision: Any) -> dict[str, Field]:
    """Return the questions whose answers may leave in a file: no 要配慮個人情報."""
    fields = spec_of(revision).fields
    return {key: field for key, field in fields.items() if field.pii != "sensitive"}


def _columns(revisions: list[Any]) -> dict[str, str]:
    """Return key → header over all revisions, in the order of the newest."""
    columns: dict[str, str] = {}
    for revision in revisions:
        for field in _exported(revision).values():
            for column in field.columns():
                columns.setdefault(column.key, column.header)
    return columns


def _facts(application: Application) -> list[str]:
    closed_at = application.closed_at
    return [
        application.number,
        application.offering.procedure.title,
        State(application.state).label,
        application.applicant_name,
        f"{timezone.localtime(application.filed_at):%Y-%m-%d %H:%M:%S}",
        application.due_on.isoformat() if application.due_on else "",
        application.department.name,
        str(application.assignee or ""),
        f"{timezone.localtime(closed_at):%Y-%m-%d %H:%M:%S}" if closed_at else "",
    ]


def _answers(applications: list[Application]) -> dict[Any, dict[str, Any]]:
    """Return the answers in force of each case."""
    versions = {application.pk: application.version for application in applications}
    found = ApplicationVersion.objects.filter(
        organization_id__in={row.organization_id for row in applications},
        application_id__in=versions,
    )
    return {
        version.application_id: version.answers
        for version in found
        if version.n == versions[version.application_id]
    }


def _cells(
    application: Application, answers: dict[Any, dict[str, Any]], columns: Iterable[str]
) -> list[str]:
    if not columns:
        return []
    given = answers[application.pk]
    cells = {
        column.key: cell
        for key, field in _exported(application.revision_id).items()
        for column, cell in zip(
            field.columns(), field.cells(given.get(key)), strict=True
        )
    }
    return [cells.get(key, "") for key in columns]


def _safe(cells: list[str]) -> list[str]:
    """Put an apostrophe before what a spreadsheet would run."""
    return [f"'{cell}" if cell.startswith(_RUN_AS_FORMULA) else cell for cell in cells]
