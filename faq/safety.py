"""Whom to call at once: official numbers that stand beside an answer.

Deadlines and danger do not wait for an office to open, nor for a reader to read on.
"""

import re
import unicodedata
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

# What in a question calls for a number, whatever entry answers it. Each is compared as
# `_plain` leaves it: without readings in brackets, without spaces within Japanese.
_INSECTS = r"(?<![虫蜂蚊]に)(?<!ハチに)(?<!ダニに)(?<!むしに)(?<!はちに)"
_PARTNER = r"(?:夫|妻|旦那|恋人|彼氏|彼女|おっと|つま|だんな|こいびと)"
_CHILD = (
    r"(?:子ども|子供|こども|児童|赤ちゃん|あかちゃん|となりのこ|[孫娘]|息子|幼児|園児"
    r"|生徒)"
)
_ABUSE = r"(?:虐待|ぎゃくたい)"
_NOT_A_CHILD = (
    r"(?:高齢|年寄|としより|老人|老親|介護|認知症|祖父|祖母|おじいさん|おばあさん"
    r"|障害|動物|ペット|犬|猫|elder|animal|\bdogs?\b|\bcats?\b)"
)
_CANCEL = r"(?:取り?消|とりけ|白紙|なかったことに)"
_SIGNS: dict[tuple[OfficialContact, ...], str] = {
    (OfficialContact.CONSUMER,): (
        r"クーリング.?オフ|くーりんぐ.?おふ|cooling.?off|解約したい|かいやくしたい"
        r"|悪質商法|だまされ|騙され|詐欺|さぎにあ|さぎかも|架空請求|訪問販売"
        r"|ほうもんはんばい|電話勧誘|マルチ商法|定期購入|送り付け|点検商法|\bscam|fraud"
        rf"|(?<!労働)(?<!雇用)契約(?!の途中).{{0,8}}(?:{_CANCEL}|やめたい)"
        rf"|けいやくを?(?:{_CANCEL}|やめたい)"
        rf"|(?:いつまで|何日).{{0,8}}(?:解約|{_CANCEL})|解約.{{0,6}}(?:いつまで|何日)"
        r"|\bcancel\b.{0,40}\b(?:contract|purchase|sale)\b|contract.{0,60}\bcancel"
        r"|(?<![\d#])188(?!\d)"
    ),
    (OfficialContact.POLICE_ADVICE,): (
        r"詐欺|さぎにあ|さぎかも|オレオレ|おれおれ|振り込め|振り込んでしまっ|フィッシング"
        r"|ストーカー|すとーかー|つきまと|\bscam|fraud|stalk(?:er|ing)"
        r"|(?<!\d)#?9110(?!\d)"
    ),
    (OfficialContact.POLICE,): (
        r"殴られ|なぐられ|殺され|殺す|人殺し|ころされ|ころすと|襲われ|におそわれ(?:た|て|ま)"
        r"|強盗|(?<!給料)泥棒|どろぼう|空き巣|侵入され|脅され|おどされ|痴漢|ちかんに|暴力"
        r"|ぼうりょく|ひき逃げ|ひきにげ|人身事故|robbe(?:d|ry)|burglar|broke into"
        r"|assault|attacked|\braped?\b|kidnap|call the police|(?<![\d#])110(?!\d)"
    ),
    (OfficialContact.POLICE, OfficialContact.POLICE_ADVICE): (
        r"(?<![a-z])DV(?![a-z])|ドメスティック.?バイオレンス|domestic violence"
        rf"|{_PARTNER}.{{0,8}}(?:叩[かきく]|たた[かきく]|殴[らりる]|なぐ[らりる]|蹴[らりる])"
        r"|(?:私|わたし)を(?:叩|たた[かきく]|殴|なぐ[らりる])"
        rf"|(?:{_NOT_A_CHILD}|[親父母]).{{0,20}}{_ABUSE}"
        rf"|{_ABUSE}.{{0,20}}(?:{_NOT_A_CHILD}|[親父母])|(?:elder|animal) abuse"
        r"|\b(?:hit(?:s|ting)?|beat(?:s|ing)?|punch(?:es|ed)|kick(?:s|ed)"
        r"|slap(?:s|ped)|threaten(?:s|ed|ing)|abus(?:es|ed|ing)) me\b"
        r"|abusive (?:husband|wife|partner|boyfriend|girlfriend)"
        r"|(?:husband|wife|partner|boyfriend|girlfriend) is (?:violent|abusive)"
    ),
    (OfficialContact.POLICE, OfficialContact.FIRE): (
        rf"{_INSECTS}刺され|(?:^|[をがで]|{_INSECTS}(?<=に))さされ(?:た|て|ま)"
        r"|(?:首|くび)を.?(?:絞め|締め|しめ)(?:ら|て)|交通事故(?!証明)|こうつうじこ"
        r"|(?:車|くるま|バイク)の(?:事故|じこ)|はねられ|stabbed|strangl"
        r"|chok(?:ed|es) me|(?:car|traffic|road) (?:accident|crash)"
        r"|hit by a (?:car|truck|bus)|\bcar hit (?:me|my)\b|hit.and.run"
    ),
    (OfficialContact.FIRE,): (
        r"火事|かじです|かじになり|燃えて|もえてい[るま]|煙が|けむりが|救急車"
        r"|きゅうきゅうしゃ|意識がな|いしきがな|倒れ|たおれ|息をし|いきをし|息がで|いきがで"
        r"|心臓発作|胸が(?:苦し|痛)|むねが(?:くるし|いた)|大けが|おおけが|出血|溺れ|おぼれ"
        r"|死にた[いく]|死のうと|死んだ(?:ほう|方)が|自殺|じさつ|自傷|消えてしまいたい"
        r"|(?<!わた)しにたい(?:$|[^ぁ-ん]|です|と|って|[んよなのわ]|けど|ほど|きもち)"
        r"|しにたく|[蜂ちチ]に(?:刺|さ)され"
        r"|ambulance|unconscious|on fire|caught fire|fire department|heart attack"
        r"|(?:having|had) a stroke|chest pain|can.?(?:not|t) breathe|not breathing"
        r"|overdose|suicid|want(?:s|ed)? to die|kill (?:my|him|her)self|end my life"
        r"|(?<![\d#])119(?!\d)"
    ),
    (OfficialContact.CHILD,): (
        rf"^(?!.*{_NOT_A_CHILD}).*{_ABUSE}|{_CHILD}.{{0,20}}{_ABUSE}"
        rf"|{_ABUSE}.{{0,20}}{_CHILD}"
        rf"|{_CHILD}.{{0,8}}(?:叩|たた[かきい]|殴|なぐ[らりる]|泣き叫|放置)"
        r"|child abuse|abusing (?:a|the|their|her|his) (?:child|kid|son|daughter|baby)"
        r"|child(?:ren)? (?:is|are) (?:being )?(?:abused|beaten|hit)"
        r"|(?<![\d#])189(?!\d)"
    ),
}
_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), contacts)
    for contacts, pattern in _SIGNS.items()
)
_JAPANESE = r"[\u3040-\u30ff\u4e00-\u9fff]"
_READING = re.compile(r"\([\u3040-\u309fー]{1,20}\)")
_SPACE = re.compile(rf"(?<={_JAPANESE})\s{{1,4}}(?={_JAPANESE})")


def contacts_for(question: str) -> list[OfficialContact]:
    """Return the numbers that a question itself calls for, in the table's order."""
    plain = _plain(question)
    found: list[OfficialContact] = []
    for pattern, contacts in _PATTERNS:
        if pattern.search(plain):
            found += [contact for contact in contacts if contact not in found]
    return found


def _plain(question: str) -> str:
    """Return `question` in plain letters: 「死（し）に たい」 is 「死にたい」."""
    return _SPACE.sub("", _READING.sub("", unicodedata.normalize("NFKC", question)))
