import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions, serializers, throttling
from rest_framework.authentication import TokenAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView
from structlog.contextvars import bound_contextvars

from foundation import japanese
from foundation.errors import DomainError
from foundation.parsers import TextJSONParser
from foundation.problems import handle_exception, problem_response
from foundation.strict import StrictSerializer


class AlreadyDecidedError(DomainError):
    code = "already_decided"
    sentence = "この申請は、すでに決定されています。"


class Pets(serializers.Serializer[Any]):
    name = serializers.CharField()


class Filing(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=3)
    pets = Pets(many=True)

    def validate(self, _):
        msg = "どちらか一方を入力してください。"
        raise serializers.ValidationError(msg)


def answer(act, **options):
    """Return the problem that an API view answers whose POST does `act(request)`."""

    class View(APIView):
        authentication_classes = ()
        permission_classes = ()
        parser_classes = (TextJSONParser,)

        def get_exception_handler(self):
            return handle_exception

        def post(self, request):
            act(request)

    body = options.pop("body", b"{}")
    view = View.as_view(**options)
    request = APIRequestFactory().post("/", body, content_type="application/json")
    with bound_contextvars(request_id="r-1"):
        response = view(request)
    problem = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["request_id"]) == (response.status_code, "r-1")
    assert problem["title"]
    assert problem["detail"].endswith("。")
    return response, problem


def raiser(error):
    def act(request):
        raise error

    return act


def test_a_broken_rule_of_the_domain_is_409_in_its_own_words():
    response, problem = answer(raiser(AlreadyDecidedError()))

    assert response.status_code == 409
    assert problem["type"] == "urn:problem-type:kochi-portal:already_decided"
    assert problem["detail"] == "この申請は、すでに決定されています。"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Http404("No Application matches"), 404),
        (PermissionDenied("secret"), 403),
        (exceptions.MethodNotAllowed("POST"), 405),
        (exceptions.UnsupportedMediaType("text/plain"), 415),
        (exceptions.ParseError(), 400),
        (ValidationError("数字で入力してください。"), 422),
        (japanese.TextError("数字で入力してください。"), 422),
    ],
)
def test_every_refusal_has_a_status_and_a_sentence_of_its_own(error, status):
    response, problem = answer(raiser(error))

    assert response.status_code == status
    assert "Application" not in problem["detail"]
    assert "secret" not in problem["detail"]


def test_what_permission_says_in_japanese_is_passed_on():
    said = "公開の権限が必要です。"
    _, problem = answer(raiser(exceptions.PermissionDenied(said)))

    assert problem["detail"] == said


def test_each_refused_value_is_pointed_at():
    def act(request):
        Filing(data=request.data).is_valid(raise_exception=True)

    response, problem = answer(
        act, body=b'{"name": "abcd", "pets": [{"name": "a"}, {}]}'
    )

    assert response.status_code == 422
    pointed = {error["pointer"]: error["detail"] for error in problem["errors"]}
    assert set(pointed) == {"#/name", "#/pets/1/name"}
    assert pointed["#/pets/1/name"].endswith("。")


def test_what_concerns_the_whole_document_points_at_it():
    def act(request):
        Filing(data=request.data).is_valid(raise_exception=True)

    _, problem = answer(act, body=b'{"name": "abc", "pets": []}')

    assert problem["errors"] == [
        {"pointer": "#", "detail": "どちらか一方を入力してください。"}
    ]


def test_a_key_with_a_slash_is_escaped_in_its_pointer():
    _, problem = answer(raiser(serializers.ValidationError({"a/b~c": ["だめです。"]})))

    assert problem["errors"][0]["pointer"] == "#/a~1b~0c"


class StrictFiling(StrictSerializer):
    name = serializers.CharField()


def test_of_very_many_errors_the_first_are_told_and_how_many_more():
    names = {f"x{number}": 1 for number in range(40_000)}
    body = json.dumps({**names, "name": 1}).encode()

    def act(request):
        StrictFiling(data=request.data).is_valid(raise_exception=True)

    response, problem = answer(act, body=body)

    *named, rest = problem["errors"]
    assert len(named) == 100
    assert named[0] == {"pointer": "#/name", "detail": "文字列にしてください。"}
    assert rest == {"pointer": "#", "detail": "誤りは、ほかに39901件あります。"}
    assert len(response.content) < 20_000


def test_as_many_errors_as_may_be_told_are_all_told():
    errors = {f"x{number}": ["だめです。"] for number in range(100)}

    _, problem = answer(raiser(serializers.ValidationError(errors)))

    assert {error["detail"] for error in problem["errors"]} == {"だめです。"}


def test_a_very_long_name_is_cut_short_in_its_pointer():
    error = serializers.ValidationError({"~" * 500_000: ["だめです。"]})

    response, problem = answer(raiser(error))

    assert problem["errors"][0]["pointer"] == f"#/{'~0' * 100}…"
    assert len(response.content) < 2_000


def test_who_is_not_signed_in_is_told_how():
    response, _ = answer(
        raiser(AssertionError()),
        authentication_classes=(TokenAuthentication,),
        permission_classes=(IsAuthenticated,),
    )

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"


def test_who_asks_too_often_is_told_when_to_come_back():
    class Never(throttling.BaseThrottle):
        def allow_request(self, *_):
            return False

        def wait(self):
            return 7.2

    response, _ = answer(raiser(AssertionError()), throttle_classes=(Never,))

    assert (response.status_code, response["Retry-After"]) == (429, "8")


def test_what_nobody_expected_is_left_to_the_page_for_that():
    with pytest.raises(ZeroDivisionError):
        answer(raiser(ZeroDivisionError()))


@pytest.mark.parametrize(
    "body",
    [
        rb'{"a": "\u0000"}',
        rb'{"\u0000": 1}',
        rb'{"a": [{"b": "\ud800"}]}',
        b"{",
        b"\xff",
    ],
)
def test_a_body_that_no_database_can_store_is_refused(body):
    response, _ = answer(lambda request: request.data, body=body)

    assert response.status_code == 400


def test_a_problem_document_is_readable_japanese_with_what_else_is_to_say():
    response = problem_response(409, "題", "文。", "urn:x", balance=3)

    assert "文。".encode() in response.content
    assert json.loads(response.content)["balance"] == 3
