"""Templates: nothing inline, nothing dead; a component sees only what it is given."""

import re
from pathlib import Path

import allauth
import django
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
ALL = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
PAGES = [path for path in ALL if path.suffix == ".html"]
# Our own packages: where a view, action or task may name a template.
SOURCES = [
    path
    for path in ROOT.glob("[a-z]*/**/*.py")
    if path.relative_to(ROOT).parts[0] not in {"tests", "bench", "staticfiles"}
]
# Templates of others that ours stand in for.
STAND_INS = [
    Path(allauth.__file__).parent / "templates",
    Path(django.__file__).parent / "forms/templates",
    Path(django.__file__).parent / "contrib/admin/templates",
]
# Named by `foundation.views` from the status, or by allauth's rate limit.
BY_STATUS = {f"{status}.html" for status in (400, 403, 404, 405, 413, 429, 500, 503)}
# Styles that dress Django's own templates.
DJANGO_ADMIN = {"admin.css", "desk.css"}


def name_of(path):
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_template_has_inline_style_script_or_handler(path):
    source = path.read_text("utf-8")

    assert not re.search(r"<style\b", source)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", source)
    assert "javascript:" not in source
    for script in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_component_is_given_all_it_sees(path):
    tags = re.findall(r'{% include "components/.*?%}', path.read_text("utf-8"))

    assert [tag for tag in tags if not re.search(r"\sonly\s*%}$", tag)] == []


def test_every_template_is_named_by_somebody_or_stands_in_for_anothers():
    templates = {path: path.read_text("utf-8") for path in ALL}
    python = "\n".join(path.read_text("utf-8") for path in SOURCES)

    dead = [
        name
        for path in ALL
        if (name := name_of(path)) not in BY_STATUS
        and not any((folder / name).exists() for folder in STAND_INS)
        and f'"{name}"' not in python
        and f'"{path.parent.name}/{{' not in python  # one for each event, say
        and not any(f'"{name}"' in source for source in templates.values())
        and path.parent.name != "components"
    ]

    assert dead == []


def test_every_class_that_our_styles_speak_of_is_worn_somewhere():
    styles = "\n".join(
        path.read_text("utf-8")
        for path in (ROOT / "static/css").glob("*.css")
        if path.name not in DJANGO_ADMIN
    )
    styles = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", styles, flags=re.DOTALL)
    selectors = re.findall(r"[^{};]+(?={)", styles)
    defined = set(re.findall(r"\.([a-z][\w-]*)", "\n".join(selectors)))
    wearers = [*PAGES, *SOURCES, *ROOT.glob("static/js/*")]
    worn = "\n".join(path.read_text("utf-8") for path in wearers)

    def is_worn(name):
        family, _, _ = name.partition("--")
        return re.search(rf"\b{name}\b(?!-)", worn) or f"{family}--{{{{" in worn

    # Django's own class of a list of errors.
    assert {name for name in defined if not is_worn(name)} <= {"errorlist"}
