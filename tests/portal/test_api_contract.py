"""Thousands of calls made up from the contract: none breaks the API or its word.

Schemathesis makes them, wrong ones among them, and reads every answer.
"""

import json
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation import openapi
from foundation.identifiers import new_id
from tests import factories
from tests.conftest import EVERY_ROLE
from tests.factories import MUROTO
from tests.factories.faq import desk, entry

pytestmark = [
    pytest.mark.verify,
    pytest.mark.django_db(transaction=True, databases=EVERY_ROLE),
]

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
# A cursor is a string that only we can make, which the contract cannot say.
NOT_CHECKED = "positive_data_acceptance"


@pytest.fixture
def unlimited(monkeypatch, settings):
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES",
        dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]),
    )


def contract(folder, **known):
    """Write the contract with ids that exist, so that calls reach what is behind."""
    document = json.loads(json.dumps(openapi.document()))
    for path, methods in document["paths"].items():
        kind = path.removeprefix("/api/v1/").partition("/{id}")[0].rstrip("/")
        for described in methods.values():
            for parameter in described.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] == "id":
                    parameter["schema"] = {"enum": [known[kind]]}
    written = folder / "openapi.json"
    written.write_text(json.dumps(document), encoding="utf-8")
    return written


@pytest.mark.parametrize("whose", ["person", "body"])
def test_no_call_breaks_the_api_or_its_contract(
    live_server, unlimited, tmp_path, whose
):
    user = factories.resident()
    issued = {
        "person": lambda: factories.token_of(user),
        "body": lambda: factories.token_for(MUROTO),
    }[whose]()
    application = factories.application(MUROTO, person=user.person)
    answered = entry(desk(), "訪問販売のクーリング・オフは何日以内にできますか")
    written = contract(
        tmp_path,
        applications=str(application.pk),
        cases=str(application.pk),
        offerings=str(application.offering_id),
        **{"faq/entries": str(answered.pk), "faq/questions": str(new_id())},
    )

    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("run", written, "--url", live_server.url),
            *("--header", f"Authorization: Bearer {issued.secret}"),
            *("--exclude-checks", NOT_CHECKED),
            *("--phases", "examples,coverage,fuzzing,stateful"),
            *("--max-examples", "30", "--seed", "1", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("curl")), reason="needs jq and curl"
)
def test_the_commands_of_the_guide_work(live_server, settings, tmp_path):
    settings.SAMPLE = True
    call_command("load_sample", stdout=StringIO())
    settings.SAMPLE = False
    *blocks, _ = re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    script = "\n".join(blocks).replace("http://localhost:8000", live_server.url)

    done = subprocess.run(
        ["/bin/bash", "-e", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert re.search(r'"number": "392022-\d\d-\d{7}-\d"', done.stdout)
    assert '"審査中"\n"完了"\n' in done.stdout
