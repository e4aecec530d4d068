#!/usr/bin/env python3
"""A shard joins and another leaves while records come in; source, target or coordinator is killed meanwhile.

Each round loads one population into three shards, adds a fourth while more is loaded, kills one process while slots
move (full form: each in turn; short form: the target and the source), starts it again, waits until all moves are over,
and drains the first shard. Nothing acknowledged may be missing, the persons must be those of an undisturbed load, no
request may be answered by anything but success or the documented "later", and slots must be even within 10 %.
"""

import json
import subprocess
import threading
import time

import harness
import population

BINARY = harness.os.environ.get("TESSERA_BIN", f"{harness.ROOT}/.build/release/tessera")


def command(cluster, *words):
    done = subprocess.run(
        [BINARY, "cluster", *words, "--at", cluster.url, "--json"], capture_output=True, text=True, timeout=120
    )
    if done.returncode != 0:
        raise RuntimeError(f"tessera cluster {' '.join(words)}: {done.stderr.strip()}")
    return json.loads(done.stdout)["moves"]


def wait_for(cluster, what, patience=300):
    """Waits until a condition of the moves holds; the coordinator may be away for a while."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            moves = cluster.client().get("/api/v1/cluster/moves")["moves"]
            if what(moves):
                return moves
        except (OSError, ValueError, harness.http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"moves do not get on: {command(cluster, 'moves')}")


def over(moves):
    return bool(moves) and all(move["phase"] in ("dropped", "aborted") for move in moves)


def slots(cluster):
    return {shard["id"]: shard["slots"] for shard in cluster.client().get("/api/v1/cluster")["shards"]}


def disturbed(checks, directory, port, patients, victim, rate):
    """One round; returns the partition at its end."""
    name = victim or "nobody"
    cluster = harness.Cluster(f"{directory}/{name}", port)
    cluster.up()
    half = len(patients) // 2
    harness.load_all(cluster, patients[:half])
    added = subprocess.run(
        [
            f"{harness.ROOT}/cluster/add-shard", "--dir", cluster.directory, "--port", str(port + 9),
            "--bytes-per-second", str(rate),
        ],
        capture_output=True,
        text=True,
    )
    checks.check(f"{name}: a fourth shard joins", added.returncode == 0, added.stderr.strip())
    began = time.monotonic()
    failures = []

    def load():
        try:
            harness.load_all(cluster, patients[half:], connections=4, batch=16, patience=240)
        except RuntimeError as failure:
            failures.append(failure)

    loading = threading.Thread(target=load, daemon=True)
    loading.start()
    if victim:
        wait_for(cluster, lambda moves: any(m["phase"] == "copying" and m.get("done", 0) > 0 for m in moves))
        cluster.kill(victim)
        time.sleep(1)
        cluster.up()
    loading.join()
    checks.equal(f"{name}: every record is taken", failures, [])
    wait_for(cluster, over)
    print(f"{name}: moved in {time.monotonic() - began:.1f} s", flush=True)
    owned = slots(cluster)
    even = len(owned) == 4 and max(owned.values()) <= 1.1 * min(owned.values())
    checks.check(f"{name}: slots are even", even, f"{owned}")
    links = cluster.client().links()
    checks.equal(f"{name}: nothing is lost", len(links), len(patients))
    command(cluster, "drain", "shard-1")
    wait_for(cluster, over)
    owned = slots(cluster)
    checks.equal(f"{name}: the first shard is drained", owned["shard-1"], 0)
    command(cluster, "drain", "shard-1", "--remove")
    cluster.kill("shard-1")
    checks.equal(f"{name}: nothing is lost without it", len(cluster.client().links()), len(patients))
    cluster.kill("coordinator-1")
    harness.subprocess.run(["rm", "-f", f"{cluster.directory}/shard-1.yaml"])
    cluster.up()
    found = harness.partition(cluster.client().links())
    cluster.down()
    return found


def main(checks, arguments, directory):
    size = 6_000 if arguments.full else 1_200
    rows = population.records(size, arguments.seed)
    patients = [population.patient(person, source, value) for person, source, value in rows]
    quiet = harness.Cluster(f"{directory}/quiet", arguments.base_port)
    quiet.up()
    harness.load_all(quiet, patients)
    expected = harness.partition(quiet.client().links())
    quiet.down()
    victims = [None, "shard-4", "shard-1", "coordinator-1"] if arguments.full else ["shard-4", "shard-1"]
    for victim in victims:
        found = disturbed(checks, directory, arguments.base_port, patients, victim, 2_000_000)
        checks.check(
            f"{victim or 'nobody'}: the same persons", found == expected, harness.difference(expected, found)
        )


if __name__ == "__main__":
    harness.run(__doc__, 21800, main)
