"""What is made of a question: a wording of an entry there is, or a new entry."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from faq.actions.authoring import PUBLISHERS, WRITERS
from faq.actions.learning import Then, learn_entry, learned_from
from faq.admin.permits import posted, signed_in
from faq.errors import QuestionEmpty
from faq.models import Audience, Cluster, Desk, Entry, Language, Question, Ticket
from faq.queries.finding import Asking, asking_as_staff, find
from foundation.desk.roles import bodies_where
from organizations.queries import PREFECTURE, has_role

SEE_OTHER = 303
MOST_NEAR = 5
# An entry is chosen from a list; a longer one nobody reads.
_MOST_OFFERED = 1_000


@dataclass(frozen=True)
class Near:
    """An entry that is near a question.

    Args:
        entry: With its words.
        question: In the language that was asked for.
        answer: Likewise.
        language: That they are really in.
        percent: Its cosine as a percentage; None where words alone were compared.
        is_ours: Whether the person writes for its body.
        url: Its page on the desk; empty where it belongs to others.
    """

    entry: Entry
    question: str
    answer: str
    language: str
    percent: int | None
    is_ours: bool
    url: str


def near(
    request: HttpRequest, text: str, *, audience: str, body: int, language: str
) -> list[Near]:
    """Return what would be found for `text` now, best first."""
    user = signed_in(request)
    asking = (
        asking_as_staff(user)
        if audience == Audience.STAFF
        else Asking(audience=Audience.RESIDENT, organizations=tuple({PREFECTURE, body}))
    )
    try:
        found = find(text, asking)
    except QuestionEmpty:
        return []
    mine = bodies_where(user, WRITERS)
    rows = zip(found.entries[:MOST_NEAR], found.matches, strict=False)
    return [
        _near(entry, match.cosine, language, is_ours=entry.organization_id in mine)
        for entry, match in rows
    ]


def _near(entry: Entry, cosine: float | None, language: str, *, is_ours: bool) -> Near:
    live = entry.live
    if live is None:
        message = f"entry {entry.pk} answers without words"
        raise ValueError(message)
    question, answer, written_in = live.in_language(language)
    return Near(
        entry=entry,
        question=question,
        answer=answer,
        language=Language(written_in),
        percent=None if cosine is None else max(0, round(100 * cosine)),
        is_ours=is_ours,
        url=entry_url(entry) if is_ours else "",
    )


def entry_url(entry: Entry) -> str:
    """Return the entry's page on the desk."""
    return reverse("admin:faq_entry_change", args=[entry.pk])


class WordingForm(forms.Form):
    """Which entry a question asks for."""

    entry = forms.ModelChoiceField(
        label="FAQ項目",
        queryset=Entry.objects.none(),
        error_messages={
            "required": "FAQ項目を選んでください。",
            "invalid_choice": (
                "選んだ項目には登録できません。公開中の、自分の団体の項目を選んでください。"
            ),
        },
    )

    def __init__(self, request: HttpRequest, audience: str) -> None:
        super().__init__(posted(request))
        mine = sorted(bodies_where(request.user, WRITERS))
        entries = (
            Entry.objects.visible_to(request.user)
            .published(audience)
            .filter(organization_id__in=mine)
            .select_related("live", "desk")
            .order_by("desk", "code")
        )
        field: Any = self.fields["entry"]
        field.queryset = entries
        field.label_from_instance = lambda entry: f"{entry.desk}：{entry.live.question}"
        field.choices = [
            ("", "選んでください"),
            *(
                (str(entry.pk), field.label_from_instance(entry))
                for entry in entries[:_MOST_OFFERED]
            ),
        ]


class EntryForm(forms.Form):
    """The words of a new entry: as few as it can be read with."""

    question = forms.CharField(
        label="質問",
        max_length=200,
        help_text="だれにでも通じる言い方に直してください。",
        error_messages={"required": "質問を入力してください。"},
    )
    answer = forms.CharField(
        label="回答",
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )
    category = forms.CharField(label="分類", max_length=50, required=False)
    source = forms.CharField(
        label="根拠",
        max_length=200,
        required=False,
        help_text="法令や要綱の名前、または「窓口の実務」など。",
    )
    wordings = forms.BooleanField(
        label="ここに並ぶ質問を、言い換えとして登録する", required=False, initial=True
    )
    then = forms.ChoiceField(choices=Then.choices, widget=forms.HiddenInput)

    def __init__(
        self, request: HttpRequest, desk: Desk, *, initial: dict[str, Any]
    ) -> None:
        super().__init__(
            posted(request),
            initial={**initial, "wordings": True, "then": Then.DRAFT},
        )
        self.ways = ways_of(request, desk)

    def words(self) -> dict[str, Any]:
        """Return what was entered, as a revision has it."""
        names = ("question", "answer", "category", "source")
        return {name: self.cleaned_data[name] for name in names}


def ways_of(request: HttpRequest, desk: Desk) -> list[Then]:
    """Return how far the person may bring a new entry of the desk, the usual last."""
    ways = [Then.DRAFT]
    if desk.needs_review:
        return [*ways, Then.REVIEW]
    publishes = has_role(request.user, desk.organization_id, *PUBLISHERS)
    return [*ways, Then.PUBLISH if publishes else Then.REVIEW]


def usual_words(near_by: list[Near], desk: Desk) -> dict[str, str]:
    """Return category and source to begin with: as the nearest of the desk has them."""
    for one in near_by:
        if one.entry.desk_id == desk.pk and one.entry.live is not None:
            return {"category": one.entry.live.category, "source": "窓口の実務"}
    return {"category": desk.subject[:50], "source": "窓口の実務"}


def learn(
    request: HttpRequest,
    source: Cluster | Ticket,
    questions: list[Question],
    form: EntryForm,
) -> HttpResponse:
    """Make the entry, and lead to its page."""
    revision = learn_entry(
        source,
        form.words(),
        questions if form.cleaned_data["wordings"] else [],
        then=Then(form.cleaned_data["then"]),
        by=signed_in(request),
    )
    return HttpResponseRedirect(entry_url(revision.entry), status=SEE_OTHER)


def is_learned(request: HttpRequest, source: Cluster | Ticket, form: EntryForm) -> bool:
    """Tell whether the same person has made this entry of it: a second click."""
    made = learned_from(source)
    first = made.revisions.last() if made is not None else None
    return (
        first is not None
        and first.author_id == request.user.pk
        and first.question == form.cleaned_data["question"]
    )
