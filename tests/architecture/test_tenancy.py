"""Every table of a body or a person declares its kind of policy, and has it."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

# Tables that carry a body or person and no policy, each with its reason.
EXEMPT = {
    "accounts_user": "read at sign-in, before anyone's scope is known",
}
OUR_APPS = {"accounts", "applications", "journal", "notifications", "organizations"}
OUR_APPS |= {"faq", "procedures"}


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tenant_models():
    return [model for model in apps.get_models() if hasattr(model, "tenancy")]


def test_every_table_with_a_body_or_person_declares_its_kind_or_is_exempt():
    tables = {
        table
        for (table,) in rows(
            "SELECT DISTINCT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
            " AND column_name IN ('organization_id', 'person_id')"
        )
    }
    declared = {model._meta.db_table for model in tenant_models()}

    assert tables - declared == set(EXEMPT)


@pytest.mark.parametrize("model", tenant_models(), ids=lambda m: m._meta.label)
def test_row_level_security_is_forced_with_the_declared_policy(model):
    table = model._meta.db_table
    [(enabled, forced)] = rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class"
        f" WHERE oid = '{table}'::regclass"
    )
    policies = {
        name: (reads, writes)
        for name, reads, writes in rows(
            "SELECT policyname, qual, with_check FROM pg_policies"
            f" WHERE tablename = '{table}' AND 'portal_app' = ANY (roles)"
        )
    }
    normal = _as_postgresql_writes(table, model.tenancy)

    assert (enabled, forced) == (True, True)
    assert policies == {
        "app_reads": (normal[0], None),
        "app_adds": (None, normal[1]),
        "app_changes": (normal[1], normal[1]),
        "app_removes": (normal[1], None),
    }


def _as_postgresql_writes(table, policy):
    """Return the two conditions in the words that PostgreSQL stores them in."""
    found = []
    for condition in (policy.reads, policy.writes):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE probe (LIKE {table})")
            cursor.execute(f"CREATE POLICY probe ON probe USING ({condition})")
            cursor.execute("SELECT qual FROM pg_policies WHERE tablename = 'probe'")
            found.append(cursor.fetchone()[0])
            cursor.execute("DROP TABLE probe")
    return found


@pytest.mark.parametrize("model", tenant_models(), ids=lambda m: m._meta.label)
def test_a_foreign_key_between_rows_of_bodies_carries_the_body(model):
    bound = {
        definition
        for (definition,) in rows(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            f" WHERE contype = 'f' AND conrelid = '{model._meta.db_table}'::regclass"
        )
    }
    keyed_by_body = {
        other
        for other in tenant_models()
        if "organization_id" in _primary_key(other._meta.db_table)
    }
    for field in model._meta.local_concrete_fields:
        if field.is_relation and field.related_model in keyed_by_body:
            wanted = f"FOREIGN KEY (organization_id, {field.column})"
            assert any(d.startswith(wanted) for d in bound), field


def _primary_key(table):
    [(definition,)] = rows(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        f" WHERE contype = 'p' AND conrelid = '{table}'::regclass"
    )
    return definition


def test_the_application_role_owns_nothing_and_may_not_truncate():
    assert (
        rows("SELECT relname FROM pg_class WHERE relowner = 'portal_app'::regrole")
        == []
    )
    assert not rows(
        "SELECT table_name FROM information_schema.role_table_grants"
        " WHERE grantee = 'portal_app' AND privilege_type = 'TRUNCATE'"
    )


def test_the_queues_of_the_journal_are_the_workers_alone():
    granted = rows(
        "SELECT table_name FROM information_schema.role_table_grants"
        " WHERE grantee = 'portal_app'"
        " AND table_name IN ('journal_undelivered', 'journal_unsealed')"
    )

    assert granted == []


def test_the_worker_has_rights_on_named_tables_only():
    granted = {
        table
        for (table,) in rows(
            "SELECT DISTINCT relname FROM pg_class, aclexplode(relacl) AS granted"
            " WHERE granted.grantee = 'portal_worker'::regrole AND relkind = 'r'"
        )
    }

    assert granted == {
        "applications_document",
        "applications_draft",
        "faq_alternative",
        "faq_calibration",
        "faq_cluster",
        "faq_desk",
        "faq_entry",
        "faq_evaluation",
        "faq_indexversion",
        "faq_linkcheck",
        "faq_proposal",
        "faq_question",
        "faq_reply",
        "faq_revision",
        "faq_testquestion",
        "faq_testset",
        "faq_ticket",
        "faq_vector",
        "journal_entry",
        "journal_seal",
        "journal_undelivered",
        "journal_unsealed",
        "notifications_delivery",
        "notifications_message",
        "notifications_webhook",
        "organizations_department",
        "organizations_organization",
    }
