"""Nobody else on the machine learns a secret of the stack."""

import os
import stat
from pathlib import Path

import pytest

from tests.stack.conftest import processes_of


@pytest.fixture
def folder(servers):
    return Path(servers["PORTAL_STATE_DIR"])


@pytest.mark.parametrize(
    "name", ["secrets.json", "mail", "documents", "valkey", "postgres"]
)
def test_what_holds_data_or_secrets_is_its_users_alone(folder, name):
    assert stat.S_IMODE((folder / name).stat().st_mode) & 0o077 == 0


def test_no_command_line_shows_a_secret(folder, servers):
    lines = [" ".join(process.cmdline()) for process in processes_of(folder)]
    secret = servers["REDIS_URL"].split(":")[2].split("@")[0]

    assert lines
    assert not any(secret in line for line in lines)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_as_root_the_database_server_runs_as_nobody(folder):
    servers = [p for p in processes_of(folder) if p.name() == "postgres"]

    assert {server.username() for server in servers} == {"nobody"}
