"""The door of OpenCR's clients: submission, golden records, tags; and `tessera migrate opencr`."""

import csv
import io
import json
import subprocess
import tempfile

import pytest

from registry import BLUE, GOLDEN, RED, identifiers, number, patient, resources
from server import HERE, program, start

GOLDEN_TAG = "5c827da5-4858-4f3d-a50c-62ece001efea"
CSV_TAG = "http://openclientregistry.org/fhir/tag/csv"
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


def test_a_search_brings_the_golden_record_along(opencr):
    one = patient((RED, f"CR-{number()}"))
    ids = [opencr.create(one).json()["id"]]
    second = opencr.create(patient((BLUE, f"CR-{number()}"), **same(one)))
    ids.append(second.json()["id"])
    query = [("identifier", f"{RED}|{one['identifier'][0]['value']}"), ("_include", "Patient:link")]
    found = opencr.query(query)
    assert found["total"] == 1
    modes = {entry["resource"]["id"]: entry["search"]["mode"] for entry in found["entry"]}
    assert modes == {ids[0]: "match", ids[1]: "include", cruid(second): "include"}
    golden = [one for one in resources(found) if any(
        tag.get("code") == GOLDEN_TAG for tag in one.get("meta", {}).get("tag", []))]
    assert [one["id"] for one in golden] == [cruid(second)]
    # What is not known is ignored in silence: such clients take every entry for a Patient.
    assert len(opencr.query(query[:1] + [("_tag", "x")])["entry"]) == 1


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


@pytest.mark.parametrize("kind", ["batch", "transaction", "collection"])
def test_a_bundle_of_updates_by_foreign_ids(opencr, kind):
    body = patient((RED, f"CR-{number()}"))
    first = opencr.create(body)
    entries = [{"resource": body | {"address": [{"city": "Kisima"}]},
                "request": {"method": "PUT", "url": "Patient/3f1c2d4e-0000-4000-8000-000000000001"}}]
    answer = opencr.send("POST", "", {"resourceType": "Bundle", "type": kind, "entry": entries}, expect=200)
    assert answer.json()["entry"][0]["response"]["status"].startswith("200"), answer.text
    assert json.loads(answer.headers["locationcruid"]) == [f"Patient/{cruid(first)}"]
    assert opencr.get(f"Patient/{first.json()['id']}").json()["address"] == [{"city": "Kisima"}]


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


# The routes of OpenCR's own user interface, and its uploads of tables.


def match(registry, method, path, body=None, expect=200, kind="application/json"):
    content = body if isinstance(body, (str, type(None))) else json.dumps(body)
    answer = registry.http.request(method, f"{registry.url}/{path}", content=content, headers={"Content-Type": kind})
    assert answer.status_code == expect, answer.text
    if answer.status_code >= 400:
        assert answer.json()["resourceType"] == "OperationOutcome"
    return answer


def golden(registry, name):
    links = registry.get(f"Patient/{name}").json()["link"]
    return next(l["other"]["reference"] for l in links if l["type"] == "refer").removeprefix("Patient/")


def person(registry, *systems):
    """Records of one person, one of each system."""
    one = patient((systems[0], f"CR-{number()}"))
    ids = [registry.create(one).json()["id"]]
    ids += [registry.create(patient((s, f"CR-{number()}"), **same(one))).json()["id"] for s in systems[1:]]
    assert len({golden(registry, name) for name in ids}) == 1
    return one, ids


def twins(registry):
    """Two records that resemble each other, and that something keeps apart."""
    one = patient((RED, f"CR-{number()}"), multipleBirthInteger=1)
    first = registry.create(one).json()["id"]
    other = patient((BLUE, f"CR-{number()}"), **same(one)) | {"multipleBirthInteger": 2}
    return first, registry.create(other).json()["id"]


def test_check_before_create(opencr):
    one, ids = person(opencr, RED, BLUE)
    body = {"resourceType": "Patient", **same(one)}
    found = match(opencr, "POST", "match/matches", body).json()
    assert {row["id"] for row in found["auto"]} == set(ids) and not found["conflict"]
    assert found["parent"][0]["family"] == one["name"][0]["family"] and found["parent"][0]["uid"] == ""
    assert all(row["uid"] == row["ouid"] == golden(opencr, ids[0]) for row in found["auto"])
    assert all(isinstance(score, (int, float)) for row in found["auto"] for score in row["scores"].values())
    nobody = match(opencr, "POST", "match/matches", {"resourceType": "Patient", "name": [{"family": "Nobody"}]}).json()
    assert not nobody["auto"] and not nobody["potential"]
    match(opencr, "POST", "match/matches", "{", expect=400)


