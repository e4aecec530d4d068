"""The RESTful interactions of FHIR R4 (section 9 of the checklist's sources)."""

import concurrent.futures
import json

import httpx
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


@row("REST-01")
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_metadata_is_open(registry, kind):
    answer = registry.send("GET", "metadata", headers={"Accept": f"application/fhir+{kind}"}, expect=200)
    assert answer.headers["content-type"].startswith(f"application/fhir+{kind}") and "4.0.1" in answer.text


@row("REST-06")
def test_one_of_two_writers_wins(registry):
    made = registry.create(patient((RED, f"RACE-{number()}"))).json()

    def write(city):
        body = json.dumps(made | {"address": [{"city": city}]})
        return httpx.put(f"{registry.base}/Patient/{made['id']}", content=body, timeout=30, headers={
            "Content-Type": "application/fhir+json", "If-Match": 'W/"1"'}).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(write, [f"City{n}" for n in range(8)]))
    assert sorted(statuses) == [200] + [412] * 7


@row("REST-07")
@pytest.mark.parametrize("stated", ["0000000000000", None])
def test_an_id_that_is_not_the_address(registry, stated):
    made = registry.create(patient((RED, f"ID-{number()}"))).json()
    body = {name: value for name, value in (made | {"id": stated}).items() if value}
    assert issue(registry.send("PUT", f"Patient/{made['id']}", body, expect=400))["expression"] == ["Patient.id"]


@row("REST-12")
@pytest.mark.parametrize("text, expression, word", [
    ('{"resourceType":"Patient",}', "Patient", "expected a name"),
    ('{"resourceType":"Patient","frob":1}', "Patient", '"frob"'),
    ('{"resourceType":"Patient","_name":[{"id":"x"}]}', "Patient", '"_name"'),
    ('{"resourceType":"Patient","telecom":[{"sistem":"phone"}]}', "Patient.telecom[0]", '"sistem"'),
    ('{"resourceType":"Patient","contact":[{"name":{"familiy":"X"}}]}', "Patient.contact[0].name", '"familiy"'),
    ('{"resourceType":"Patient","name":"x"}', "Patient.name", "expected an array"),
    ('{"resourceType":"Patient","birthDate":17}', "Patient.birthDate", "expected a string"),
    ('{"resourceType":"Patient","active":"yes"}', "Patient.active", "expected a boolean")])
def test_what_is_no_patient(registry, text, expression, word):
    fault = issue(registry.send("POST", "Patient", text, {"Content-Type": "application/fhir+json"}, 400))
    assert fault["code"] == "structure" and fault["expression"] == [expression]
    assert "line 1" in fault["diagnostics"] and word in fault["diagnostics"]


@row("REST-14")
def test_what_is_not_there_and_what_cannot_be_done(registry):
    registry.get("Foo", expect=404)
    answer = registry.send("PATCH", "metadata", "{}", {"Content-Type": "application/json-patch+json"}, 405)
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    made = registry.create(patient((RED, f"HEAD-{number()}"))).json()["id"]
    head, whole = (registry.http.request(method, f"{registry.base}/Patient/{made}") for method in ("HEAD", "GET"))
    assert head.content == b"" and head.headers["content-length"] == str(len(whole.content))


@row("REST-17")
def test_references_within_a_transaction(registry):
    value = number()
    name = "urn:uuid:0b0b0b0b-0000-4000-8000-000000000001"

    def entry(suffix, reference=None, method="POST", url="Patient", **more):
        links = {"link": [{"type": "seealso", "other": {"reference": reference}}]} if reference else {}
        resource = patient((RED, f"REF{suffix}-{value}"), **links)
        return {"resource": resource, "request": {"method": method, "url": url}} | more

    before = registry.create(patient((RED, f"REF0-{value}"), (BLUE, f"REF0-{value}"))).json()["id"]
    query = f"Patient?identifier={RED}%7CREF2-{value}"
    body = {"resourceType": "Bundle", "type": "transaction", "entry": [
        entry(2, name, "PUT", query), entry(1, fullUrl=name), entry(3, f"Patient?identifier={BLUE}|REF0-{value}"),
        entry(4, f"Patient?identifier={RED}|REF1-{value}"), {"request": {"method": "GET", "url": query}}]}
    answer = registry.send("POST", "", body, expect=200).json()
    assert [e["response"]["status"][:3] for e in answer["entry"]] == ["201"] * 4 + ["200"]
    ids = [e["response"]["location"].split("/")[1] for e in answer["entry"][:4]]

    def link(place):
        return registry.get(f"Patient/{ids[place]}").json()["link"][0]["other"]["reference"]

    assert [link(0), link(2), link(3)] == [f"Patient/{ids[1]}", f"Patient/{before}", f"Patient/{ids[1]}"]
    for reference in (f"Patient?identifier={RED}|NOBODY-{value}", "Patient?family=x"):
        body["entry"] = [entry(5), entry(6, reference)]
        fault = issue(registry.send("POST", "", body, expect=(400, 412)))
        assert fault["expression"][0].startswith("Bundle.entry[1]")
        assert registry.query([("identifier", f"{RED}|REF5-{value}")])["total"] == 0


