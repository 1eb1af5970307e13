"""Cases by the million: one that was really filed, copied under other names."""

from typing import Any
from uuid import UUID

from django.db import connections

from applications.models import Application
from bench._portal import manage
from foundation.japanese import search_key
from tests import factories
from tests.factories import KOCHI, PREFECTURE

FAMILIES = (
    *(("山本", "ヤマモト"), ("山崎", "ヤマサキ"), ("小松", "コマツ")),
    *(("浜田", "ハマダ"), ("高橋", "タカハシ"), ("井上", "イノウエ")),
    *(("西村", "ニシムラ"), ("岡林", "オカバヤシ"), ("川村", "カワムラ")),
    *(("山中", "ヤマナカ"), ("田中", "タナカ"), ("松本", "マツモト")),
    *(("岡本", "オカモト"), ("中山", "ナカヤマ"), ("前田", "マエダ")),
    *(("中村", "ナカムラ"), ("竹内", "タケウチ"), ("山下", "ヤマシタ")),
    *(("森", "モリ"), ("和田", "ワダ"), ("吉田", "ヨシダ")),
    *(("西森", "ニシモリ"), ("藤田", "フジタ"), ("横山", "ヨコヤマ")),
    *(("片岡", "カタオカ"), ("岡村", "オカムラ"), ("近藤", "コンドウ")),
    *(("野村", "ノムラ"), ("土居", "ドイ"), ("藤原", "フジワラ")),
    *(("大野", "オオノ"), ("久保", "クボ"), ("安岡", "ヤスオカ")),
    *(("門田", "カドタ"), ("楠瀬", "クスノセ"), ("公文", "クモン")),
)
GIVEN = (
    *(("太郎", "タロウ"), ("花子", "ハナコ"), ("一郎", "イチロウ")),
    *(("幸子", "サチコ"), ("健", "ケン"), ("恵", "メグミ")),
    *(("誠", "マコト"), ("由美", "ユミ"), ("大輔", "ダイスケ")),
    *(("美咲", "ミサキ"), ("翔", "ショウ"), ("葵", "アオイ")),
    *(("蓮", "レン"), ("結衣", "ユイ"), ("正", "タダシ")),
    *(("和子", "カズコ"), ("清", "キヨシ"), ("節子", "セツコ")),
    *(("龍馬", "リョウマ"), ("乙女", "オトメ")),
)
# Nobody else is called so: one case in 721.
RARE = ("五百蔵乙女", "イオロイオトメ")
# What differs from the case that was filed. `h` is as good as random.
DIFFERENT = {
    "id": "(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid",
    "organization_id": "slot.body",
    "offering_id": "slot.offering",
    "department_id": "slot.department",
    "number": "slot.body || '-26-' || lpad(n::text, 7, '0') || '-0'",
    "applicant_name": "(%(names)s::text[])[1 + h %% %(named)s]",
    "applicant_key": "(%(keys)s::text[])[1 + h %% %(named)s]",
    "state": "(%(states)s::text[])[1 + h / 1000 %% 100]",
    "closed_at": "CASE WHEN h / 1000 %% 100 >= 5 THEN now() END",
    "due_on": "CASE WHEN h / 1000 %% 100 < 4 THEN current_date + h %% 60 - 10 END",
    "filed_at": "now() - (%(rows)s - n) * interval '1 minute'",
    "assignee_id": "CASE WHEN h %% 50 = 0 THEN %(assignee)s::int END",
    "capability": "encode(sha256(n::text::bytea), 'hex')",
}
# Of a hundred cases: two to be accepted, two examined, one at its applicant's.
STATES = ["filed"] * 2 + ["accepted"] * 2 + ["returned"] + ["completed"] * 95
COPY = """
INSERT INTO applications_application ({columns})
SELECT {values}
FROM generate_series(1, %(rows)s) AS n
CROSS JOIN LATERAL (SELECT hashint4(n) & 2147483647 AS h) AS random
JOIN unnest(%(bodies)s::int[], %(offerings)s::uuid[], %(departments)s::uuid[])
    WITH ORDINALITY AS slot(body, offering, department, place)
    ON slot.place = 1 + n %% %(slots)s
CROSS JOIN applications_application AS filed
WHERE filed.id = %(filed)s
"""


def prepare() -> None:
    """Make the tables, with the 35 bodies."""
    manage("migrate", "--database=owner", "--verbosity=0")
    manage("load_organizations", "--verbosity=0")


def fill(rows: int, *, assignee: int | None = None) -> Application:
    """Spread `rows` cases over the bodies, half of them in 高知市; return a real one.

    Every fiftieth is in the hands of `assignee`.
    """
    filed = factories.application(KOCHI)
    slots = _slots()
    names = [
        (family + given, kana + given_kana)
        for family, kana in FAMILIES
        for given, given_kana in GIVEN
    ]
    names.append(RARE)
    columns = {
        name: DIFFERENT.get(name, f"filed.{name}")
        for name in (str(field.column) for field in Application._meta.concrete_fields)
    }
    values: dict[str, Any] = {
        "rows": rows,
        "filed": filed.pk,
        "assignee": assignee,
        "states": STATES,
        "names": [name for name, _ in names],
        "keys": [f"{search_key(name)} {search_key(kana)}" for name, kana in names],
        "named": len(names),
        "bodies": [body for body, _, _ in slots],
        "offerings": [offering for _, offering, _ in slots],
        "departments": [department for _, _, department in slots],
        "slots": len(slots),
    }
    copy = COPY.format(columns=", ".join(columns), values=", ".join(columns.values()))
    with connections["owner"].cursor() as cursor:
        cursor.execute(copy, values)
        cursor.execute("VACUUM (ANALYZE) applications_application")
    return filed


def _slots() -> list[tuple[int, UUID, UUID]]:
    """Return body, offering, department: of 高知市 as many as of the 33 others."""
    procedures = [factories.procedure() for _ in range(3)]
    slots = []
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT code FROM organizations_organization WHERE code <> %s",
            [PREFECTURE],
        )
        bodies = [code for (code,) in cursor.fetchall()]
    for body in bodies:
        offerings = [factories.offering(body, of=one) for one in procedures]
        shares = len(bodies) - 1 if body == KOCHI else 1
        slots += [
            (body, offerings[n % 3].pk, offerings[n % 3].department_id)
            for n in range(shares)
        ]
    return slots
