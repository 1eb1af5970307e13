"""An answer of the FAQ among 20,000 entries and 200,000; building their indexes.

Entries are made of templates and their vectors at random around centres, for nobody
waits for a night of encoding; questions are encoded by the encoder that serves. The
load comes from this process, on the same machine. `BENCH_ENTRIES`, `BENCH_LARGE` and
`BENCH_QUESTIONS` set how many.
"""

import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

# Everybody asks from one address here.
for _rate in ("API_RATE_ANONYMOUS", "API_RATE_ANONYMOUS_ASKING"):
    os.environ[_rate] = "10000000/min"
os.environ["FAQ_INDEX_DIR"] = tempfile.mkdtemp(prefix="faq-bench-")

import django  # noqa: E402 - after the environment

django.setup()

import numpy as np  # noqa: E402 - after setup
import psutil  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db.models import OuterRef, Subquery  # noqa: E402
from django.utils import timezone  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from bench._portal import encoder, load, manage, report, web  # noqa: E402
from faq.actions.indexing import build_index  # noqa: E402
from faq.backends.encoders import Served  # noqa: E402
from faq.index.building import build, texts_of  # noqa: E402
from faq.index.documents import Document, Filter  # noqa: E402
from faq.index.searching import Index  # noqa: E402
from faq.index.segments import load as load_segment  # noqa: E402
from faq.models import Audience, Desk, Entry, Revision, State, Vector  # noqa: E402
from faq.queries.documents import documents_of  # noqa: E402
from faq.queries.finding import asking_as_resident, find, readable, store  # noqa: E402
from faq.retrieval.analysis import words  # noqa: E402
from faq.retrieval.guard import QUERY  # noqa: E402
from foundation.identifiers import new_id  # noqa: E402
from foundation.tenancy.scope import NOBODY, Scope, scoped  # noqa: E402
from organizations.queries import PREFECTURE  # noqa: E402
from tests.factories import procedures as make  # noqa: E402

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "20000"))
LARGE = int(os.environ.get("BENCH_LARGE", "200000"))
QUESTIONS = int(os.environ.get("BENCH_QUESTIONS", "600"))
ASKERS = 8
CHANGED = 50
DIMENSIONS, CENTRES, NOISE = 384, 500, 0.7


def _listed(text: str) -> list[str]:
    return text.split()


THINGS = _listed(
    """
    布団 浄水器 健康食品 化粧品 中古車 賃貸住宅 屋根の修理 光回線 有料サイト
    電気の契約 脱毛 エステ 英会話 結婚相談 通信教育 投資 保険 引っ越し 墓地
    太陽光発電 給料 残業代 有給休暇 解雇 雇止め 労災 育児休業 パート 派遣
    内定 退職金 ハラスメント 住民票 印鑑登録 転入届 転出届 婚姻届 出生届
    国民健康保険 介護保険 年金 児童手当 保育所 犬の登録 水道 ごみ 粗大ごみ
    税金 軽自動車 旅券 運転免許 防災
    """
)
DEEDS = _listed(
    """
    解約したい 申し込みたい 返品したい 断りたい 変更したい 届け出たい
    相談したい 払えない 証明してほしい 届かない 間違えた なくした 急いでいる
    家族が困っている 期限を過ぎた 外国から来た 会社に言われた
    電話で勧められた
    """
)
PLACES = _listed(
    """
    窓口 電話 インターネット 郵送 代理人 休日 夜間 県外
    """
)
ANSWER = (
    "{thing}について{deed}ときは、契約書や届出の控えを手もとに用意して、{place}で手続を"
    "します。受け付けるのは月曜日から金曜日の8時30分から17時15分までです。"
    "期限がある場合は早めにご連絡ください。費用はかかりません（第{n}号）。"
)


def main() -> None:
    """Prepare, measure one part after another, report each as soon as it is known."""
    manage("migrate", "--database=owner", "--verbosity=0")
    manage("load_organizations", "--verbosity=0")
    manage("collectstatic", "--noinput", "--verbosity=0")
    _publish(ENTRIES)
    _keep_vectors()
    with encoder():
        _wait_for_model()
        _report_building()
        _report_answers()
        _report_http()
        _report_large()


# Entries


