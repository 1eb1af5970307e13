"""The API: one router over the doors of all apps."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from applications.api import ApplicationViewSet, CaseViewSet, FormView, SchemaView
from faq.api import DeskViewSet, EntryViewSet, QuestionViewSet
from organizations.api import OrganizationViewSet
from portal.api import OpenApiView
from portal.views import api_docs
from procedures.api import OfferingViewSet, ProcedureViewSet

router = SimpleRouter(use_regex_path=False)
router.register("organizations", OrganizationViewSet, "api-organization")
router.register("procedures", ProcedureViewSet, "api-procedure")
router.register("offerings", OfferingViewSet, "api-offering")
router.register("applications", ApplicationViewSet, "api-application")
router.register("cases", CaseViewSet, "api-case")
router.register("faq/entries", EntryViewSet, "api-faq-entry")
router.register("faq/desks", DeskViewSet, "api-faq-desk")
router.register("faq/questions", QuestionViewSet, "api-faq-question")

urlpatterns = [
    path("schema/", OpenApiView.as_view(), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
    path("", include(router.urls)),
    path("offerings/<uuid:pk>/form/", FormView.as_view(), name="api-offering-form"),
    path(
        "offerings/<uuid:pk>/schema/", SchemaView.as_view(), name="api-offering-schema"
    ),
]
