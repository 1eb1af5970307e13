"""Long texts that are shown as they are."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def shown_as_is(text: str, *, label: str) -> SafeString:
    """Return a box with the text that can be scrolled by keyboard too."""
    return format_html(
        '<pre class="document" tabindex="0" role="region" aria-label="{}">{}</pre>',
        label,
        text,
    )
