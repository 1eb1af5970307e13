"""Make the virtual environment; the first step of every make target.

Runs on a bare Python with pip, so it imports nothing but the standard library:

    python3 kochi_portal/stack/prepare.py run|dev
"""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed.json"
# What is in a set, and which sets it contains: whoever has dev has run.
SETS = {"run": ["run"], "dev": ["run", "dev"]}


def main(wanted: str) -> None:
    """Install one set of requirements, unless that is what is installed already."""
    digests = {name: _digest(name) for name in SETS[wanted]}
    if not _works(PYTHON):
        _make_venv()
    if _installed().get(wanted) == digests[wanted]:
        return
    print(f"Installing {_requirements(wanted).name} …", flush=True)
    INSTALLED.unlink(missing_ok=True)
    _install(_requirements(wanted))
    INSTALLED.write_text(json.dumps(digests))


def _requirements(name: str) -> Path:
    return PROJECT / f"requirements-{name}.txt"


def _digest(name: str) -> str:
    return hashlib.sha256(_requirements(name).read_bytes()).hexdigest()


def _installed() -> dict[str, str]:
    return json.loads(INSTALLED.read_text()) if INSTALLED.exists() else {}


def _works(python: Path) -> bool:
    try:
        done = subprocess.run([python, "-c", "pass"], check=False)
    except OSError:
        return False
    return done.returncode == 0


def _make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian leaves ensurepip out of its Python; the caller's pip installs then.
    bare = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    _call([sys.executable, "-m", "venv", *bare, str(VENV)])


def _install(requirements: Path) -> None:
    if (VENV / "bin" / "pip").exists():
        pip = [str(PYTHON), "-m", "pip"]
    elif importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    else:
        sys.exit("pip is missing; install it with: sudo apt-get install python3-pip")
    options = ["-qq", "--no-input", "--disable-pip-version-check"]
    locked = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
    _call([*pip, "install", *options, *locked, "--requirement", str(requirements)])


def _call(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        sys.exit(
            "That failed for the reason above. When it is mended (network, disk space,"
            " PIP_INDEX_URL of your package mirror), run the same make command again."
        )


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SETS:
        sys.exit("usage: prepare.py run|dev")
    main(sys.argv[1])
