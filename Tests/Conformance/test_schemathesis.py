"""Requests that schemathesis makes of the description, sound ones and unsound ones: no answer may contradict it."""

import os

import hypothesis
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance, response_headers_conformance, response_schema_conformance, status_code_conformance,
    use_after_free)

from server import HERE, start

# The same requests in every run; other ones and more of them: TESSERA_SCHEMATHESIS=300.
EXAMPLES = int(os.environ.get("TESSERA_SCHEMATHESIS", "5"))
# What an operator lets the program do to files and to the layout of a cluster is tried elsewhere, on purpose.
LEFT_OUT = ("/api/v1/cluster",)
# Not asked: that whatever fits the description's schemas is accepted (FHIR asks for more than they say), and who may
# enter (test_access.py; this registry is open).
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance, use_after_free]


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def operations():
    registry, stop = start(HERE / "authorities.yaml")
    schema = schemathesis.openapi.from_url(registry.url + "/api/v1/openapi.json")
    yield [found.ok() for found in schema.get_all_operations()], registry
    stop()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["sound", "unsound"])
def test_no_answer_contradicts_the_description(operations, mode):
    found, registry = operations
    assert len(found) > 40
    faults = []
    for operation in found:
        if operation.path.startswith(LEFT_OUT) and operation.method != "get":
            continue
        fault = contradiction(operation, mode)
        if fault:
            faults.append(f"{operation.method.upper()} {operation.path}: {fault}")
    assert not faults, "\n\n".join(faults)
    assert registry.is_ready(), "the registry does not answer any more"


def contradiction(operation, mode):
    """What is wrong with the first answer that the description does not allow; `None` where all are right."""
    try:
        strategy = operation.as_strategy(generation_mode=mode)

        @hypothesis.settings(
            max_examples=EXAMPLES, derandomize=EXAMPLES < 50, database=None, deadline=None, phases=[
                hypothesis.Phase.explicit, hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(case=strategy)
        def call(case):
            case.call_and_validate(timeout=20, checks=CHECKS)

        call()
    except (hypothesis.errors.Unsatisfiable, hypothesis.errors.InvalidArgument):
        # There is nothing unsound to be made for an operation that takes nothing.
        return None
    except (Exception, BaseExceptionGroup) as failure:  # noqa: B902, told with the others
        parts = getattr(failure, "exceptions", [failure])
        return "\n".join(str(part)[:1500] for part in parts)
    return None
