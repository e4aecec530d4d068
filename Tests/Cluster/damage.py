#!/usr/bin/env python3
"""A copy whose disk is damaged is named, and is filled from the other copy by itself.

Two copies of each of two shards hold a population. Bytes of a run of one copy are changed while it is down: it
finds them by their checksums, its status, its log and the coordinator's log name file and place, and it comes back
equal to the other copy. Then a frame of its log is changed: its store does not open, and it comes back the same
way. The rest of the cluster answers meanwhile, and no record is lost. Full form: 20,000 records and eight rounds.
"""

import os
import random
import time

import fleet
import harness
import population
import shard_wire as wire


def flip(path, draw, low, high):
    """Changes some bytes of a file."""
    with open(path, "r+b") as file:
        for _ in range(3):
            place = draw.randrange(low, high)
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 0x20]))


def largest(cluster, name, folder, prefix):
    place = f"{cluster.directory}/{name}/{folder}"
    found = [f"{place}/{file}" for file in os.listdir(place) if file.startswith(prefix)]
    return max(found, key=os.path.getsize)


def damage_run(cluster, name, draw):
    # A store that is closed has brought everything into runs.
    cluster.stop(name)
    path = largest(cluster, name, "state", "run-")
    flip(path, draw, 0, os.path.getsize(path))
    return path


def damage_log(cluster, name, draw):
    cluster.kill(name)
    path = min((f"{cluster.directory}/{name}/log/{file}" for file in os.listdir(f"{cluster.directory}/{name}/log")
                if file.startswith("log-")))
    # In the first frame: later ones say that it was durable.
    flip(path, draw, 60, 200)
    return path


def told(cluster, name, text, since, patience=90):
    """Whether a process logs a text after a place in its log."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with open(f"{cluster.directory}/{name}.log", errors="replace") as file:
            file.seek(since)
            if any(text in line for line in file):
                return True
        time.sleep(0.1)
    return False


def heal(checks, cluster, harm, what, name, draw):
    logs = {one: os.path.getsize(f"{cluster.directory}/{one}.log") for one in (name, "coordinator-1")}
    path = harm(cluster, name, draw)
    began = time.monotonic()
    cluster.up()
    file = os.path.basename(path)
    checks.check(f"{what}: the copy names {file}", told(cluster, name, file, logs[name]), cluster.log(name))
    checks.check(f"{what}: the coordinator names the copy",
                 told(cluster, "coordinator-1", "store is damaged", logs["coordinator-1"]),
                 cluster.log("coordinator-1"))
    checks.check(f"{what}: what is damaged is given up",
                 told(cluster, name, "gave up what was damaged", logs[name]), cluster.log(name))
    checks.check(f"{what}: it comes back", cluster.wait_in_sync() is not None, str(cluster.replicas()))
    print(f"{what}: in sync again after {time.monotonic() - began:.1f} s", flush=True)
    found = wire.digests_of(cluster)
    other = name[:-1] + ("a" if name.endswith("b") else "b")
    checks.equal(f"{what}: both copies are equal", found[name] == found[other], True)
    return found


def main(checks, arguments, directory):
    draw = random.Random(arguments.seed)
    count, rounds = (20_000, 8) if arguments.full else (1_500, 2)
    rows = population.records(arguments.records or count, arguments.seed)
    patients = [population.patient(person, source, value) for person, source, value in rows]
    cluster = fleet.Fleet(f"{directory}/damage", arguments.base_port, shards=2, options=["--replicas", "2"])
    cluster.up()
    part = len(patients) // (rounds + 1)
    harness.load_all(cluster, patients[:part])
    checks.check("all copies are in sync", cluster.wait_in_sync(30) is not None, str(cluster.replicas()))
    for number in range(rounds):
        name = draw.choice(cluster.kind("shard"))
        before = wire.digests_of(cluster)
        if number % 2 == 0:
            found = heal(checks, cluster, damage_run, f"round {number + 1}, a run of {name}", name, draw)
        else:
            found = heal(checks, cluster, damage_log, f"round {number + 1}, the log of {name}", name, draw)
        checks.equal(f"round {number + 1}: nothing is lost", found == before, True)
        harness.load_all(cluster, patients[part * (number + 1):part * (number + 2)])
    links = harness.partition(cluster.client().links())
    checks.equal("every record is there", sum(len(group) for group in links), part * (rounds + 1))
    cluster.down()


def options(parser):
    parser.add_argument("--records", type=int, help="records inside")


if __name__ == "__main__":
    harness.run(__doc__, 23100, main, options)
