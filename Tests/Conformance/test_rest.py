"""The RESTful interactions of FHIR R4 (section 9 of the checklist's sources)."""

import json

import pytest

from registry import (BLUE, NID, RED, TEST, identifiers, issue, number, patient, resources, row)


@row("OHIE-CR-02-FHIR-10", "OHIE-CR-02-FHIR-20", "OHIE-CR-02-FHIR-30", "OHIE-CR-02-FHIR-40")
def test_one_domain_by_either_name(registry):
    value = f"FHR-{number()}"
    oid = "urn:oid:2.16.840.1.113883.3.72.5.9.1"
    created = registry.create(patient((oid, value))).json()
    assert (TEST, value) in identifiers(created)
    found = resources(registry.query([("identifier", f"{TEST}|{value}")]))
    assert len(found) == 1 and (TEST, value) in identifiers(found[0])
    other = f"FHR-{number()}"
    registry.create(patient((TEST, other)))
    assert registry.query([("identifier", f"{oid}|{other}")])["total"] == 1


@row("OHIE-CR-01-FHIR-10")
def test_an_identifier_without_system(registry):
    answer = registry.create({"resourceType": "Patient", "identifier": [{"value": "12345"}],
                              "name": [{"family": "JOHNSTON"}]}, expect=(400, 422))
    assert issue(answer)["expression"][0].startswith("Patient.identifier")


@row("OHIE-CR-01-FHIR-20")
def test_no_identifier_and_a_reference_to_nothing(registry):
    answer = registry.create({"resourceType": "Patient", "name": [{"family": "JOHNSTON"}], "managingOrganization": {
        "reference": "Organization/3930293029302923"}}, expect=(400, 404, 422))
    assert issue(answer)["severity"] == "error"


@row("OHIE-CR-04-FHIR-10")
def test_assign_in_an_own_domain(registry):
    registry.create(patient((RED, f"OWN-{number()}"), identifier=None) | {
        "identifier": [{"use": "official", "system": RED, "value": f"OWN-{number()}"}]})


@row("OHIE-CR-04-FHIR-20")
def test_assign_in_another_s_domain(registry):
    body = patient() | {"identifier": [{"use": "official", "system": "urn:conformance:locked", "value": "X"}]}
    assert issue(registry.create(body, expect=403))["code"] == "forbidden"


@row("OHIE-CR-04-FHIR-30")
def test_quote_an_identifier_of_another(registry):
    value = number()
    body = patient() | {"identifier": [
        {"use": "official", "system": RED, "value": f"Q-{value}"},
        {"use": "usual", "system": "urn:conformance:locked", "value": f"L-{value}"}]}
    registry.create(body)
    found = resources(registry.query([("identifier", f"{RED}|Q-{value}")]))
    assert len(found) == 1
    assert {(RED, f"Q-{value}"), ("urn:conformance:locked", f"L-{value}")} <= identifiers(found[0])


