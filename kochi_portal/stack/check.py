"""Everything that reads the code without running it."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from kochi_portal.stack.servers import throwaway_servers
from kochi_portal.stack.state import PROJECT

BIN = Path(sys.executable).parent
# What `check --deploy` wants to see is what production sets.
PRODUCTION = {
    "DEBUG": "0",
    "BASE_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
    "EMAIL_URL": "smtp://localhost:25",
}
MANAGE = (sys.executable, "manage.py")
CHECKS: Mapping[str, Sequence[str | Path]] = {
    "mypy": (BIN / "mypy", "."),  # the slowest first
    "lint-imports": (BIN / "lint-imports", "--no-logo"),
    "ruff": (BIN / "ruff", "check", "--output-format=concise", "."),
    "ruff format": (BIN / "ruff", "format", "--check", "--output-format=concise", "."),
    "djlint": (BIN / "djlint", "templates", "--lint", "--quiet"),
    "makemigrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "deploy": (*MANAGE, "check", "--deploy", "--fail-level=WARNING"),
    "compose": (
        *(BIN / "docker-compose", "--file=docker-compose.yml"),
        *("config", "--quiet"),
    ),
    "hadolint": (BIN / "hadolint", "Dockerfile"),
    "caddy": (BIN / "caddy", "validate", "--config=Caddyfile"),
    "detect-secrets": (
        *("/bin/sh", "-c", 'git ls-files -z | xargs -0 "$0" "$@"'),
        *(BIN / "detect-secrets-hook", "--exclude-files", r"^requirements.*\.txt$"),
    ),
}


class Finding(NamedTuple):
    """What one check said, and whether it was content."""

    name: str
    is_content: bool
    said: str
    seconds: float


def check(names: Sequence[str]) -> int:
    """Run all checks, or those named, and show what the discontented ones said."""
    with (
        throwaway_servers() as environment,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        production = environment | PRODUCTION
        findings = pool.map(lambda name: _check(name, production), names or CHECKS)
        contents = [_report(finding) for finding in findings]
    return int(not all(contents))


def _check(name: str, environment: Mapping[str, str]) -> Finding:
    begun = time.monotonic()
    done = subprocess.run(
        CHECKS[name],
        env=environment,
        cwd=PROJECT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Finding(name, not done.returncode, done.stdout, time.monotonic() - begun)


def _report(finding: Finding) -> bool:
    if not finding.is_content:
        print(finding.said)
    verdict = "ok    " if finding.is_content else "FAILED"
    print(f"{verdict} {finding.name} ({finding.seconds:.1f} s)", flush=True)
    return finding.is_content