@row("REST-18")
def test_one_identity_twice(registry):
    body = patient((RED, f"TWO-{number()}"))
    entry = {"resource": body, "request": {"method": "POST", "url": "Patient"}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry, entry]}
    assert issue(registry.send("POST", "", bundle, expect=400))["expression"] == ["Bundle.entry[1].resource"]


@row("REST-19")
@pytest.mark.parametrize("text, kind, status", [
    ('{"resourceType":"Patient","text":{"div":"' + "a" * (16 << 20) + '"}}', "json", 413),
    ('{"resourceType":"Patient","contained":' + "[" * 10_000 + "]" * 10_000 + "}", "json", 400),
    ('{"resourceType":"Patient","extension":' + '[{"extension":' * 10_000 + "[]" + "}]" * 10_000 + "}", "json", 400),
    ('<Patient xmlns="http://hl7.org/fhir">' + '<extension url="x">' * 10_000 + "</extension>" * 10_000 + "</Patient>",
     "xml", 400),
    ('{"resourceType":"Patient","gender":"male","gender":"female"}', "json", 400)])
def test_what_is_too_much(registry, text, kind, status):
    registry.send("POST", "Patient", text, {"Content-Type": f"application/fhir+{kind}"}, status)
    assert registry.is_ready()


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


@row("REST-02", "REST-03", "REST-04", "REST-05", "REST-09")
def test_versions(registry):
    value = f"VER-{number()}"
    created = registry.create(patient((RED, value)))
    record = created.json()["id"]
    path = f"Patient/{record}"
    assert created.headers["location"] == f"{registry.base}/{path}/_history/1"
    assert created.headers["etag"] == 'W/"1"' and created.headers["last-modified"].endswith("GMT")
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


@row("REST-08")
def test_conditional_create(registry):
    value = f"COND-{number()}"
    header = {"If-None-Exist": f"identifier={RED}|{value}"}
    first = registry.send("POST", "Patient", patient((RED, value)), header, 201)
    again = registry.send("POST", "Patient", patient((RED, value)), header, 200)
    assert again.json()["id"] == first.json()["id"] and again.headers["etag"] == 'W/"1"'
    # By an identifier that a record bears among others, and by one that two bear.
    other = f"other-{value}"
    bearer = registry.create(patient((RED, f"A{value}"), (BLUE, other))).json()["id"]
    header = {"If-None-Exist": f"identifier={BLUE}|{other}"}
    found = registry.send("POST", "Patient", patient((BLUE, other)), header, 200)
    assert found.json()["id"] == bearer and found.headers["location"].endswith(f"Patient/{bearer}/_history/1")
    registry.create(patient((RED, f"B{value}"), (BLUE, other)))
    assert issue(registry.send("POST", "Patient", patient((BLUE, other)), header, 412))["code"] == "multiple-matches"
    entries = [{"resource": patient((BLUE, other)), "request": {"method": "POST", "url": "Patient", "ifNoneExist": (
        f"identifier={BLUE}|{other}")}},
        {"request": {"method": "DELETE", "url": f"Patient?identifier={BLUE}%7C{other}"}}]
    told = registry.send("POST", "", {"resourceType": "Bundle", "type": "batch", "entry": entries}, expect=200).json()
    assert [entry["response"]["status"][:3] for entry in told["entry"]] == ["412", "412"]
    assert registry.query([("identifier", f"{BLUE}|{other}")])["total"] == 2


