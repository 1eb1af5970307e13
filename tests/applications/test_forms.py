"""The forms that people fill in: pages, review, look-up, return, decision."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from applications.errors import AnswersChanged
from applications.forms import (
    NOT_MY_NUMBER,
    DecisionForm,
    LookupForm,
    ReturnForm,
    ReviewForm,
    page_form,
)
from applications.formspec import compile_document
from tests.factories import documents
from tests.factories.documents import field, page

TODAY = date.fromisoformat(documents.TODAY)
MY_NUMBER = "123456789018"
SPEC = compile_document(
    documents.document(
        page(
            "name",
            field("person_name", "name", label="お名前", semantic="applicant.name"),
            field("date", "born", label="生年月日", semantic="applicant.birth_date"),
            field("email", "email", label="メール", semantic="applicant.email"),
        ),
        page(
            "home", field("address", "home", label="住所", why="お届けするためです。")
        ),
        page(
            "rest",
            field("static_text", "law", label="ご注意", text="<b>大切</b>です。"),
            field("text", "word", label="ことば", hint="例：<桂浜>"),
            field("textarea", "story", label="くわしく", required=False),
            field("choice", "kind", label="種類", required=False),
            field("checkboxes", "kinds", label="すべて", required=False),
            field("yes_no", "sure", label="確か", required=False),
            field("phone", "phone", label="電話", required=False),
            field("integer", "count", label="数", required=False),
        ),
        page("agree", field("consent", "agreed", label="同意します")),
        page(
            "more",
            field("text", "more", visible_when={"==": [{"var": "kind"}, "a"]}),
            field("text", "always"),
        ),
    )
)


def post(slug, kept=None, **typed):
    """Post a page; `__` stands for the hyphen between a question and its box."""
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        sent = value if isinstance(value, list) else [value]
        data.setlist(name.replace("__", "-"), sent)
    return page_form(SPEC, SPEC.page(slug), raw=kept or {}, data=data, today=TODAY)


def shown(slug, raw=None):
    return page_form(SPEC, SPEC.page(slug), raw=raw or {}, today=TODAY)


class Boxes(HTMLParser):
    """Collects what a browser would send from the rendered boxes, without a button."""

    def __init__(self, html):
        super().__init__()
        self.sent = QueryDict(mutable=True)
        self._name, self._text = None, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "input":
            choosable = told["type"] in {"radio", "checkbox"}
            if not choosable or "checked" in told:
                unsaid = "on" if choosable else ""
                self.sent.appendlist(told["name"], told.get("value", unsaid))
        elif tag in {"select", "textarea"}:
            self._name, self._text = told["name"], []
        elif tag == "option" and "selected" in told:
            self.sent.appendlist(self._name, told["value"])

    def handle_data(self, data):
        self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "textarea":
            # The parser of a browser drops the first line end of a text area.
            self.sent[self._name] = "".join(self._text).removeprefix("\n")


def test_a_right_page_leads_on_and_is_kept_as_typed():
    form = post(
        "name",
        name__family="﨑山",
        name__given="葛\U000e0100",
        born__era="昭和",
        born__year="60",
        born__month="4",
        born__day="1",
        email="ｔａｒｏ＠example.jp",
    )

    assert form.is_valid()
    assert form.typed() == {
        "name": {"family": "﨑山", "given": "葛\U000e0100"},
        "born": {"era": "昭和", "year": "60", "month": "4", "day": "1"},
        "email": "ｔａｒｏ＠example.jp",
    }


def test_a_wrong_page_is_kept_too_and_no_other():
    form = post("name", {"word": "桂浜"}, name__family="﨑山", email="taro")

    assert not form.is_valid()
    assert form.errors == {
        "name": ["お名前の「名」を入力してください。"],
        "born": ["生年月日を入力してください。"],
        "email": ["メールは「tosa@example.jp」のような形で入力してください。"],
    }
    assert form.typed() == {
        "name": {"family": "﨑山"},
        "born": {},
        "email": "taro",
    }


# What a browser sends: line ends as CR LF, no other controls, no half characters.
TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
LINES = st.lists(TYPED, max_size=4).map("\r\n".join)


@given(
    st.fixed_dictionaries(
        {
            "word": TYPED,
            "story": LINES,
            "kind": st.sampled_from(["a", "b"]),
            "kinds": st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(
                sorted
            ),
            "sure": st.sampled_from(["yes", "no"]),
            "phone": TYPED,
            "count": TYPED,
        }
    )
)
def test_what_is_in_the_boxes_again_is_what_was_typed(typed):
    first = post("rest", **typed)
    again = Boxes(str(shown("rest", first.typed()))).sent

    def as_sent(raw):  # the parser of a browser turns CR LF into LF
        return {**raw, "story": raw["story"].replace("\r\n", "\n")}

    assert as_sent(page_form(SPEC, SPEC.page("rest"), raw={}, data=again).typed()) == (
        as_sent(typed)
    )


BOXES = ("name__family", "name__full", "born__year", "born__month", "email")


@given(st.fixed_dictionaries(dict.fromkeys(BOXES, TYPED)))
def test_several_boxes_hold_again_what_was_typed(typed):
    rest = {"name__given": "葛\U000e0100", "born__era": "平成", "born__day": "1"}
    form = post("name", **typed, **rest)
    again = Boxes(str(shown("name", form.typed()))).sent

    assert (
        page_form(SPEC, SPEC.page("name"), raw={}, data=again).typed() == form.typed()
    )


def test_filed_answers_come_back_into_their_boxes():
    answers = {
        "name": {"full": "Nguyen Thi Hoa"},
        "born": "2019-05-01",
        "email": "hoa@example.jp",
    }

    sent = Boxes(str(shown("name", answers))).sent.dict()

    assert sent == {
        "name-family": "",
        "name-given": "",
        "name-full": "Nguyen Thi Hoa",
        "born-era": "令和",
        "born-year": "1",
        "born-month": "5",
        "born-day": "1",
        "email": "hoa@example.jp",
    }


def test_filed_numbers_are_shown_as_people_write_them():
    answers = {"phone": "+81888231111", "sure": False, "count": 12}

    sent = Boxes(str(shown("rest", answers))).sent

    assert (sent["phone"], sent["sure"], sent["count"]) == ("088-823-1111", "no", "12")


def test_nul_is_refused_with_a_sentence_and_not_kept():
    form = post("rest", {"word": "桂浜"}, word="桂\x00浜", story="月")

    assert "制御文字" in form.errors["word"][0]
    assert "word" not in form.typed()
    assert form.typed()["story"] == "月"


def test_a_text_too_long_is_kept_to_be_shortened_unless_it_is_far_too_long():
    long, endless = post("rest", word="あ" * 10_000), post("rest", word="あ" * 20_001)

    assert long.errors["word"] == [
        "ことばは200文字以内で入力してください（今は10,000文字です）。"
    ]
    assert len(long.typed()["word"]) == 10_000
    assert not endless.is_valid()
    assert "word" not in endless.typed()


def test_the_button_fills_in_the_address_and_judges_nothing_yet():
    form = post("home", home__postal_code="780-0870", home__rest="", look_up="home")

    assert not form.is_valid()
    assert not form.errors
    assert form.typed()["home"] == {
        "postal_code": "780-0870",
        "prefecture": "高知県",
        "city": "高知市",
        "town": "本町",
        "rest": "",
    }
    assert Boxes(str(form)).sent["home-town"] == "本町"


def test_the_button_replaces_the_address_of_another_postal_code():
    form = post(
        "home",
        home__postal_code="7830005",
        home__prefecture="高知県",
        home__city="高知市",
        home__town="本町",
        home__rest="1番地",
        look_up="home",
    )

    assert form.typed()["home"]["town"] == "大そね乙"
    assert form.typed()["home"]["rest"] == "1番地"


def test_without_the_button_a_postal_code_finds_its_address_too():
    form = post(
        "home",
        home__postal_code="7800870",
        home__prefecture="",
        home__city="",
        home__town="",
        home__rest="四丁目3番2号",
    )

    assert form.is_valid()
    assert form.cleaned_data["home"]["city"] == "高知市"


def test_the_button_says_what_is_wrong_with_a_postal_code():
    form = post("home", home__postal_code="78008", look_up="home")

    assert form.errors == {
        "home": ["郵便番号は、7けたの数字で入力してください（例：780-8570）。"]
    }
    assert form["home"].field.widget.anchor == "postal_code"


def test_a_postal_code_outside_the_prefecture_leaves_the_address_to_be_typed():
    form = post(
        "home",
        home__postal_code="160-0022",
        home__city="新宿区",
        home__town="新宿",
        look_up="home",
    )

    assert not form.errors
    assert form.typed()["home"]["city"] == "新宿区"
    assert "この郵便番号からは住所が見つかりません" in str(form)


def test_towns_that_share_a_postal_code_are_offered():
    form = post("home", home__postal_code="788-0331", look_up="home")

    assert "home-city" not in str(form)
    assert '<option value="幡多郡大月町姫ノ井">' in str(form)

    chosen = post(
        "home",
        form.typed(),
        home__postal_code="788-0331",
        home__place="幡多郡大月町姫ノ井",
        home__rest="1番地",
    )
    assert chosen.is_valid()
    assert chosen.cleaned_data["home"]["town"] == "姫ノ井"
    assert '<option value="幡多郡大月町姫ノ井" selected>' in str(chosen)


def test_a_town_that_was_not_chosen_is_asked_for():
    form = post("home", home__postal_code="7880331", home__place="", home__rest="1番地")

    assert form.errors == {"home": ["住所の町名を、一覧から選んでください。"]}
    assert 'id="id_home-place"' in str(form)
    assert form["home"].field.widget.anchor == "place"


def test_the_enter_key_means_next_and_not_look_up():
    pressed_by_enter, button = re.findall(r"<button([^>]*)>", str(shown("home")))

    assert "name=" not in pressed_by_enter
    assert 'aria-hidden="true"' in pressed_by_enter
    assert 'name="look_up"' in button


def test_a_number_that_may_be_a_my_number_is_asked_about_and_not_kept():
    form = post("rest", {"word": "桂浜"}, word=f"番号 {MY_NUMBER}", story="月")

    assert not form.is_valid()
    assert (
        "「ことば」に、マイナンバー（個人番号）のような"
        in form.errors[NOT_MY_NUMBER][0]
    )
    assert "word" not in form.typed()
    assert form.typed()["story"] == "月"
    assert f'name="{NOT_MY_NUMBER}"' in str(form)


def test_a_number_that_is_none_is_kept_and_not_asked_about_again():
    form = post("rest", word=MY_NUMBER, **{"not-my-number": "on"})

    assert form.is_valid()
    assert form.typed()["word"] == MY_NUMBER

    again = post("rest", form.typed(), word=MY_NUMBER, story="月")
    assert again.is_valid()
    assert NOT_MY_NUMBER not in again.fields


def test_the_question_looks_into_every_box():
    form = post("name", name__family=MY_NUMBER, born__year=MY_NUMBER)

    assert "「お名前」と「生年月日」に" in form.errors[NOT_MY_NUMBER][0]
    assert form.typed() == {"email": None}


def test_only_the_questions_that_earlier_answers_call_for_are_on_the_page():
    assert list(shown("more").fields) == ["always"]
    assert list(shown("more", {"kind": "a"}).fields) == ["more", "always"]


def test_the_label_of_a_single_question_is_the_heading():
    assert shown("home").single
    assert str(shown("home")).count("<h1>") == 1
    assert not shown("name").single
    assert "<h1>" not in str(shown("name"))


def test_a_single_box_to_tick_does_not_head_its_page():
    assert not shown("agree").single


def test_boxes_about_the_applicant_offer_what_the_browser_knows():
    html = str(shown("name"))

    for token in ("family-name", "given-name", "bday-year", "bday-day", "email"):
        assert f'autocomplete="{token}"' in html
    assert 'autocomplete="postal-code"' not in str(shown("home"))


def test_texts_of_the_document_are_shown_as_text():
    html = str(shown("rest"))

    assert "&lt;b&gt;大切&lt;/b&gt;です。" in html
    assert "例：&lt;桂浜&gt;" in html


def test_no_page_has_anything_inline():
    for asked in SPEC.pages:
        html = str(shown(asked.slug))
        assert " style=" not in html
        assert "<script" not in html
        assert " required" not in html


def test_only_the_box_to_blame_is_marked_invalid():
    form = post("name", born__era="令和", born__year="8", born__month="", born__day="1")

    html = str(form["born"])

    assert html.count("aria-invalid") == 1
    assert html.index("aria-invalid") > html.index("born-month")


def test_what_is_sent_names_what_was_seen():
    form = ReviewForm(declaration="まちがいありません。", digest="abc")

    assert Boxes(str(form)).sent.dict() == {"reviewed": "abc"}


def test_a_refused_sending_is_explained_and_may_be_sent_again():
    form = ReviewForm(declaration="", digest="abc", refusal=AnswersChanged())

    assert form.non_field_errors() == [AnswersChanged.sentence]
    assert Boxes(str(form)).sent.dict() == {"reviewed": "abc"}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("390003-26-0001234-0", "ABCD-EFGH-JKLM-NPQR"),
        ("３９０００３２６０００１２３４０", "abcdefghjklmnpqr"),
        (" 390003 26 0001234 0 ", "ＡＢＣＤ　ＥＦＧＨ　ＪＫＬＭ　ＮＰＱＲ"),
        ("390003ー26ー0001234ー0", "abcd efgh jklm npqr"),
    ],
)
def test_numbers_to_look_up_are_read_however_they_are_typed(number, code):
    form = LookupForm({"number": number, "inquiry_code": code})

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "number": "390003-26-0001234-0",
        "inquiry_code": "ABCDEFGHJKLMNPQR",
    }


@pytest.mark.parametrize("number", ["390003-26-0001234-1", "1234", "番号", "\x00"])
def test_a_number_that_cannot_exist_is_not_looked_up(number):
    form = LookupForm({"number": number, "inquiry_code": "ABCD"})

    assert form.errors["number"][0].endswith("。")
    assert form.errors["inquiry_code"] == [
        "問合せ番号は、英字と数字で16文字です。受付票を見て、もう一度入力してください。"
    ]


def test_a_code_with_a_letter_that_no_code_has_is_not_looked_up():
    form = LookupForm(
        {"number": "390003-26-0001234-0", "inquiry_code": "0BCD-EFGH-JKLM-NPQR"}
    )

    assert list(form.errors) == ["inquiry_code"]


ASKED = {"name": "お名前", "word": "ことば"}


def test_staff_name_what_is_to_be_corrected_and_until_when():
    form = ReturnForm(
        QueryDict(
            "field_keys=name&field_keys=word&message=お名前を"
            "&due_on-era=令和&due_on-year=8&due_on-month=12&due_on-day=8"
        ),
        asked=ASKED,
        today=TODAY,
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "field_keys": ["name", "word"],
        "message": "お名前を",
        "due_on": date(2026, 12, 8),
    }


def test_ten_open_days_are_proposed_for_a_correction():
    form = ReturnForm(asked=ASKED, today=TODAY)

    sent = Boxes(str(form)).sent

    assert (sent["due_on-month"], sent["due_on-day"]) == ("12", "7")
    assert form.fields["field_keys"].choices[0] == ("name", "お名前")


def test_a_return_without_field_message_or_future_day_is_refused():
    data = QueryDict("field_keys=fax&due_on-year=2026&due_on-month=11&due_on-day=23")
    form = ReturnForm(data, asked=ASKED, today=TODAY)

    assert form.errors["field_keys"]
    assert form.errors["message"] == ["申請者への説明を入力してください。"]
    assert form.errors["due_on"] == [
        "補正の期限は、令和8年11月24日（2026年）以降の日付を入力してください。"
    ]


def test_a_decision_has_its_reason_where_it_must_have_one():
    blank, label = {"reason": ""}, "理由"

    assert DecisionForm(blank, reason_required=False, label=label).is_valid()
    assert DecisionForm(blank, reason_required=True, label=label).errors == {
        "reason": ["理由を入力してください。"]
    }
