#!/usr/bin/env python3
"""One walk through everything a newcomer does: up, load, look, explain, export, score, FHIR, restart, down.

Loads the sample of patients that ships with Tessera through the command line, and asks by the command line, by FHIR
and by the native interface. Then a graceful restart and a restart on the same data must change nothing.
"""

import csv
import json
import subprocess
import urllib.parse

import harness

SAMPLE = f"{harness.ROOT}/cluster/sample"
FILES = ["kisima-hospital.csv", "mtoni-clinic.csv", "bandari-laboratory.csv", "community-health.ndjson"]


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def command_line(checks, cluster, directory):
    files = [f"{SAMPLE}/{name}" for name in FILES]
    done = harness.tessera("load", *files, "--to", cluster.url, "--rejects", f"{directory}/rejects.csv")
    checks.check("tessera load takes the sample", done.returncode == 0, done.stderr[-500:])
    again = harness.tessera("load", *files, "--to", cluster.url, "--rejects", f"{directory}/rejects.csv")
    checks.check("loading it again is harmless", again.returncode == 0, again.stderr[-500:])

    links = f"{directory}/links.csv"
    done = harness.tessera("export", "--links", links, "--from", cluster.url)
    checks.check("tessera export writes links", done.returncode == 0, done.stderr[-500:])
    rows = rows_of(links)
    checks.equal("the links have their header", rows[0], ["source", "record_id", "golden_id"])
    truth = rows_of(f"{SAMPLE}/truth.csv")[1:]
    checks.equal("each record has one row", len({tuple(row[:2]) for row in rows[1:]}), len(truth))
    checks.equal("and no more", len(rows) - 1, len(truth))

    done = harness.tessera("evaluate", "--truth", f"{SAMPLE}/truth.csv", "--links", links, "--json")
    checks.check("tessera evaluate scores them", done.returncode == 0, done.stderr[-500:])
    score = f1_of(rows[1:], truth)
    checks.check("the persons are right (pairwise F1 at least 0.95)", score >= 0.95, f"F1 is {score:.4f}")
    print(f"sample: pairwise F1 {score:.4f}")

    done = harness.tessera("explain", "kisima-hospital|K-00205", "bandari-laboratory|B007090", "--from", cluster.url)
    checks.check("tessera explain tells of a match", done.returncode == 0 and done.stdout.strip(), done.stderr[-500:])
    done = harness.tessera(
        "explain", "kisima-hospital|K-00205", "bandari-laboratory|B007090", "--from", cluster.url, "--json"
    )
    checks.check("and as JSON", done.returncode == 0 and is_json(done.stdout), done.stdout[:200] + done.stderr[-300:])
    done = harness.tessera("cluster", "status", "--at", cluster.url, "--json")
    checks.check("tessera cluster status", done.returncode == 0 and is_json(done.stdout), done.stderr[-500:])
    done = harness.tessera("load", f"{directory}/there-is-none.csv", "--to", cluster.url)
    checks.check("a missing file fails with words", done.returncode == 1 and done.stderr, str(done.returncode))
    done = harness.tessera("load", "--no-such-option")
    checks.equal("wrong usage is 64", done.returncode, 64)
    return {tuple(row[:2]): row[2] for row in rows[1:]}


