"""Bulk export (FHIR Bulk Data Access 2): kick-off, status, files, and the end of a job."""

import json

import pytest

from registry import RED, issue, number, patient

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


def test_since_and_elements(registry):
    before = registry.create(patient((RED, f"EXB-{number()}"))).json()
    after = registry.create(patient((RED, f"EXA-{number()}"))).json()
    since = after["meta"]["lastUpdated"]
    _, manifest = export(registry, f"?_since={since}&_elements=gender&_type=Patient")
    found = {resource["id"]: resource for resource in lines(registry, manifest)}
    assert after["id"] in found and set(found[after["id"]]) == {"resourceType", "id", "meta", "gender"}
    assert before["id"] not in found or before["meta"]["lastUpdated"] >= since
    assert export(registry, "?_type=Observation")[1]["output"] == []


@pytest.mark.parametrize("query, headers", [
    ("", {}), ("?_outputFormat=text/csv", ASYNC), ("?_since=yesterday", ASYNC), ("?_typeFilter=Patient?x=1", ASYNC)])
def test_faults(registry, query, headers):
    answer = registry.send("GET", "Patient/$export" + query, headers=headers, expect=400)
    assert issue(answer)["severity"] == "error"
