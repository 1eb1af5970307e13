"""Links of published entries are looked at by night, outside the house alone."""

import socket
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from faq.actions.linking import check_links
from faq.backends import links
from faq.backends.links import Internet, Looked
from faq.models import LinkCheck, LinkStatus
from tests.factories import PREFECTURE
from tests.factories.faq import desk, entry

database = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "worker"]
)


class Loopback(Internet):
    """Finds every host inside, for a test has no Internet."""

    def public_address(self, host, port):
        del host, port
        return "127.0.0.1"


@contextmanager
def served(answers):
    """Serve path → (status, headers) on loopback; yield its address and what came."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            asked.append((self.command, self.path, self.headers["Host"]))
            answer = answers[self.path.partition("?")[0]]
            status = answer.get(self.command, answer["GET"])
            self.send_response(status)
            if "to" in answer:
                self.send_header("Location", answer["to"])
            self.end_headers()

        do_GET = do_HEAD  # noqa: N815 - the handler's names

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://portal.test:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("answer", "status", "methods"),
    [
        ({"GET": 200}, LinkStatus.FOUND, ["HEAD"]),
        ({"GET": 200, "HEAD": 405}, LinkStatus.FOUND, ["HEAD", "GET"]),
        ({"GET": 200, "HEAD": 403}, LinkStatus.FOUND, ["HEAD", "GET"]),
        ({"GET": 403}, LinkStatus.FOUND, ["HEAD", "GET"]),
        ({"GET": 404}, LinkStatus.GONE, ["HEAD"]),
        ({"GET": 410}, LinkStatus.GONE, ["HEAD"]),
        ({"GET": 502}, LinkStatus.UNREACHABLE, ["HEAD"]),
    ],
)
def test_a_server_s_answer_says_whether_a_page_is_there(answer, status, methods):
    with served({"/page": answer}) as (address, asked):
        looked = Loopback().look(f"{address}/page?lang=ja")

    assert looked.status == status
    assert [method for method, _, _ in asked] == methods
    assert {path for _, path, _ in asked} == {"/page?lang=ja"}
    assert {host.partition(":")[0] for _, _, host in asked} == {"portal.test"}


def test_three_redirects_are_followed_and_no_more():
    chain = {f"/{n}": {"GET": 302, "to": f"/{n + 1}"} for n in range(4)}
    with served({**chain, "/4": {"GET": 200}}) as (address, asked):
        assert Loopback().look(f"{address}/1").status == LinkStatus.FOUND
        asked.clear()
        far = Loopback().look(f"{address}/0")

    assert far == Looked(LinkStatus.UNREACHABLE, "転送が多すぎます")
    assert len(asked) == 4


def resolving(monkeypatch, *addresses):
    def found(host, port, **_):
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize(
    "url",
    [
        "http://inside.example/",
        "https://inside.example/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://host.example/",
        "gopher://host.example/",
        "http://user:secret@host.example/",  # pragma: allowlist secret
        "http://host.example:6379/",
        "http:///nowhere",
    ],
)
def test_an_address_inside_is_refused_before_anything_is_sent(monkeypatch, url):
    resolving(monkeypatch, "169.254.169.254")
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("sent"))

    assert Internet().look(url).status == LinkStatus.REFUSED


@pytest.mark.parametrize(
    "url",
    [
        "http://host.example:6379/",
        "http://user:secret@host.example/",  # pragma: allowlist secret
    ],
)
def test_other_ports_and_passwords_are_refused_outside_too(monkeypatch, url):
    resolving(monkeypatch, "8.8.8.8")
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("sent"))

    assert Internet().look(url).status == LinkStatus.REFUSED


def test_a_name_with_one_address_inside_is_refused(monkeypatch):
    resolving(monkeypatch, "8.8.8.8", "10.0.0.1")
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("sent"))

    assert Internet().look("http://mixed.example/").status == LinkStatus.REFUSED


def test_a_redirect_into_the_house_is_refused():
    class OutsideFirst(Internet):
        """Takes the first host for outside."""

        def public_address(self, host, port):
            if host == "portal.test":
                return "127.0.0.1"
            return super().public_address(host, port)

    for inside in ("http://127.0.0.1/", "http://[::1]/", "file:///etc/passwd"):
        with served({"/": {"GET": 302, "to": inside}}) as (address, asked):
            assert OutsideFirst().look(address).status == LinkStatus.REFUSED
        assert len(asked) == 1


def test_the_address_that_was_checked_is_the_one_that_is_asked(monkeypatch):
    asked = []
    resolving(monkeypatch, "8.8.8.8")

    def connect(address, timeout):
        asked.append((address, timeout))
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    looked = Internet().look("http://rebinding.example/")

    assert looked == Looked(LinkStatus.UNREACHABLE, "時間内に返事がありません")
    assert asked == [(("8.8.8.8", 80), links.SECONDS)]


def test_a_server_that_answers_letter_by_letter_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(links, "LONGEST_SECONDS", 0.2)
    server = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 2")
            while connection.recv(4096):
                pass

    thread = Thread(target=drip, daemon=True)
    thread.start()
    port = server.getsockname()[1]
    begun = monotonic()
    looked = Loopback().look(f"http://slow.test:{port}/")
    took = monotonic() - begun
    thread.join(5)
    server.close()

    assert took < links.SECONDS
    assert not thread.is_alive()
    assert looked.status == LinkStatus.UNREACHABLE


def test_nobody_answering_is_no_error():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert Loopback().look(f"http://a.test:{port}/").status == LinkStatus.UNREACHABLE


class Remembered:
    """Answers as told, and remembers what it was asked."""

    answers: dict[str, Any] = {}
    asked: list[Any] = []

    def look(self, url):
        self.asked.append(url)
        return Looked(self.answers.get(url, LinkStatus.FOUND))


@pytest.fixture
def remembered(settings):
    settings.FAQ_LINK_CHECKER = f"{__name__}.Remembered"
    Remembered.answers, Remembered.asked = {}, []
    yield Remembered
    links._made.cache_clear()


def checks():
    found = LinkCheck.objects.using("worker").order_by("url")
    return {check.url: check for check in found}


@database
def test_links_of_published_entries_are_looked_at_once_each(remembered):
    consumer = desk()
    one, two = "https://a.example/1", "https://a.example/2"
    entry(consumer, "質問一", source_url=one, dataset_url=two)
    entry(consumer, "質問二", source_url=one)
    entry(consumer, "質問三", source_url="https://draft.example/", published=False)
    entry(consumer, "質問四")

    assert check_links() == 3
    assert sorted(remembered.asked) == [one, two]
    assert set(checks()) == {one, two}


@database
def test_a_link_is_broken_since_the_night_it_broke(remembered):
    url = "https://a.example/"
    entry(desk(), "質問", source_url=url)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        check_links()
        assert checks()[url].failed_since is None
        remembered.answers = {url: LinkStatus.GONE}
        clock.shift(timedelta(days=1))
        broke = timezone.now()
        check_links()
        clock.shift(timedelta(days=1))
        check_links()
        assert checks()[url].failed_since == broke
        assert LinkCheck.objects.using("worker").broken().exists()
        remembered.answers = {}
        check_links()

    assert checks()[url].failed_since is None
    assert not LinkCheck.objects.using("worker").broken().exists()


@database
def test_one_bad_night_is_no_broken_link(remembered):
    url = "https://a.example/"
    entry(desk(), "質問", source_url=url)
    remembered.answers = {url: LinkStatus.UNREACHABLE}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        check_links()
        assert not LinkCheck.objects.using("worker").broken().exists()
        clock.shift(timedelta(days=1))
        check_links()
        assert LinkCheck.objects.using("worker").broken().exists()


@database
def test_what_no_entry_points_to_any_more_is_forgotten(remembered):
    made = entry(desk(), "質問", source_url="https://a.example/")
    check_links()
    type(made).objects.using("owner").update(withdrawn_at=timezone.now())

    assert check_links() == 0
    assert checks() == {}
    assert made.organization_id == PREFECTURE
