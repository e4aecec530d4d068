#!/usr/bin/env python3
"""Rules change under a running registry: whatever dies meanwhile, the end is what a fresh registry with them finds.

A cluster is loaded under the default rules; others are put and activated by `tessera rules`. While records are keyed
and persons decided anew, writes go on, and the coordinator and a shard are killed with kill -9. Then the partition must
be that of a fresh cluster that was started with these rules, and every golden identifier must still lead to a person.
After a rollback it must be that of the rules before.
"""

import json
import random
import re
import threading
import time

import harness
import population

RATE = {False: 250, True: 2_000}


def ran(cluster, *arguments):
    done = harness.tessera("rules", *arguments, *(["--at", cluster.url] if cluster else []))
    if done.returncode != 0:
        raise RuntimeError(f"tessera rules {arguments[0]}: {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def rule_files(directory):
    """The default rules, and others: another threshold, other keys, another way to make persons."""
    text = ran(None, "print")
    match = float(re.search(r"^  match: *([0-9.]+)", text, re.M).group(1))
    other = re.sub(r"^  match: *[0-9.]+", f"  match: {match + 3}", text, count=1, flags=re.M)
    other = re.sub(r"^name: .*", "name: others", other, count=1, flags=re.M)
    keys = "blocking:\n  - [birth_date, sex]\n  - [phone]\n  - [identifier]\n"
    other = re.sub(r"^blocking:\n(?:  .*\n|\n|#.*\n)*", keys, other, count=1, flags=re.M)
    paths = f"{directory}/default.yaml", f"{directory}/others.yaml"
    for path, content in zip(paths, (text, other)):
        with open(path, "w") as file:
            file.write(content)
    return paths


def status(cluster):
    for _ in range(100):
        try:
            return cluster.client().get("/api/v1/rules")
        except (OSError, ValueError, harness.http.client.HTTPException):
            time.sleep(0.05)
    raise RuntimeError("the registry does not say how it stands with the rules")


def wait(cluster, held, seconds=120):
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        report = status(cluster)
        if held(report):
            return report
        time.sleep(0.05)
    raise RuntimeError(f"waited for {seconds} s: {json.dumps(status(cluster))[:600]}")


class Writer:
    """Changes records one by one until it is told to stop; each is repeated until it is acknowledged."""

    def __init__(self, cluster, documents, seed):
        self.cluster, self.documents = cluster, documents
        self.draw, self.stop, self.writes = random.Random(seed), threading.Event(), 0

    def run(self):
        client = self.cluster.client(10)
        names = sorted(self.documents)
        while not self.stop.is_set():
            name = self.draw.choice(names)
            document = json.loads(json.dumps(self.documents[name]))
            if self.draw.random() < 0.3:
                document["telecom"] = [{"system": "phone", "value": "07%08d" % self.draw.randrange(10**8)}]
            else:
                document["birthDate"] = "%04d" % self.draw.randint(1940, 2020) + document["birthDate"][4:]
            while True:
                try:
                    if client.put(document)[0] in (200, 201):
                        break
                except (OSError, harness.http.client.HTTPException):
                    pass
                time.sleep(0.02)
            self.documents[name] = document
            self.writes += 1
            time.sleep(0.01)


def fresh(arguments, directory, name, rules, documents, offset):
    cluster = harness.Cluster(f"{directory}/{name}", arguments.base_port + offset, 3, ["--rules", rules])
    cluster.up()
    harness.load_all(cluster, list(documents), connections=4)
    found = harness.partition(cluster.client().links())
    cluster.down()
    return found


def main(checks, arguments, directory):
    default, others = rule_files(directory)
    cluster = harness.Cluster(f"{directory}/changing", arguments.base_port, 3)
    cluster.up()
    rows = population.records(6_000 if arguments.full else 240, arguments.seed)
    documents = {}
    for person, source, value in rows:
        documents[f"{source}|{value}"] = population.patient(person, source, value)
    harness.load_all(cluster, list(documents.values()), connections=4)
    goldens = {golden for _, _, golden in cluster.client().links()}
    ran(cluster, "put", others, "--comment", "tried on the scenario")
    report = status(cluster)
    version, before = report["versions"][0]["version"], report["deciding"]
    checks.equal("what was put has a name and a comment",
                 (report["versions"][0]["name"], report["versions"][0]["comment"]), ("others", "tried on the scenario"))
    checks.check("a difference is shown", "thresholds.match" in ran(cluster, "diff", version), "no such line")

    writer = Writer(cluster, documents, arguments.seed)
    thread = threading.Thread(target=writer.run)
    thread.start()
    rate = RATE[arguments.full]
    ran(cluster, "activate", "others", "--records-per-second", str(rate), "--no-wait")
    wait(cluster, lambda r: "change" not in r or r["change"]["done"] >= 500)
    cluster.kill("coordinator-1")
    cluster.up()
    checks.equal("the change survives its leader", status(cluster).get("change", {}).get("to"), version)
    wait(cluster, lambda r: "change" not in r or r["change"]["phase"] == "resolving" and r["change"]["done"] >= 500)
    ran(cluster, "pause")
    time.sleep(0.4)
    paused = status(cluster)["change"]["done"]
    cluster.kill("coordinator-1")
    cluster.kill("shard-2")
    cluster.up()
    time.sleep(0.4)
    checks.equal("a change that was paused stays so, whoever leads", status(cluster)["change"]["done"], paused)
    ran(cluster, "resume", "--no-wait", "--records-per-second", "0")
    wait(cluster, lambda r: "change" not in r)
    writer.stop.set()
    thread.join()
    print(f"{writer.writes} writes went on meanwhile", flush=True)
    checks.check("writes went on", writer.writes > 20, str(writer.writes))
    report = status(cluster)
    checks.equal("the new rules decide", (report["deciding"], report["previous"]), (version, before))
    found = harness.partition(cluster.client().links())
    expected = fresh(arguments, directory, "fresh", others, documents.values(), 50)
    checks.check(f"the partition is that of a fresh registry ({len(expected)} persons)", found == expected,
                 harness.difference(found, expected))
    client = cluster.client()
    lost = [golden for golden in goldens if client.request("GET", f"/api/v1/persons/{golden}")[0] != 200]
    checks.check(f"{len(goldens)} golden identifiers lead to persons", not lost, str(lost[:3]))

    ran(cluster, "rollback", "--records-per-second", "0", "--comment", "back")
    found = harness.partition(cluster.client().links())
    expected = fresh(arguments, directory, "back", default, documents.values(), 80)
    checks.check(f"rolled back, it is that of the rules before ({len(expected)} persons)", found == expected,
                 harness.difference(found, expected))
    turns = [turn["done"] for turn in status(cluster)["turns"]]
    checks.equal("the book tells it all", turns,
                 ["completed", "rolled-back", "completed", "activated", "completed"])
    scrub = harness.tessera("cluster", "scrub", "--dry-run", "--at", cluster.url)
    checks.equal("a scrub finds nothing", scrub.returncode, 0)
    cluster.down()


if __name__ == "__main__":
    harness.run(__doc__, 23700, main)
