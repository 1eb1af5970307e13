"""Text can be read and boxes can be seen in the light and in the dark scheme."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR, "static")
ROLES = (STATIC / "css/base.css").read_text("utf-8")
TOKENS = (STATIC / "vendor/design-tokens/tokens.css").read_text("utf-8")

ON_PAPER = ("page", "surface", "sunken")
# WCAG 2.2: 1.4.3 text 4.5, 1.4.11 what one must see to use it 3.
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *(
        (role, paper, TEXT)
        for role in ("text", "text-quiet", "heading", "key", "link", "link-visited")
        for paper in ON_PAPER
    ),
    *((role, paper, TEXT) for role in ("link-active", "error") for paper in ON_PAPER),
    *(
        (tone, f"{tone}-surface", TEXT)
        for tone in ("info", "success", "warning", "error")
    ),
    *(("on-key", key, TEXT) for key in ("key", "key-hover", "key-active")),
    ("on-sea", "sea", TEXT),
    ("on-sea-quiet", "sea", TEXT),
    ("on-focus-link", "focus-link", TEXT),
    *(("border", paper, SHAPE) for paper in ON_PAPER),
    ("emergency", "page", SHAPE),
    ("focus", "page", SHAPE),
]


def declarations(css):
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css))


def scheme(name):
    light, dark = ROLES.split("@media (prefers-color-scheme: dark)", 1)
    roles = declarations(light)
    if name == "dark":
        roles |= declarations(dark.split("@media", 1)[0])
    return roles | declarations(TOKENS)


def luminance(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colour(roles, name):
    value = roles[f"--{name}"]
    while match := re.fullmatch(r"var\(--([\w-]+)\)", value):
        value = roles[f"--{match[1]}"]
    return value


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_role_stands_out_from_what_it_is_drawn_on(name, front, back, least):
    roles = scheme(name)

    assert contrast(colour(roles, front), colour(roles, back)) >= least


def test_every_colour_is_a_token_of_the_design_system():
    known = declarations(TOKENS)
    families = "color-(?:primitive|neutral|semantic)|border-radius|elevation"
    for path in STATIC.glob("css/*.css"):
        css = path.read_text("utf-8")
        used = set(re.findall(rf"var\((--(?:{families})-[\w-]+)", css))
        assert used <= known.keys()
        # Paper is white and ink is black, whatever the scheme.
        assert path.name == "print.css" or not re.search(r"#[0-9a-f]{3,8}\b", css)
