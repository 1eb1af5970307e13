"""A backup is worth what its restoration shows."""

import json
import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from journal.actions import seal_committed
from kochi_portal.backup import MANIFEST, BackupFailed, back_up, restore
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, MUROTO

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)


def url_of(role_url, name):
    return urlunsplit(urlsplit(role_url)._replace(path=f"/{name}", scheme="postgresql"))


def owner_url(name):
    owner = connections["owner"].settings_dict
    return (
        f"postgresql://{owner['USER']}:{owner['PASSWORD']}"
        f"@{owner['HOST']}:{owner['PORT']}/{name}"
    )


@pytest.fixture
def backup_url():
    name = connections["owner"].settings_dict["NAME"]
    return url_of(settings.BACKUP_DATABASE_URL, name)


@pytest.fixture
def scratch():
    """Return the name of an empty database, made by the owner, gone afterwards."""
    name = f"{connections['owner'].settings_dict['NAME']}_restored"
    with psycopg.connect(owner_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield name
    with psycopg.connect(owner_url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_restored_copy_has_the_same_rows_head_and_papers(
    tmp_path, backup_url, scratch
):
    factories.application(MUROTO)
    factories.application(AKI)
    seal_committed()
    papers = tmp_path / "papers"
    (papers / "392022").mkdir(parents=True)
    (papers / "392022" / "paper.pdf").write_bytes(b"%PDF-sample")

    made = back_up(backup_url, papers, tmp_path / "set")
    restored = restore(tmp_path / "set", owner_url(scratch), tmp_path / "back")

    assert made.counts["applications_application"] == 2
    assert made.journal_head
    assert restored == made
    assert (tmp_path / "back/392022/paper.pdf").read_bytes() == b"%PDF-sample"


def test_row_level_security_stands_in_the_restored_copy(tmp_path, backup_url, scratch):
    factories.application(MUROTO)
    back_up(backup_url, tmp_path / "none", tmp_path / "set")
    restore(tmp_path / "set", owner_url(scratch), tmp_path / "back")

    app = url_of(os.environ["DATABASE_URL"], scratch)
    with psycopg.connect(app) as connection:
        connection.execute(
            "SELECT set_config('app.organization_ids', '{392031}', true)"
        )
        connection.execute("SELECT set_config('app.person_ids', '{}', true)")
        found = connection.execute("SELECT count(*) FROM applications_application")
        assert found.fetchone() == (0,)


def test_a_damaged_set_is_refused(tmp_path, backup_url, scratch):
    back_up(backup_url, tmp_path / "none", tmp_path / "set")
    with (tmp_path / "set" / "portal.dump").open("ab") as dump:
        dump.write(b"x")

    with pytest.raises(BackupFailed, match="damaged"):
        restore(tmp_path / "set", owner_url(scratch), tmp_path / "back")


def test_a_set_that_lost_rows_is_noticed(tmp_path, backup_url, scratch):
    factories.application(MUROTO)
    back_up(backup_url, tmp_path / "none", tmp_path / "set")
    manifest = tmp_path / "set" / MANIFEST
    stored = json.loads(manifest.read_text())
    stored["counts"]["applications_application"] += 1
    manifest.write_text(json.dumps(stored))

    with pytest.raises(BackupFailed, match="differs"):
        restore(tmp_path / "set", owner_url(scratch), tmp_path / "back")


def test_a_set_is_never_restored_over_tables(tmp_path, backup_url):
    back_up(backup_url, tmp_path / "none", tmp_path / "set")
    here = connections["owner"].settings_dict["NAME"]

    with pytest.raises(BackupFailed, match="empty"):
        restore(tmp_path / "set", owner_url(here), tmp_path / "back")
