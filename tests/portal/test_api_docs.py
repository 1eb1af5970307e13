"""The API reference and the contract it is made from, without a database."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.urls import get_resolver

from applications.formspec import compile_document
from foundation import openapi
from portal.reference import reference

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.yaml"
DOCS = "/api/v1/docs/"
SCHEMA = "/api/v1/schema/"


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))


def operations(document):
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            yield path, method, described


def test_the_committed_contract_is_that_of_the_program(document):
    made = json.loads(json.dumps(openapi.document()))

    assert document == made, (
        "manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn"
    )


def test_every_route_of_the_api_is_in_the_contract(document):
    def routes(resolver, prefix=""):
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                yield from routes(entry, route)
            elif route.startswith("api/v1/"):
                yield "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)

    described = {path.replace("{id}", "{pk}") for path in document["paths"]}

    assert set(routes(get_resolver())) - described == {DOCS, SCHEMA}


def test_every_operation_says_in_japanese_what_it_does(document):
    for path, method, described in operations(document):
        assert re.search("[ぁ-んァ-ン一-龥]", described["summary"]), (path, method)
        assert len(described["tags"]) == 1


def test_every_name_is_explained():
    found = reference("https://portal.example")
    fields = [field for one in found.types for field in one.fields]
    for chapter in found.chapters:
        for operation in chapter.operations:
            fields += [*operation.parameters, *operation.body]

    assert [field.name for field in fields if not field.text] == []


def test_every_operation_that_needs_a_token_names_its_scope(document):
    kinds = ("organizations", "procedures", "offerings", "faq")
    public = {f"/api/v1/{kind}/" for kind in kinds}
    for path, method, described in operations(document):
        needed = [scopes for one in described["security"] for scopes in one.values()]
        if any(path.startswith(one) for one in public):
            assert {} in described["security"], (path, method)
        else:
            assert {} not in described["security"], (path, method)
            assert needed[0][0].partition(":")[2] in {"read", "write"}


@pytest.mark.parametrize(
    ("accept", "content_type", "read"),
    [
        ("application/vnd.oai.openapi", "application/vnd.oai.openapi", yaml.safe_load),
        ("application/yaml", "application/yaml", yaml.safe_load),
        ("application/vnd.oai.openapi+json", "application/vnd.oai", json.loads),
        ("application/json", "application/json", json.loads),
        ("*/*", "application/vnd.oai.openapi", yaml.safe_load),
    ],
)
def test_the_contract_is_served(client, document, accept, content_type, read):
    response = client.get(SCHEMA, headers={"Accept": accept})

    assert response["Content-Type"].startswith(content_type)
    assert read(response.content.decode()) == document


def test_the_page_explains_every_operation_and_type(client, document):
    page = client.get(DOCS).content.decode()

    for path, _, described in operations(document):
        assert f'id="{described["operationId"]}"' in page
        assert path in page
    for target in set(re.findall(r'href="#([^"]+)"', page)):
        assert f'id="{target}"' in page, target


def test_the_page_runs_under_the_strict_policy_of_the_portal(client):
    response = client.get(DOCS)
    page = response.content.decode()

    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert " style=" not in page
    assert "<style" not in page
    assert set(re.findall(r'src="([^"]+)"', page)) <= set(
        re.findall(r'src="(/static/[^"]+)"', page)
    )


@pytest.mark.parametrize("address", [DOCS, SCHEMA])
def test_the_reference_only_answers(client, address):
    assert client.post(address).status_code == 405


def test_the_example_of_a_filing_is_one_that_the_sample_form_accepts(document):
    filing = document["paths"]["/api/v1/applications/"]["post"]
    body = filing["requestBody"]["content"]["application/json"]
    [example] = body["examples"].values()
    form = COMMITTED.parents[1] / "applications" / "documents" / "water_supply.json"
    spec = compile_document(json.loads(form.read_text(encoding="utf-8")))

    evaluation = spec.evaluate(example["value"]["answers"], today=date(2026, 11, 23))

    assert evaluation.errors == {}
    assert spec.unknown_keys(example["value"]["answers"]) == []
