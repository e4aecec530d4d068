#!/usr/bin/env python3
"""A backup is made while records come in, checked, damaged, and restored to another number of shards.

One population is loaded into three shards, the last part of it while a backup copies and while it follows. The backup
is restored whole to five shards and to its cut to two, and both are started: what is in each slot (by digest), golden
identifiers and the change feed must be those of the first cluster at that write, and both must take further writes. A
byte is changed in a file of the backup: the check must name that file, and restoring must be refused. Full form:
500,000 records.
"""

import hashlib
import json
import os
import subprocess
import time

import fleet
import harness
import population
import shard_wire


def tessera(*words, ok=True):
    done = harness.tessera(*words)
    if ok and done.returncode != 0:
        raise RuntimeError(f"tessera {' '.join(words)}: {done.stderr.strip()}")
    return done


def backups(cluster):
    return {backup["name"]: backup for backup in cluster.client().get("/api/v1/cluster/backups")["backups"]}


def wait_for(what, patience=120):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise RuntimeError("what was waited for did not come")


class Feed:
    """The whole change feed, in little: a digest of each entry, and who is in which person, told by the feed alone."""

    def __init__(self, cluster):
        client, after = cluster.client(), "0"
        # Of each entry its sequence and digest; of each change of a record's golden identifier when it was.
        self.entries, self.moves = [], []
        while True:
            page = client.get(f"/api/v1/changes?after={after}&limit=1000")
            for entry in page["entries"]:
                told = json.dumps(entry, sort_keys=True).encode()
                self.entries.append((entry["sequence"], hashlib.blake2b(told, digest_size=8).digest()))
                for event in entry["events"]:
                    if event["type"] in ("record-linked", "record-removed"):
                        self.moves.append((entry["sequence"], event["record"], event.get("to")))
            if not page.get("more"):
                return
            after = page["next"]

    def through(self, last=None):
        """The entries up to a sequence."""
        return [entry for entry in self.entries if last is None or entry[0] <= last]

    def persons(self, last=None):
        """Record to golden identifier, as of a sequence."""
        golden = {}
        for sequence, record, to in self.moves:
            if last is not None and sequence > last:
                break
            if to is None:
                golden.pop(record, None)
            else:
                golden[record] = to
        return golden


def digests(cluster):
    """What is in each slot, over all shards: rows and postings counted, and the sum of their hashes."""
    total = [(0, 0, 0)] * shard_wire.SLOTS
    for number in range(1, cluster.shards + 1):
        with open(f"{cluster.directory}/shard-{number}.yaml") as file:
            address = next(line.split(":", 1)[1].strip() for line in file if line.startswith("listen:"))
        for step, content in enumerate(shard_wire.digests(int(address.rsplit(":", 1)[1]), scope=1)):
            reader = shard_wire.Reader(content)
            for place in range(reader.varint()):
                slot = step * shard_wire.STEP + place
                rows, postings, hashes = total[slot]
                total[slot] = (rows + reader.varint(), postings + reader.varint(),
                               (hashes + reader.take("Q")) % 2**64)
    return total


def start(directory, port, shards):
    cluster = harness.Cluster(directory, port, shards=shards)
    # Of a directory that is there already cluster/up takes the data and writes the configuration.
    cluster.up()
    return cluster


def decide(checks, client):
    """A steward parts two records of one person and joins two of two persons."""
    people = {}
    for source, value, golden in client.links():
        people.setdefault(golden, []).append(f"{source}|{value}")
    together = next(members for members in people.values() if len(members) > 1)
    alone = [members[0] for members in people.values() if len(members) == 1][:2]
    for kind, (one, other) in (("cannot-link", together[:2]), ("must-link", alone)):
        status, _, body = client.request(
            "POST", "/api/v1/decisions", {"kind": kind, "a": one, "b": other, "by": "akello"},
            {"Content-Type": "application/json"},
        )
        checks.equal(f"a decision is carried out: {kind}", status, 200)


def parts(path, directory):
    """A table cut in three: half, nearly all of the other half, and the last fifty rows."""
    with open(path) as file:
        head, *rows = file.readlines()
    half, names = len(rows) // 2, []
    for number, part in enumerate((rows[:half], rows[half:-50], rows[-50:])):
        names.append(f"{directory}/part-{number}.csv")
        with open(names[-1], "w") as file:
            file.writelines([head] + part)
    return names, len(rows)


