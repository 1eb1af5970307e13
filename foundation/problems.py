"""Errors of the API as problem details (RFC 9457), in Japanese."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from foundation.errors import DomainError
from foundation.japanese import TextError
from foundation.request_id import current_request_id

CONTENT_TYPE = "application/problem+json"
# Names our own kinds; nothing is promised to be found under it (RFC 9457 §3.1.1).
KIND = "urn:problem-type:kochi-portal:"
# An answer is not as long as what was sent, whose names it repeats.
MOST_ERRORS = 100
LONGEST_NAME = 100

# What went wrong, and what the caller can do.
SENTENCES: dict[int, tuple[str, str]] = {
    400: (
        "送信された内容を読み取れません",
        "形式を確かめて、もう一度送信してください。",
    ),
    401: (
        "認証が必要です",
        "有効なアクセストークンを付けて、もう一度送信してください。",
    ),
    403: ("許可されていません", "この操作に必要な権限がありません。"),
    404: (
        "見つかりません",
        "アドレスが正しいか、削除されていないか、お確かめください。",
    ),
    405: (
        "この方法では呼び出せません",
        "Allow ヘッダーにあるメソッドで呼び出してください。",
    ),
    406: ("求められた形式では返せません", "Accept ヘッダーをお確かめください。"),
    409: (
        "いまはこの操作ができません",
        "最新の状態を読み込んで、もう一度お確かめください。",
    ),
    413: ("送信された内容が大きすぎます", "内容を分けて、もう一度送信してください。"),
    415: (
        "この形式では受け取れません",
        "Content-Type ヘッダーをお確かめください。",
    ),
    422: ("入力内容に誤りがあります", "errors を確かめて、もう一度送信してください。"),
    429: (
        "短い時間に多くの操作がありました",
        "しばらくたってから、もう一度送信してください。",
    ),
    500: (
        "システムに問題が起きました",
        "しばらくたってから、もう一度送信してください。",
    ),
    503: (
        "ただいまご利用いただけません",
        "しばらくたってから、もう一度送信してください。",
    ),
}


def problem_response(
    status: int,
    title: str = "",
    detail: str = "",
    kind: str = "about:blank",
    *,
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> HttpResponse:
    """Return a problem document; without title and detail, the usual ones."""
    usual_title, usual_detail = SENTENCES.get(status, (HTTPStatus(status).phrase, ""))
    problem = {
        "type": kind,
        "title": title or usual_title,
        "status": status,
        "detail": detail or usual_detail,
        **extra,
        "request_id": current_request_id(),
    }
    return JsonResponse(
        problem,
        status=status,
        headers=headers,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def handle_exception(
    error: Exception,
    context: dict[str, Any],  # noqa: ARG001 - the framework's signature
) -> HttpResponse | None:
    """Answer what an API view raised; None for what nobody expected (a 500)."""
    error = _as_api_error(error)
    if isinstance(error, DomainError):
        set_rollback()
        return problem_response(409, detail=str(error), kind=KIND + error.code)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {}
    if scheme := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = scheme
    if (wait_seconds := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(wait_seconds)
    if isinstance(error, exceptions.ValidationError):
        return problem_response(
            422, kind=KIND + "invalid", errors=_errors(error.detail)
        )
    said = str(error.detail)
    usual = isinstance(error, exceptions.Throttled) or said == error.default_detail
    return problem_response(
        error.status_code, detail="" if usual else said, headers=headers
    )


def _as_api_error(error: Exception) -> Exception:
    """Return the framework's error for Django's and our own of the same meaning."""
    match error:
        case Http404():
            return exceptions.NotFound()  # its message names our models
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case ValidationError():
            return exceptions.ValidationError(get_error_detail(error))
        case TextError():
            return exceptions.ValidationError(str(error))
    return error


def _errors(detail: Any) -> list[dict[str, str]]:
    """Return what is wrong, and where; of very much, the first and how much more."""
    sentences = _sentences(detail)
    errors = [
        {"pointer": f"#{pointer}", "detail": sentence}
        for pointer, sentence in islice(sentences, MOST_ERRORS)
    ]
    if more := sum(1 for _ in sentences):
        errors.append({"pointer": "#", "detail": f"誤りは、ほかに{more}件あります。"})
    return errors


def _sentences(detail: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield the JSON Pointer of each refused value with the sentence about it."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            if key in {api_settings.NON_FIELD_ERRORS_KEY, "__all__"}:
                yield from _sentences(inner, pointer)
            else:
                named = str(key)
                if len(named) > LONGEST_NAME:
                    named = named[:LONGEST_NAME] + "…"
                step = named.replace("~", "~0").replace("/", "~1")
                yield from _sentences(inner, f"{pointer}/{step}")
    elif isinstance(detail, list):
        for inner in detail:
            yield from _sentences(inner, pointer)
    else:
        yield pointer, str(detail)
