"""The scope holds through a transaction-mode pool, where clients share connections."""

import os
import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import DataError, connection, connections

from applications.models import Application
from foundation.tenancy.postgresql.base import DatabaseWrapper
from foundation.tenancy.scope import Scope, scoped
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import AKI, KOCHI, MUROTO

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
CLIENTS, ROUNDS = 6, 60

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=EVERY_ROLE),
    pytest.mark.skipif(
        PGBOUNCER is None, reason="pgbouncer is missing: apt-get install pgbouncer"
    ),
]


@pytest.fixture
def pooled(tmp_path):
    """Return the settings of the application's role behind two shared connections."""
    settings = connection.settings_dict
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = tmp_path / "pgbouncer.ini"
    config.write_text(
        "[databases]\n"
        f"pooled = host={settings['HOST']} port={settings['PORT']}"
        f" dbname={settings['NAME']} user={settings['USER']}"
        f" password={settings['PASSWORD']}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
        "ignore_startup_parameters = extra_float_digits\n"
    )
    command = [PGBOUNCER, str(config)]
    if os.geteuid() == 0:
        command[1:1] = ["-u", "nobody"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as pool:
        for line in pool.stderr:
            if "process up" in line:
                break
        at_pool = {"HOST": "127.0.0.1", "PORT": port, "NAME": "pooled"}
        # As with DATABASE_CONN_MAX_AGE=0.
        options = {**settings["OPTIONS"], "prepare_threshold": None}
        yield {**settings, **at_pool, "OPTIONS": options}
        pool.terminate()


def test_no_answer_ever_belongs_to_another_body(pooled):
    own = {code: factories.application(code).pk for code in (MUROTO, AKI, KOCHI)}

    def client(seed: int) -> list[tuple[int, set]]:
        shared = DatabaseWrapper(pooled, "default")
        connections["default"] = shared
        shared.inc_thread_sharing()
        choose = Random(seed)
        answers = []
        for _ in range(ROUNDS):
            code = choose.choice(list(own))
            with scoped(Scope(organization_ids=frozenset({code}))):
                found = set(Application.objects.values_list("pk", flat=True))
                answers.append((code, found))
            with pytest.raises(DataError, match="unset"):
                Application.objects.exists()
        shared.close()
        return answers

    with ThreadPoolExecutor(CLIENTS) as threads:
        answers = [a for batch in threads.map(client, range(CLIENTS)) for a in batch]

    assert len(answers) == CLIENTS * ROUNDS
    assert [a for a in answers if a[1] != {own[a[0]]}] == []
