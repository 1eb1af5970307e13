import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from journal import actions
from journal.actions import export_head, seal_committed
from journal.errors import ChainBroken
from journal.models import Entry, Seal, Unsealed
from journal.queries import GENESIS, digest_of, exported_heads, head, verify
from journal.tasks import export_head as nightly_export
from tests.conftest import EVERY_ROLE
from tests.journal.happenings import happen

pytestmark = pytest.mark.django_db(transaction=True, databases=EVERY_ROLE)


@pytest.fixture
def heads(settings, tmp_path):
    """Keep the exported heads in a file of the test's own."""
    settings.JOURNAL_HEAD_FILE = tmp_path / "elsewhere" / "heads.jsonl"
    return settings.JOURNAL_HEAD_FILE


@contextmanager
def as_a_forger():
    """Do what only the owner of the tables can, who disables the triggers first."""
    tables = ("journal_entry", "journal_seal")
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield cursor.execute
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def sealed(count=5):
    entries = happen(*map(str, range(count)))
    assert seal_committed() == count
    return entries


def test_what_was_sealed_and_left_alone_is_found_whole():
    sealed(5)
    happen("not sealed yet")
    found = verify(batch=2)

    assert (found.position, found.unsealed) == (5, 1)
    assert found == head()


def test_each_link_holds_the_one_before():
    entries = sealed(3)
    digest = GENESIS
    for link in Seal.objects.using("worker").order_by("position"):
        entry = Entry.objects.using("worker").get(pk=entries[link.position - 1].pk)
        digest = digest_of(entry, digest)
        assert bytes(link.digest) == digest


@pytest.mark.parametrize(
    "change",
    [
        "name = 'applications.approved'",
        "actor_id = '1'",
        "organization_id = 392031",
        'payload = \'{"what": "else"}\'',
        "recorded_at = recorded_at - interval '1 microsecond'",
        "request_id = 'other'",
        "subject_id = id",
    ],
)
def test_a_changed_entry_is_named(change):
    entries = sealed()
    with as_a_forger() as execute:
        execute(f"UPDATE journal_entry SET {change} WHERE id = %s", [entries[2].pk])

    with pytest.raises(ChainBroken, match=f"書き換え.*3 番.*{entries[2].pk}"):
        verify()


def test_the_first_of_several_changes_is_named():
    entries = sealed()
    with as_a_forger() as execute:
        for entry in (entries[4], entries[1]):
            execute("UPDATE journal_entry SET name = 'x' WHERE id = %s", [entry.pk])

    with pytest.raises(ChainBroken, match=str(entries[1].pk)):
        verify()


def test_a_removed_entry_is_named():
    entries = sealed()
    with as_a_forger() as execute:
        execute("DELETE FROM journal_entry WHERE id = %s", [entries[1].pk])

    with pytest.raises(ChainBroken, match=f"失われて.*2 番.*{entries[1].pk}"):
        verify()


def test_an_entry_removed_with_its_link_is_noticed():
    entries = sealed()
    with as_a_forger() as execute:
        execute("DELETE FROM journal_entry WHERE id = %s", [entries[1].pk])
        execute("DELETE FROM journal_seal WHERE position = 2")

    with pytest.raises(ChainBroken, match="封印 2 番が失われて"):
        verify()


def test_an_entry_slipped_in_beside_the_queues_is_named():
    entries = sealed()
    with as_a_forger() as execute:
        execute(
            "INSERT INTO journal_entry SELECT gen_random_uuid(), organization_id,"
            " name, subject_id, actor_kind, actor_id, payload, request_id, recorded_at"
            " FROM journal_entry WHERE id = %s",
            [entries[0].pk],
        )
    known = {entry.pk for entry in entries}
    [slipped_in] = Entry.objects.using("worker").exclude(pk__in=known)

    with pytest.raises(ChainBroken, match=f"差し込まれた.*{slipped_in.pk}"):
        verify()