@row("OHIE-CR-D11")
def test_a_known_identifier_is_never_doubled(registry):
    value = f"TWICE-{number()}"
    first = registry.create(patient((RED, value))).json()["id"]
    assert registry.create(patient((RED, value)), expect=200).json()["id"] == first
    assert registry.query([("identifier", f"{RED}|{value}")])["total"] == 1


@row("REST-10")
@pytest.mark.parametrize("preference, has_body, kind", [
    ("return=minimal", False, None), ("return=representation", True, "Patient"),
    ("return=OperationOutcome", True, "OperationOutcome")])
def test_prefer(registry, preference, has_body, kind):
    answer = registry.create(patient((RED, f"PREF-{number()}")), Prefer=preference)
    assert bool(answer.content) == has_body
    assert not has_body or answer.json()["resourceType"] == kind
    assert answer.headers["location"] and answer.headers["etag"]


@row("REST-13")
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


@row("MERGE-01", "MERGE-02", "MERGE-03", "MERGE-04", "MERGE-05", "MERGE-06", "REST-21")
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
    # Two identifiers that are not of one record.
    merge(400, **(by_id | {"source_patient_identifier": {"valueIdentifier": {"system": RED, "value": f"MT-{value}"}}}))
    # What the survivor is to be has to link to what it replaces.
    wanted = patient((RED, f"MT-{value}"), (NID, f"MTN-{value}"), id=target, address=[{"city": "Wanted"}])
    merge(400, **by_id, result_patient={"resource": wanted})
    merge(400, **by_id, result_patient={"resource": patient((RED, f"MS-{value}"), link=[
        {"type": "replaces", "other": {"reference": f"Patient/{source}"}}])})
    shown = merge(200, preview=True, **by_id).json()["parameter"][2]["resource"]
    assert {"type": "replaces", "other": {"reference": f"Patient/{source}"}} in shown["link"]
    assert registry.get(f"Patient/{source}").json()["active"] is True
    assert registry.get(f"Patient/{target}").headers["etag"] == 'W/"1"'
    wanted["link"] = [{"type": "replaces", "other": {"reference": f"Patient/{source}"}}]
    by_id["result_patient"] = {"resource": wanted}
    body = merge(200, source_patient=by_id["source_patient"], result_patient=by_id["result_patient"],
                 target_patient_identifier={"valueIdentifier": {"system": RED, "value": f"MT-{value}"}}).json()
    names = [parameter["name"] for parameter in body["parameter"]]
    assert names == ["input", "outcome", "result"]
    result = body["parameter"][2]["resource"]
    assert result["id"] == target
    for survivor in (result, registry.get(f"Patient/{target}").json()):
        assert survivor["link"].count({"type": "replaces", "other": {"reference": f"Patient/{source}"}}) == 1
        assert survivor["address"] == [{"city": "Wanted"}]
        former = {(i["system"], i["value"]) for i in survivor["identifier"] if i.get("use") == "old"}
        assert former == {(RED, f"MS-{value}"), (BLUE, f"MSB-{value}")}
    old = registry.get(f"Patient/{source}").json()
    assert old["active"] is False and old["link"][0]["type"] == "replaced-by"
    found = resources(registry.query([("identifier", f"{RED}|MS-{value}")]))
    assert [hit["id"] for hit in found] == [target]
    other = registry.create(patient((RED, f"MO-{value}"))).json()["id"]
    merge(422, source_patient=by_id["source_patient"], target_patient={
        "valueReference": {"reference": f"Patient/{other}"}})


@row("REST-15", "REST-16")
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


@row("REST-11", "REST-22")
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
    assert issue(registry.get("metadata", expect=406, Accept="image/png"))["code"] == "not-supported"


def test_the_capability_statement_is_true(registry):
    resource = registry.get("metadata").json()["rest"][0]["resource"][0]
    codes = {interaction["code"] for interaction in resource["interaction"]}
    assert {"read", "vread", "create", "update", "patch", "delete", "search-type", "history-instance"} <= codes
    for parameter in resource["searchParam"]:
        value = {"date": "2020", "token": "true", "reference": "x"}.get(parameter["type"], "x")
        registry.get(f"Patient?{parameter['name']}={value}&birthdate=1800-01-01")
