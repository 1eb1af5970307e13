"""What was filed, made or decided stays, whoever asks the database to change it."""

import json

import pytest
from django.db import ProgrammingError, connections, transaction
from django.utils import timezone

from applications.actions import open_document
from applications.models import Document
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import MUROTO

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)

OURS = Scope(organization_ids=frozenset({MUROTO}))
ROLES = {"default": "portal_app", "worker": "portal_worker", "owner": "portal_owner"}
CONTENT = {
    "kind": "notice",
    "content": json.dumps({"title": "べつの文書"}),
    "created_at": "2020-01-01T00:00:00Z",
    "application_id": "019abc4e-7d1f-7c52-8f0e-6a4d2b1c9e55",
}


@pytest.fixture
def paper():
    application = factories.application(MUROTO)
    with scoped(OURS):
        return Document.objects.get(application=application)


def change(alias, paper, column, value):
    """Change one column of the paper by SQL, as the role of that connection."""
    with scoped(OURS), transaction.atomic(using=alias):
        cursor = connections[alias].cursor()
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (ROLES[alias],)
        cursor.execute(
            f"UPDATE applications_document SET {column} = %s WHERE id = %s",
            [value, paper.pk],
        )
        assert cursor.rowcount == 1


def refused(saying):
    return pytest.raises(ProgrammingError, match=saying)


@pytest.mark.parametrize("alias", ROLES)
@pytest.mark.parametrize("column", CONTENT)
def test_what_a_paper_says_is_changed_by_no_role(alias, column, paper):
    with refused("a paper stays as it was made"):
        change(alias, paper, column, CONTENT[column])


@pytest.mark.parametrize("alias", ["default", "worker"])
@pytest.mark.parametrize("column", ["file", "sha256"])
def test_the_pdf_of_a_paper_is_added_once(alias, column, paper):
    change("worker", paper, "file", f"{MUROTO}/{paper.pk}-1.pdf")
    change("worker", paper, "sha256", "0" * 64)

    with refused("a paper stays as it was made"):
        change(alias, paper, column, "")


def test_the_worker_may_try_again_to_make_the_pdf(paper):
    change("worker", paper, "attempts", 3)
    change("worker", paper, "render_at", timezone.now())


@pytest.mark.parametrize("later", [None, "2030-01-01T00:00:00Z"])
def test_when_a_paper_was_first_opened_is_kept(paper, later):
    with scoped(OURS):
        open_document(paper, by=None)

    with refused("a paper stays as it was made"):
        change("default", paper, "first_downloaded_at", later)


@pytest.mark.parametrize("alias", ["default", "worker"])
@pytest.mark.parametrize(
    "table",
    ["application", "applicationversion", "correction", "document", "note"],
)
def test_no_role_of_the_running_portal_removes_a_case_or_a_part_of_it(alias, table):
    with (
        refused("permission denied"),
        scoped(OURS),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM applications_{table}")
