"""The portal's own addresses, and some that fail in every way a view can."""

import psycopg
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from kochi_portal import urls

PERSON = "髙知太郎 hanako@example.jp"


def raiser(error):
    def view(request, **_):
        raise error

    return view


def lost_and_wrapped(request):
    """Fail as code does that turns a lost connection into an error of its own."""
    raise LookupError(PERSON) from OperationalError(PERSON)


def reads_form(request):
    return HttpResponse(request.POST.get("text", ""))


def asks_database(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok")


def says_405(request):
    return HttpResponse("said", status=405)


VIEWS = {
    "lost/": raiser(OperationalError(PERSON)),
    "closed/": raiser(InterfaceError(PERSON)),
    "driver/": raiser(psycopg.OperationalError(PERSON)),
    "wrapped/": lost_and_wrapped,
    "bug/": raiser(ZeroDivisionError(PERSON)),
    "denied/": raiser(PermissionDenied(PERSON)),
    "form/": reads_form,
    "database/": asks_database,
    "button/": require_POST(reads_form),
    "said/": says_405,
}
urlpatterns = [
    *(path(f"failing/{where}", view) for where, view in VIEWS.items()),
    *(path(f"api/failing/{where}", view) for where, view in VIEWS.items()),
    path("failing/<str:word>/", reads_form),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
