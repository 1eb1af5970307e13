"""Every component of the templates in every state, as data for the gallery page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.messages import SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.forms import Form
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

MORNING = datetime(2026, 11, 24, 9, 5, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
TONES = ("neutral", "info", "progress", "attention", "success", "danger")
ICONS: tuple[str, ...] = ("info", "success", "warning", "error", "check", "search")
ICONS += ("menu", "close", "back", "arrow", "print", "copy")
CARD = {
    "title": "水道の使用開始・中止の届出",
    "summary": "引っ越しなどで水道を使い始めるとき、使うのをやめるときに届け出ます。",
    "organization": "安芸市 上下水道課",
    "url": "#procedure_card",
    "tags": ["本人確認なし", "手数料 無料", "3開庁日"],
}


@dataclass(frozen=True, kw_only=True)
class Example:
    """A component in one state."""

    component: str
    state: str
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def html(self) -> SafeString:
        """What a page shows that includes it."""
        return render_to_string(f"components/{self.component}.html", self.context)


@dataclass(frozen=True)
class Component:
    """A component and its examples."""

    name: str
    examples: tuple[Example, ...]

    @property
    def is_small(self) -> bool:
        """Examples fit side by side."""
        return self.name in {"icon", "status_tag", "button_link", "back_link"}


def components_shown(invalid_form: Form) -> list[Component]:
    """Return the components in the order of their names, with their examples."""
    by_name: dict[str, list[Example]] = {}
    for name, state, context in (
        *EXAMPLES,
        ("error_summary", "まちがいがあったとき", {"form": invalid_form}),
    ):
        example = Example(component=name, state=state, context=context)
        by_name.setdefault(name, []).append(example)
    return [Component(name, tuple(by_name[name])) for name in sorted(by_name)]


EXAMPLES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("back_link", "前のページへ", {"url": "#back_link"}),
    ("back_link", "ことばを変えて", {"url": "#back_link", "label": "一覧へ戻る"}),
    (
        "banner",
        "お知らせ",
        {"text": "12月29日から1月3日まで、担当窓口はお休みです。"},
    ),
    (
        "banner",
        "完了",
        {"tone": "success", "title": "保存しました", "text": "あとから再開できます。"},
    ),
    (
        "banner",
        "ご注意",
        {
            "tone": "warning",
            "title": "補正のお願いが届いています",
            "text": "12月4日までに、ご住所の欄をご確認ください。",
            "url": "#banner",
            "label": "申請の内容を直す",
        },
    ),
    (
        "banner",
        "エラー",
        {"tone": "error", "text": "送信できませんでした。もう一度お試しください。"},
    ),
    (
        "breadcrumbs",
        "3階層",
        {
            "items": [
                {"label": "ホーム", "url": "#breadcrumbs"},
                {"label": "手続をさがす", "url": "#breadcrumbs"},
            ],
            "here": "水道の使用開始・中止の届出",
        },
    ),
    *(
        ("button_link", state, {"label": label, "url": "#button_link", "tone": tone})
        for tone, state, label in (
            ("primary", "いちばん大事な操作", "オンラインで届け出る"),
            ("secondary", "そのほかの操作", "控えをダウンロードする"),
            ("quiet", "ひかえめな操作", "この申請を取り下げる"),
        )
    ),
    (
        "card_list",
        "手続の一覧",
        {
            "items": [
                CARD,
                {
                    "title": "犬の登録",
                    "summary": "犬を飼い始めたら、30日以内に登録します。",
                    "url": "#card_list",
                    "tags": ["メールで本人確認"],
                },
                {"title": "概要のない手続", "url": "#card_list"},
            ]
        },
    ),
    (
        "confirmation_panel",
        "受け付けたとき",
        {
            "title": "届出を受け付けました",
            "number": "392031-26-0000012-K",
            "code": "K7QM-4XRT-9WPA",
            "at": MORNING,
        },
    ),
    (
        "contact_box",
        "すべての項目",
        {
            "name": "見本市役所",
            "department": "上下水道課 お客さま係",
            "phone": "088-000-0000",
            "phone_url": "tel:+81880000000",
            "hours": "平日 8時30分〜17時15分",
            "email": "suido@example.jp",
            "address": "見本市本町1丁目1番1号 1階3番窓口",
            "url": "https://www.example.jp/",
        },
    ),
    ("copy_text", "番号", {"text": "392031-26-0000012-K", "label": "番号をコピー"}),
    (
        "details",
        "閉じた状態",
        {
            "summary": "お客様番号がわからないとき",
            "text": "検針票や領収書の右上に、8けたの数字で書かれています。",
        },
    ),
    (
        "details",
        "開いた状態",
        {
            "summary": "代理の方が届け出るとき",
            "text": "ご家族の方も届け出できます。",
            "open": True,
        },
    ),
    (
        "emergency_banner",
        "緊急のお知らせ",
        {
            "title": "大雨のため、一部の窓口を閉じています",
            "text": "オンラインの申請は、いつもどおり受け付けています。",
            "issued_at": MORNING,
            "url": "#emergency_banner",
        },
    ),
    (
        "empty_state",
        "まだ何もないとき",
        {
            "title": "まだ申請はありません",
            "text": "申請すると、ここで状況を確認できます。",
            "url": "#empty_state",
            "label": "手続をさがす",
        },
    ),
    *(("icon", name, {"name": name}) for name in ICONS),
    (
        "inset",
        "補足",
        {
            "title": "用意するもの",
            "text": "お客様番号のわかる書類\n使い始める日と、立会いの希望",
        },
    ),
    (
        "messages",
        "操作の結果",
        {
            "messages": [
                Message(SUCCESS, "メールアドレスを変更しました。"),
                Message(WARNING, "確認コードの有効期限が近づいています。"),
            ]
        },
    ),
    (
        "pagination",
        "最初のページ",
        {"next_url": "#pagination", "label": "最初のページ"},
    ),
    (
        "pagination",
        "途中のページ",
        {"previous_url": "#pagination", "next_url": "#pagination", "label": "途中"},
    ),
    ("print_button", "印刷（JavaScriptがあるときだけ）", {}),
    ("procedure_card", "1件", CARD),
    (
        "search_box",
        "検索",
        {
            "action": "#search_box",
            "label": "どんな手続をおさがしですか",
            "hint": "例：水道、犬、引っ越し",
            "value": "水道",
        },
    ),
    *(
        ("status_tag", tone, {"label": label, "tone": tone})
        for tone, label in zip(
            TONES,
            ("未入力", "受付済み", "審査中", "補正待ち", "完了", "却下"),
            strict=True,
        )
    ),
    (
        "step_indicator",
        "4つのうち2つ目",
        {
            "steps": [
                {"label": "届出の内容", "url": "#step_indicator"},
                {"label": "使用する場所"},
                {"label": "届出をする方"},
                {"label": "内容の確認"},
            ],
            "current": 2,
        },
    ),
    (
        "summary_list",
        "入力内容の確認",
        {
            "title": "届出をする方",
            "rows": [
                {"label": "お名前", "value": "髙﨑 𠮷子", "url": "#summary_list"},
                {
                    "label": "ご住所",
                    "value": "〒780-8570\n高知県高知市丸ノ内1丁目",
                    "url": "#summary_list",
                },
                {"label": "電話番号", "missing": True, "url": "#summary_list"},
                {"label": "到達日時", "value": "令和8年11月24日 9時5分30秒"},
            ],
        },
    ),
    (
        "table",
        "一覧（せまい画面ではカード）",
        {
            "caption": "これまでの申請",
            "columns": ["手続", "到達日", "状況"],
            "rows": [
                [
                    {"label": "手続", "text": "水道の使用開始", "url": "#table"},
                    {"label": "到達日", "text": "2026年11月24日"},
                    {"label": "状況", "text": "審査中", "tone": "progress"},
                ],
                [
                    {"label": "手続", "text": "犬の登録", "url": "#table"},
                    {"label": "到達日", "text": "2026年10月2日"},
                    {"label": "状況", "text": "完了", "tone": "success"},
                ],
            ],
        },
    ),
    (
        "task_list",
        "途中まで入力した申請",
        {
            "tasks": [
                {
                    "label": "届出をする方",
                    "status": "完了",
                    "tone": "success",
                    "url": "#task_list",
                },
                {
                    "label": "使用する場所",
                    "status": "入力中",
                    "tone": "progress",
                    "url": "#task_list",
                    "hint": "入力した内容は保存されています。",
                },
                {"label": "内容の確認", "status": "まだ始められません"},
            ]
        },
    ),
    (
        "timeline",
        "申請のあゆみ",
        {
            "entries": [
                {
                    "title": "審査しています",
                    "at": MORNING,
                    "text": "12月1日ごろに結果をお知らせします。",
                    "current": True,
                },
                {"title": "受け付けました", "at": MORNING},
            ]
        },
    ),
)