def test_potential_matches_lists_the_record_first(opencr):
    one, ids = person(opencr, RED, BLUE)
    for prefix in ("", "ocrux/"):
        rows = match(opencr, "GET", f"{prefix}match/potential-matches/{ids[0]}").json()
        assert rows[0]["id"] == ids[0] and {row["id"] for row in rows} == set(ids)
        assert rows[0]["source_id"] == one["identifier"][0]["value"] and rows[0]["birthDate"] == one["birthDate"]
    match(opencr, "GET", "match/potential-matches/none", expect=404)


def test_the_queue_of_issues(opencr):
    first, second = twins(opencr)
    rows = {row["id"]: row for row in match(opencr, "GET", "match/get-match-issues").json()}
    assert match(opencr, "GET", "match/count-match-issues").json()["total"] == len(rows)
    assert rows[first]["reasonCode"] in ("potentialMatches", "conflictMatches") and second in rows
    assert rows[first]["uid"] == golden(opencr, first)
    # No change, and the flag is to go: they stay two persons, and nobody asks again.
    body = {"resolvingFrom": first, "flagType": rows[first]["reasonCode"], "removeFlag": True,
            "resolves": [rows[first]]}
    body["resolves"][0]["ouid"] = body["resolves"][0]["uid"]
    match(opencr, "POST", "match/resolve-match-issue", body | {"removeFlag": False}, expect=202)
    match(opencr, "POST", "match/resolve-match-issue?username=akello", body)
    left = {row["id"] for row in match(opencr, "GET", "match/get-match-issues").json()}
    assert first not in left and second not in left and golden(opencr, first) != golden(opencr, second)
    assert "tag" not in opencr.get(f"Patient/{first}").json()["meta"]
    book = opencr.http.get(f"{opencr.url}/api/v1/decisions?limit=5").json()["decisions"]
    assert book[0]["kind"] == "never" and book[0]["comment"] == "resolve-match-issue" and book[0]["by"] == "akello"


def test_a_break_and_its_way_back(opencr):
    _, (a, b, c) = person(opencr, RED, BLUE, RED)
    old = golden(opencr, a)
    done = match(opencr, "POST", "match/break-match?username=akello", [f"Patient/{b}"])
    assert done.text == "Match Broken"
    assert golden(opencr, a) == golden(opencr, c) == old != golden(opencr, b)
    # Sent again, the same record does not come back by itself.
    sent = opencr.get(f"Patient/{b}").json()
    opencr.create({k: v for k, v in sent.items() if k not in ("id", "meta", "link")}, expect=200)
    assert golden(opencr, b) != old
    match(opencr, "POST", "match/unbreak-match", [{"id1": f"Patient/{b}", "id2": f"Patient/{a}"}], expect=201)
    match(opencr, "POST", "match/unbreak-match", [{"id1": f"Patient/{b}", "id2": f"Patient/{c}"}], expect=201)
    assert golden(opencr, b) == old
    match(opencr, "POST", "match/break-match", [f"Patient/{n}" for n in (a, b, c)])
    assert {golden(opencr, n) for n in (a, b, c)} == {old}, "who all leave together stay who they are"


@pytest.mark.parametrize("path, body", [
    ("break-match", {}), ("break-match", ["abc"]), ("break-match", ["Patient/0000000000000"]), ("unbreak-match", {}),
    ("unbreak-match", [{"id1": "Patient/0000000000000"}]), ("resolve-match-issue", []),
    ("resolve-match-issue", {"removeFlag": True})])
def test_orders_that_mean_nothing(opencr, path, body):
    match(opencr, "POST", f"match/{path}", body, expect=400)


def test_records_are_moved_between_persons(opencr):
    _, (a, b) = person(opencr, RED, BLUE)
    _, (c,) = person(opencr, RED)
    old, other = golden(opencr, a), golden(opencr, c)
    row = {"id": b, "ouid": old}
    match(opencr, "POST", "match/resolve-match-issue", {"resolvingFrom": a, "resolves": [row | {"uid": "New CR ID 1"}]})
    assert golden(opencr, a) == old and golden(opencr, b) not in (old, other)
    # The emptied person leads to the one that the record went to.
    row = {"id": c, "ouid": other, "uid": old}
    match(opencr, "POST", "match/resolve-match-issue", {"resolvingFrom": a, "resolves": [row]})
    assert golden(opencr, c) == golden(opencr, a)
    survivor = golden(opencr, a)
    for name in (old, other):
        native = opencr.http.get(f"{opencr.url}/api/v1/persons/{name}").json()
        assert native["golden"] == survivor
    row = {"id": b, "ouid": other, "uid": old}
    match(opencr, "POST", "match/resolve-match-issue", {"resolvingFrom": a, "resolves": [row]}, expect=409)


