"""Real PostgreSQL as the unprivileged role, real Valkey, no network."""

import os
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis_settings

# A busy machine makes nothing wrong.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

EVERY_ROLE = ["default", "owner", "worker"]
# Reference data, loaded once for each test database.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}
_KEPT |= {"organizations_organization"}


@pytest.fixture(scope="session")
def django_db_setup(
    request,
    django_test_environment,
    django_db_blocker,
    django_db_modify_db_settings,
):
    """Create the test database as its owner, and load the 35 bodies into it.

    Stands in for pytest-django's, which sets up only the aliases that tests name: the
    application's alone would then be the development database.
    """
    verbosity = request.config.option.verbose
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity, interactive=False, aliases=EVERY_ROLE, serialized_aliases=[]
        )
        call_command("load_organizations", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles"
                " WHERE rolname = current_user"
            )
            assert cursor.fetchone() == ("portal_app", False, False)
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone()[0].startswith("test_")
    yield
    with django_db_blocker.unblock():
        for alias in EVERY_ROLE:
            connections[alias].close()
        teardown_databases(made, verbosity)


def pytest_configure():
    """Give each worker a database of Valkey, for emptying one empties it all.

    And hash passwords quickly: a slow hash protects nobody here.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    address = urlsplit(settings.REDIS_URL)
    number = 1 + int(worker.removeprefix("gw"))
    settings.CACHES["default"]["LOCATION"] = address._replace(
        path=f"/{number}"
    ).geturl()


@pytest.fixture(scope="session", autouse=True)
def _static_files_where_they_lie(tmp_path_factory):
    """Show pages before anybody has collected the static files."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    root = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=storages, STATIC_ROOT=root):
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request):
    """Rate limits of one test must not reach the next."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        cache.clear()


def _empty_every_table(self) -> None:
    """Truncate what a committing test wrote; as the owner, past the journal's trigger.

    Stands in for Django's flush, which the append-only journal refuses.
    """
    owner = connections["owner"]
    with owner.cursor() as cursor:
        tables = set(owner.introspection.table_names(cursor)) - _KEPT
        guarded = ("journal_entry", "journal_seal")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_truncate")
        cursor.execute(f"TRUNCATE {', '.join(sorted(tables))}")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only_truncate")


TransactionTestCase._fixture_teardown = _empty_every_table  # type: ignore[attr-defined]
