"""Bulk export (FHIR Bulk Data Access 2) and import, and the history of all Patients."""

import http.server
import json
import threading
import time

import pytest
from fhir.resources.R4B import get_fhir_model_class

from registry import RED, issue, number, patient, row
from server import HERE, start

ASYNC = {"Prefer": "respond-async", "Accept": "application/fhir+json"}


def export(registry, query="", path="Patient/$export"):
    started = registry.send("GET", path + query, headers=ASYNC, expect=202)
    status = started.headers["content-location"]
    done = registry.send("GET", status, expect=(200, 202))
    assert done.status_code == 200 and done.headers["content-type"].startswith("application/json")
    return status, done.json()


def lines(registry, manifest):
    found = []
    for output in manifest["output"]:
        assert output["type"] == "Patient"
        answer = registry.send("GET", output["url"], headers={"Accept": "application/fhir+ndjson"}, expect=200)
        assert answer.headers["content-type"].startswith("application/fhir+ndjson")
        found += [json.loads(line) for line in answer.text.splitlines()]
    return found


@row("BULK-02", "BULK-04")
@pytest.mark.parametrize("path", ["Patient/$export", "$export"])
def test_everything_once(registry, path):
    made = {registry.create(patient((RED, f"EXP-{number()}"))).json()["id"] for _ in range(5)}
    status, manifest = export(registry, path=path)
    assert manifest["request"].startswith(registry.base) and manifest["requiresAccessToken"] is False
    assert manifest["error"] == [] and manifest["transactionTime"]
    ids = [resource["id"] for resource in lines(registry, manifest)]
    assert made <= set(ids) and len(ids) == len(set(ids))
    registry.send("DELETE", status, expect=202)
    registry.send("GET", status, expect=404)
    registry.send("GET", manifest["output"][0]["url"], expect=404)


@row("BULK-02")
def test_it_is_as_it_was_when_it_was_asked_for(registry):
    kept, changed, gone = (registry.create(patient((RED, f"EXT-{number()}"))).json() for _ in range(3))
    time.sleep(0.01)
    _, manifest = export(registry)
    body = {name: value for name, value in changed.items() if name != "meta"} | {"address": [{"city": "Later"}]}
    registry.send("PUT", f"Patient/{changed['id']}", body, expect=200)
    registry.send("DELETE", f"Patient/{gone['id']}", expect=(200, 204))
    late = registry.create(patient((RED, f"EXT-{number()}"))).json()["id"]
    found = {resource["id"]: resource for resource in lines(registry, manifest)}
    assert kept["id"] in found and gone["id"] in found and late not in found
    assert found[changed["id"]]["meta"]["versionId"] == "1" and "address" not in found[changed["id"]]


@row("BULK-03")
def test_what_was_removed_since(registry):
    before, gone, back = (registry.create(patient((RED, f"EXR-{n}-{number()}"))).json() for n in range(3))
    registry.send("DELETE", f"Patient/{before['id']}", expect=(200, 204))
    time.sleep(0.01)
    mark = registry.create(patient((RED, f"EXR-{number()}"))).json()
    for one in (gone, back):
        registry.send("DELETE", f"Patient/{one['id']}", expect=(200, 204))
    registry.create({name: value for name, value in back.items() if name not in ("id", "meta")}, expect=(200, 201))
    _, manifest = export(registry, f"?_since={mark['meta']['lastUpdated']}")
    removed = []
    for output in manifest["deleted"]:
        assert output["type"] == "Bundle"
        for line in registry.send("GET", output["url"], expect=200).text.splitlines():
            bundle = json.loads(line)
            get_fhir_model_class("Bundle").model_validate(bundle)
            assert bundle["type"] == "transaction" and bundle["entry"][0]["request"]["method"] == "DELETE"
            removed.append(bundle["entry"][0]["request"]["url"])
    assert removed == [f"Patient/{gone['id']}"]
    found = {resource["id"] for resource in lines(registry, manifest)}
    assert mark["id"] in found and back["id"] in found and gone["id"] not in found
    assert export(registry)[1]["deleted"] == []


