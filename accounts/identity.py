"""How surely we know who is there: kind and assurance, read by one `meets()`.

Source: DS-511 行政手続等での本人確認におけるデジタルアイデンティティの取扱いに関する
ガイドライン（デジタル庁）, and the levels of `docs/architecture.md`.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SESSION_KEY = "identity"
SIGNED_IN_AT = "signed_in_at"


class Kind(StrEnum):
    """Who is there (利用者の種別)."""

    NOBODY = "nobody"
    PERSON = "person"
    CORPORATION = "corporation"
    STAFF = "staff"


LEVELS = {
    0: "本人確認なし",
    1: "メールアドレスの確認",
    2: "マイナンバーカードまたはGビズIDによる確認",
    3: "電子署名",
}


@dataclass(frozen=True)
class Identity:
    """What the session proved: a kind and an assurance from 0 to 3."""

    kind: Kind = Kind.NOBODY
    assurance: int = 0

    def meets(self, level: int, *, kind: Kind | None = None) -> bool:
        """Tell whether this is enough for `level` and, where named, of that kind."""
        return self.assurance >= level and kind in (None, self.kind)


NOBODY = Identity()
# A token shows no more than the sign-in it was made under: a confirmed address.
OF_TOKEN = Identity(Kind.PERSON, 1)


def identity_of(session: Mapping[str, Any]) -> Identity:
    """Return what this session has proved; nobody where it has proved nothing."""
    kind, assurance = session.get(SESSION_KEY, (Kind.NOBODY, 0))
    return Identity(Kind(kind), int(assurance))


def prove(session: MutableMapping[str, Any], identity: Identity) -> None:
    """Write into the session what a sign-in has just proved."""
    session[SESSION_KEY] = [identity.kind, identity.assurance]
