from django.urls import include, path

from applications.views import (
    cases,
    documents,
    inquiry,
    mine,
    questions,
    review,
    start,
)

app_name = "applications"

# The cookie that opens one filing is sent to addresses below its own, and no others.
_of_one_filing = [
    path("", cases.case, name="case"),
    path("questions/<slug:slug>/", questions.question, name="question"),
    path("check/", review.check, name="check"),
    path("complete/", cases.complete, name="complete"),
    path("correct/", cases.correct, name="correct"),
    path("withdraw/", cases.withdraw, name="withdraw"),
    path("discard/", questions.discard, name="discard"),
    path("leave/", cases.leave, name="leave"),
    path("documents/<uuid:document_id>/", documents.document, name="document"),
    path("documents/<uuid:document_id>/pdf/", documents.download, name="download"),
]
urlpatterns = [
    path("procedures/<slug:code>/<int:organization_code>/", start.start, name="start"),
    path("applications/<uuid:pk>/", include(_of_one_filing)),
    path("inquiry/", inquiry.inquiry, name="inquiry"),
    path("my/", mine.mine, name="mine"),
]
