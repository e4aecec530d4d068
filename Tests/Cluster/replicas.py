#!/usr/bin/env python3
"""A replica that is killed, hangs or loses its disk leaves, comes back by itself, and nothing acknowledged is lost.

Two copies of each shard. While 16 connections write new records and new versions of old ones, a random replica is, in
turn, killed (kill -9); killed and its data directory removed; stopped (SIGSTOP) until it was put out of the in-sync
set, and continued. The next round begins when every replica is in sync again. Then: every acknowledged record is there
with its last version, the copies of each shard have equal digests of every slot, and a cluster that starts with one
copy's disk empty is the same. Full form: 30 rounds.
"""

import json
import os
import random
import shutil
import signal
import threading
import time

import harness
import kill_test
import population
import shard_wire

SHARDS, COPIES = 2, "ab"


class Replicated(harness.Cluster):
    def names(self):
        return [f"shard-{n}{copy}" for n in range(1, self.shards + 1) for copy in COPIES] + ["coordinator-1"]

    def port_of(self, name):
        with open(f"{self.directory}/{name}.yaml") as file:
            line = next(line for line in file if line.startswith("listen:"))
        return int(line.rsplit(":", 1)[1])

    def replicas(self):
        """Each replica's state as the coordinator tells it."""
        try:
            status, _, body = self.client(timeout=10).request("GET", "/api/v1/cluster")
        except OSError:
            return {}
        if status != 200:
            return {}
        return {one["name"]: one for shard in json.loads(body)["shards"] for one in shard.get("replicas", [])}

    def wait_out(self, name, patience):
        """Whether a replica leaves the in-sync set."""
        began = time.monotonic()
        while time.monotonic() - began < patience:
            if self.replicas().get(name, {}).get("state") == "out":
                return True
            time.sleep(0.1)
        return False

    def wait_in_sync(self, patience=180):
        """Returns the seconds until all replicas are in sync, or None where they do not get there."""
        began = time.monotonic()
        while time.monotonic() - began < patience:
            states = [one["state"] for one in self.replicas().values()]
            if len(states) == self.shards * len(COPIES) and all(state == "in-sync" for state in states):
                return time.monotonic() - began
            time.sleep(0.2)
        return None


