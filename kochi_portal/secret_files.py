"""Write the files that docker-compose.yml reads its secrets from.

    python3 kochi_portal/secret_files.py

Needs nothing but Python. Files that are there are left alone; to change a password,
remove its file and those of the addresses that contain it, run this again, and run
bootstrap.sh in the database container.
"""

import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "secrets"
ROLES = ("owner", "app", "worker", "loader", "backup")
GENERATED = (
    "secret_key",
    "inquiry_keys",
    "metrics_token",
    "postgres_password",
    "valkey_password",
    *(f"{role}_password" for role in ROLES),
)
DERIVED = {
    "database_url": "postgresql://portal_app:{app_password}@postgres:5432/portal",
    **{
        f"{role}_database_url": (
            f"postgresql://portal_{role}:{{{role}_password}}@postgres:5432/portal"
        )
        for role in ("owner", "worker", "backup")
    },
    "redis_url": "redis://:{valkey_password}@valkey:6379/0",
    "valkey.conf": "requirepass {valkey_password}\n",
    "email_url": "smtp://mail.invalid:25",
}


def write_secret_files(folder: Path) -> list[str]:
    """Write the files that are missing, and return their names."""
    folder.mkdir(mode=0o700, exist_ok=True)
    written: list[str] = []
    texts = {}
    for name in GENERATED:
        texts[name] = _write_once(folder / name, secrets.token_urlsafe(48), written)
    for name, pattern in DERIVED.items():
        _write_once(folder / name, pattern.format_map(texts), written)
    return written


def _write_once(path: Path, text: str, written: list[str]) -> str:
    if not path.exists():
        path.write_text(text)
        # Readable in the container, whoever it runs as; the folder keeps others out.
        path.chmod(0o644)
        written.append(path.name)
    return path.read_text()


if __name__ == "__main__":
    names = write_secret_files(FOLDER)
    sys.stdout.write(f"Written to {FOLDER}: {', '.join(names) or 'nothing new'}\n")
    if "email_url" in names:
        sys.stdout.write(
            f"Now write your mail server into {FOLDER / 'email_url'}, for example"
            " smtp+tls://mail.example:587\n"
        )