def f1_of(links, truth):
    """Pairwise F1 of links against the truth, computed here and not by the program under test."""
    def pairs(groups):
        return sum(len(group) * (len(group) - 1) // 2 for group in groups.values())

    found, true, both = {}, {}, {}
    golden = {(source, record): identifier for source, record, identifier in links}
    for record, source, person in truth:
        identifier = golden.get((source, record), (source, record))
        found.setdefault(identifier, []).append(record)
        true.setdefault(person, []).append(record)
        both.setdefault((identifier, person), []).append(record)
    hits = pairs(both)
    return 2 * hits / max(1, pairs(found) + pairs(true))


def is_json(text):
    try:
        json.loads(text)
        return True
    except ValueError:
        return False


def fhir(checks, cluster, golden):
    client = cluster.client()
    statement = client.get("/fhir/metadata")
    checks.equal("metadata is a CapabilityStatement", statement["resourceType"], "CapabilityStatement")
    key = urllib.parse.quote("kisima-hospital|K-00205", safe="")
    found = client.get(f"/fhir/Patient?identifier={key}")
    checks.check("search by identifier finds one", len(found.get("entry", [])) == 1, str(found)[:300])
    resource = found["entry"][0]["resource"]
    systems = {part.get("system"): part.get("value") for part in resource["identifier"]}
    expected = golden[("kisima-hospital", "K-00205")]
    checks.equal("it carries the golden identifier", systems.get("urn:tessera:golden"), expected)
    read = client.get(f"/fhir/Patient/{resource['id']}")
    checks.equal("read gives the same", read["id"], resource["id"])
    person = client.get(f"/api/v1/persons/{expected}")
    members = {(record["source"], record["id"]) for record in person["records"]}
    checks.equal("the person has its records", members, {name for name, one in golden.items() if one == expected})

    new = {
        "resourceType": "Patient",
        "identifier": [{"system": "smoke", "value": "1"}],
        "name": [{"family": "Wafula", "given": ["Nekesa", "Rose"]}],
        "gender": "female",
        "birthDate": "1987-03-14",
        "telecom": [{"system": "phone", "value": "0722 416 903"}],
    }
    kind = {"Content-Type": "application/fhir+json"}
    question = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": new}]}
    status, _, body = client.request("POST", "/fhir/Patient/$match", question, kind)
    checks.check("$match finds her", status == 200 and json.loads(body).get("entry"), f"{status} {body[:300]!r}")
    status, headers, body = client.request("POST", "/fhir/Patient", new, kind)
    checks.equal("create answers 201", status, 201)
    told = "/Patient/" in headers.get("location", "") and "etag" in headers
    checks.check("with the place and version", told, headers)
    row = {(s, v): g for s, v, g in client.links()}
    checks.equal("the new record is hers", row.get(("smoke", "1")), expected)
    place = "/fhir" + urllib.parse.urlparse(headers["location"]).path.split("/fhir")[-1].split("/_history")[0]
    new["telecom"][0]["value"] = "0722 416 904"
    status, headers, _ = client.put(new)
    told = status == 200 and '"2"' in headers.get("etag", "")
    checks.check("conditional update answers 200, version 2", told, f"{status} {headers}")
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": place[len("/fhir/"):]}},
        {"request": {"method": "GET", "url": "Patient/0000000000000"}},
    ]}
    status, _, body = client.request("POST", "/fhir", bundle, kind)
    states = [entry["response"]["status"][:3] for entry in json.loads(body).get("entry", [])] if status == 200 else body
    checks.check("a batch answers each entry", status == 200 and states[0] == "200" and states[1][0] == "4", states)
    status, _, _ = client.request("DELETE", place)
    checks.check("delete", status in (200, 204), status)
    status, _, _ = client.request("GET", place)
    checks.equal("what was deleted is gone", status, 410)
    status, _, body = client.request("GET", "/metrics")
    checks.check("metrics are there", status == 200 and b"tessera_shard_up" in body, status)


def main(checks, arguments, directory):
    cluster = harness.Cluster(f"{directory}/cluster", arguments.base_port)
    cluster.up()
    golden = command_line(checks, cluster, directory)
    fhir(checks, cluster, golden)
    if subprocess.run(["which", "curl"], capture_output=True).returncode == 0:
        for version in ("--http1.1", "--http2-prior-knowledge"):
            command = ["curl", "-sf", version, cluster.url + "/fhir/metadata"]
            done = subprocess.run(command, capture_output=True, text=True)
            checks.check(f"curl {version}", done.returncode == 0 and is_json(done.stdout), done.stderr)

    before = set(cluster.client().links())
    status = [f"{harness.ROOT}/cluster/status", "--dir", cluster.directory]
    done = subprocess.run(status, capture_output=True, text=True)
    checks.check("cluster/status says ready", done.returncode == 0, done.stdout)
    names = cluster.names()
    pids = {name: cluster.pid(name) for name in names}
    cluster.down()
    checks.check("cluster/down stops all", not any(map(harness.is_running, pids.values())), str(pids))
    done = subprocess.run(status, capture_output=True, text=True)
    checks.equal("cluster/status says so", done.returncode, 1)
    cluster.up()
    after = set(cluster.client().links())
    same = before == after
    checks.check("a restart keeps records and golden identifiers", same, f"{len(before ^ after)} rows differ")


if __name__ == "__main__":
    harness.run(__doc__, 21400, main)
