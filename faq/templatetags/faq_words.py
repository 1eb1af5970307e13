"""Readings above the words of やさしい日本語."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# 書類(しょるい): what stands in brackets after kanji is how they are read.
_READ = re.compile(r"([一-龠々〆ヶ]+)[(（]([ぁ-ゖー]+)[)）]")


@register.filter
def with_readings(text: str) -> SafeString:
    """Show readings in brackets above their kanji; browsers without ruby keep them."""
    parts, last = [], 0
    for found in _READ.finditer(text):
        parts += [
            conditional_escape(text[last : found.start()]),
            format_html(
                "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>", *found.groups()
            ),
        ]
        last = found.end()
    parts.append(conditional_escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped
