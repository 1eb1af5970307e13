"""Form documents: the smallest that passes the gate, and parts to build others."""

from typing import Any

TODAY = "2026-11-23"  # a national holiday, so the third open day after it is the 26th


def field(type_: str = "text", key: str = "word", **members: Any) -> dict[str, Any]:
    """Define a question."""
    needed: dict[str, dict[str, Any]] = {
        "choice": {"options": [option("a"), option("b"), option("c")]},
        "checkboxes": {"options": [option("a"), option("b"), option("c")]},
        "digits": {"length": 4},
        "static_text": {"text": "お読みください。"},
    }
    return {
        "type": type_,
        "key": key,
        "label": "ことば",
        **needed.get(type_, {}),
        **members,
    }


def option(value: str, label: str = "") -> dict[str, str]:
    """Define one answer of a choice."""
    return {"value": value, "label": label or f"選択肢{value}"}


def page(slug: str, *fields: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Define a page."""
    return {"slug": slug, "title": f"ページ{slug}", "fields": list(fields), **members}


def document(
    *pages: dict[str, Any],
    valid: list[dict[str, Any]] | None = None,
    invalid: list[dict[str, Any]] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """Define a form; without pages, one that asks for a single word."""
    if not pages:
        pages = (page("first", field()),)
        valid = valid or [{"word": "土佐"}]
        invalid = invalid or [{"answers": {}, "errors": ["word"]}]
    return {
        "title": "見本の届出",
        "language": "ja",
        "purpose": "届出の確認だけに使います。",
        "minutes": 3,
        "documents_needed": [],
        "pages": list(pages),
        "declaration": "まちがいありません。",
        "examples": {
            "today": TODAY,
            "valid": valid or [{}],
            "invalid": invalid or [{"answers": {}, "errors": [pages[0]["slug"]]}],
        },
        **members,
    }
