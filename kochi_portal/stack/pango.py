"""The text layout libraries that PDFs need; everything else works without them."""

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from kochi_portal.stack.state import remove_folder

LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
# Debian's pango does not pull in the last one, without which a PDF takes seconds.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
INSTALL = ("install", "--yes", "--no-install-recommends", *PACKAGES)


def pango_environment(folder: Path) -> dict[str, str]:
    """Make the libraries available, and say what a process needs to find them.

    Where nothing helps, name the line that installs them and go on: receipts stay
    HTML.
    """
    has_apt = shutil.which("apt-get") is not None
    if _libraries_load():
        return {}
    if has_apt and os.geteuid() == 0:
        _apt("update")
        _apt(*INSTALL)
        if _libraries_load():
            return {}
    elif has_apt and (unpacked := _unpacked(folder)):
        libraries = unpacked / "usr/lib" / sysconfig.get_config_var("MULTIARCH")
        return {
            "LD_LIBRARY_PATH": str(libraries),
            "FONTCONFIG_PATH": str(unpacked / "etc/fonts"),
        }
    sys.stderr.write(
        "PDFs cannot be made, for pango is missing; receipts stay HTML. On Debian and"
        f" Ubuntu this mends it: sudo apt-get {' '.join(INSTALL)}\n"
    )
    return {}


def _libraries_load() -> bool:
    try:
        for name in LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _unpacked(folder: Path) -> Path | None:
    """Unpack Debian's packages into the state folder, as an ordinary user may."""
    target, fresh = folder / "pango", folder / "pango.new"
    if target.is_dir():
        return target
    remove_folder(fresh)
    plan = _apt("--simulate", *INSTALL).splitlines()
    names = [line.split()[1] for line in plan if line.startswith("Inst ")]
    with tempfile.TemporaryDirectory() as downloads:
        _apt("download", *names, cwd=downloads)
        packages = sorted(Path(downloads).glob("*.deb"))
        if not names or len(packages) < len(names):
            return None
        for package in packages:
            subprocess.run(["/usr/bin/dpkg", "-x", package, fresh], check=True)
    fresh.rename(target)
    return target


def _apt(*arguments: str, cwd: str | None = None) -> str:
    done = subprocess.run(
        ["/usr/bin/apt-get", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
        check=False,
        capture_output=True,
        text=True,
        cwd=cwd,
    )
    return done.stdout
