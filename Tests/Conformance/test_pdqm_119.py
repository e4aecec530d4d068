"""ITI-119, `$match`: rows PDQM-119-01 to -15."""

import os
import pathlib
import signal
import subprocess
import tempfile

import pytest

from registry import GRADE, NID, RED, BLUE, Registry, issue, number, patient, resources, row, word
from server import ROOT, program


def ask(registry, body, expect=200, **options):
    parameters = [{"name": "resource", "resource": body}]
    if "certain" in options:
        parameters.append({"name": "onlyCertainMatches", "valueBoolean": options["certain"]})
    if "count" in options:
        parameters.append({"name": "count", "valueInteger": options["count"]})
    body = {"resourceType": "Parameters", "parameter": parameters}
    return registry.send("POST", "Patient/$match", body, None, expect)


def grades(bundle):
    return [next(e["valueCode"] for e in entry["search"]["extension"] if e["url"] == GRADE)
            for entry in bundle.get("entry", []) if entry["resource"]["resourceType"] == "Patient"]


def scores(bundle):
    return [entry["search"]["score"] for entry in bundle.get("entry", [])
            if entry["resource"]["resourceType"] == "Patient"]


@pytest.fixture(scope="module")
def known(registry):
    value = number()
    body = patient((RED, f"MATCH-{value}"), telecom=[{"system": "phone", "value": f"07712{value:06}"}],
                   address=[{"line": ["12 Long Road"], "city": word(value)}])
    return body, registry.create(body).json()["id"]


@row("PDQM-119-01", "PDQM-119-03", "PDQM-119-15")
def test_a_clear_match(registry, known):
    body, record = known
    answer = ask(registry, body)
    bundle = answer.json()
    assert bundle["type"] == "searchset"
    first = bundle["entry"][0]
    assert first["resource"]["id"] == record and first["search"]["mode"] == "match"
    assert 0 <= first["search"]["score"] <= 1 and grades(bundle)[0] == "certain"
    assert scores(bundle)[0] == max(scores(bundle))
    assert ask(registry, body).content == answer.content
    assert set(grades(ask(registry, body, certain=True).json())) == {"certain"}


@row("PDQM-119-08", "PDQM-119-13")
def test_a_bare_patient_and_nothing_stored(registry, known):
    body, record = known
    before = registry.query([("family", body["name"][0]["family"])])["total"]
    assert resources(registry.send("POST", "Patient/$match", body, None, 200).json())[0]["id"] == record
    assert registry.query([("family", body["name"][0]["family"])])["total"] == before
    page = registry.get("AuditEvent?subtype=ITI-119&_count=1").json()
    event = page["entry"][0]["resource"]
    assert event["action"] == "E" and event["outcome"] == "0"
    assert {"search-type", "ITI-119"} <= {code["code"] for code in event["subtype"]}


@row("PDQM-119-02", "PDQM-119-06")
def test_several(registry):
    value = number()
    shared = dict(name=[{"family": "Twin" + word(value), "given": ["Ann"]}], gender="female", birthDate="1971-03-09")
    for index in range(5):
        registry.create(patient((RED, f"TW-{value}-{index}"), (NID, f"TW-{value}-{index}"), **shared))
    bundle = ask(registry, patient(**shared)).json()
    found = scores(bundle)
    assert len(found) >= 2 and found == sorted(found, reverse=True)
    assert scores(ask(registry, patient(**shared), count=2).json()) == found[:2]


@row("PDQM-119-05")
def test_two_certain_matches_of_different_persons(registry):
    body = patient((RED, f"TWO-{number()}"), telecom=[{"system": "phone", "value": f"0772{number():06}"}])
    one = registry.create(body).json()["id"]
    other = registry.create(dict(body, identifier=[{"system": BLUE, "value": f"TWO-{number()}"}])).json()["id"]
    assert set(grades(ask(registry, body, certain=True).json())) == {"certain"}
    answer = registry.http.post(registry.url + "/api/v1/decisions", json={"kind": "never", "a": one, "b": other})
    assert answer.status_code == 200, answer.text
    both = dict(body, identifier=[i for hit in (one, other) for i in registry.get(f"Patient/{hit}").json()["identifier"]
                                  if i["system"] in (RED, BLUE)])
    bundle = ask(registry, both).json()
    golden = {i["value"] for hit in resources(bundle) for i in hit["identifier"] if i["system"] == "urn:tessera:golden"}
    assert len(golden) == 2 and grades(bundle)[:2] == ["certain", "certain"]
    assert resources(ask(registry, both, certain=True).json()) == []