@row("BULK-03")
def test_since_and_elements(registry):
    before = registry.create(patient((RED, f"EXB-{number()}"))).json()
    after = registry.create(patient((RED, f"EXA-{number()}"))).json()
    since = after["meta"]["lastUpdated"]
    _, manifest = export(registry, f"?_since={since}&_elements=gender&_type=Patient")
    found = {resource["id"]: resource for resource in lines(registry, manifest)}
    assert after["id"] in found and set(found[after["id"]]) == {"resourceType", "id", "meta", "gender"}
    assert before["id"] not in found or before["meta"]["lastUpdated"] >= since
    lenient = {"Prefer": "respond-async, handling=lenient", "Accept": "application/fhir+json"}
    started = registry.send("GET", "$export?_type=Observation", headers=lenient, expect=202)
    assert registry.send("GET", started.headers["content-location"], expect=200).json()["output"] == []


@row("BULK-01", "BULK-05")
@pytest.mark.parametrize("query, headers", [
    ("", {}), ("?_outputFormat=text/csv", ASYNC), ("?_since=yesterday", ASYNC), ("?_typeFilter=Patient?x=1", ASYNC),
    ("?_type=Observation", ASYNC)])
def test_faults(registry, query, headers):
    answer = registry.send("GET", "Patient/$export" + query, headers=headers, expect=400)
    assert issue(answer)["severity"] == "error"


def start_import(registry, body, kind="application/fhir+ndjson", expect=202):
    headers = {"Prefer": "respond-async", "Content-Type": kind, "Accept": "application/fhir+json"}
    return registry.send("POST", "$import", body, headers, expect)


def finish(registry, started):
    status = started.headers["content-location"]
    deadline = time.monotonic() + 60
    while True:
        answer = registry.send("GET", status, expect=(200, 202))
        if answer.status_code == 200:
            return status, answer.json()
        assert answer.headers["retry-after"] and "lines" in answer.headers["x-progress"]
        assert time.monotonic() < deadline
        time.sleep(0.05)


@row("BULK-06")
def test_import_with_one_bad_line(registry):
    values = [f"IMP-{number()}" for _ in range(1_000)]
    lines = [json.dumps(patient((RED, value))) for value in values]
    lines[617] = '{"resourceType":"Patient","identifier":[{"system":"%s","value":"x"}],"birthDate":"1980-99-99"}' % RED
    status, manifest = finish(registry, start_import(registry, "\n".join(lines)))
    assert sum(output["count"] for output in manifest["output"]) == 999
    assert len(manifest["error"]) == 1 and manifest["error"][0]["count"] == 1
    errors = registry.send("GET", manifest["error"][0]["url"], headers={"Accept": "application/fhir+ndjson"},
                           expect=200)
    outcome = json.loads(errors.text.splitlines()[0])
    assert "line 618" in outcome["issue"][0]["diagnostics"]
    assert outcome["issue"][0]["expression"] == ["Patient.birthDate"]
    for value in (values[0], values[616], values[618], values[999]):
        assert registry.query([("identifier", f"{RED}|{value}")])["total"] == 1
    registry.send("DELETE", status, expect=202)
    registry.send("GET", status, expect=404)


@row("BULK-07")
@pytest.mark.parametrize("url", [
    "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]/x", "http://169.254.169.254/latest",
    "http://10.0.0.1/x",
    "http://0x7f000001/x", "http://[::ffff:127.0.0.1]/x"])
def test_import_reaches_nothing_within(registry, url):
    body = json.dumps({"inputFormat": "application/fhir+ndjson", "input": [{"type": "Patient", "url": url}]})
    answer = start_import(registry, body, "application/json", expect=400)
    assert issue(answer)["code"] == "security" and issue(answer)["expression"] == ["input[0].url"]


