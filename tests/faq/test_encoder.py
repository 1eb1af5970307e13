"""The encoder's own process: what it takes, what ends it, and what that costs."""

import http.client
import json
import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import psutil
import pytest

from faq.backends.encoders import Absent, Served
from faq.backends.process import own_encoder
from faq.encoder import Turns
from faq.errors import EncoderUnavailable
from faq.retrieval.guard import ENTRY_CHARACTERS, guarded_marked

LIGATURE = "\ufdfa"


@pytest.fixture(scope="module")
def served():
    with own_encoder(1) as encoder:
        yield encoder


def ask(encoder, text):
    return encoder.encode([f"query: {text}"], seconds=10)[0]


@pytest.mark.parametrize(
    "typed",
    [LIGATURE * 3_000, "水\x00道", "あ" * 200_000, "", "\ud800", "か\u3099" * 9_999],
)
def test_no_text_ends_the_encoder(served, typed):
    assert np.linalg.norm(ask(served, typed.encode("utf-8", "replace").decode())) > 0.99
    assert ask(served, "水道を止めたい") @ ask(served, "水道の使用をやめる") > 0.8


def test_a_killed_worker_costs_one_answer(served):
    ask(served, "はい")
    master = next(
        process
        for process in psutil.Process().children(recursive=True)
        if "kochi_portal/encoder.py" in " ".join(process.cmdline())
    )
    [worker] = master.children()
    before, spent = worker.pid, worker.cpu_times().user
    lost = []

    def asking():
        try:
            served.encode(["passage: " + "手続の説明です。" * 400] * 8, seconds=30)
        except EncoderUnavailable:
            lost.append(True)

    thread = threading.Thread(target=asking)
    thread.start()
    while worker.cpu_times().user < spent + 0.3:  # it has begun to encode
        pass
    os.kill(before, signal.SIGKILL)
    thread.join()

    assert lost == [True]
    # The socket stays, and who asks waits until the next worker takes it.
    assert np.linalg.norm(ask(served, "はい")) > 0.99
    assert [worker.pid for worker in master.children()] != [before]


@pytest.mark.parametrize(
    "sent",
    [LIGATURE * 3_000, f"水: {LIGATURE}", f"query: query: {LIGATURE}\0"],
)
def test_nothing_passes_the_gate_beside_a_mark(sent):
    read = guarded_marked(sent)
    assert LIGATURE not in read
    assert "\0" not in read
    assert len(read) <= len("query: ") + ENTRY_CHARACTERS


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"input": 5}', b'{"input": [1]}', b'{"input": []}', b"\xff"],
)
def test_what_it_cannot_read_it_refuses(served, body):
    with socket.socket(socket.AF_UNIX) as opened:
        opened.connect(served._url.path)
        connection = http.client.HTTPConnection("encoder")
        connection.sock = opened
        connection.request("POST", "/v1/embeddings", body)
        with connection.getresponse() as response:
            assert response.status == 400


def test_questions_and_entries_get_the_same_vectors_alone_and_together(served):
    texts = [f"query: {n}番目の質問" for n in range(40)]

    together = served.encode(texts, seconds=30)

    alone = np.concatenate([served.encode([text], seconds=10) for text in texts])
    assert np.array_equal(together, alone)


class Slow:
    """An engine that waits until it is let go, and notes what came after what."""

    name = "slow"

    def __init__(self):
        self.go, self.busy = threading.Event(), threading.Event()
        self.order = []

    def encode(self, texts):
        self.order.extend(texts)
        self.busy.set()
        self.go.wait()
        return np.zeros((len(texts), 4), np.float32)


def test_a_question_overtakes_the_entries_of_an_index():
    engine = Slow()
    turns = Turns(engine)
    entries = [f"passage: {n}" for n in range(3)]
    threads = [threading.Thread(target=turns.encode, args=(entries,))]
    threads[0].start()
    engine.busy.wait()
    for n in range(2):
        threads.append(threading.Thread(target=turns.encode, args=([f"query: {n}"],)))
        threads[-1].start()
    while turns._questions < 2:
        pass
    engine.go.set()
    for thread in threads:
        thread.join()

    assert engine.order[0] == entries[0]
    assert sorted(engine.order[1:3]) == ["query: 0", "query: 1"]
    assert engine.order[3:] == entries[1:]


def test_an_engine_that_fails_tells_who_asked():
    class Broken:
        name = "broken"

        def encode(self, texts):
            raise MemoryError(texts)

    turns = Turns(Broken())
    for _ in range(2):  # and the next gets its turn
        with pytest.raises(MemoryError):
            turns.encode(["query: はい"])


@pytest.fixture
def stranger(request):
    """Serve answers that no encoder gives, and return an encoder that asks for them."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            status, content = request.param
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Served(url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    thread.join()


def rows(*embeddings):
    data = [{"index": n, "embedding": e} for n, e in enumerate(embeddings)]
    return json.dumps({"data": data}).encode()


@pytest.mark.parametrize(
    "stranger",
    [
        (500, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, rows()),
        (200, rows([1.0], [1.0])),
        (200, rows("nonsense")),
        (200, rows([float("nan")])),
    ],
    indirect=True,
)
def test_nonsense_from_an_encoder_is_no_vector(stranger):
    with pytest.raises(EncoderUnavailable):
        stranger.encode(["query: はい"], seconds=5)


@pytest.mark.parametrize("stranger", [(200, rows([3.0, 4.0]))], indirect=True)
def test_any_openai_compatible_endpoint_will_do(stranger):
    assert stranger.encode(["query: はい"], seconds=5).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)]
    ]


@pytest.mark.parametrize("url", ["unix:/nowhere/socket", "http://127.0.0.1:9"])
def test_an_encoder_that_is_down_is_unavailable(url):
    with pytest.raises(EncoderUnavailable):
        Served(url=url).encode(["query: はい"], seconds=1)


def test_no_encoder_at_all_is_a_choice():
    with pytest.raises(EncoderUnavailable):
        Absent().encode(["query: はい"], seconds=1)


def test_nothing_is_left_behind():
    with own_encoder(1) as encoder:
        folder = Path(encoder._url.path).parent
        assert folder.exists()
    assert not folder.exists()
    assert not [
        process
        for process in psutil.Process().children(recursive=True)
        if str(folder) in process.environ().get("FAQ_ENCODER_URL", "")
    ]
