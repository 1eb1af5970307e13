"""A prefecture to try the portal in: synthetic people, offices and filings."""

from datetime import date
from typing import Any, NamedTuple

from organizations.models import Role
from procedures.models import DayUnit, ProcedureKind

PREFECTURE, KOCHI, MUROTO, AKI, NANKOKU, UMAJI, YUSUHARA = (
    390003,
    392014,
    392022,
    392031,
    392049,
    393061,
    394050,
)
LONG_AGO = date(2020, 4, 1)
# Printed at every start of the sample prefecture, and good for nothing else.
PASSWORD = "kochi-portal-sample"  # noqa: S105  # pragma: allowlist secret
TOTP_SECRET = "KOCHIPORTALSAMPL" * 2  # pragma: allowlist secret


class SampleStaff(NamedTuple):
    """One account of a sample office."""

    email: str
    name: str
    organization: int
    roles: tuple[str, ...]


STAFF = (
    SampleStaff(
        "uketsuke@muroto.example",
        "室戸 受付",
        MUROTO,
        (Role.CLERK, Role.EXAMINER),
    ),
    SampleStaff("kessai@muroto.example", "室戸 決裁", MUROTO, (Role.APPROVER,)),
    SampleStaff(
        "kanri@muroto.example",
        "室戸 管理",
        MUROTO,
        (Role.ADMINISTRATOR, Role.PUBLISHER),
    ),
    SampleStaff(
        "renkei@muroto.example",
        "室戸 連携",
        MUROTO,
        (Role.ADMINISTRATOR, Role.CLERK, Role.EXAMINER),
    ),
    SampleStaff("uketsuke@aki.example", "安芸 受付", AKI, (Role.CLERK, Role.EXAMINER)),
    SampleStaff(
        "uketsuke@kochi.example", "高知 受付", KOCHI, (Role.CLERK, Role.EXAMINER)
    ),
    SampleStaff(
        "kanri@pref.example",
        "県 管理",
        PREFECTURE,
        (Role.ADMINISTRATOR, Role.PUBLISHER),
    ),
    SampleStaff("faq@pref.example", "県 FAQ担当", PREFECTURE, (Role.CLERK,)),
    SampleStaff("support@pref.example", "県 サポート", PREFECTURE, (Role.SUPPORT,)),
)
RESIDENT = "hanako@resident.example"
# Keys of two programs: one of the resident's, one of Muroto's.
TOKEN_OF_RESIDENT = "kp1_sample-token-of-hanako-for-development-only"  # noqa: S105
TOKEN_OF_MUROTO = "kp1_sample-token-of-muroto-for-development-only"  # noqa: S105
WHO_ISSUES_FOR_MUROTO = "renkei@muroto.example"

OPERATIONS = {"living": "くらし・住まい", "animals": "動物・ペット"}


class SampleProcedure(NamedTuple):
    """A procedure of the prefecture, its form, its offices, who offers it."""

    fields: dict[str, Any]
    document: str
    office: tuple[str, str]
    offered_by: tuple[int, ...] | None
    other_ways: str


PROCEDURES = (
    SampleProcedure(
        {
            "code": "water-supply",
            "operation_id": "living",
            "title": "水道使用開始・中止届",
            "kana": "スイドウシヨウカイシチュウシトドケ",
            "summary": "引っ越しなどで、水道を使い始めるとき・やめるときの届出です。",
            "kind": ProcedureKind.NOTIFICATION,
            "legal_basis": "各市町村の水道給水条例",
            "standard_days": 3,
            "day_unit": DayUnit.OPEN,
            "required_level": 0,
            "level_reason": "使用場所と連絡先が分かれば足りるため",
            "retention_years": 5,
        },
        "water_supply.json",
        ("water", "上下水道課"),
        (KOCHI, MUROTO, AKI, NANKOKU, UMAJI, YUSUHARA),
        "窓口へお越しになるか、お電話でも届け出ることができます。",
    ),
    SampleProcedure(
        {
            "code": "dog-registration",
            "operation_id": "animals",
            "title": "犬の登録・変更・死亡届",
            "kana": "イヌノトウロクヘンコウシボウトドケ",
            "summary": "犬を飼い始めた・住所が変わった・亡くなったときの届出です。",
            "kind": ProcedureKind.NOTIFICATION,
            "legal_basis": "狂犬病予防法 第4条",
            "standard_days": 0,
            "day_unit": DayUnit.OPEN,
            "required_level": 1,
            "level_reason": "飼い主として登録され、後から変更の届出を受けるため",
            "retention_years": 5,
            "fee": "登録は3,000円（鑑札を受け取る窓口で）。変更・死亡は無料",
        },
        "dog_registration.json",
        ("resident", "住民課"),
        None,
        "窓口へお越しになるか、郵送でも届け出ることができます。",
    ),
)
