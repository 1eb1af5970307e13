"""What each role may do, in a database that the owner made: a copy of template1."""

import psycopg
import pytest
from psycopg.errors import (
    InsufficientPrivilege,
    InvalidTextRepresentation,
    ReadOnlySqlTransaction,
)


@pytest.fixture(scope="module")
def connect(servers):
    """Connect as a role to a database that the owner has just made."""

    def connect(role):
        name = {"app": "DATABASE_URL"}.get(role, f"{role.upper()}_DATABASE_URL")
        address = servers[name].removesuffix("/portal") + "/scratch"
        return psycopg.connect(address, autocommit=True)

    with psycopg.connect(servers["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE DATABASE scratch")
    with connect("owner") as owner:
        owner.execute(
            "CREATE TABLE filing (id int GENERATED ALWAYS AS IDENTITY, body int)"
        )
    return connect


def test_the_app_reads_and_writes_what_the_owner_makes(connect):
    with connect("app") as app:
        app.execute("INSERT INTO filing (body) VALUES (392022)")
        app.execute("UPDATE filing SET body = 392031")
        assert app.execute("DELETE FROM filing RETURNING body").fetchall()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("app", "TRUNCATE filing"),
        ("app", "ALTER TABLE filing ADD note text"),
        ("app", "CREATE TABLE own (id int)"),
        ("app", "CREATE TABLE rows.own (id int)"),
        ("app", "CREATE SCHEMA own"),
        ("app", "CREATE DATABASE own"),
        ("app", "SET ROLE portal_owner"),
        ("worker", "SELECT * FROM filing"),
        ("worker", "CREATE TABLE own (id int)"),
        ("backup", "INSERT INTO filing (body) VALUES (1)"),
        ("owner", "CREATE ROLE own"),
        ("owner", "SET ROLE portal_app"),
    ],
)
def test_no_role_may_do_more_than_its_work(connect, role, statement):
    with (
        connect(role) as connection,
        pytest.raises((InsufficientPrivilege, ReadOnlySqlTransaction)),
    ):
        connection.execute(statement)


def test_a_backup_cannot_write_even_if_it_allows_itself_to(connect):
    with connect("backup") as backup:
        backup.execute("SET default_transaction_read_only = off")
        with pytest.raises(InsufficientPrivilege):
            backup.execute("DELETE FROM filing")


@pytest.mark.parametrize("scope", ["app.organization_ids", "app.person_ids"])
def test_a_scope_that_nobody_set_is_no_number(connect, scope):
    with connect("app") as app, pytest.raises(InvalidTextRepresentation):
        app.execute("SELECT current_setting(%s)::bigint", [scope])


@pytest.mark.parametrize(
    ("role", "bypasses"),
    [("app", False), ("owner", False), ("worker", False), ("backup", True)],
)
def test_only_the_backup_sees_past_row_level_security(connect, role, bypasses):
    with connect(role) as connection:
        assert connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (False, bypasses)


def test_search_has_trigrams_of_japanese_text(connect):
    with connect("app") as app:
        trigrams = app.execute("SELECT show_trgm('水道使用開始届')").fetchone()

    assert trigrams != ([],)


def test_bootstrap_gives_the_same_again(servers):
    with psycopg.connect(servers["OWNER_DATABASE_URL"]) as owner:
        defaults = owner.execute("SELECT count(*) FROM pg_default_acl").fetchone()

    assert defaults == (3,)
