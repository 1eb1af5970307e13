"""Production, development stack, settings and their page say the same things."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from kochi_portal.failure_pages import PAGES, write_failure_pages
from kochi_portal.secret_files import write_secret_files
from kochi_portal.stack.postgres import LOCALE
from kochi_portal.stack.processes import PROCESSES
from kochi_portal.stack.servers import stack_defaults

ROOT = Path(__file__).resolve().parents[2]
READERS = (
    "kochi_portal/settings.py",
    "kochi_portal/gunicorn.py",
    "kochi_portal/backup.py",
    "kochi_portal/encoder.py",
    "faq/encoder.py",
)
# Read by what we start, not by us.
# The one only the stack imports, the other is celery's own.
UNNAMED = {"honcho", "kombu"}
FOREIGN = {"XDG_CACHE_HOME", "DJANGO_SETTINGS_MODULE"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def ours(compose):
    """The services that run our image with our settings; the encoder has none."""
    return {
        name: service
        for name, service in compose["services"].items()
        if service.get("image", "").startswith("kochi-portal")
        and name not in {"caddy", "encoder"}
    }


def variables_read():
    """Find the names that our code asks the environment for, required ones first."""
    required, optional = set(), set()
    for reader in READERS:
        for node in ast.walk(ast.parse((ROOT / reader).read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="env")),
                    args=[ast.Constant(value=str(name)), *_],
                    keywords=[],
                ):
                    required.add(name)
                case ast.Call(
                    func=ast.Attribute(
                        value=ast.Name(id="env") | ast.Attribute(attr="environ")
                    ),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    optional.add(name)
    return required, optional


def variables_set(service):
    return {name.removesuffix("_FILE") for name in service["environment"]}


def test_compose_sets_only_what_is_read(ours):
    required, optional = variables_read()

    for name, service in ours.items():
        unread = variables_set(service) - required - optional - FOREIGN
        assert unread == set(), name


def test_compose_sets_everything_that_has_no_default(ours):
    required, _ = variables_read()

    assert {"SECRET_KEY", "INQUIRY_KEYS", "DATABASE_URL", "REDIS_URL"} <= required
    for name, service in ours.items():
        assert required <= variables_set(service), name


def test_the_development_stack_sets_only_what_is_read(tmp_path):
    required, optional = variables_read()

    assert set(stack_defaults(tmp_path)) <= required | optional | FOREIGN


def test_the_page_describes_every_variable():
    required, optional = variables_read()
    page = (ROOT / "docs" / "deployment.md").read_text()

    described = set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))
    assert described == required | optional


def test_only_who_needs_a_role_can_be_it(ours):
    able = {
        name: {
            variable
            for variable in variables_set(service)
            if variable.endswith("_DATABASE_URL")
        }
        for name, service in ours.items()
    }

    assert able["web"] == able["beat"] == set()
    assert able["migrate"] == {"OWNER_DATABASE_URL"}
    assert able["backup"] == {"BACKUP_DATABASE_URL"}


def test_each_secret_that_compose_reads_is_written(compose, tmp_path):
    write_secret_files(tmp_path / "secrets")

    files = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    written = {path.name for path in (tmp_path / "secrets").iterdir()}
    assert files | {"valkey_password"} == written


def test_each_secret_in_the_environment_is_mounted(compose):
    for name, service in compose["services"].items():
        paths = [
            Path(value)
            for variable, value in service.get("environment", {}).items()
            if variable.endswith("_FILE")
        ]
        assert {path.name for path in paths} <= set(service.get("secrets", [])), name
        assert all(path.parent == Path("/run/secrets") for path in paths), name


def test_written_secrets_are_kept(tmp_path):
    folder = tmp_path / "secrets"
    write_secret_files(folder)
    before = {path.name: path.read_text() for path in folder.iterdir()}

    (folder / "redis_url").unlink()
    assert write_secret_files(folder) == ["redis_url"]
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_every_queue_has_a_worker(ours):
    queues = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    commands = [str(service.get("command")) for service in ours.values()]
    in_compose = " ".join(commands)
    in_stack = " ".join(word for command in PROCESSES.values() for word in command)

    for words in (in_compose, in_stack):
        served = {
            queue
            for names in re.findall(r"--queues=([\w,]+)", words)
            for queue in names.split(",")
        }
        assert served == queues


def test_the_database_sorts_and_searches_as_in_development(compose):
    arguments = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]

    assert set(LOCALE) <= set(arguments.split())


def test_every_container_is_hardened(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_the_image_runs_as_an_ordinary_user():
    dockerfile = (ROOT / "Dockerfile").read_text()
    stages = re.split(r"^FROM ", dockerfile, flags=re.MULTILINE)[1:]

    for stage in stages:
        users = re.findall(r"^USER (\d+):", stage, re.MULTILINE)
        if re.search(r" AS (portal|backup|edge)$", stage, re.MULTILINE):
            assert users[-1] == "10001", stage


def test_the_edge_has_a_page_for_every_failure_it_can_meet(tmp_path):
    write_failure_pages(tmp_path)
    caddyfile = (ROOT / "Caddyfile").read_text()

    imported = set(re.findall(r"import failure (\d+)", caddyfile))
    assert {f"{status}.html" for status in imported} == set(PAGES)
    for page in PAGES:
        assert "高知県版ポータル" in (tmp_path / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "-backup", "-run", "-dev"])
def test_every_requirement_is_pinned_by_hash_and_names_no_host(name):
    text = (ROOT / f"requirements{name}.txt").read_text()
    pins = re.split(r"^(?=[a-zA-Z])", text, flags=re.MULTILINE)[1:]

    assert pins
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
    assert "://" not in text


def dependencies():
    """Names of pyproject.toml: those for running, and all."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"].values()
    running = project["project"]["dependencies"]
    others = [name for group in groups for name in group if isinstance(name, str)]
    bare = [re.split(r"[\[<>=~]", name)[0].lower() for name in running + others]
    return set(bare[: len(running)]), set(bare)


def imported(*folders):
    """Distributions that modules below these folders import by name."""
    owners = packages_distributions()
    found = set()
    for folder in folders:
        for module in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text())):
                match node:
                    case ast.Import(names=names):
                        modules = [name.name for name in names]
                    case ast.ImportFrom(module=str(name)):
                        modules = [name]
                    case _:
                        continue
                for name in modules:
                    found |= set(owners.get(name.split(".")[0], []))
    return {name.lower().replace("_", "-") for name in found}


def test_every_dependency_has_its_reason():
    _, every = dependencies()
    page = (ROOT / "docs" / "dependencies.md").read_text()

    explained = set(re.findall(r"^\| `([\w.-]+)`", page, re.MULTILINE))
    assert explained == every


def test_everything_imported_is_a_dependency():
    running, every = dependencies()
    apps = [path.parent.name for path in ROOT.glob("*/apps.py")]

    assert apps
    assert imported(*apps) - running <= UNNAMED
    assert imported("tests", "bench") - every == set()
