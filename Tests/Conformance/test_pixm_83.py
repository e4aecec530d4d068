"""ITI-83, `$ihe-pix`: rows PIXM-83-01 to -23."""

import pytest

from registry import (BLUE, GREEN, GOLDEN, NID, RED, TEST, issue, number, patient, row, target_ids, targets)


@pytest.fixture(scope="module")
def alice(registry):
    """One person known in red, blue and green, by three records of one national identifier."""
    value = number()
    nid = f"NID-{value}"
    known = {system: f"{name}-{value}" for system, name in [(RED, "IHERED"), (BLUE, "IHEBLUE"), (GREEN, "IHEGREEN")]}
    base = patient()
    ids = {}
    for system, own in known.items():
        body = dict(base, identifier=[
            {"system": system, "value": own},
            {"system": NID, "value": nid, "type": {"coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "NI"}]}}])
        ids[system] = registry.feed(system, own, body, expect=201).json()["id"]
    return {"known": known, "nid": nid, "ids": ids}


@row("PIXM-83-01")
def test_all_other_identifiers(registry, alice):
    body = registry.pix(RED, alice["known"][RED]).json()
    found = targets(body)
    assert {(BLUE, alice["known"][BLUE]), (GREEN, alice["known"][GREEN])} <= found
    assert (RED, alice["known"][RED]) not in found
    assert len(target_ids(body)) >= 1


@row("PIXM-83-02")
def test_one_target(registry, alice):
    assert targets(registry.pix(RED, alice["known"][RED], BLUE).json()) == {(BLUE, alice["known"][BLUE])}


@row("PIXM-83-03")
def test_two_targets(registry, alice):
    found = targets(registry.pix(RED, alice["known"][RED], BLUE, GREEN).json())
    assert found == {(BLUE, alice["known"][BLUE]), (GREEN, alice["known"][GREEN])}


@row("PIXM-83-04")
def test_known_without_target(registry, alice):
    assert targets(registry.pix(RED, alice["known"][RED], TEST).json()) == set()


@row("PIXM-83-05")
def test_unknown_identifier(registry, alice):
    fault = issue(registry.pix(RED, "NOPE", expect=404))
    assert (fault["severity"], fault["code"]) == ("error", "not-found")
    assert fault["diagnostics"] == "sourceIdentifier Patient Identifier not found"


@row("PIXM-83-06")
def test_unknown_source_domain(registry):
    fault = issue(registry.pix("urn:oid:9.9.9", "1", expect=400))
    assert (fault["severity"], fault["code"]) == ("error", "code-invalid")
    assert fault["diagnostics"] == "sourceIdentifier Assigning Authority not found"


@row("PIXM-83-07", "PIXM-83-08")
@pytest.mark.parametrize("wanted", [["urn:oid:9.9.9"], [BLUE, "urn:oid:9.9.9"], ["urn:oid:9.9.9", BLUE]])
def test_unknown_target_domain(registry, alice, wanted):
    fault = issue(registry.pix(RED, alice["known"][RED], *wanted, expect=403))
    assert (fault["severity"], fault["code"]) == ("error", "code-invalid")
    assert fault["diagnostics"] == "targetSystem not found"


@row("PIXM-83-09", "PIXM-83-10", "PIXM-83-11")
@pytest.mark.parametrize("query, code", [
    ("", "required"), ("?targetSystem=" + BLUE, "required"),
    (f"?sourceIdentifier={RED}%7C1&sourceIdentifier={RED}%7C2", "invalid"),
    ("?sourceIdentifier=IHERED-994", "invalid"), (f"?sourceIdentifier={RED}%7C", "invalid"),
    ("?sourceIdentifier=%7C7", "invalid")])
def test_source_syntax(registry, query, code):
    assert issue(registry.get("Patient/$ihe-pix" + query, expect=400))["code"] == code


@row("PIXM-83-15")
def test_alias_of_a_domain(registry, alice):
    by_alias = registry.pix("http://red.example/ids", alice["known"][RED], BLUE).json()
    assert targets(by_alias) == {(BLUE, alice["known"][BLUE])}
    assert targets(registry.pix(BLUE, alice["known"][BLUE], "http://red.example/ids").json()) == {
        (RED, alice["known"][RED])}


@row("PIXM-83-16")
def test_logical_id(registry, alice):
    body = registry.pix(registry.base, f"Patient/{alice['ids'][RED]}", BLUE).json()
    assert targets(body) == {(BLUE, alice["known"][BLUE])}


@row("PIXM-83-17", "OHIE-CR-08-FHIR-50")
def test_replaced_patient_leads_to_the_survivor(registry):
    value = number()
    nid = f"NID-{value}"
    registry.feed(TEST, f"S-{value}", patient((TEST, f"S-{value}"), (NID, nid)))
    registry.feed(TEST, f"O-{value}", patient((TEST, f"O-{value}")))
    registry.feed(TEST, f"O-{value}", patient((TEST, f"O-{value}"), active=False, link=[
        {"type": "replaced-by", "other": {"identifier": {"system": TEST, "value": f"S-{value}"}}}]))
    survivor = registry.search(identifier=f"{TEST}|S-{value}")["entry"][0]["resource"]["id"]
    body = registry.pix(TEST, f"O-{value}", NID).json()
    assert targets(body) == {(NID, nid)}
    assert [reference.split("/")[-1] for reference in target_ids(body)] == [survivor]


@row("PIXM-83-18")
def test_removed_patient(registry):
    value = f"X-{number()}"
    registry.feed(RED, value, patient((RED, value)))
    registry.remove(RED, value)
    assert issue(registry.pix(RED, value, expect=404))["code"] == "not-found"


@row("PIXM-83-19")
def test_two_identifiers_in_one_domain(registry):
    value = number()
    registry.feed(RED, f"M-{value}", patient((RED, f"M-{value}"), (BLUE, f"B1-{value}"), (BLUE, f"B2-{value}")))
    found = targets(registry.pix(RED, f"M-{value}", BLUE).json())
    assert found == {(BLUE, f"B1-{value}"), (BLUE, f"B2-{value}")}


@row("PIXM-83-20")
def test_named_authority(registry, alice):
    body = registry.pix(RED, alice["known"][RED], BLUE).json()
    found = [p["valueIdentifier"] for p in body["parameter"] if p["name"] == "targetIdentifier"]
    assert found[0]["assigner"]["display"] == "Blue hospital"


@row("PIXM-83-21")
@pytest.mark.parametrize("text", ["a|b", "a,b", "a b", "é–ü", "a\\b", "a+b&c=d"])
def test_values_with_signs(registry, text):
    value = f"{text}-{number()}"
    registry.feed(RED, value.replace("\\", "\\\\").replace("|", "\\|").replace(",", "\\,"),
                  patient((RED, value), (BLUE, "B" + value)))
    assert targets(registry.pix(RED, value, BLUE).json()) == {(BLUE, "B" + value)}


@row("PIXM-83-22")
def test_post(registry, alice):
    body = {"resourceType": "Parameters", "parameter": [
        {"name": "sourceIdentifier", "valueString": f"{RED}|{alice['known'][RED]}"},
        {"name": "targetSystem", "valueString": BLUE}]}
    answer = registry.send("POST", "Patient/$ihe-pix", body, expect=200).json()
    assert targets(answer) == {(BLUE, alice["known"][BLUE])}


@row("PIXM-83-23")
def test_a_potential_link_is_not_told(registry):
    value = number()
    one = patient((RED, f"P1-{value}"), birthDate="1984-01-25", gender="female",
                  name=[{"family": "Jones", "given": ["Jennifer"]}])
    other = patient((BLUE, f"P2-{value}"), birthDate="1984-01", gender="female",
                    name=[{"family": "Jones", "given": ["Jenn"]}])
    registry.feed(RED, f"P1-{value}", one)
    registry.feed(BLUE, f"P2-{value}", other)
    assert targets(registry.pix(RED, f"P1-{value}", BLUE).json()) == set()


def test_golden_identifier_is_told_where_it_is_asked_for(registry, alice):
    found = targets(registry.pix(RED, alice["known"][RED], GOLDEN).json())
    assert len(found) == 1
    golden = next(iter(found))[1]
    assert (BLUE, alice["known"][BLUE]) in targets(registry.pix(GOLDEN, golden, BLUE).json())


@row("PIXM-83-12", "PIXM-83-13", "PIXM-83-14")
def test_formats(registry, alice):
    path = f"Patient/$ihe-pix?sourceIdentifier={RED}%7C{alice['known'][RED]}"
    for url, headers in [(path + "&_format=xml", {}), (path, {"Accept": "application/fhir+xml"})]:
        answer = registry.send("GET", url, headers=headers, expect=200)
        assert answer.headers["content-type"].startswith("application/fhir+xml")
        assert "<Parameters xmlns=\"http://hl7.org/fhir\">" in answer.text
    answer = registry.send("GET", path + "&_format=json", headers={"Accept": "application/fhir+xml"}, expect=200)
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert issue(registry.get(path + "&_format=text/turtle", expect=406))["code"] == "not-supported"