def test_what_a_source_sent_is_kept_whole(registry):
    body = patient(
        (RED, f"WHOLE-{number()}"), photo=[{"contentType": "image/png", "data": "AAAA"}],
        communication=[{"language": {"text": "Luganda"}, "preferred": True}],
        extension=[{"url": "urn:x:complex", "extension": [{"url": "a", "valueDecimal": 1.50},
                                                          {"url": "b", "valuePeriod": {"start": "2020"}}]}],
        _birthDate={"extension": [{"url": "urn:x:time", "valueDateTime": "1980-01-01T10:00:00Z"}]},
        text={"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">É &amp; co</div>"})
    text = json.dumps(body)
    created = registry.send("POST", "Patient", text, {"Content-Type": "application/fhir+json"}, 201).json()
    read = registry.get(f"Patient/{created['id']}")
    assert '"valueDecimal": 1.5' in read.text
    kept = read.json()
    for name in ("photo", "communication", "extension", "_birthDate", "text", "name"):
        assert kept[name] == body[name], name


def test_xml_and_json_say_the_same(registry):
    body = patient((RED, f"BOTH-{number()}"), multipleBirthInteger=2, deceasedBoolean=False,
                   communication=[{"language": {"text": "Luganda"}, "preferred": True}],
                   extension=[{"url": "urn:x", "valueDecimal": 1.5}],
                   _birthDate={"extension": [{"url": "urn:x:time", "valueDateTime": "1980-01-01T10:00:00Z"}]},
                   text={"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">É &amp; co</div>"})
    created = registry.create(body).json()
    xml = registry.send("GET", f"Patient/{created['id']}", headers={"Accept": "application/fhir+xml"}, expect=200)
    back = registry.send("PUT", f"Patient/{created['id']}", xml.content,
                         {"Content-Type": "application/fhir+xml"}, 200).json()
    for one in (created, back):
        del one["meta"]
    assert back == created


def test_versions(registry):
    value = f"VER-{number()}"
    created = registry.create(patient((RED, value)))
    record = created.json()["id"]
    path = f"Patient/{record}"
    assert created.headers["location"] == f"{registry.base}/{path}/_history/1"
    body = created.json() | {"gender": "other"}
    assert registry.send("PUT", path, body, {"If-Match": 'W/"1"'}, 200).headers["etag"] == 'W/"2"'
    # Whoever did not get the answer gets it again; whoever wanted something else does not.
    again = registry.send("PUT", path, body, {"If-Match": 'W/"1"'}, 200)
    assert again.headers["etag"] == 'W/"2"' and again.json()["meta"]["versionId"] == "2"
    entry = {"resource": body, "request": {"method": "PUT", "url": path, "ifMatch": 'W/"1"'}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    told = registry.send("POST", "", bundle, expect=200).json()["entry"][0]["response"]
    assert told["status"].startswith("200") and told["etag"] == 'W/"2"'
    late = registry.send("PUT", path, body | {"gender": "male"}, {"If-Match": 'W/"1"'}, 412)
    assert issue(late)["code"] == "conflict"
    assert registry.get(path, expect=304, If_None_Match='W/"2"').content == b""
    assert registry.get(f"{path}/_history/1").json()["gender"] == created.json()["gender"]
    registry.get(f"{path}/_history/9", expect=404)
    registry.send("DELETE", path, expect=(200, 204))
    registry.send("DELETE", path, expect=(200, 204))
    assert issue(registry.get(path, expect=410))["code"] == "deleted"
    registry.get(f"{path}/_history/3", expect=410)
    history = registry.get(f"{path}/_history").json()
    assert history["type"] == "history" and history["total"] == 3
    assert [entry["request"]["method"] for entry in history["entry"]] == ["DELETE", "PUT", "POST"]
    page = registry.get(f"{path}/_history?_count=2").json()
    assert len(page["entry"]) == 2
    rest = registry.get(next(link["url"] for link in page["link"] if link["relation"] == "next")).json()
    assert [entry["response"]["etag"] for entry in rest["entry"]] == ['W/"1"']
    registry.get("Patient/0000000000000/_history", expect=404)


def test_conditional_create(registry):
    value = f"COND-{number()}"
    header = {"If-None-Exist": f"identifier={RED}|{value}"}
    first = registry.send("POST", "Patient", patient((RED, value)), header, 201)
    again = registry.send("POST", "Patient", patient((RED, value)), header, 200)
    assert again.json()["id"] == first.json()["id"] and again.headers["etag"] == 'W/"1"'


@row("OHIE-CR-D11")
def test_a_known_identifier_is_never_doubled(registry):
    value = f"TWICE-{number()}"
    first = registry.create(patient((RED, value))).json()["id"]
    assert registry.create(patient((RED, value)), expect=200).json()["id"] == first
    assert registry.query([("identifier", f"{RED}|{value}")])["total"] == 1


@pytest.mark.parametrize("preference, has_body, kind", [
    ("return=minimal", False, None), ("return=representation", True, "Patient"),
    ("return=OperationOutcome", True, "OperationOutcome")])
def test_prefer(registry, preference, has_body, kind):
    answer = registry.create(patient((RED, f"PREF-{number()}")), Prefer=preference)
    assert bool(answer.content) == has_body
    assert not has_body or answer.json()["resourceType"] == kind
    assert answer.headers["location"] and answer.headers["etag"]


def test_patch(registry):
    created = registry.create(patient((RED, f"PATCH-{number()}"))).json()
    path = f"Patient/{created['id']}"
    kind = {"Content-Type": "application/json-patch+json"}

    def send(operations, expect, **headers):
        return registry.send("PATCH", path, json.dumps(operations), kind | headers, expect)

    changed = send([{"op": "replace", "path": "/name/0/family", "value": "Patched"},
                    {"op": "add", "path": "/telecom", "value": [{"system": "phone", "value": "0771234567"}]}], 200)
    assert changed.json()["name"][0]["family"] == "Patched" and changed.headers["etag"] == 'W/"2"'
    send([{"op": "test", "path": "/gender", "value": "nobody"}], 422)
    send([{"op": "remove", "path": "/nothing"}], 422)
    send([{"op": "remove", "path": "/identifier"}], 422)
    send([{"op": "frob", "path": "/gender"}], (400, 422))
    send([{"op": "replace", "path": "/gender", "value": "other"}], 412, **{"If-Match": 'W/"1"'})
    more = [{"op": "add", "path": "/telecom/-", "value": {"system": "email", "value": "a@example.org"}}]
    assert send(more, 200, **{"If-Match": 'W/"2"'}).headers["etag"] == 'W/"3"'
    repeated = send(more, 200, **{"If-Match": 'W/"2"'})
    assert repeated.headers["etag"] == 'W/"3"' and len(repeated.json()["telecom"]) == 2, "not added twice"
    registry.send("PATCH", path, "{}", {"Content-Type": "application/fhir+json"}, 415)
    assert registry.get(path).headers["etag"] == 'W/"3"'


def test_merge_operation(registry):
    value = number()
    source = registry.create(patient((RED, f"MS-{value}"), (BLUE, f"MSB-{value}"))).json()["id"]
    target = registry.create(patient((RED, f"MT-{value}"), (NID, f"MTN-{value}"))).json()["id"]

    def merge(expect, preview=None, **names):
        parameters = [{"name": name.replace("_", "-"), **given} for name, given in names.items()]
        if preview is not None:
            parameters.append({"name": "preview", "valueBoolean": preview})
        body = {"resourceType": "Parameters", "parameter": parameters}
        return registry.send("POST", "Patient/$merge", body, None, expect)

    by_id = {"source_patient": {"valueReference": {"reference": f"Patient/{source}"}},
             "target_patient": {"valueReference": {"reference": f"Patient/{target}"}}}
    merge(400, target_patient=by_id["target_patient"])
    merge(400, source_patient=by_id["source_patient"], target_patient=by_id["source_patient"])
    merge(400, source_patient={"valueReference": {"reference": "Patient/0000000000000"}},
          target_patient=by_id["target_patient"])
    merge(200, preview=True, **by_id)
    assert registry.get(f"Patient/{source}").json()["active"] is True
    body = merge(200, source_patient=by_id["source_patient"], target_patient_identifier={
        "valueIdentifier": {"system": RED, "value": f"MT-{value}"}}).json()
    names = [parameter["name"] for parameter in body["parameter"]]
    assert names == ["input", "outcome", "result"]
    result = body["parameter"][2]["resource"]
    assert result["id"] == target
    assert {"type": "replaces", "other": {"reference": f"Patient/{source}"}} in result["link"]
    old = registry.get(f"Patient/{source}").json()
    assert old["active"] is False and old["link"][0]["type"] == "replaced-by"
    found = resources(registry.query([("identifier", f"{RED}|MS-{value}")]))
    assert [hit["id"] for hit in found] == [target]
    other = registry.create(patient((RED, f"MO-{value}"))).json()["id"]
    merge(422, source_patient=by_id["source_patient"], target_patient={
        "valueReference": {"reference": f"Patient/{other}"}})


def test_batch_and_transaction(registry):
    value = number()

    def entry(method, url, resource=None, **more):
        made = {"request": {"method": method, "url": url, **more}}
        return made | ({"resource": resource} if resource else {})

    body = {"resourceType": "Bundle", "type": "batch", "entry": [
        entry("POST", "Patient", patient((RED, f"BA-{value}"))), entry("GET", "Patient/nope"),
        entry("GET", f"Patient?identifier={RED}%7CBA-{value}"), entry("POST", "Patient", {"resourceType": "Patient"})]}
    answer = registry.send("POST", "", body, None, 200).json()
    assert [e["response"]["status"][:3] for e in answer["entry"]] == ["201", "404", "200", "422"]
    body = {"resourceType": "Bundle", "type": "transaction", "entry": [
        entry("PUT", f"Patient?identifier={RED}%7CTA-{value}", patient((RED, f"TA-{value}"))),
        entry("POST", "Patient", {"resourceType": "Patient"})]}
    assert issue(registry.send("POST", "", body, None, (400, 422)))["expression"][0].startswith("Bundle.entry[1]")
    assert registry.query([("identifier", f"{RED}|TA-{value}")])["total"] == 0
    body["entry"].pop()
    assert registry.send("POST", "", body, None, 200).json()["type"] == "transaction-response"


@pytest.mark.parametrize("method, path, body, kind, status, code", [
    ("POST", "Patient", "{", "application/fhir+json", 400, "structure"),
    ("POST", "Patient", "<Patient", "application/fhir+xml", 400, "structure"),
    ("POST", "Patient", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
     "<Patient xmlns=\"http://hl7.org/fhir\"/>", "application/fhir+xml", 400, "structure"),
    ("POST", "Patient", "<Patient xmlns=\"http://hl7.org/fhir\"><frob value=\"1\"/></Patient>",
     "application/fhir+xml", 400, "structure"),
    ("POST", "Patient", "x", "text/plain", 415, "not-supported"),
    ("GET", "Observation", None, None, 404, "not-found"),
    ("PUT", "metadata", "{}", "application/fhir+json", 405, "not-supported")])
def test_faults(registry, method, path, body, kind, status, code):
    answer = registry.send(method, path, body, {"Content-Type": kind} if kind else None, status)
    assert issue(answer)["code"] == code


def test_the_capability_statement_is_true(registry):
    resource = registry.get("metadata").json()["rest"][0]["resource"][0]
    codes = {interaction["code"] for interaction in resource["interaction"]}
    assert {"read", "vread", "create", "update", "patch", "delete", "search-type", "history-instance"} <= codes
    for parameter in resource["searchParam"]:
        value = {"date": "2020", "token": "true", "reference": "x"}.get(parameter["type"], "x")
        registry.get(f"Patient?{parameter['name']}={value}&birthdate=1800-01-01")
