import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from foundation.middleware.access import AccessMiddleware
from foundation.middleware.maintenance import MaintenanceMiddleware
from foundation.middleware.no_store import NoStoreMiddleware
from foundation.middleware.null_characters import NullCharactersMiddleware
from foundation.middleware.permissions_policy import PermissionsPolicyMiddleware


def ok(request):
    return HttpResponse("ok")


@pytest.fixture
def rf():
    return RequestFactory()


def resolved(request, route):
    """Return the view's answer as Django gives it: the route known afterwards."""
    request.resolver_match = ResolverMatch(ok, (), {}, route=route)
    return HttpResponse(status=201)


def test_a_request_is_logged_by_its_route_without_path_query_or_client(rf):
    request = rf.post("/applications/42/?name=髙知", REMOTE_ADDR="203.0.113.7")
    with capture_logs() as logs:
        AccessMiddleware(lambda r: resolved(r, "applications/<int:pk>/"))(request)

    (line,) = logs
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "route": "/applications/<int:pk>/",
        "status": 201,
    }


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [("GET", "/nothing/", "unresolved"), ("BREW", "/static/x.css", "static")],
)
def test_a_scanner_cannot_make_up_labels(rf, method, path, route):
    labels = {
        "method": "OTHER" if method == "BREW" else method,
        "route": route,
        "status": "200",
    }
    before = REGISTRY.get_sample_value("portal_requests_total", labels) or 0

    AccessMiddleware(ok)(rf.generic(method, path))

    assert REGISTRY.get_sample_value("portal_requests_total", labels) == before + 1


def closed_sign(settings, tmp_path, text):
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    if text is not None:
        settings.MAINTENANCE_FILE.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("by_environment", [True, False])
def test_in_maintenance_everybody_is_told_to_come_back(
    rf, settings, tmp_path, by_environment
):
    settings.MAINTENANCE = by_environment
    closed_sign(settings, tmp_path, None if by_environment else "11月24日 <b>6時</b>\n")

    response = MaintenanceMiddleware(ok)(rf.post("/applications/1/"))

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "600")
    assert "メンテナンス中です" in page
    assert ("11月24日 &lt;b&gt;6時" in page) is not by_environment


def test_in_maintenance_the_api_answers_with_a_problem(rf, settings, tmp_path):
    closed_sign(settings, tmp_path, "")

    response = MaintenanceMiddleware(ok)(rf.get("/api/v1/organizations/"))

    assert response["Content-Type"] == "application/problem+json"


def test_without_a_sign_the_door_is_open(rf, settings, tmp_path):
    settings.MAINTENANCE = False
    closed_sign(settings, tmp_path, None)

    assert MaintenanceMiddleware(ok)(rf.get("/")).status_code == 200


def with_session(request):
    request.session = SessionStore()
    return request


def reads_session(request):
    request.session.get("who")
    return HttpResponse()


def sets_cookie(request):
    response = HttpResponse()
    response.set_cookie("csrf", "x")
    return response


@pytest.mark.parametrize(
    ("view", "cookies", "headers", "stored"),
    [
        (ok, {}, {}, True),
        (ok, {"session": "x"}, {}, False),
        (ok, {"filing": "x"}, {}, False),
        (ok, {}, {"authorization": "Bearer x"}, False),
        (reads_session, {}, {}, False),
        (sets_cookie, {}, {}, False),
    ],
)
def test_only_a_page_that_is_the_same_for_all_may_be_stored(
    rf, view, cookies, headers, stored
):
    rf.cookies.load(cookies)
    request = with_session(rf.get("/", headers=headers))

    response = NoStoreMiddleware(view)(request)

    assert (response.get("Cache-Control") != "no-store") is stored
    assert request.session.accessed is (view is reads_session)


@pytest.mark.parametrize("path", ["/a%00b/", "/?q=%00", "/?%00=1"])
def test_nul_in_an_address_is_refused_before_anything_reads_it(rf, path):
    with pytest.raises(BadRequest, match="制御文字"):
        NullCharactersMiddleware(ok)(rf.get(path))


def test_nul_in_a_cookie_is_refused_before_a_session_is_looked_up(rf):
    request = rf.get("/", HTTP_COOKIE=r'session="12345678\000"')

    with pytest.raises(BadRequest, match="制御文字"):
        NullCharactersMiddleware(ok)(request)


@pytest.mark.parametrize("fields", [{"name": "山\x00田"}, {"na\x00me": "山田"}])
@pytest.mark.parametrize("multipart", [True, False])
def test_nul_in_a_form_is_refused(rf, fields, multipart):
    kind = {} if multipart else {"content_type": "application/x-www-form-urlencoded"}
    data = fields if multipart else "&".join(f"{k}={v}" for k, v in fields.items())
    request = rf.post("/", data, **kind)

    with pytest.raises(BadRequest, match="制御文字"):
        NullCharactersMiddleware(ok).process_view(request, ok, (), {})


def test_other_bodies_are_left_for_their_view_to_read(rf):
    request = rf.post("/api/", b'{"a": "\\u0000"}', content_type="application/json")

    NullCharactersMiddleware(ok).process_view(request, ok, (), {})

    assert request.read() == b'{"a": "\\u0000"}'


def test_the_browser_is_denied_camera_and_place_but_not_passkeys(rf):
    policy = PermissionsPolicyMiddleware(ok)(rf.get("/"))["Permissions-Policy"]

    assert "camera=()" in policy
    assert "geolocation=()" in policy
    assert "publickey-credentials-get=(self)" in policy