def test_import_from_an_allowed_place():
    body = "\n".join(json.dumps(patient((RED, f"FETCH-{number()}"))) for _ in range(50))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/1.ndjson"
            self.send_response(200 if found else 404)
            self.end_headers()
            if found:
                self.wfile.write(body.encode())

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/"
    registry, stop = start(HERE / "authorities.yaml", "--import-from", base)
    manifest = {"inputFormat": "application/fhir+ndjson", "inputSource": base, "input": [
        {"type": "Patient", "url": base + "1.ndjson"}, {"type": "Patient", "url": base + "2.ndjson"}]}
    _, done = finish(registry, start_import(registry, json.dumps(manifest), "application/json"))
    assert [output["count"] for output in done["output"]] == [50, 0]
    assert [error["inputUrl"] for error in done["error"]] == [base + "2.ndjson"]
    stop()
    server.shutdown()


def test_import_survives_its_coordinator():
    """Killed in the middle, started again: the import goes on by itself, loses nothing and counts nothing twice."""
    values = [f"SURVIVE-{number()}" for _ in range(20_000)]
    lines = [json.dumps(patient((RED, value))) for value in values]
    lines[700] = '{"resourceType":"Patient"}'
    registry, _ = start(HERE / "authorities.yaml")
    started = start_import(registry, "\n".join(lines))
    status = started.headers["content-location"].removeprefix(registry.url)
    deadline = time.monotonic() + 60
    while registry.query([("identifier", f"{RED}|{values[0]}")])["total"] == 0:
        assert time.monotonic() < deadline, "nothing of it was stored"
        time.sleep(0.02)
    registry.process.kill()
    registry.process.wait()
    registry, stop = start(HERE / "authorities.yaml", data=registry.data)
    busy = start_import(registry, lines[0], expect=(202, 429))
    deadline = time.monotonic() + 120
    while True:
        answer = registry.http.get(registry.url + status)
        if answer.status_code == 200:
            break
        assert answer.status_code == 202 and time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    done = answer.json()
    assert busy.status_code == 429, "the kill came after the end: nothing was tested"
    assert sum(output["count"] for output in done["output"]) == 19_999
    assert [error["count"] for error in done["error"]] == [1]
    for value in values[::500]:
        assert registry.query([("identifier", f"{RED}|{value}")])["total"] == 1
    finish(registry, start_import(registry, lines[0]))
    stop()


@pytest.mark.parametrize("body, kind, prefer", [
    ("{}", "application/fhir+ndjson", None), ("{}", "application/json", "respond-async"),
    ('{"inputFormat":"text/csv","input":[{"type":"Patient","url":"http://x.example"}]}', "application/json",
     "respond-async"),
    ('{"input":[{"type":"Observation","url":"http://x.example"}]}', "application/json", "respond-async")])
def test_import_faults(registry, body, kind, prefer):
    headers = {"Content-Type": kind} | ({"Prefer": prefer} if prefer else {})
    assert issue(registry.send("POST", "$import", body, headers, 400))["severity"] == "error"


def test_history_of_all_patients(registry):
    values = [f"HIST-{number()}" for _ in range(3)]
    made = [registry.create(patient((RED, value))).json() for value in values]
    since = made[0]["meta"]["lastUpdated"]
    registry.remove(RED, values[2])
    walked, path = [], f"Patient/_history?_count=2&_since={since}"
    while path:
        bundle = registry.get(path).json()
        assert bundle["type"] == "history" and len(bundle.get("entry", [])) <= 2
        walked += bundle.get("entry", [])
        path = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
    told = [(entry["request"]["method"], entry["fullUrl"].split("/")[-1]) for entry in walked]
    ids = [one["id"] for one in made]
    assert told[0] == ("DELETE", ids[2])
    assert [one for one in told if one[0] == "POST"][:3] == [("POST", one) for one in reversed(ids)]
    assert all("resource" in entry for entry in walked if entry["request"]["method"] != "DELETE")
