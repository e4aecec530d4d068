#!/usr/bin/env python3
"""Two shards join and one leaves under an open-loop load at half of what the cluster can do.

A population is loaded into three shards. The mix of a usual day (half look-ups, three in ten matches, one in five new
records) is measured flat out, and then sent at half of that rate, whether or not earlier requests were answered, while
a fourth and a fifth shard join and the first one is drained. No request may fail, the 99th percentile while slots move
may be three times what it was before, nothing is lost and nobody changes persons, slots are even within 10 %, and the
disks of the first shards are relieved, where they hold enough to tell from the log's segments. Full form: 500,000
records; 20,000 (--records) show the same in a few minutes.
"""

import glob
import json
import os
import signal
import subprocess
import threading
import time

import fleet
import harness
import histogram_log

SLOWER = 3
# Below this what a shard has on disk is mostly segments of its log, which are written with zeros before use.
TELLING = 200e6
KINDS = "{lookup: 5, match: 3, ingest: 2}"


def scenario(path, people, seed, phase, draw=None):
    with open(path, "w") as file:
        file.write(f"version: 1\nname: elastic\nseed: {draw or seed}\npopulation: {{people: {people}, seed: {seed}}}\n")
        file.write(f"connections: 8\nphases:\n  - {{{phase}, requests: {KINDS}}}\n")


def capacity(cluster, directory, people, seed, seconds):
    """Requests a second of the mix that are answered with 32 under way all the time."""
    path = f"{directory}/flat-out.yaml"
    scenario(path, people, seed, f"name: flat out, seconds: {seconds}, concurrency: 32")
    done = harness.tessera("bench", "run", path, "--to", cluster.url, "--json")
    phase = json.loads(done.stdout)["phases"][0]
    answered = sum(kind["answered"] for kind in phase["kinds"])
    return answered / phase["seconds"]


