"""The door of OpenCR's clients: submission, golden records, tags; and `tessera migrate opencr`."""

import json
import subprocess
import tempfile

import pytest

from registry import BLUE, GOLDEN, RED, identifiers, number, patient, resources
from server import HERE, program, start

GOLDEN_TAG = "5c827da5-4858-4f3d-a50c-62ece001efea"
ISSUES = "http://openclientregistry.org/fhir/matchIssues"


@pytest.fixture(scope="module")
def opencr():
    registry, stop = start(HERE / "authorities.yaml", "--opencr")
    yield registry
    stop()


def cruid(answer):
    return answer.headers["locationcruid"].removeprefix("Patient/")


def same(made):
    return {name: made[name] for name in ("name", "gender", "birthDate")}


def test_submission_names_the_golden_record(opencr):
    one = patient((RED, f"CR-{number()}"))
    first = opencr.create(one)
    second = opencr.create(patient((BLUE, f"CR-{number()}"), **same(one)))
    assert cruid(first) == cruid(second)
    assert opencr.create(one, expect=200).headers["locationcruid"] == first.headers["locationcruid"]
    stranger = opencr.create(patient((RED, f"CR-{number()}")))
    assert cruid(stranger) != cruid(first)


def test_records_refer_to_their_golden_record_and_back(opencr):
    one = patient((RED, f"CR-{number()}"))
    ids = [opencr.create(one).json()["id"]]
    second = opencr.create(patient((BLUE, f"CR-{number()}"), **same(one)))
    ids.append(second.json()["id"])
    golden = cruid(second)
    for name in ids:
        links = opencr.get(f"Patient/{name}").json()["link"]
        assert [l["other"]["reference"] for l in links if l["type"] == "refer"] == [f"Patient/{golden}"]
    person = opencr.get(f"Patient/{golden}").json()
    assert any(tag["code"] == GOLDEN_TAG for tag in person["meta"]["tag"])
    assert {l["other"]["reference"] for l in person["link"] if l["type"] == "seealso"} == {f"Patient/{n}" for n in ids}
    found = resources(opencr.query([("identifier", f"{RED}|{one['identifier'][0]['value']}")]))
    assert any(l["type"] == "refer" for l in found[0]["link"])


def test_a_link_that_a_client_sends_means_nothing(opencr):
    body = patient((RED, f"CR-{number()}")) | {"link": [{"other": {"reference": "Patient/x"}, "type": "refer"}]}
    made = opencr.create(body)
    links = opencr.get(f"Patient/{made.json()['id']}").json()["link"]
    assert [l["other"]["reference"] for l in links if l["type"] == "refer"] == [f"Patient/{cruid(made)}"]


def test_a_bundle_of_patients(opencr):
    bodies = [patient((RED, f"CR-{number()}")) for _ in range(3)]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": body} for body in bodies]}
    answer = opencr.send("POST", "", bundle, expect=200)
    assert len(answer.json()["entry"]) == 3
    assert len(json.loads(answer.headers["location"])) == len(set(json.loads(answer.headers["locationcruid"]))) == 3


def test_an_update_by_a_foreign_id(opencr):
    body = patient((RED, f"CR-{number()}"))
    first = opencr.create(body)
    again = opencr.send("PUT", "Patient/3f1c2d4e-0000-4000-8000-000000000000", body | {
        "id": "3f1c2d4e-0000-4000-8000-000000000000", "address": [{"city": "Kisima"}]}, expect=200)
    assert again.json()["id"] == first.json()["id"] and cruid(again) == cruid(first)


def test_open_questions_are_tags(opencr):
    one = patient((RED, f"CR-{number()}"), multipleBirthInteger=1)
    first = opencr.create(one).json()["id"]
    second = opencr.create(patient((BLUE, f"CR-{number()}"), **same(one)) | {"multipleBirthInteger": 2}).json()["id"]
    asked = opencr.http.get(opencr.url + "/api/v1/reviews?limit=1000").json()["reviews"]
    mine = [r for r in asked if {r["a"]["fhirId"], r["b"]["fhirId"]} == {first, second}]
    assert mine, asked
    code = "potentialMatches" if mine[0]["reason"] == "weight-in-review-band" else "conflictMatches"
    tags = opencr.get(f"Patient/{first}").json()["meta"]["tag"]
    assert {"system": ISSUES, "code": code, "display": code} in tags


def test_the_tag_of_a_csv_upload_stays(opencr):
    tag = {"system": "http://openclientregistry.org/fhir/tag/csv", "code": "upload-1", "display": "people.csv"}
    made = opencr.create(patient((RED, f"CR-{number()}")) | {"meta": {"tag": [tag]}}).json()
    assert tag in opencr.get(f"Patient/{made['id']}").json()["meta"]["tag"]


def export():
    """Two persons: one of two unlike records that OpenCR linked, one whose pair was broken; and an emptied golden."""
    def made(system):
        return patient((system, f"MIG-{number()}")) | {"id": f"rec-{number()}"}

    a, b, c, d = made(RED), made(BLUE), made(RED), made(BLUE)
    d |= same(c)
    golden = {name: f"{number():08x}-1111-4222-8333-444455556666" for name in ("ab", "c", "d", "old")}

    def person(name, *members, **link):
        links = [{"type": "seealso", "other": {"reference": f"Patient/{m['id']}"}} for m in members]
        links += [{"type": "replaced-by", "other": {"reference": f"Patient/{golden[t]}"}} for t in link.values()]
        return {"resourceType": "Patient", "id": golden[name], "meta": {"tag": [{"code": GOLDEN_TAG}]}, "link": links}

    for record, name in ((a, "ab"), (b, "ab"), (c, "c"), (d, "d")):
        record["link"] = [{"type": "refer", "other": {"reference": f"Patient/{golden[name]}"}}]
    c["extension"] = [{"url": "http://clientregistry.org/brokenMatch",
                       "valueReference": {"reference": f"Patient/{d['id']}"}}]
    resources_ = [a, b, c, d, person("ab", a, b), person("c", c), person("d", d), person("old", to="ab")]
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources_]}
    return bundle, golden, (a, b, c, d)


def migrate(registry, *files):
    command = [program(), "migrate", "opencr", *files, "--to", registry.url, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_migration_keeps_links_breaks_and_golden_identifiers(registry):
    bundle, golden, records = export()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(bundle, file)
        file.flush()
        report = migrate(registry, file.name)
        assert (report["stored"], report["rejected"], report["linked"], report["broken"]) == (4, 0, 1, 1)
        assert report["goldens"] == 4

        def of(record):
            key = record["identifier"][0]
            path = f"/api/v1/records/{key['system']}/{key['value']}"
            return registry.http.get(registry.url + path).json()["golden"]

        a, b, c, d = records
        assert of(a) == of(b) and of(c) != of(d), "linked though unlike, apart though alike"
        for name, record in (("ab", a), ("c", c), ("d", d), ("old", b)):
            person = registry.get(f"Patient/{golden[name]}").json()
            assert (GOLDEN, of(record)) in identifiers(person)
            assert ("urn:tessera:former-golden", golden[name]) in identifiers(person)
            native = registry.http.get(f"{registry.url}/api/v1/persons/{golden[name]}").json()
            assert native["golden"] == of(record) and native["asked"] == golden[name]
        before = [of(record) for record in records]
        again = migrate(registry, file.name)
        assert again["linked"] == 0 and [of(record) for record in records] == before
    registry.get("Patient/00000000-0000-4000-8000-000000000000", expect=404)
