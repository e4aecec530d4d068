"""Registries with other settings: one that refuses unknown systems, one that reads the profiles as OpenHIE does."""

import pytest

from registry import NID, TEST, TEST_A, issue, number, patient, resources, row, targets
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


@pytest.fixture(scope="module")
def openhie():
    found, stop = start(HERE / "authorities.yaml", "--fhir-profile", "openhie", "--search-results", "records")
    yield found
    stop()


def test_openhie_answers_the_queried_identifier_too(openhie):
    """D1: the OpenHIE suite cannot pass without it (OHIE-CR-06-20, OHIE-CR-08)."""
    value = number()
    openhie.create(patient((TEST_A, f"FHRA-061-{value}"), (NID, f"NID061-{value}")))
    told = targets(openhie.pix(TEST_A, f"FHRA-061-{value}").json())
    assert told == {(TEST_A, f"FHRA-061-{value}"), (NID, f"NID061-{value}")}


def test_a_search_may_answer_records(openhie):
    value = number()
    nid = {"system": NID, "value": f"REC-{value}", "type": {"coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "NI"}]}}
    base = patient()
    for system in (TEST, TEST_A):
        openhie.create(dict(base, identifier=[{"system": system, "value": f"REC-{value}"}, nid]))
    found = resources(openhie.query([("identifier", f"{NID}|REC-{value}")]))
    assert len(found) == 2 and len({hit["identifier"][0]["value"] for hit in found}) == 1