def _texts(count: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(1)  # noqa: S311 - the same entries every time
    for n in range(count):
        thing, deed, place = map(chance.choice, (THINGS, DEEDS, PLACES))
        said = {"thing": thing, "deed": deed, "place": place, "n": n}
        yield f"{place}で{thing}を{deed}（{n}）", ANSWER.format(**said)


def _asked(count: int) -> list[str]:
    chance = random.Random(2)  # noqa: S311 - the same questions every time
    return [
        f"{chance.choice(THINGS)}のことで{chance.choice(DEEDS)}のですが"
        f"{chance.choice(PLACES)}でもできますか {n}"
        for n in range(count)
    ]


def _publish(count: int) -> None:
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        desk = Desk.objects.create(
            organization_id=PREFECTURE,
            code="bench",
            name="消費生活センター",
            subject="すべて",
            audience=Audience.RESIDENT,
            department=make.department(PREFECTURE),
        )
        made = list(_texts(count))
        entries = [
            Entry(
                organization_id=PREFECTURE,
                desk=desk,
                audience=Audience.RESIDENT,
                code=f"bench-{n}",
            )
            for n in range(count)
        ]
        Entry.objects.bulk_create(entries, batch_size=2000)
        revisions = [
            _words(entry, *text) for entry, text in zip(entries, made, strict=True)
        ]
        Revision.objects.bulk_create(revisions, batch_size=2000)
        own = Revision.objects.filter(entry=OuterRef("pk")).values("pk")[:1]
        Entry.objects.filter(desk=desk).update(
            live_id=Subquery(own), published_at=timezone.now()
        )


def _words(entry: Entry, question: str, answer: str) -> Revision:
    return Revision(
        organization_id=PREFECTURE,
        entry=entry,
        audience=Audience.RESIDENT,
        number=1,
        state=State.PUBLISHED,
        category="契約",
        question=question,
        answer=answer,
        source="計測用",
        checked_on=timezone.localdate(),
    )


class _Space:
    """Vectors around centres, the same for the same text."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(3)
        centres = self._chance.standard_normal((CENTRES, DIMENSIONS), np.float32)
        self._centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)

    def lookup(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (texts, dimensions), of length 1."""
        near = self._chance.integers(0, CENTRES, len(texts))
        values = self._chance.standard_normal((len(texts), DIMENSIONS), np.float32)
        values *= np.float32(NOISE / DIMENSIONS**0.5)
        values += self._centres[near]
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        return values


def _keep_vectors() -> None:
    """Keep a vector of every text, as if all had been encoded before."""
    space = _Space()
    documents = documents_of(Audience.RESIDENT)
    for at in range(0, len(documents), 2000):
        texts = sorted(
            {
                text
                for document in documents[at : at + 2000]
                for of_field in texts_of(document).values()
                for text in of_field
            }
        )
        rows = [
            Vector(
                model=settings.FAQ_ENCODER_MODEL,
                digest=hashlib.sha256(text.encode()).hexdigest(),
                data=values.astype("<f2").tobytes(),
            )
            for text, values in zip(texts, space.lookup(texts), strict=True)
        ]
        Vector.objects.using("worker").bulk_create(rows, ignore_conflicts=True)


# Measuring


def _wait_for_model() -> None:
    Served().encode([f"{QUERY}はい"], seconds=60)


def _report_building() -> None:
    begin = time.perf_counter()
    build_index(Audience.RESIDENT)
    whole = time.perf_counter() - begin
    with scoped(Scope(organization_ids=frozenset({PREFECTURE}))):
        changed = Entry.objects.order_by("pk").values_list("pk", flat=True)[:CHANGED]
        Entry.objects.filter(pk__in=list(changed)).update(withdrawn_at=timezone.now())
    begin = time.perf_counter()
    version = build_index(Audience.RESIDENT)
    report(
        "faq_building",
        entries=ENTRIES,
        whole_s=round(whole, 1),
        delta_s=round(time.perf_counter() - begin, 2),
        is_delta=version is not None and version.is_delta,
        disk_mb=_megabytes(Path(settings.FAQ_INDEX_DIR)),
    )


def _report_answers() -> None:
    before = _rss_mb()
    asked = _asked(QUESTIONS * 2 + 20)
    for question in asked[:20]:
        _ask(question)
    one, eight = asked[20 : 20 + QUESTIONS], asked[20 + QUESTIONS :]
    latencies = _timed(_ask, one)
    report("faq_answer", askers=1, **_figures(latencies), target_p95_ms=60)
    with ThreadPoolExecutor(ASKERS, initializer=lambda: _ask("はい")) as pool:
        begin = time.perf_counter()
        latencies = list(pool.map(lambda q: _timed(_ask, [q])[0], eight))
        seconds = time.perf_counter() - begin
    report(
        "faq_answer",
        askers=ASKERS,
        **_figures(latencies),
        per_second=round(len(eight) / seconds, 1),
        target_p95_ms=100,
        rss_mb=_rss_mb(),
        rss_before_mb=before,
    )
    report("faq_answer_parts_p50_ms", **_parts(one[:100]))


def _ask(question: str) -> None:
    with scoped(NOBODY):
        find(question, asking_as_resident(question))


def _parts(asked: Sequence[str]) -> dict[str, float]:
    """Return where the time goes, part by part, alone."""
    served = Served()
    index = store(Audience.RESIDENT).current()
    if index is None:
        message = "no index"
        raise RuntimeError(message)
    vectors = {q: served.encode([QUERY + q], seconds=10)[0] for q in asked}
    found: dict[str, Any] = {}
    allowed = Filter(organizations=(PREFECTURE,), on=timezone.localdate())

    def search(question: str) -> None:
        found[question] = index.search(question, vectors[question], allowed)

    def read(question: str) -> None:
        asking = asking_as_resident(question)
        keys = [match.id for match in found[question].matches]
        with scoped(NOBODY):
            rows = readable(asking).filter(pk__in=keys)
            list(rows.select_related("live__procedure", "desk__department"))

    parts: dict[str, Callable[[str], Any]] = {
        "encode": lambda q: served.encode([QUERY + q], seconds=10),
        "words": words,
        "search": search,
        "read": read,
    }
    return {
        name: _figures(_timed(part, asked))["p50_ms"] for name, part in parts.items()
    }


def _report_http() -> None:
    with web() as port:
        asked = _asked(QUESTIONS * 2)
        load(port, [_post(q) for q in asked[:40]], clients=ASKERS)
        for clients, target in ((1, 60), (ASKERS, 100)):
            requests = [_post(q) for q in asked[40:]]
            outcome = load(port, requests[:QUESTIONS], clients=clients)
            report(
                "faq_http",
                askers=clients,
                **outcome.figures(),
                target_p95_ms=target,
                target_per_second=80,
            )


def _post(question: str) -> bytes:
    body = json.dumps({"text": question}).encode()
    head = (
        "POST /api/v1/faq/questions/ HTTP/1.1\r\nHost: localhost\r\n"
        "X-Forwarded-Proto: https\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _report_large() -> None:
    desk = new_id()
    documents = [
        Document(
            id=new_id(),
            organization=PREFECTURE,
            desk=desk,
            question=question,
            answer=answer,
            valid_from=date(2020, 4, 1),
        )
        for question, answer in _texts(LARGE)
    ]
    begin = time.perf_counter()
    segment, basis = build(documents, lookup=_Space().lookup, model="random")
    with tempfile.TemporaryDirectory(prefix="faq-bench-") as folder:
        segment.save(Path(folder, "1"), basis)
        seconds = time.perf_counter() - begin
        del segment, basis, documents
        index = Index((load_segment(Path(folder, "1")),))
        served = Served()
        allowed = Filter(organizations=(PREFECTURE,), on=timezone.localdate())

        def ask(question: str) -> None:
            vector = served.encode([QUERY + question], seconds=10)[0]
            index.search(question, vector, allowed)

        asked = _asked(QUESTIONS + 20)
        _timed(ask, asked[:20])
        report(
            "faq_large",
            entries=LARGE,
            index_s=round(seconds, 1),
            disk_mb=_megabytes(Path(folder)),
            **_figures(_timed(ask, asked[20:])),
            target_p95_ms=150,
        )


def _timed(act: Callable[[str], Any], asked: Sequence[str]) -> list[float]:
    latencies = []
    for question in asked:
        begin = time.perf_counter()
        act(question)
        latencies.append((time.perf_counter() - begin) * 1000)
    return latencies


def _figures(latencies: Sequence[float]) -> dict[str, float]:
    ordered = sorted(latencies)
    return {
        "requests": len(ordered),
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
    }


def _megabytes(folder: Path) -> int:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) // 2**20


def _rss_mb() -> int:
    return int(psutil.Process().memory_info().rss // 2**20)


if __name__ == "__main__":
    main()