class Writer(kill_test.Writer):
    """Notes when it was answered."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.times = []

    def note(self, write):
        super().note(write)
        self.times.append(time.monotonic())


FAULTS = ("killed", "wiped", "stopped")
# A replica has three seconds for a write; a machine that does everything at once is slower than that.
REMOVED_WITHIN, LONGEST_GAP = 30, 10


class Round:
    """What happened to one replica, and how long it took."""

    def __init__(self, fault, victim):
        self.fault, self.victim = fault, victim
        self.began = time.monotonic()
        self.was_removed = True
        self.seconds = None

    def __str__(self):
        end = "not in sync again" if self.seconds is None else f"in sync again after {self.seconds:.1f} s"
        return f"{self.fault} {self.victim}: {end}"


def harm(cluster, one, draw):
    if one.fault == "stopped":
        pid = cluster.pid(one.victim)
        os.kill(pid, signal.SIGSTOP)
        try:
            one.was_removed = cluster.wait_out(one.victim, REMOVED_WITHIN)
        finally:
            os.kill(pid, signal.SIGCONT)
    else:
        cluster.kill(one.victim)
        if one.fault == "wiped":
            shutil.rmtree(f"{cluster.directory}/{one.victim}")
        # Sometimes at once, before anybody has noticed; sometimes long after it has left the set.
        time.sleep(draw.choice([0, 0.3, 3]))
        cluster.up()
        # The set is looked at when a write had time to notice.
        time.sleep(1.5)
    if cluster.wait_in_sync() is not None:
        one.seconds = time.monotonic() - one.began


def harm_replicas(cluster, rounds, draw, log):
    for number in range(rounds):
        time.sleep(draw.uniform(0.5, 1.5))
        one = Round(FAULTS[number % len(FAULTS)], draw.choice(cluster.names()[:-1]))
        log.append(one)
        harm(cluster, one, draw)
        print(f"round {number + 1}: {one}", flush=True)


def longest_gap(writers, one):
    """The longest time without any acknowledgement from a fault on until it is over."""
    until = one.began + (one.seconds or 0)
    times = sorted(at for writer in writers for at in writer.times if one.began <= at <= until)
    edges = [one.began] + times + [until]
    return max(later - earlier for earlier, later in zip(edges, edges[1:]))


def compare_copies(checks, cluster):
    for shard in range(1, SHARDS + 1):
        one, other = [shard_wire.digests(cluster.port_of(f"shard-{shard}{copy}")) for copy in COPIES]
        differing = [place * shard_wire.STEP for place in range(len(one)) if one[place] != other[place]]
        checks.check(f"the copies of shard {shard} have equal digests", not differing, f"from slots {differing[:5]}")


def main(checks, arguments, directory):
    rounds, count = (30, 20_000) if arguments.full else (3, 1_000)
    rounds = arguments.rounds or rounds
    cluster = Replicated(f"{directory}/replicas", arguments.base_port, shards=SHARDS, options=["--replicas", "2"])
    cluster.up()
    checks.check("all replicas begin in sync", cluster.wait_in_sync(20) is not None)
    rows = population.records(arguments.records or count, arguments.seed)
    stop, log = threading.Event(), []
    share = kill_test.CONNECTIONS
    writers = [Writer(cluster, rows[n::share], arguments.seed * 1000 + n, stop) for n in range(share)]

    def faults():
        try:
            harm_replicas(cluster, rounds, random.Random(arguments.seed), log)
        finally:
            stop.set()

    harness.run_threads([writer.run for writer in writers] + [faults])
    written = sum(writer.writes for writer in writers)
    print(f"{written} writes acknowledged in {sum(writer.tries for writer in writers)} attempts")
    checks.equal("every round was run", len(log), rounds)
    told = [str(one) for one in log]
    checks.check("every replica came back by itself", all(one.seconds is not None for one in log), told)
    checks.check("one that hangs is put out", all(one.was_removed for one in log), told)
    for fault in FAULTS:
        gaps = sorted(longest_gap(writers, one) for one in log if one.fault == fault)
        if gaps:
            median = gaps[len(gaps) // 2]
            print(f"{fault}: longest time without an acknowledgement {gaps[-1]:.1f} s, median {median:.1f} s")
            checks.check(f"writes go on while one is {fault}", gaps[-1] < LONGEST_GAP, f"{gaps[-1]:.1f} s")
    refused = [what for writer in writers for what in writer.refused]
    checks.check("nothing was refused", not refused, f"{len(refused)} were, first: {refused[:1]}")
    checks.check("all are in sync at the end", cluster.wait_in_sync() is not None, str(cluster.replicas()))
    compare_copies(checks, cluster)
    kill_test.compare_records(checks, cluster, writers)
    before = kill_test.compare_links(checks, cluster, writers)
    # Each copy alone has everything.
    for copy in COPIES if arguments.full else COPIES[:1]:
        for name in cluster.names():
            cluster.kill(name)
        shutil.rmtree(f"{cluster.directory}/shard-1{copy}")
        cluster.up()
        checks.check(f"without the disk of shard-1{copy} all come back", cluster.wait_in_sync() is not None)
        found = harness.partition(cluster.client().links())
        checks.check("and the partition is the same", found == before, harness.difference(found, before))
        compare_copies(checks, cluster)
    cluster.down()


def options(parser):
    parser.add_argument("--rounds", type=int, help="rounds of kill and restart")
    parser.add_argument("--records", type=int, help="records written")


if __name__ == "__main__":
    harness.run(__doc__, 21400, main, options)
