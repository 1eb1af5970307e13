"""One transaction and one scope for each request."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from accounts.models import User
from applications.models import Application
from applications.queries import inquiry_code_of
from foundation.tenancy.middleware import TenancyMiddleware
from foundation.tenancy.scope import current_scope
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db


def answer(view, *, user=None, cookies=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    if user is not None:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "any"
    request.COOKIES.update(cookies or {})
    middleware = TenancyMiddleware(view)
    return middleware(request)


def ids(request):
    return HttpResponse(
        ",".join(str(pk) for pk in Application.objects.values_list("pk", flat=True))
    )


def test_staff_see_their_body_and_no_other():
    ours = factories.application(MUROTO)
    factories.application(AKI)
    clerk = factories.staff("clerk", organization=MUROTO)

    assert answer(ids, user=clerk).content.decode() == str(ours.pk)


def test_support_of_the_prefecture_sees_every_body():
    filed = {str(factories.application(code).pk) for code in (MUROTO, AKI)}
    support = factories.staff("support", organization=factories.PREFECTURE)

    assert set(answer(ids, user=support).content.decode().split(",")) == filed


def test_a_membership_that_has_ended_opens_nothing():
    factories.application(MUROTO)
    clerk = factories.staff("clerk", organization=MUROTO)
    clerk.is_active = False

    assert answer(ids, user=clerk).content == b""


def test_a_resident_sees_what_they_filed():
    user = factories.resident()
    ours = factories.application(MUROTO, person=user.person)
    factories.application(MUROTO, person=factories.person())

    assert answer(ids, user=user).content.decode() == str(ours.pk)


def test_a_visitor_sees_what_the_cookie_opens():
    filed = factories.application(MUROTO)
    factories.application(MUROTO)
    cookie = {settings.CAPABILITY_COOKIE_NAME: inquiry_code_of(filed)}

    assert answer(ids, cookies=cookie).content.decode() == str(filed.pk)


@pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)
def test_a_page_without_a_query_asks_the_database_nothing(
    django_assert_num_queries,
):
    with django_assert_num_queries(0):
        answer(lambda _: HttpResponse("静かなページ"))


def test_the_scope_ends_with_the_request():
    answer(ids)

    assert current_scope() is None


@pytest.mark.parametrize("status", [500, 503])
def test_what_a_failed_request_wrote_is_undone(status):
    def view(request):
        User.objects.create_user("half-written@example.jp")
        return HttpResponse(status=status)

    answer(view)

    assert not User.objects.filter(email="half-written@example.jp").exists()


def test_what_a_view_wrote_before_it_raised_is_undone():
    seen = []

    class Inner:
        def __call__(self, request):
            User.objects.create_user("half-written@example.jp")
            middleware.process_exception(request, Http404())
            seen.append(connection.needs_rollback)
            return HttpResponse(status=404)

    middleware = TenancyMiddleware(Inner())
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    middleware(request)

    assert seen == [True]
    assert not User.objects.filter(email="half-written@example.jp").exists()