@row("PDQM-119-04")
def test_only_certain_of_what_is_not(registry):
    value = number()
    registry.create(patient((RED, f"PR-{value}"), birthDate="1984-01", gender="female",
                            name=[{"family": "Prob" + word(value), "given": ["Jenn"]}]))
    asked = patient(birthDate="1984", gender=None, name=[{"family": "Prob" + word(value), "given": ["Jenny"]}])
    bundle = ask(registry, asked, certain=True).json()
    assert resources(bundle) == []


@row("PDQM-119-07")
def test_none(registry):
    bundle = ask(registry, patient(name=[{"family": "Zzyzx", "given": ["Qqq"]}], birthDate="1899-12-31")).json()
    assert resources(bundle) == []
    assert not [i for outcome in resources(bundle, "OperationOutcome") for i in outcome["issue"]
                if i["severity"] in ("error", "fatal")]


@row("PDQM-119-09", "PDQM-119-10")
@pytest.mark.parametrize("parameters", [
    [], [{"name": "resource", "resource": {"resourceType": "Patient"}}] * 2,
    [{"name": "resource", "resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}}],
    [{"name": "resource", "resource": {"resourceType": "Patient"}}, {"name": "count", "valueInteger": -1}],
    [{"name": "resource", "resource": {"resourceType": "Patient"}}, {"name": "count", "valueInteger": 0}],
    [{"name": "resource", "resource": {"resourceType": "Patient"}},
     {"name": "onlyCertainMatches", "valueString": "yes"}]])
def test_faults(registry, parameters):
    body = {"resourceType": "Parameters"} | ({"parameter": parameters} if parameters else {})
    answer = registry.send("POST", "Patient/$match", body, None, 400)
    assert issue(answer)["code"] in ("invalid", "required", "value")


@row("PDQM-119-11")
def test_too_little(registry):
    bundle = ask(registry, {"resourceType": "Patient", "gender": "female"}).json()
    outcomes = resources(bundle, "OperationOutcome")
    assert [i for outcome in outcomes for i in outcome["issue"] if i["severity"] == "warning"]


@row("PDQM-119-12")
def test_a_part_of_the_registry_is_away():
    """Of two shards one is killed: what can be found is answered, and that it may not be all."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = ["--dir", folder + "/cluster"]
        # Below the ports that a system hands out: three in a row have to be free.
        port = 23_000
        subprocess.run([ROOT / "cluster/up", *cluster, "--shards", "2", "--base-port", str(port)], check=True,
                       capture_output=True, env=os.environ | {"TESSERA_BIN": program()}, timeout=180)
        registry = Registry(f"http://127.0.0.1:{port}")
        try:
            known = [patient((RED, f"AWAY-{number()}")) for _ in range(20)]
            for body in known:
                registry.create(body)
            os.kill(int(pathlib.Path(folder, "cluster/shard-2.pid").read_text()), signal.SIGKILL)
            answers = [ask(registry, body, expect=(200, 503)) for body in known]
            partial = 0
            for body, answer in zip(known, answers):
                if answer.status_code == 503:
                    assert issue(answer)["code"] in ("timeout", "transient") and answer.headers["retry-after"]
                    continue
                outcomes = [i for o in resources(answer.json(), "OperationOutcome") for i in o["issue"]]
                partial += bool(outcomes)
                assert all((i["severity"], i["code"]) == ("warning", "incomplete") for i in outcomes)
                assert outcomes or body["identifier"][0] in resources(answer.json())[0]["identifier"]
            assert partial, "nothing was left out: nothing is tested"
        finally:
            registry.close()
            subprocess.run([ROOT / "cluster/down", *cluster], capture_output=True, timeout=60)


@row("PDQM-119-14")
def test_xml_in_json_out(registry, known):
    body, record = known
    xml = (f'<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="resource"/><resource><Patient>'
           f'<name><family value="{body["name"][0]["family"]}"/><given value="{body["name"][0]["given"][0]}"/></name>'
           f'<gender value="{body["gender"]}"/><birthDate value="{body["birthDate"]}"/>'
           f'</Patient></resource></parameter><parameter><name value="count"/><valueInteger value="1"/></parameter>'
           f'</Parameters>')
    answer = registry.send("POST", "Patient/$match", xml, {
        "Content-Type": "application/fhir+xml", "Accept": "application/fhir+json"}, 200)
    assert resources(answer.json())[0]["id"] == record
