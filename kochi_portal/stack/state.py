"""The state folder: everything a running stack keeps, and who may use it when."""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kochi_portal.stack.errors import PieceMissing

PROJECT = Path(__file__).resolve().parents[2]
SERVER_USER = "nobody"  # PostgreSQL refuses to run as root
SECRETS = (
    "SECRET_KEY",
    "INQUIRY_KEYS",
    "REDIS_PASSWORD",
    "PORTAL_SUPERUSER_PASSWORD",
    "PORTAL_OWNER_PASSWORD",
    "PORTAL_APP_PASSWORD",
    "PORTAL_WORKER_PASSWORD",
    "PORTAL_LOADER_PASSWORD",
    "PORTAL_BACKUP_PASSWORD",
)


def state_folder() -> Path:
    """Find the folder the stack keeps its data in, and make it.

    Raises:
        PieceMissing: the user that PostgreSQL must run as cannot enter it.
    """
    given = os.environ.get("PORTAL_STATE_DIR")
    folder = Path(given or PROJECT / ".state").absolute()
    if not server_user_reaches(_nearest_existing(folder)):
        if given:
            sentence = (
                f"As root, PostgreSQL runs as the user {SERVER_USER}, who cannot enter"
                f" {folder}; choose another folder: make run PORTAL_STATE_DIR=/var/lib/"
                "kochi-portal"
            )
            raise PieceMissing(sentence)
        # A clone under /root: its folders are the caller's, so never chmod them.
        digest = hashlib.sha256(os.fsencode(PROJECT)).hexdigest()[:8]
        folder = Path(f"/var/lib/kochi-portal-{digest}")
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    return folder


@contextmanager
def throwaway_folder() -> Iterator[Path]:
    """Lend an empty state folder, and remove it with all it holds."""
    with tempfile.TemporaryDirectory(
        prefix="kochi-portal-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def private_folder(folder: Path, name: str) -> Path:
    """Make a folder inside the state folder that only its user can read."""
    private = folder / name
    private.mkdir(mode=0o700, exist_ok=True)
    return private


def server_user_reaches(path: Path) -> bool:
    """Tell whether the user that PostgreSQL runs as can read or enter `path`."""
    mode = "-x" if path.is_dir() else "-r"
    tested = subprocess.run(
        ["/bin/sh", "-c", f'test {mode} "$0"', path],
        check=False,
        cwd="/",
        **as_server_user(),
    )
    return tested.returncode == 0


def as_server_user() -> dict[str, Any]:
    """Return what `subprocess` needs to leave root behind; nothing for other users."""
    if os.geteuid():
        return {}
    try:
        account = pwd.getpwnam(SERVER_USER)
    except KeyError:
        sentence = (
            f"There is no user {SERVER_USER} for PostgreSQL to run as; make one with:"
            f" useradd --system {SERVER_USER}, or run as an ordinary user."
        )
        raise PieceMissing(sentence) from None
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def stored_secrets(folder: Path) -> dict[str, str]:
    """Read the secrets of this state folder; make those that are not there yet."""
    path = folder / "secrets.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in SECRETS if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(48) for name in missing}
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(known, indent=1))
        fresh.replace(path)
    return known


@contextmanager
def only_one(folder: Path, name: str, refusal: str) -> Iterator[None]:
    """Hold the lock `name` of this folder.

    Raises:
        PieceMissing: another process holds it; says `refusal`.
    """
    with _lock_file(folder, name) as lock:
        if not _lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
            raise PieceMissing(refusal)
        yield


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Wait until no other process starts or stops the servers of this folder."""
    with _lock_file(folder, "turn") as lock:
        _lock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def as_a_user(folder: Path) -> Iterator[IO[str]]:
    """Count as a user of this folder's servers; see `nobody_else`."""
    with _lock_file(folder, "users") as lock:
        _lock(lock, fcntl.LOCK_SH)
        yield lock


def nobody_else(users: IO[str]) -> bool:
    """Tell whether this process is the last user of the servers."""
    return _lock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _lock_file(folder: Path, name: str) -> Iterator[IO[str]]:
    with (folder / f"{name}.lock").open("a+") as file:
        yield file


def _lock(file: IO[str], operation: int) -> bool:
    # Record locks, not flock: children that honcho forks must not inherit them, or a
    # killed stack would look alive as long as one of its children is.
    try:
        fcntl.lockf(file, operation)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _nearest_existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def remove_folder(folder: Path) -> None:
    """Remove a half-made folder; nothing if it is not there."""
    shutil.rmtree(folder, ignore_errors=True)