def test_an_entry_removed_before_it_was_sealed_is_named_and_does_not_stop_the_seals():
    removed, _ = happen("removed", "other")
    with as_a_forger() as execute:
        execute("DELETE FROM journal_entry WHERE id = %s", [removed.pk])

    assert seal_committed() == 1
    with pytest.raises(ChainBroken, match=f"封印を待つ間に消された.*{removed.pk}"):
        verify()


def test_a_chain_that_was_rewritten_whole_differs_from_the_head_carried_away(heads):
    entries = sealed()
    export_head(heads)
    with as_a_forger() as execute:
        execute("UPDATE journal_entry SET name = 'x' WHERE id = %s", [entries[2].pk])
        execute("DELETE FROM journal_seal")
        execute(
            "INSERT INTO journal_unsealed (entry_id) SELECT id FROM journal_entry"
            " ORDER BY id"
        )
    assert seal_committed() == 5

    assert verify().position == 5  # whole in itself,
    with pytest.raises(ChainBroken, match=r"書き出した封印と一致しません.*5 番"):
        verify(exported_heads(heads))  # but not what it was


def test_a_chain_that_was_cut_short_differs_from_the_head_carried_away(heads):
    sealed()
    export_head(heads)
    with as_a_forger() as execute:
        execute(
            "DELETE FROM journal_entry WHERE id IN"
            " (SELECT entry_id FROM journal_seal WHERE position > 3)"
        )
        execute("DELETE FROM journal_seal WHERE position > 3")

    assert verify().position == 3
    with pytest.raises(ChainBroken, match="封印 5 番以降が失われて"):
        verify(exported_heads(heads))


def test_sealers_at_once_make_one_chain():
    happen(*map(str, range(60)))

    def work(_):
        try:
            return seal_committed(batch=7)
        finally:
            connections.close_all()

    done = 0
    while Unsealed.objects.using("worker").exists():
        with ThreadPoolExecutor(4) as pool:
            done += sum(pool.map(work, range(4)))

    assert done == 60
    assert verify().position == 60


def test_a_second_sealer_leaves_at_once():
    happen()
    with transaction.atomic(using="owner"):
        connections["owner"].cursor().execute(
            "SELECT pg_advisory_xact_lock(%s)", [actions._SEALING_LOCK]
        )
        assert seal_committed() == 0

    assert seal_committed() == 1


def test_an_entry_that_commits_late_is_sealed_later():
    with transaction.atomic(using="owner"):
        connections["owner"].cursor().execute(
            "INSERT INTO journal_entry VALUES (gen_random_uuid(), 392022, 'late',"
            " gen_random_uuid(), 'nobody', '', '{}', '', now())"
        )
        happen("committed first")
        assert seal_committed() == 1
    assert seal_committed() == 1

    assert verify().position == 2


def test_the_command_prints_the_head_and_exits_with_0(heads):
    sealed(3)
    happen()
    out = StringIO()
    call_command("verify_journal", stdout=out)

    assert "封印 3 番まで" in out.getvalue()
    assert "未封印 1 件" in out.getvalue()
    assert head().digest in out.getvalue()


def test_the_command_names_the_entry_and_exits_with_1(heads):
    entries = sealed(3)
    call_command("export_journal_head", stdout=StringIO())
    with as_a_forger() as execute:
        execute("UPDATE journal_entry SET name = 'x' WHERE id = %s", [entries[0].pk])

    with pytest.raises(CommandError, match=str(entries[0].pk)) as stopped:
        call_command("verify_journal")
    assert stopped.value.returncode == 1


def test_the_head_is_appended_day_by_day(heads):
    nightly_export()
    sealed(2)
    nightly_export()
    lines = [json.loads(line) for line in heads.read_text().splitlines()]

    assert [line["position"] for line in lines] == [0, 2]
    assert lines[1] == {
        "date": lines[1]["date"],
        "position": 2,
        "digest": head().digest,
    }
    assert exported_heads(heads) == {2: head().digest}
    assert verify(exported_heads(heads)).position == 2


def test_an_empty_journal_is_whole(heads):
    assert verify(exported_heads(heads)).position == 0