def test_new_matches_until_somebody_looked(opencr):
    _, (a, b) = person(opencr, RED, BLUE)
    rows = {row["id"]: row for row in match(opencr, "GET", "match/get-new-auto-matches").json()}
    assert a in rows and b in rows and rows[a]["reasonCode"] == "autoMatches"
    assert match(opencr, "GET", "match/count-new-auto-matches").json()["total"] == len(rows)
    match(opencr, "POST", "match/resolve-match-issue", {
        "resolvingFrom": a, "flagType": "autoMatches", "removeFlag": True, "resolves": []})
    left = {row["id"] for row in match(opencr, "GET", "match/get-new-auto-matches").json()}
    assert a not in left and b in left


def test_an_upload_of_a_table(opencr):
    one, (known,) = person(opencr, RED)
    family, given = one["name"][0]["family"], one["name"][0]["given"][0]
    value = number()
    table = ("record_id,Surname,given_name,sex,birth_date\r\n"
             f"CSV-{value}-1,{family},{given},{one['gender']},{one['birthDate']}\r\n"
             f"CSV-{value}-2,\"Strange, r\",Somebody,F,1990-01-01\r\n"
             ",No,Number,F,1990-01-01\r\n")
    path = f"csv/upload?name=people-{value}.csv&source={BLUE}&map=Surname=family_name"
    done = match(opencr, "POST", path, table, kind="text/csv").json()
    assert (done["rows"], done["stored"], done["rejected"]) == (3, 2, 1)
    assert done["errors"][0]["line"] == 4 and "record_id" in done["errors"][0]["reason"]
    uploads = match(opencr, "GET", "csv/getCSVUpload").json()
    mine = [u for u in uploads if u["uuid"] == done["uuid"]]
    assert mine[0]["name"] == f"people-{value}.csv" and mine[0]["date"].startswith("20")
    place = match(opencr, "GET", f"csv/getCSVReport/{mine[0]['reportId']}").text
    report = match(opencr, "GET", place.lstrip("/"))
    assert report.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(report.text)))
    assert [row["outcome"] for row in rows] == ["stored", "stored", "rejected"]
    assert rows[0]["golden_id"] == golden(opencr, known) and rows[0]["matches"] == "1" and rows[1]["matches"] == "0"
    tags = opencr.get(f"Patient/{rows[0]['patient']}").json()["meta"]["tag"]
    assert {"system": CSV_TAG, "code": done["uuid"], "display": f"people-{value}.csv"} in tags
    again = match(opencr, "POST", path, table, kind="text/csv").json()
    assert again["stored"] == 2 and again["uuid"] != done["uuid"]
    assert golden(opencr, rows[0]["patient"]) == rows[0]["golden_id"]
    match(opencr, "GET", "csv/getCSVReport/none", expect=404)
    match(opencr, "POST", "csv/upload", "nothing,here\r\n1,2\r\n", expect=400, kind="text/csv")
    match(opencr, "POST", "csv/upload", "{}", expect=415)


def test_patients_under_the_tag_of_an_upload_are_in_its_report(opencr):
    code = f"upload-{number()}"
    tag = {"system": CSV_TAG, "code": code, "display": "people.csv"}
    for _ in range(3):
        opencr.create(patient((RED, f"CR-{number()}")) | {"meta": {"tag": [tag]}})
    assert [u["name"] for u in match(opencr, "GET", "csv/getCSVUpload").json() if u["uuid"] == code] == ["people.csv"]
    rows = list(csv.DictReader(io.StringIO(match(opencr, "GET", f"csv/report/{code}").text)))
    assert [row["outcome"] for row in rows] == ["stored"] * 3 and all(row["golden_id"] for row in rows)


def test_the_door_is_closed_unless_it_is_opened(registry):
    answer = registry.http.get(registry.url + "/match/count-match-issues")
    assert answer.status_code == 404
    described = registry.http.get(registry.url + "/api/v1/openapi.json").json()["paths"]
    assert not any(path.startswith(("/match", "/csv")) for path in described)
