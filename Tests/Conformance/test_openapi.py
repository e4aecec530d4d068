"""The description of the interface: valid for an outside validator, and true."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate


@pytest.fixture(scope="module")
def document(registry):
    return registry.http.get(registry.url + "/api/v1/openapi.json").json()


def test_the_description_is_valid(document):
    validate(document, cls=OpenAPIV31SpecValidator)


def test_every_described_path_is_there(registry, document):
    described = [(method, path) for path, item in document["paths"].items() for method in item]
    assert len(described) > 30
    for method, path in described:
        answer = registry.http.request(method.upper(), registry.url + path.replace("{", "").replace("}", ""))
        # A made-up id may be refused, the method itself may not.
        assert "is not supported here" not in answer.text, (method, path)
        assert answer.status_code < 500, (method, path, answer.text)
        if answer.status_code == 404:
            assert "nothing at this address" not in answer.text, (method, path)


def test_every_operation_says_what_a_client_needs(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert "security" in operation and operation["responses"], (method, path)
            if operation["security"]:
                assert {"401", "403", "429"} <= operation["responses"].keys(), (method, path)


def test_what_is_not_described_is_not_there(registry, document):
    answer = registry.http.get(registry.url + "/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
