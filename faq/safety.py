"""Whom to call at once: official numbers that stand beside an answer.

Deadlines and danger do not wait for an office to open, nor for a reader to read on.
"""

import re
from typing import NamedTuple

from django.db.models import TextChoices


class OfficialContact(TextChoices):
    """A number that the State has set for all of Japan (公的な連絡先).

    Source: 消費者庁「消費者ホットライン」, 警察庁「警察相談専用電話」, こども家庭庁
    「児童相談所虐待対応ダイヤル」, 電気通信番号計画; retrieved 2026-11.
    """

    CONSUMER = "188", "消費者ホットライン 188（いやや）"
    POLICE = "110", "警察（事件・事故）110"
    FIRE = "119", "火事・救急 119"
    CHILD = "189", "児童相談所虐待対応ダイヤル 189（いちはやく）"
    POLICE_ADVICE = "#9110", "警察相談専用電話 #9110"


class Advice(NamedTuple):
    """When a number is to be called, in one sentence, in each language."""

    japanese: str
    easy: str
    english: str


ADVICE: dict[str, Advice] = {
    OfficialContact.CONSUMER: Advice(
        "契約や買い物のトラブルは、期限があるものもあります。早めにお電話ください。",
        "買（か）い物（もの）で こまったら、すぐ 電話（でんわ）してください。",
        "Trouble with a purchase or contract? Some rights end within days. Call early.",
    ),
    OfficialContact.POLICE: Advice(
        "いま危険があるとき、犯罪にあったときは、すぐに電話してください。",
        "あぶない ときは、すぐ 電話（でんわ）してください。",
        "In danger, or a victim of a crime right now? Call at once.",
    ),
    OfficialContact.FIRE: Advice(
        "火事や、急な病気・けがのときは、すぐに電話してください。",
        "火事（かじ）や きゅうな 病気（びょうき）・けがは、すぐ 電話してください。",
        "Fire, sudden illness or injury? Call at once.",
    ),
    OfficialContact.CHILD: Advice(
        "虐待かもしれないと思ったら、すぐに電話を。名前は言わなくてかまいません。",
        "子（こ）どもが あぶない ときは、電話してください。名前は いりません。",
        "Worried that a child is being harmed? Call. You need not give your name.",
    ),
    OfficialContact.POLICE_ADVICE: Advice(
        "急ぎではないけれど警察に相談したいときの電話です。",
        "けいさつに 相談（そうだん）したい ときの 電話です。",
        "For advice from the police when it is not an emergency.",
    ),
}

# What in a question calls for a number, whatever entry answers it.
_SIGNS: dict[tuple[OfficialContact, ...], str] = {
    (OfficialContact.CONSUMER,): (
        r"クーリング.?オフ|くーりんぐ.?おふ|cooling.?off|解約したい|悪質商法|だまされ"
        r"|騙され|詐欺|さぎにあ|架空請求|訪問販売|電話勧誘|マルチ商法|定期購入|送り付け"
        r"|点検商法|\bscam|fraud|(?<![\d#])188(?!\d)"
    ),
    (OfficialContact.POLICE_ADVICE,): (
        r"詐欺|さぎにあ|オレオレ|おれおれ|振り込め|振り込んでしまっ|フィッシング"
        r"|ストーカー|つきまと|\bscam|fraud|stalk(?:er|ing)|(?<!\d)#?9110(?!\d)"
    ),
    (OfficialContact.POLICE,): (
        r"殴られ|なぐられ|殺され|殺す|人殺し|刺され|襲われ|強盗|泥棒|どろぼう|侵入され"
        r"|脅され|おどされ|暴力|ひき逃げ|人身事故|robbe(?:d|ry)|assault|attacked"
        r"|call the police|(?<![\d#])110(?!\d)"
    ),
    (OfficialContact.FIRE,): (
        r"火事|かじです|燃えて|煙が|救急車|きゅうきゅうしゃ|意識がな|倒れ|たおれ|息をし"
        r"|息がで|大けが|出血|溺れ|死にたい|自殺|ambulance|unconscious|on fire"
        r"|fire department|(?<![\d#])119(?!\d)"
    ),
    (OfficialContact.CHILD,): (
        r"虐待|ぎゃくたい|子(?:ども|供).{0,8}(?:叩|殴|泣き叫|放置)|child abuse|abusing"
        r"|(?<![\d#])189(?!\d)"
    ),
}
_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE), contacts)
    for contacts, pattern in _SIGNS.items()
)


def contacts_for(question: str) -> list[OfficialContact]:
    """Return the numbers that a question itself calls for, in the table's order."""
    found: list[OfficialContact] = []
    for pattern, contacts in _PATTERNS:
        if pattern.search(question):
            found += [contact for contact in contacts if contact not in found]
    return found
