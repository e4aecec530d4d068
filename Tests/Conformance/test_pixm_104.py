"""ITI-104, the identity feed: rows PIXM-104-01 to -21."""

import pytest

from registry import (BLUE, NID, RED, TEST, TEST_A, identifiers, issue, number, patient, resources, row, targets)


def replaced(system, old, new, new_system=None, **elements):
    return patient((system, old), active=False, link=[
        {"type": "replaced-by", "other": {"identifier": {"system": new_system or system, "value": new}}}], **elements)


@row("PIXM-104-01", "PIXM-104-02", "PIXM-104-03", "PIXM-104-04", "PIXM-104-06")
def test_add_and_revise(registry):
    value = f"IHERED-{number()}"
    body = patient((RED, value), name=[{"family": "Mohr", "given": ["Alissa"]}])
    created = registry.feed(RED, value, body, expect=201)
    assert created.headers["location"].startswith(registry.base + "/Patient/")
    assert created.headers["etag"] == 'W/"1"'
    registry.pix(RED, value, expect=200)
    body["name"][0]["given"] = ["Alice"]
    revised = registry.feed(RED, value, body, expect=200)
    assert revised.json()["meta"]["versionId"] == "2"
    assert revised.json()["name"][0]["given"] == ["Alice"]
    again = registry.feed(RED, value, body, expect=200)
    assert again.json()["id"] == created.json()["id"]
    assert again.json()["identifier"] == revised.json()["identifier"]
    assert registry.search(identifier=f"{RED}|{value}")["total"] == 1
    other = registry.create(patient((RED, f"O-{value}"))).json()["id"]
    registry.feed(RED, value, dict(body, id=other), expect=400)


@row("PIXM-104-05")
def test_an_identifier_of_two_records(registry):
    value = number()
    for name in ["A", "B"]:
        registry.create(patient((RED, f"{name}{value}"), (TEST_A, f"shared-{value}")))
    fault = issue(registry.feed(TEST_A, f"shared-{value}", patient((TEST_A, f"shared-{value}")), expect=412))
    assert fault["code"] == "multiple-matches"


@row("PIXM-104-07")
@pytest.mark.parametrize("missing", ["name", "identifier"])
def test_what_the_profile_asks_for(registry, missing):
    value = f"N-{number()}"
    fault = issue(registry.feed(RED, value, patient((RED, value), **{missing: None}), expect=422))
    assert fault["expression"] == [f"Patient.{missing}"]


@row("PIXM-104-08", "PIXM-104-11")
def test_resolve_a_duplicate(registry):
    value = number()
    keep, drop = f"IHERED-{value}", f"IHERED-m{value}"
    registry.feed(RED, keep, patient((RED, keep), (NID, f"N{value}")))
    registry.feed(RED, drop, patient((RED, drop), (BLUE, f"B{value}")))
    message = replaced(RED, drop, keep)
    registry.feed(RED, drop, message, expect=200)
    found = resources(registry.search(identifier=f"{RED}|{drop}"))
    assert len(found) == 1 and (RED, keep) in identifiers(found[0])
    again = registry.feed(RED, drop, message, expect=200)
    assert again.headers["etag"] == 'W/"2"'
    # The old record tells that it was replaced.
    old = registry.get(f"Patient/{again.json()['id']}").json()
    assert old["active"] is False and old["link"][0]["type"] == "replaced-by"
    # It cannot be taken back by saying the opposite.
    fault = issue(registry.feed(RED, drop, patient((RED, drop)), expect=422))
    assert (fault["code"], fault["expression"]) == ("business-rule", ["Patient.link"])


@row("PIXM-104-09", "PIXM-104-10", "PIXM-104-12", "PIXM-104-13")
def test_replacements_that_cannot_be(registry):
    value = number()
    a, b, c = (f"{name}-{value}" for name in "abc")
    for one in (a, b, c):
        registry.feed(RED, one, patient((RED, one)))
    registry.feed(BLUE, b, patient((BLUE, b)))
    assert issue(registry.feed(RED, a, replaced(RED, a, "nobody"), expect=422))["code"] == "not-found"
    registry.feed(RED, a, replaced(RED, a, b, new_system=BLUE), expect=(403, 422))
    registry.feed(RED, a, replaced(RED, a, a), expect=422)
    registry.feed(RED, a, replaced(RED, a, b), expect=200)
    registry.feed(RED, b, replaced(RED, b, a), expect=422)
    registry.feed(RED, a, replaced(RED, a, c), expect=422)
    registry.feed(RED, c, dict(replaced(RED, c, b), active=True), expect=422)


