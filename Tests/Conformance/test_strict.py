"""A registry that refuses systems which no authority names."""

import pytest

from registry import TEST, issue, number, patient, row
from server import HERE, start


@pytest.fixture(scope="module")
def strict():
    found, stop = start(HERE / "authorities-strict.yaml")
    yield found
    stop()


@row("PIXM-104-17", "OHIE-CR-03-FHIR-10", "OHIE-CR-03-FHIR-20")
@pytest.mark.parametrize("system", ["http://ohie.org/test/test_block", "urn:oid:2.16.840.1.113883.3.72.5.9.4"])
def test_unknown_domains_are_refused(strict, system):
    value = f"BLOCK-{number()}"
    for answer in (strict.create(patient((system, value)), expect=422),
                   strict.feed(system, value, patient((system, value)), expect=422)):
        fault = issue(answer)
        assert fault["code"] == "code-invalid" and fault["expression"] == ["Patient.identifier[0].system"]
    strict.create(patient((TEST, value)))
