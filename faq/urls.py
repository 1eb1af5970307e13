from typing import Any

from django.urls import include, path

from faq.models import Audience
from faq.views import asking, entries, questions, tickets

# The same pages twice: `faq` for residents, `faq_staff` for those who work for a body.
_question = "questions/<uuid:pk>/"
_pages = [
    path("", asking.ask, name="ask"),
    path("questions/", asking.new_question, name="new_question"),
    path("suggestions/", asking.suggestions, name="suggestions"),
    path("panel/", asking.panel, name="panel"),
    path("leave/", asking.leave, name="leave"),
    path(_question, questions.question, name="question"),
    path(f"{_question}choose/", questions.choose, name="choose"),
    path(f"{_question}judge/", questions.judge, name="judge"),
    path(f"{_question}hand-over/", questions.give_to_desk, name="hand_over"),
    path("entries/<body:organization_code>/<slug:code>/", entries.entry, name="entry"),
    path("desks/<body:organization_code>/<slug:code>/", entries.desk, name="desk"),
    path("tickets/", tickets.look_up, name="tickets"),
    path("tickets/<uuid:pk>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:pk>/messages/", tickets.write, name="write"),
]


def _for(audience: str, namespace: str) -> tuple[Any, dict[str, str]]:
    pages = include((_pages, "faq"), namespace=namespace)
    return pages, {"audience": audience}


urlpatterns = [
    path("faq/staff/", *_for(Audience.STAFF, "faq_staff")),
    path("faq/", *_for(Audience.RESIDENT, "faq")),
]