def back_up(checks, cluster, files, rate):
    """Loads the rest of the records while a backup copies and follows; returns its directory and what it says."""
    print(f"half of them loaded in {fleet.load(cluster, files[0]):.0f} s", flush=True)
    decide(checks, cluster.client())
    began = time.monotonic()
    maker = subprocess.Popen(
        [
            fleet.program(), "cluster", "backup", "monday",
            "--follow", "--bytes-per-second", str(rate), "--at", cluster.url, "--json",
        ],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    loaded = fleet.load(cluster, files[1])
    answer, words = maker.communicate(timeout=3600)
    checks.check("the backup is made", maker.returncode == 0, words)
    made = next(backup for backup in json.loads(answer)["backups"] if backup["name"] == "monday")
    print(f"copied in {time.monotonic() - began:.1f} s at most, the other half loaded in {loaded:.0f} s: {made}",
          flush=True)
    fleet.load(cluster, files[2])
    tessera("cluster", "backup", "monday", "--stop", "--at", cluster.url)
    return f"{cluster.directory}/coordinator-1/backups/monday", backups(cluster)["monday"]


def compare(checks, name, cluster, golden, entries, links):
    """A restored cluster holds what the first one held."""
    found = Feed(cluster).entries
    checks.check(f"{name}: the feed is that of the first cluster", found == entries, f"{len(found)} of {len(entries)}")
    now = cluster.client().links()
    checks.equal(f"{name}: as many records", len(now), len(golden))
    if links is not None:
        checks.check(f"{name}: the same golden identifiers", sorted(now) == sorted(links),
                     harness.difference(harness.partition(now), harness.partition(links)))
    checks.equal(f"{name}: as many persons as the feed tells of",
                 len({row[2] for row in now}), len(set(golden.values())))
    for source, value, identifier in now[:: max(1, len(now) // 5)]:
        person = cluster.client().get(f"/api/v1/persons/{identifier}")
        checks.check(f"{name}: {identifier} answers", any(
            record["source"] == source and record["id"] == value for record in person["records"]), str(person)[:200])


def options(parser):
    parser.add_argument("--records", type=int, help="records inside")


def main(checks, arguments, directory):
    size = arguments.records or (500_000 if arguments.full else 1_500)
    table = f"{directory}/population.csv"
    fleet.invent(table, size * 3 // 4, arguments.seed)
    files, count = parts(table, directory)
    first = harness.Cluster(f"{directory}/first", arguments.base_port)
    first.up()
    place, made = back_up(checks, first, files, max(3_000_000, size * 1_000))
    told, links, held = Feed(first), first.client().links(), digests(first)
    entries = told.entries
    checks.equal("every record is there", len(links), count)
    checks.equal("the backup reaches the last write", made["through"], entries[-1][0])
    checks.check("writes came in after the cut", made["cut"] < made["through"], str(made))
    first.down()

    verified = tessera("cluster", "backup", "--verify", place, "--json", ok=False)
    whole = verified.returncode == 0 and json.loads(verified.stdout)["whole"]
    checks.check("the backup is whole", whole, verified.stdout)
    sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=place, capture_output=True, text=True)
    checks.check("sha256sum says so as well", sums.returncode == 0, sums.stdout + sums.stderr)

    began = time.monotonic()
    whole = f"{directory}/five"
    tessera("cluster", "restore", place, "--to", whole, "--shards", "5")
    print(f"restored in {time.monotonic() - began:.1f} s", flush=True)
    five = start(whole, arguments.base_port + 10, 5)
    found = digests(five)
    differing = [slot for slot in range(shard_wire.SLOTS) if found[slot] != held[slot]]
    checks.check(f"five shards: what is in each slot is equal ({sum(one[0] for one in held)} rows, "
                 f"{sum(one[1] for one in held)} postings)", not differing,
                 f"{len(differing)} differ, first {[(slot, held[slot], found[slot]) for slot in differing[:2]]}")
    compare(checks, "five shards", five, told.persons(), entries, links)
    patients = [population.patient(person, source, value) for person, source, value in population.records(2, 1)]
    load = five.client().load(patients)
    checks.check("five shards: it takes writes", all(result and "error" not in result for result in load), str(load))
    five.down()

    early = f"{directory}/two"
    tessera("cluster", "restore", place, "--to", early, "--shards", "2", "--through", str(made["cut"]))
    two = start(early, arguments.base_port + 20, 2)
    compare(checks, "two shards at the cut", two, told.persons(made["cut"]), told.through(made["cut"]), None)
    two.down()

    damage(checks, place, directory)


def damage(checks, place, directory):
    """One byte of each file is changed in turn."""
    for name in sorted(os.listdir(place)):
        path = f"{place}/{name}"
        if not name.endswith(".tsb"):
            continue
        with open(path, "r+b") as file:
            file.seek(os.path.getsize(path) // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0x04]))
        found = tessera("cluster", "backup", "--verify", place, "--json", ok=False)
        faults = json.loads(found.stdout)["faults"]
        named = found.returncode == 1 and all(name in fault for fault in faults) and faults
        checks.check(f"a changed byte of {name} is found and named", named, found.stdout)
        refused = tessera("cluster", "restore", place, "--to", f"{directory}/never", "--shards", "1", ok=False)
        checks.check(f"it is not restored with a changed byte of {name}",
                     refused.returncode == 1 and name in refused.stderr and not os.path.exists(f"{directory}/never"),
                     refused.stderr)
        with open(path, "r+b") as file:
            file.seek(os.path.getsize(path) // 2)
            file.write(byte)
    whole = tessera("cluster", "backup", "--verify", place, ok=False)
    checks.equal("whole again", whole.returncode, 0)


if __name__ == "__main__":
    harness.run(__doc__, 22400, main, options)
