"""Every missing piece gives one clear sentence, with the command that mends it."""

import os
import socket
import subprocess

import pytest

from kochi_portal.stack import pango, prepare, state
from kochi_portal.stack.errors import PieceMissing
from kochi_portal.stack.postgres import postgres_home
from kochi_portal.stack.run import run
from kochi_portal.stack.servers import chosen_port, lasting_servers
from kochi_portal.stack.valkey import valkey_program


def test_a_port_in_use_is_named_with_the_next_one(stack):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = stack("run", PORT=str(port))
        _, said = refused.communicate(timeout=60)

    assert refused.returncode == 1
    assert said == (
        f"Port {port} is taken by another program; choose another one:"
        f" make run PORT={port + 1}\n"
    )


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "８０００", "-1"])
def test_a_port_that_is_none_is_refused(state, monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(PieceMissing, match="is no port; choose a number"):
        chosen_port()


def test_replacing_the_database_takes_every_role(state, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/portal")

    with (
        pytest.raises(PieceMissing, match="OWNER_DATABASE_URL, WORKER_DATABASE_URL"),
        lasting_servers(),
    ):
        pass


def test_servers_of_the_caller_replace_the_embedded_ones(state, monkeypatch):
    given = {
        "DATABASE_URL": "postgresql://app@db.example/portal",
        "OWNER_DATABASE_URL": "postgresql://owner@db.example/portal",
        "WORKER_DATABASE_URL": "postgresql://worker@db.example/portal",
        "BACKUP_DATABASE_URL": "postgresql://backup@db.example/portal",
        "REDIS_URL": "redis://redis.example/0",
    }
    for name, address in given.items():
        monkeypatch.setenv(name, address)

    with lasting_servers() as environment:
        assert given.items() <= environment.items()
    assert not (state / "postgres").exists()
    assert not (state / "valkey").exists()


def test_postgres_binaries_that_are_not_there_are_named(state, monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_PG_HOME", str(tmp_path))

    with pytest.raises(PieceMissing, match=r"holds no bin/initdb; point it at"):
        postgres_home(state)


def test_another_version_of_postgres_is_refused(state, monkeypatch):
    programs = state / "old" / "bin"
    programs.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.18'\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PORTAL_PG_HOME", str(programs.parent))

    with pytest.raises(PieceMissing, match=r"15\.18, but the portal needs PostgreSQL"):
        postgres_home(state)


def test_data_of_another_version_of_postgres_is_left_alone(state):
    with lasting_servers():
        pass
    version = state / "postgres/data/PG_VERSION"
    version.write_text("17\n")

    with (
        pytest.raises(PieceMissing, match="made by PostgreSQL 17, not 18"),
        lasting_servers(),
    ):
        pass


def test_a_redis_that_cannot_run_is_named(state, monkeypatch):
    monkeypatch.setenv("PORTAL_REDIS_BIN", "/nowhere/valkey-server")

    with pytest.raises(PieceMissing, match="cannot be run; point it at"):
        valkey_program()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL itself")
def test_root_is_told_of_a_folder_that_the_database_server_cannot_enter(
    state, monkeypatch, tmp_path
):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("PORTAL_STATE_DIR", str(tmp_path / "state"))

    with pytest.raises(PieceMissing, match=r"cannot enter .*; choose another folder"):
        run()


def test_without_pango_the_portal_goes_on_and_names_the_packages(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(pango, "LIBRARIES", ("libnowhere.so.1",))
    monkeypatch.setattr(pango.shutil, "which", lambda _: None)

    assert pango.pango_environment(tmp_path) == {}
    assert "sudo apt-get install --yes" in capsys.readouterr().err


def test_an_ordinary_user_unpacks_pango_into_the_state_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(pango, "LIBRARIES", ("libnowhere.so.1",))
    monkeypatch.setattr(pango.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(pango.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(pango, "_apt", _apt_with_one_package)

    environment = pango.pango_environment(tmp_path)

    (unpacked,) = tmp_path.glob("pango/usr/lib/*/libpango-1.0.so.0")
    assert environment["LD_LIBRARY_PATH"] == str(unpacked.parent)


def _apt_with_one_package(command, *_, cwd=None):
    """Play apt-get: one package is missing, and this is it."""
    if command == "--simulate":
        return "Inst libpango-1.0-0 (1.50 Debian:12 [amd64])\nConf libpango-1.0-0\n"
    tree = state.Path(cwd) / "tree"
    libraries = tree / "usr/lib" / pango.sysconfig.get_config_var("MULTIARCH")
    (tree / "DEBIAN").mkdir(parents=True, mode=0o755)
    (tree / "DEBIAN/control").write_text(
        "Package: libpango-1.0-0\nVersion: 1\nArchitecture: all\n"
        "Maintainer: a <a@b.c>\nDescription: none\n"
    )
    libraries.mkdir(parents=True)
    (libraries / "libpango-1.0.so.0").touch()
    subprocess.run(
        ["/usr/bin/dpkg-deb", "--build", tree, cwd], check=True, capture_output=True
    )
    return ""


def test_requirements_are_installed_once_for_each_of_their_versions(
    tmp_path, monkeypatch
):
    installed = []
    monkeypatch.setattr(prepare, "PROJECT", tmp_path)
    monkeypatch.setattr(prepare, "INSTALLED", tmp_path / "installed.json")
    monkeypatch.setattr(prepare, "_works", lambda _: True)
    monkeypatch.setattr(prepare, "_install", installed.append)
    for name in ("run", "dev"):
        (tmp_path / f"requirements-{name}.txt").write_text(name)

    for wanted in ("dev", "dev", "run"):  # whoever has dev has run
        prepare.main(wanted)
    assert [path.name for path in installed] == ["requirements-dev.txt"]

    (tmp_path / "requirements-run.txt").write_text("newer")
    prepare.main("run")
    assert installed[-1].name == "requirements-run.txt"