class Load:
    """The open-loop load, in a process of its own, until it is told to end."""

    def __init__(self, cluster, directory, people, seed, rate):
        path = f"{directory}/load.yaml"
        self.folder = f"{directory}/load"
        scenario(path, people, seed, f"name: day, seconds: 3600, rate: {rate}, arrivals: poisson", seed + 1)
        self.process = subprocess.Popen(
            [fleet.program(), "bench", "run", path, "--to", cluster.url, "--output", self.folder, "--json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(f"{directory}/load.err", "w"),
        )

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(120)
        with open(f"{self.folder}/result.json") as file:
            result = json.load(file)
        self.began, self.phase = result["began"], result["phases"][0]
        self.lines = histogram_log.read(f"{self.folder}/latency.hlog")

    def failures(self):
        """Requests that failed or were not sent; those due in the last two seconds were cut off by its end."""
        last = self.phase["start"] + self.phase["seconds"] - 2
        return sum(one["failed"] + one["shed"] for one in self.phase["intervals"] if one["start"] < last)

    def answered(self):
        return sum(kind["answered"] for kind in self.phase["kinds"])

    def records(self):
        return sum(kind["records"] for kind in self.phase["kinds"])

    def quantile(self, share, since, until, kind=None):
        """Milliseconds, of requests due between two moments of the clock on the wall."""
        within = [
            histogram for tag, start, seconds, histogram in self.lines
            if kind in (None, tag) and since <= self.began + start and self.began + start + seconds <= until
        ]
        value = histogram_log.quantile(within, share)
        return value / 1e6 if value is not None else float("nan")


class Moves:
    """Watches the moves: bytes that each copied, as long as it could be seen."""

    def __init__(self, cluster):
        self.cluster, self.bytes, self.seen = cluster, {}, []

    def wait(self, patience):
        """Waits until nothing moves any more."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                self.seen = self.cluster.client(timeout=20).get("/api/v1/cluster/moves")["moves"]
            except (OSError, ValueError, harness.http.client.HTTPException):
                continue
            for move in self.seen:
                copied = move.get("bytesCopied", 0)
                self.bytes[move["move"]] = max(copied, self.bytes.get(move["move"], 0))
            if self.seen and all(move["phase"] in ("dropped", "aborted") for move in self.seen):
                return True
            time.sleep(0.2)
        return False

    def slots(self):
        return sum(move["slots"] for move in self.seen)


def step(checks, cluster, moves, name, act, patience):
    """Does something that moves slots and waits until that is over; returns (began, ended) on the wall's clock."""
    before_slots, before_bytes = moves.slots(), sum(moves.bytes.values())
    began = time.time()
    act()
    checks.check(f"{name}: all slots have moved", moves.wait(patience), str(moves.seen)[:400])
    ended = time.time()
    moved, copied = moves.slots() - before_slots, sum(moves.bytes.values()) - before_bytes
    print(f"{name}: {moved} slots, {copied / 1e6:.1f} MB in {ended - began:.1f} s", flush=True)
    return began, ended


def add_shard(cluster, port, rate):
    done = subprocess.run(
        [f"{harness.ROOT}/cluster/add-shard", "--dir", cluster.directory, "--port", str(port),
         "--bytes-per-second", str(rate)],
        capture_output=True, text=True,
    )
    if done.returncode == 0:
        return
    # The shard runs; a registry that is busy may have turned the order away.
    name = os.path.basename(max(glob.glob(f"{cluster.directory}/shard-*.yaml"), key=os.path.getmtime))[:-5]
    order(cluster, "add-shard", name, cluster.address(name), "--bytes-per-second", str(rate))


def order(cluster, *words):
    """Gives an order until it is taken: under load it may be turned away like any other request."""
    for _ in range(60):
        try:
            return fleet.order(cluster, *words)
        except RuntimeError as failure:
            print(f"later: {str(failure)[-120:]}", flush=True)
            time.sleep(1)
    raise RuntimeError(f"not taken: {words}")


def even(slots):
    return max(slots) <= 1.1 * min(slots)


def main(checks, arguments, directory):
    count = arguments.records or (500_000 if arguments.full else 5_000)
    copies = arguments.replicas
    options = ["--replicas", str(copies)] if copies > 1 else []
    # A cluster that holds the population already, where a run before this one was ended.
    directory = arguments.inside or directory
    cluster = fleet.Fleet(f"{directory}/elastic", arguments.base_port, options=options)
    cluster.up()
    path, people = f"{directory}/population.csv", count * 3 // 4
    if not arguments.inside:
        fleet.invent(path, people, arguments.seed)
        print(f"loaded in {fleet.load(cluster, path):.0f} s", flush=True)
    names = fleet.names_in(path)
    print(f"{len(names)} records inside", flush=True)
    cluster.settle()
    disk_before = cluster.disk()
    rate = arguments.rate
    if not rate:
        most = capacity(cluster, directory, people, arguments.seed, 15 if arguments.full else 3)
        rate = max(round(most / 2), 1)
        print(f"flat out {most:.0f} requests/s", flush=True)
    print(f"load {rate}/s", flush=True)
    cluster.settle()
    exported = fleet.export(cluster, f"{directory}/before.csv")
    before_links = dict(((source, value), golden) for source, value, golden in exported if (source, value) in names)
    checks.equal("all records are there before", len(before_links), len(names))

    load = Load(cluster, directory, people, arguments.seed, rate)
    moves, patience = Moves(cluster), 3600
    time.sleep(5)
    if load.process.poll() is not None:
        raise RuntimeError("the load did not begin: " + open(f"{directory}/load.err").read()[-400:])
    quiet = time.time()
    time.sleep(60 if arguments.full else 5)
    free = arguments.base_port + 30
    windows = {}
    for number in range(4, 4 + arguments.joins):
        name = f"shard-{number} joins"
        port = free + 10 * (number - 4)
        windows[name] = step(
            checks, cluster, moves, name, lambda: add_shard(cluster, port, arguments.bytes_per_second), patience)
        slots = list(cluster.slots().values())
        checks.check("slots are even", len(slots) == number and even(slots), str(slots))
    time.sleep(10)
    cluster.settle(quiet=0.5, patience=30)
    disk_after = cluster.disk()
    if not arguments.stays:
        windows["shard-1 leaves"] = step(
            checks, cluster, moves, "shard-1 leaves",
            lambda: order(cluster, "drain", "shard-1", "--bytes-per-second", str(arguments.bytes_per_second)),
            patience)
        left = cluster.slots()
        checks.check("the first shard has no slots", left.get("shard-1") == 0, str(left))
        checks.check("slots are even", even([count for name, count in left.items() if name != "shard-1"]), str(left))
    load.end()

    report(checks, load, quiet, windows)
    storage(checks, disk_before, disk_after, cluster.disk(), moves, len(names))
    if not arguments.stays:
        fleet.order(cluster, "drain", "shard-1", "--remove")
        for name in cluster.kind("shard"):
            if name.rstrip("abcdefghi") == "shard-1":
                cluster.kill(name)
                os.remove(f"{cluster.directory}/{name}.yaml")
    verify(checks, cluster, directory, before_links, len(exported) + fresh(load.records(), len(names)))
    cluster.down()


def report(checks, load, quiet, windows):
    began = min(window[0] for window in windows.values())
    before = load.quantile(0.99, quiet, began)
    print(f"{load.answered()} requests answered; before: p50 {load.quantile(0.5, quiet, began):.1f} ms, "
          f"p99 {before:.1f} ms", flush=True)
    for name, (since, until) in windows.items():
        print(f"{name}: p50 {load.quantile(0.5, since, until):.1f} ms, p99 {load.quantile(0.99, since, until):.1f} ms, "
              + ", ".join(f"{kind} p99 {load.quantile(0.99, since, until, kind):.1f} ms"
                          for kind in ("lookup", "match", "ingest")), flush=True)
        slower = load.quantile(0.99, since, until) / before
        checks.check(f"{name}: p99 at most {SLOWER} times what it was", slower <= SLOWER, f"{slower:.1f} times")
    failed = load.failures()
    checks.check("no request failed", failed == 0, f"{failed} did: {load.phase['failures'][:3]}")


def storage(checks, before, joined, drained, moves, count):
    def total(disk):
        return sum(disk.values())

    print(f"on disk: before {total(before) / 1e6:.0f} MB, with five {total(joined) / 1e6:.0f} MB, "
          f"after the first left {total(drained) / 1e6:.0f} MB", flush=True)
    for name in sorted(joined):
        then = f"{before[name] / 1e6:.0f} -> " if name in before else ""
        print(f"  {name}: {then}{joined[name] / 1e6:.0f} MB -> {drained.get(name, 0) / 1e6:.0f} MB")
    ideal = total(before) * moves.slots() / 4096
    copied = sum(moves.bytes.values())
    print(f"{moves.slots()} slots were moved, {copied / 1e6:.0f} MB; their share of what was on disk: "
          f"{ideal / 1e6:.0f} MB", flush=True)
    largest = max(joined[name] for name in before)
    if max(before.values()) < TELLING:
        return
    checks.check("the first shards keep less on disk than before", largest < max(before.values()),
                 f"{largest} of {max(before.values())}")


def fresh(sent, count):
    """New records among those that were sent; of strangers there are about as many as were loaded, then they recur."""
    return sent if sent < 0.9 * count else 0


def verify(checks, cluster, directory, before, expected):
    links = fleet.export(cluster, f"{directory}/after.csv")
    names = [(source, value) for source, value, _ in links]
    checks.equal("no record is there twice", len(set(names)), len(names))
    found = dict(((source, value), golden) for source, value, golden in links)
    missing = [name for name in before if name not in found]
    checks.check("no record is lost", not missing, f"{len(missing)}: {missing[:3]}")
    # A request that was cut off at the end may have been stored.
    checks.check("what was answered is stored", len(names) >= expected, f"{len(names)} of {expected}")
    changed = [name for name, golden in before.items() if found.get(name) != golden]
    checks.check("nobody changed persons", len(changed) <= len(before) // 10_000, f"{len(changed)}: {changed[:3]}")
    print(f"{len(links)} records at the end, {len(changed)} of the first {len(before)} joined others meanwhile")


def options(parser):
    parser.add_argument("--records", type=int, help="records inside, roughly")
    parser.add_argument("--inside", help="a directory with a cluster and the population that it holds")
    parser.add_argument("--replicas", type=int, default=1, help="copies of each shard (1)")
    parser.add_argument("--joins", type=int, default=2, help="shards that join (2)")
    parser.add_argument("--stays", action="store_true", help="the first shard does not leave")
    parser.add_argument("--rate", type=int, help="requests a second (half of what it answers flat out)")
    parser.add_argument("--bytes-per-second", type=int, default=0, help="bound of the moves (none)")


if __name__ == "__main__":
    harness.run(__doc__, 22700, main, options)
