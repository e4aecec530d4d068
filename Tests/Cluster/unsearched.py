#!/usr/bin/env python3
"""New records are taken while the only copy of a shard is away, and searched for by themselves when it is back.

The rules say `unsearched: accept`. Half of the records are loaded, a shard is killed, and the others are sent: each is
answered 202 with its mark, or 503 where its home is the shard that is away. The coordinator is killed as well, and
both are started again. Without anybody's help the marks go, and in the end persons are those of a cluster that was
never disturbed.
"""

import json
import re
import time

import harness
import population

MARK = "x-tessera-unsearched"


def rules(directory):
    done = harness.tessera("rules", "print")
    text = re.sub(r"^name: .*", "name: taking\nunsearched: accept", done.stdout, count=1, flags=re.M)
    path = f"{directory}/rules.yaml"
    with open(path, "w") as file:
        file.write(text)
    return path


def waiting(client):
    """How many records wait, as the metrics tell."""
    _, _, body = client.request("GET", "/metrics")
    found = re.search(r"^tessera_records_unsearched (\d+)", body.decode(), re.M)
    return int(found.group(1)) if found else -1


def send_beside_silence(checks, client, patients):
    """Sends records one by one; returns those that were taken."""
    taken, refused = [], []
    for patient in patients:
        status, headers, body = client.put(patient)
        if status == 202:
            taken.append((patient, headers["location"].split("/fhir/")[1]))
            if len(taken) == 1:
                issue = json.loads(body)["issue"][0]
                checks.equal("the answer says so", (issue["severity"], issue["code"]), ("warning", "incomplete"))
                checks.check("and which keys", "shard-2" in issue["diagnostics"], issue["diagnostics"])
                checks.equal("in a header field too", headers.get(MARK), "true")
        else:
            refused.append(status)
            if len(refused) == 1:
                print(f"refused: {body.decode()[:300]}", flush=True)
    checks.check("records are taken", len(taken) > 10, f"{len(taken)} of {len(patients)}")
    checks.equal("the others, at home or named where nobody answers, are refused", set(refused), {503})
    print(f"{len(taken)} taken, {len(refused)} refused", flush=True)
    return taken


def main(checks, arguments, directory):
    options = ["--rules", rules(directory)]
    cluster = harness.Cluster(f"{directory}/unsearched", arguments.base_port, 3, options)
    cluster.up()
    client = cluster.client()
    count = 600 if arguments.full else 120
    drawn = population.records(count, arguments.seed)
    patients = [population.patient(person, source, value) for person, source, value in drawn]
    first, second = patients[: len(patients) // 2], patients[len(patients) // 2 :]
    harness.load_all(cluster, first)
    before = {(source, value): golden for source, value, golden in client.links()}
    cluster.kill("shard-2")
    loaded = [one for one in client.load(second[-10:]) if one and one.get("unsearched")]
    checks.check("bulk loads are told of it", loaded and not any("golden" in one for one in loaded), str(loaded)[:300])
    taken = send_beside_silence(checks, client, second[:-10])
    patient, path = taken[0]
    status, headers, body = client.request("GET", f"/fhir/{path}")
    checks.equal("what waits can be read", (status, headers.get(MARK)), (200, "true"))
    checks.equal("as it was sent", json.loads(body)["birthDate"], patient["birthDate"])
    checks.equal("the same again is taken", client.put(patient)[0], 202)
    checks.equal("something else waits", client.put(dict(patient, birthDate="1901-01-01"))[0], 503)
    checks.equal("all of them wait", waiting(client), len(taken) + len(loaded))
    told = harness.tessera("cluster", "status", "--at", cluster.url).stdout
    checks.check("the status tells of them", f"{len(taken) + len(loaded)} records wait" in told, told)
    cluster.kill("coordinator-1")
    cluster.up()
    client = cluster.client()
    began = time.monotonic()
    while waiting(client) != 0 and time.monotonic() - began < 60:
        time.sleep(0.1)
    checks.equal("nothing waits any more", waiting(client), 0)
    print(f"searched for within {time.monotonic() - began:.1f} s", flush=True)
    status, headers, _ = client.request("GET", f"/fhir/{path}")
    checks.equal("the mark is gone", (status, headers.get(MARK), headers.get("etag")), (200, None, 'W/"1"'))
    harness.load_all(cluster, patients)
    links = client.links()
    for source, value, _ in links:
        if (source, value) not in before:
            continue
        status, _, _ = client.request("GET", f"/fhir/Patient/{before[source, value]}")
        checks.check("golden identifiers from before lead to a person", status == 200, f"{source} {value}: {status}")
    checks.equal("every record is there once", len(links), len(patients))
    cluster.down()
    calm = harness.Cluster(f"{directory}/calm", arguments.base_port + 20, 3, options)
    calm.up()
    harness.load_all(calm, patients)
    found, expected = harness.partition(links), harness.partition(calm.client().links())
    checks.check(f"persons are those of a calm cluster ({len(expected)})", found == expected,
                 harness.difference(found, expected))
    calm.down()


if __name__ == "__main__":
    harness.run(__doc__, 23900, main)
