"""Back up the database and the papers as one set, and prove a set by restoring it.

The dump, the row counts and the journal's head come from one snapshot, so a restored
copy must show exactly the same.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DUMP, PAPERS, MANIFEST = "portal.dump", "documents.tar", "manifest.json"


class BackupFailed(Exception):
    """A program it needs is missing or failed; `str()` says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows of each table, the journal's head, digests of files."""

    counts: dict[str, int]
    journal_head: str
    sha256: dict[str, str]


def back_up(url: str, documents: Path, target: Path) -> Manifest:
    """Write dump, papers and manifest into the new folder `target`.

    Args:
        url: The database as `portal_backup`, who reads every row and writes none.
        documents: Folder of the papers.
        target: Folder to make; it must not exist.

    Raises:
        BackupFailed: `target` exists, or `pg_dump` is missing or failed.
    """
    if target.exists():
        message = f"{target} exists; name a new folder."
        raise BackupFailed(message)
    target.mkdir(parents=True, mode=0o700)
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        counts, head = _counts(connection), _head(connection)
        _run(
            "pg_dump",
            "--format=custom",
            "--schema=public",
            f"--snapshot={snapshot}",
            f"--file={target / DUMP}",
            url=url,
        )
    with tarfile.open(target / PAPERS, "w") as archive:
        if documents.exists():
            archive.add(documents, arcname=".")
    digests = {name: _sha256(target / name) for name in (DUMP, PAPERS)}
    manifest = Manifest(counts, head, digests)
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    (target / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def restore(source: Path, url: str, documents: Path) -> Manifest:
    """Restore the set in `source` into an empty database and an empty folder.

    Args:
        source: Folder that `back_up` wrote.
        url: An empty database, as the owner, made ready by `bootstrap.sql`.
        documents: Where the papers go.

    Raises:
        BackupFailed: the set is damaged, the database is not empty, or what was
            restored is not what was backed up.
    """
    stored = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    manifest = Manifest(**stored)
    for name, digest in manifest.sha256.items():
        if _sha256(source / name) != digest:
            message = f"{source / name} is damaged: its SHA-256 is not the manifest's."
            raise BackupFailed(message)
    with psycopg.connect(url) as connection:
        if _counts(connection):
            message = "The database holds tables; restore into an empty one."
            raise BackupFailed(message)
    _run(
        "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "--schema=public",
        f"--dbname={_without_password(url)}",
        str(source / DUMP),
        url=url,
    )
    documents.mkdir(parents=True, exist_ok=True)
    with tarfile.open(source / PAPERS) as archive:
        # Debian 12's Python 3.11.2 has no filters yet; the digest was compared above.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(documents)  # noqa: S202
    with psycopg.connect(url) as connection:
        restored = Manifest(_counts(connection), _head(connection), manifest.sha256)
    if restored != manifest:
        message = "What was restored differs from what was backed up."
        raise BackupFailed(message)
    return restored


def _counts(connection: psycopg.Connection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
    ).fetchall()
    return {
        name: connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        ).fetchone()[0]  # type: ignore[index]  # count(*) always has its row
        for (name,) in tables
    }


def _head(connection: psycopg.Connection) -> str:
    return str(
        _one(
            connection,
            "SELECT coalesce((SELECT encode(digest, 'hex') FROM journal_seal"
            " ORDER BY position DESC LIMIT 1), '')",
        )
    )


def _one(connection: psycopg.Connection, query: LiteralString) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _run(program: str, *arguments: str, url: str) -> None:
    """Run one of PostgreSQL's programs; its password goes by the environment."""
    found = _find(program)
    environment = {**os.environ, "PGPASSWORD": urlsplit(url).password or ""}
    place = () if program == "pg_restore" else (f"--dbname={_without_password(url)}",)
    done = subprocess.run(  # noqa: S603 - a program we found ourselves
        [found, *place, *arguments],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        message = f"{program} failed: {done.stderr.strip()}"
        raise BackupFailed(message)


def _find(program: str) -> str:
    home = os.environ.get("PORTAL_PG_HOME")
    found = shutil.which(program, path=f"{home}/bin") if home else None
    found = found or shutil.which(program)
    if found is None:
        message = f"{program} is missing: apt-get install postgresql-client-18"
        raise BackupFailed(message)
    return found


def _without_password(url: str) -> str:
    """Return `url` fit for a command line, which anyone on the machine can read."""
    parts = urlsplit(url)
    host = f"{parts.username}@{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(("postgresql", host, parts.path, parts.query, ""))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
