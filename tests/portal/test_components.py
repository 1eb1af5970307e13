"""Every component is shown in the gallery, and draws what it promises."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

from portal.forms import SampleForm
from portal.gallery import components_shown

# The gallery's own page wears them.
WORN = {"faq_launch", "header", "site_nav", "footer"}


class Elements(HTMLParser):
    """The elements of a piece of HTML with their attributes, in their order."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def values(self, tag, name):
        return [a[name] for found, a in self.found if found == tag and name in a]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]


def invalid_form():
    return SampleForm({"postal_code": "78"})


def text_of(html):
    return re.sub(r"<[^>]+>|\s+", "", html)


def include(name, **context):
    return render_to_string(f"components/{name}.html", context)


def test_every_component_appears_in_the_gallery():
    folder = Path(settings.BASE_DIR, "templates", "components")
    components = {path.stem for path in folder.glob("*.html")}

    shown = {component.name for component in components_shown(invalid_form())}

    assert shown | WORN == components


def test_the_gallery_shows_every_example_and_asks_no_database(client):
    page = client.get("/gallery/").content.decode()

    for component in components_shown(SampleForm(prefix="invalid")):
        assert f'id="{component.name}"' in page
    assert page.count("<h1") == page.count("</h1>")
    ids = Elements(page).ids
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("path", ["/about/", "/privacy/", "/accessibility/"])
def test_a_page_about_the_portal_asks_no_database_and_has_one_heading(client, path):
    response = client.get(path)

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert '<html lang="ja">' in page
    assert not response.cookies


def test_every_mistake_in_the_summary_leads_to_a_box_that_can_be_typed_in():
    form = invalid_form()

    summary = Elements(include("error_summary", form=form))
    boxes = {
        attrs.get("id")
        for tag, attrs in Elements(str(form)).found
        if tag in {"input", "select", "textarea"}
    }

    targets = summary.values("a", "href")
    assert len(targets) == len(form.errors)
    assert {target.removeprefix("#") for target in targets} <= boxes


def test_the_summary_says_the_same_words_as_the_field():
    form = invalid_form()

    summary = text_of(include("error_summary", form=form))

    for errors in form.errors.values():
        assert all(text_of(error) in summary for error in errors)


def test_a_form_without_mistakes_has_no_summary():
    assert include("error_summary", form=SampleForm()).strip() == ""


def test_help_and_error_stand_above_the_box_and_are_read_with_it():
    form = invalid_form()

    html = str(form["postal_code"].as_field_group())

    order = [html.index(part) for part in ("郵便番号", "ハイフン", "7けた", "<input")]
    assert order == sorted(order)
    box = next(attrs for tag, attrs in Elements(html).found if tag == "input")
    assert box["aria-invalid"] == "true"
    assert set(box["aria-describedby"].split()) <= set(Elements(html).ids)


def test_a_required_question_says_so_in_words_and_an_optional_one_does_not():
    form = SampleForm()

    assert "※必須" in form["name"].as_field_group()
    assert "※必須" in form["animal"].as_field_group()
    assert "※必須" in form["consent"].as_field_group()
    assert "※必須" not in form["phone"].as_field_group()


@pytest.mark.parametrize("name", ["animal", "days"])
def test_choices_are_a_group_named_by_their_question(name):
    html = SampleForm()[name].as_field_group()

    tags = [tag for tag, _ in Elements(html).found]
    assert tags[:2] == ["fieldset", "legend"]
    labels = Elements(html).values("label", "for")
    assert labels == [f"id_{name}_{number}" for number in range(3)]


@pytest.mark.parametrize("widget", [forms.TextInput, forms.RadioSelect])
def test_a_question_alone_on_its_page_is_its_heading(widget):
    class Alone(forms.Form):
        colour = forms.ChoiceField(label="毛の色", widget=widget)

    form = Alone()
    form.fields["colour"].heading = True
    form.fields["colour"].why = "迷子のときに役立ちます。"

    html = form["colour"].as_field_group()

    assert html.count("<h1") == 1
    assert re.search(r"<h1>.*毛の色.*</h1>", html, re.DOTALL)
    assert "迷子のときに役立ちます。" in html


def test_a_question_of_several_boxes_leads_to_the_one_to_blame():
    class Boxes(forms.MultiWidget):
        anchor = "town"

    class Where(forms.Form):
        address = forms.CharField(widget=Boxes([forms.TextInput, forms.TextInput]))

    form = Where({"address_0": "", "address_1": ""})
    form.add_error("address", "町名を入力してください。")

    assert 'href="#id_address-town"' in include("error_summary", form=form)


def test_text_from_outside_is_escaped_in_every_component():
    danger = "<script>alert(1)</script>"
    rows = [{"label": danger, "value": danger, "text": danger, "title": danger}]

    for name, context in {
        "banner": {"title": danger, "text": danger},
        "breadcrumbs": {"items": rows, "here": danger},
        "details": {"summary": danger, "text": danger},
        "inset": {"title": danger, "text": danger},
        "summary_list": {"title": danger, "rows": rows},
        "table": {"caption": danger, "columns": [danger], "rows": [rows]},
        "timeline": {"entries": rows},
        "search_box": {"label": danger, "value": danger, "action": "/"},
    }.items():
        assert "<script" not in include(name, **context), name


def test_a_banner_says_its_tone_in_words():
    assert "ご注意：" in include("banner", tone="warning", text="補正のお願い")
    assert "エラー：" in include("banner", tone="error", text="送信できません")


def test_the_step_indicator_marks_the_current_step():
    steps = [{"label": "内容", "url": "/1/"}, {"label": "場所"}, {"label": "確認"}]

    html = include("step_indicator", steps=steps, current=2)

    assert "全3ステップ中2番目" in text_of(html)
    assert html.count('aria-current="step"') == 1
    assert '<a href="/1/">内容</a>' in html
    assert "（入力済み）" in html


def test_a_value_that_nobody_gave_is_called_missing():
    rows = [{"label": "電話番号", "missing": True, "url": "/1/"}]

    html = include("summary_list", rows=rows)

    assert "未入力" in html
    assert "変更する：電話番号" in text_of(html)


def test_pages_have_no_pagination_where_there_is_one_page():
    assert include("pagination").strip() == ""
    assert "前へ" not in include("pagination", next_url="?after=x")