@row("PIXM-104-14", "PIXM-104-15")
def test_remove(registry):
    value = number()
    registry.feed(RED, f"R{value}", patient((RED, f"R{value}"), (NID, f"N{value}")))
    registry.remove(RED, f"R{value}", expect=(200, 204))
    registry.pix(RED, f"R{value}", expect=404)
    assert registry.search(identifier=f"{RED}|R{value}")["total"] == 0
    registry.remove(RED, f"never-{value}", expect=(204, 404))
    # Whoever is linked with it does not list it any more.
    base = patient()
    nid = {"system": NID, "value": f"NL{value}", "type": {"coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "NI"}]}}
    for system in (RED, BLUE):
        registry.feed(system, f"L{value}", dict(base, identifier=[{"system": system, "value": f"L{value}"}, nid]))
    assert (RED, f"L{value}") in targets(registry.pix(BLUE, f"L{value}").json())
    registry.remove(RED, f"L{value}", expect=(200, 204))
    assert targets(registry.pix(BLUE, f"L{value}").json()) == {(NID, f"NL{value}")}


@row("PIXM-104-14")
def test_remove_by_what_several_bear(registry):
    value = number()
    for name in "AB":
        registry.create(patient((RED, f"DEL{name}{value}"), (TEST_A, f"shared-{value}")))
    fault = issue(registry.remove(TEST_A, f"shared-{value}", expect=412))
    assert fault["code"] == "multiple-matches"
    assert registry.query([("identifier", f"{TEST_A}|shared-{value}")])["total"] == 2
    registry.create(patient((RED, f"DELC{value}"), (TEST_A, f"alone-{value}")))
    registry.remove(TEST_A, f"alone-{value}")
    assert registry.query([("identifier", f"{RED}|DELC{value}")])["total"] == 0


@row("PIXM-104-16")
def test_another_source_s_domain(registry):
    value = f"L-{number()}"
    locked = "urn:conformance:locked"
    fault = issue(registry.feed(locked, value, patient((locked, value)), expect=403))
    assert fault["code"] == "forbidden"


@row("PIXM-104-18")
def test_xml(registry):
    value = f"XML-{number()}"
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
        <Patient xmlns="http://hl7.org/fhir"><identifier><system value="{RED}"/><value value="{value}"/></identifier>
        <active value="true"/><name><family value="Märkus &amp; Co"/><given value="Ann"/></name>
        <birthDate value="1961-05"/></Patient>"""
    answer = registry.send("PUT", f"Patient?identifier={RED}%7C{value}", body.encode(),
                           {"Content-Type": "application/fhir+xml"}, 201)
    found = resources(registry.search(identifier=f"{RED}|{value}"))[0]
    assert found["name"][0]["family"] == "Märkus & Co" and found["active"] is True
    assert answer.headers["location"]


@row("PIXM-104-19", "REST-METADATA")
def test_metadata(registry):
    statement = registry.get("metadata").json()
    resource = next(r for r in statement["rest"][0]["resource"] if r["type"] == "Patient")
    assert resource["conditionalUpdate"] is True and resource["conditionalDelete"] == "single"
    operations = {o["name"]: o["definition"] for o in resource["operation"]}
    assert operations["ihe-pix"] == "https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix"
    assert "match" in operations


@row("PIXM-104-20")
@pytest.mark.parametrize("element", [
    {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}, {"implicitRules": "urn:rules"}])
def test_elements_that_change_the_meaning(registry, element):
    value = f"ME-{number()}"
    fault = issue(registry.feed(RED, value, patient((RED, value), **element), expect=422))
    assert fault["expression"] == ["Patient." + next(iter(element))]


@row("PIXM-104-21")
@pytest.mark.parametrize("date", ["1980", "1980-05", "1980-05-17"])
def test_precision_of_dates(registry, date):
    value = f"D-{number()}"
    created = registry.feed(RED, value, patient((RED, value), birthDate=date)).json()
    assert registry.get(f"Patient/{created['id']}").json()["birthDate"] == date
