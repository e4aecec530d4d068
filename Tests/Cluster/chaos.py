#!/usr/bin/env python3
"""Everything that can die or be cut off does, in turn, under load: nothing acknowledged is lost, nobody is there twice.

Three shards of two copies, two coordinators, three members of etcd, each in a network of its own. Writers store new
records and new versions through either coordinator and repeat until they are acknowledged; readers read what was
acknowledged. Round by round, in an order that the seed draws: leaders are killed (kill -9), stopped and cut off from
everybody or from etcd alone; copies of shards are killed, wiped, stopped, cut off from everybody or from one
coordinator; members of etcd are killed and cut off; a whole shard is killed. Then: every acknowledged record is there
once with its last version, copies are equal, the persons are those of an undisturbed run, writes went on within five
seconds of a failover (95 of 100), and no read failed or took long meanwhile that neither a struck coordinator nor the
one shard that was dead had to answer.

Needs root, for network namespaces. Full form: 100 rounds.
"""

import http.client
import json
import random
import shutil
import signal
import threading
import time

import harness
import hosts
import kill_test
import population
import shard_wire

BOUND = 5.0
# A read that takes longer than this, in more than one of a hundred, was held up. A copy that hangs is asked for 50 ms
# before the other one is; a coordinator may be busy.
PROMPT = 1.0
CONNECTIONS = 16
# How long a fault lasts; longer than the lease and than the time a copy is given for a write.
LASTS = 6.0
# A version may be replaced when no earlier attempt to store it can still be on its way: a stopped coordinator wakes up.
RESTS = 20.0
# Between two requests of a writer. All writers together write some 75 records a second, so that a few thousand records
# are enough for none to be due again before it has rested: a writer with nothing to write would look like a standstill.
PAUSE = 0.4
FEWEST = 4_000
FAILOVERS = (
    "leader killed", "leader stopped", "leader cut off", "leader cut off from etcd",
    "copy killed", "copy wiped", "copy stopped", "copy cut off", "copy cut off from the leader",
    "etcd member killed", "etcd member cut off",
)
# Here somebody has to come back before all can be written again.
OUTAGES = ("whole shard killed", "both coordinators killed")


class Client:
    """Asks one coordinator, and the next one where that does not answer; each write begins at home.

    Whoever waits for a coordinator that was stopped says nothing about whether the other one takes writes.
    """

    def __init__(self, cluster, first):
        names = cluster.coordinators
        self.home = [cluster.client_of(names[(first + n) % len(names)], 12) for n in range(len(names))]
        self.clients = list(self.home)

    def begin(self):
        self.clients = list(self.home)

    def put(self, patient):
        try:
            status, headers, body = self.clients[0].put(patient)
        except (OSError, http.client.HTTPException):
            self.turn()
            raise
        if status >= 500:
            self.turn()
        return status, headers, body

    def load(self, patients):
        results = self.clients[0].load(patients)
        if any(result is None for result in results):
            self.turn()
        return results

    def turn(self):
        self.clients.append(self.clients.pop(0))

    def close(self):
        for client in self.clients:
            client.close()


class Writer(kill_test.Writer):
    """Writes through any coordinator, replaces only what rested, and notes when it was answered."""

    def __init__(self, cluster, rows, seed, stop, first):
        self.cluster = cluster
        super().__init__(cluster, rows, seed, stop)
        self.client = Client(cluster, first)
        self.times, self.written, self.starved = [], {}, 0

    def note(self, write):
        super().note(write)
        now = time.monotonic()
        self.times.append(now)
        self.written[write[0]] = now

    def write(self, chosen):
        self.client.begin()
        super().write(chosen)

    def run(self):
        fresh = list(range(len(self.rows)))
        while fresh or not self.stop.is_set():
            if self.stop.is_set():
                fresh = []
                continue
            rested = [index for index, at in self.written.items() if time.monotonic() - at > RESTS]
            if fresh and (self.draw.random() < 0.7 or not rested):
                size = self.draw.randint(1, 3)
                chosen, fresh = fresh[:size], fresh[size:]
            elif rested:
                chosen = self.draw.sample(rested, min(len(rested), self.draw.randint(1, 3)))
            else:
                self.starved += 1
                time.sleep(0.1)
                continue
            self.write(chosen)
            time.sleep(self.draw.uniform(0, 2 * PAUSE))
        self.client.close()


class Reader(threading.Thread):
    """Reads acknowledged records of one shard through one coordinator; notes how long that took and what went wrong.

    Where a record lies is in its logical id, which the first reading of it tells.
    """

    def __init__(self, cluster, name, shard, writers, stop, shards_of):
        super().__init__(daemon=True)
        self.client, self.name_of, self.shard = cluster.client_of(name, 12), name, shard
        self.count, self.writers, self.stop, self.shards_of = len(cluster.groups), writers, stop, shards_of
        self.draw, self.reads = random.Random(f"{name} {shard}"), []

    def choose(self):
        """A record of the shard, or one of which it is not known yet."""
        for _ in range(20):
            writer = self.draw.choice(self.writers)
            known = list(writer.acknowledged)
            if known:
                _, source, value = writer.rows[self.draw.choice(known)]
                if self.shards_of.get((source, value), self.shard) == self.shard:
                    return source, value
        return None

    def run(self):
        while not self.stop.is_set():
            time.sleep(0.1)
            chosen = self.choose()
            if not chosen:
                continue
            known, began = chosen in self.shards_of, time.monotonic()
            try:
                status, _, body = self.client.request("GET", "/api/v1/records/{}/{}".format(*chosen))
            except (OSError, http.client.HTTPException):
                status, body = 0, b""
            if status == 200 and not known:
                self.shards_of[chosen] = shard_of(json.loads(body)["fhirId"], self.count)
            if known:
                self.reads.append((began, time.monotonic() - began, status))


def shard_of(logical, shards):
    """Which of the first map's shards has the record of a logical id: its top twelve bits are the slot."""
    value = 0
    for digit in logical:
        value = value * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(digit)
    return (value >> 52) * shards // 4096


class Pulse(threading.Thread):
    """Notes when the scenario itself stood still: what it measures then is not the cluster's doing."""

    BEAT, LATE = 0.05, 0.5

    def __init__(self, stop):
        super().__init__(daemon=True)
        self.stop, self.halts = stop, []

    def run(self):
        last = time.monotonic()
        while not self.stop.is_set():
            time.sleep(self.BEAT)
            now = time.monotonic()
            if now - last > self.LATE:
                self.halts.append((last, now))
            last = now

    def stood_still(self, since, until):
        """The longest time between two moments for which it did."""
        return max([min(end, until) - max(start, since) for start, end in list(self.halts)
                    if end > since and start < until], default=0.0)


class Round:
    def __init__(self, number, fault):
        self.number, self.fault, self.victim = number, fault, ""
        self.gap = self.back = self.halted = 0.0
        # Which coordinators should have answered reads all along, but of one shard, and from when to when.
        self.readers, self.dead, self.began, self.healed = [], None, 0.0, 0.0


def strike(cluster, one, draw):
    """Does it; returns when it was undone."""
    leader = cluster.leader()
    others = [name for name in cluster.coordinators if name != leader]
    copy = draw.choice([name for group in cluster.groups for name in group])
    member = draw.choice(cluster.members)
    one.readers, one.began = others, time.monotonic()
    kind, _, what = one.fault.partition(" ")
    if kind == "leader":
        one.victim = leader
    elif kind == "copy":
        one.victim, one.readers = copy, cluster.coordinators
    elif kind == "etcd":
        one.victim, one.readers = member, cluster.coordinators
    if one.fault == "whole shard killed":
        group = draw.choice(cluster.groups)
        one.victim, one.readers, one.dead = group[0], cluster.coordinators, cluster.groups.index(group)
        for name in group:
            cluster.kill(name)
        time.sleep(draw.choice([0, 1, 3]))
    elif one.fault == "both coordinators killed":
        one.readers = []
        for name in cluster.coordinators:
            cluster.kill(name)
    elif what.endswith("killed"):
        cluster.kill(one.victim)
        time.sleep(draw.choice([0, 0.5, LASTS]))
    elif what == "wiped":
        cluster.kill(one.victim)
        cluster.wipe(one.victim)
        time.sleep(draw.choice([0, 3]))
    elif what == "stopped":
        cluster.signal(one.victim, signal.SIGSTOP)
        time.sleep(LASTS)
        cluster.signal(one.victim, signal.SIGCONT)
    else:
        rest = {"cut off from etcd": cluster.members, "cut off from the leader": [leader]}.get(what)
        if kind == "etcd":
            rest = [name for name in cluster.members if name != member]
        elif what == "cut off from the leader":
            one.readers = others
        cluster.isolate(one.victim, rest)
        time.sleep(LASTS)
        cluster.heal()
    cluster.up()
    one.healed = time.monotonic()


def acknowledged_after(writers, moment, patience=120):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if any(writer.times and writer.times[-1] > moment for writer in writers):
            return
        time.sleep(0.05)
    raise RuntimeError(f"no write was acknowledged for {patience} s")


def longest_gap(writers, since, until):
    """The longest time without an acknowledged write, and when it began."""
    times = sorted(at for writer in writers for at in list(writer.times) if since <= at <= until)
    edges = [since] + times + [until]
    return max((later - earlier, earlier) for earlier, later in zip(edges, edges[1:]))


def strike_all(cluster, rounds, faults, draw, writers, pulse, log, deadline):
    waiting = []
    for number in range(1, rounds + 1):
        if time.monotonic() > deadline:
            print(f"out of time after {number - 1} rounds", flush=True)
            return
        if not waiting:
            waiting = list(faults)
            draw.shuffle(waiting)
        time.sleep(draw.uniform(0.5, 2))
        one = Round(number, waiting.pop())
        strike(cluster, one, draw)
        acknowledged_after(writers, one.healed)
        one.gap, stood = longest_gap(writers, one.began, time.monotonic())
        one.halted = pulse.stood_still(one.began - 5, time.monotonic())
        one.back = cluster.wait_in_sync()
        log.append(one)
        back = "copies do not come back" if one.back is None else f"copies in sync {one.back:.1f} s after"
        halted = f" (the scenario stood still for {one.halted:.1f} s)" if one.halted else ""
        struck = time.strftime("%H:%M:%S", time.gmtime(time.time() - time.monotonic() + one.began))
        print(f"round {number}: {struck} {one.fault} {one.victim}: no write for {one.gap:.2f} s from "
              f"{stood - one.began:.2f} s on, {back}{halted}", flush=True)
        if one.back is None:
            raise RuntimeError(f"not in sync again: {cluster.replicas()}")


def verdict(checks, log, readers):
    halted = [one for one in log if one.halted]
    if halted:
        print(f"{len(halted)} rounds are not measured: the scenario itself stood still meanwhile")
        log = [one for one in log if not one.halted]
    gaps = sorted(one.gap for one in log if one.fault in FAILOVERS)
    if not gaps:
        checks.check("some failover was measured", False, "the scenario stood still in all of them")
        return
    bound = gaps[min(len(gaps) - 1, int(len(gaps) * 0.95))]
    print(f"time without an acknowledged write, {len(gaps)} failovers: p50 {gaps[len(gaps) // 2]:.2f} s, "
          f"p95 {bound:.2f} s, longest {gaps[-1]:.2f} s")
    for fault in FAILOVERS + OUTAGES:
        told = ", ".join(f"{one.gap:.2f}" for one in log if one.fault == fault)
        if told:
            print(f"  {fault}: {told} s")
    checks.check(f"writes go on within {BOUND:.0f} s of a failover (p95)", bound <= BOUND, f"{bound:.2f} s")
    times, failed = [], []
    for one in log:
        for reader in readers:
            if reader.name_of in one.readers and reader.shard != one.dead:
                within = [read for read in list(reader.reads) if one.began <= read[0] <= one.healed]
                times += [took for _, took, _ in within]
                failed += [(one.fault, reader.name_of, status) for _, _, status in within if status != 200]
    times.sort()
    prompt = times[int(len(times) * 0.99)] if times else float("inf")
    print(f"{len(times)} reads through coordinators that were not struck, of shards of which a copy lived: "
          f"{len(failed)} failed, p99 {prompt:.2f} s, longest {max(times, default=0):.2f} s", flush=True)
    checks.check("reads go on all along", times and not failed, f"{len(failed)}, first {failed[:3]}")
    checks.check(f"and take no longer than {PROMPT:.0f} s (p99)", prompt <= PROMPT, f"{prompt:.2f} s")


def compare_copies(checks, cluster):
    for group in cluster.groups:
        found = [shard_wire.digests(hosts.SHARD, cluster.ip[name]) for name in group]
        differing = [at * shard_wire.STEP for at in range(len(found[0])) if len({one[at] for one in found}) > 1]
        checks.check(f"the copies {', '.join(group)} are equal", not differing, f"from slots {differing[:5]}")


def main(checks, arguments, directory):
    rounds = arguments.rounds or (100 if arguments.full else 2)
    cluster = hosts.Hosts(f"{directory}/struck")
    stop, log = threading.Event(), []
    try:
        cluster.up()
        checks.check("all copies begin in sync", cluster.wait_in_sync(30) is not None, str(cluster.replicas()))
        rows = population.records(arguments.records or max(rounds * 400, FEWEST), arguments.seed)
        writers = [
            Writer(cluster, rows[n::CONNECTIONS], arguments.seed * 1000 + n, stop, n) for n in range(CONNECTIONS)
        ]
        shards_of = {}
        readers = [Reader(cluster, name, shard, writers, stop, shards_of)
                   for name in cluster.coordinators for shard in range(len(cluster.groups))]
        pulse = Pulse(stop)
        for thread in readers + [pulse]:
            thread.start()

        def faults():
            try:
                deadline = time.monotonic() + (arguments.minutes or 1e6) * 60
                draw = random.Random(arguments.seed)
                strike_all(cluster, rounds, chosen(arguments), draw, writers, pulse, log, deadline)
            finally:
                stop.set()

        harness.run_threads([writer.run for writer in writers] + [faults])
        written = sum(writer.writes for writer in writers)
        print(f"{len(log)} rounds, {written} writes acknowledged in {sum(writer.tries for writer in writers)} attempts")
        starved = sum(writer.starved for writer in writers)
        checks.check("there was something to write all along", starved == 0, f"{starved} times there was not")
        refused = [what for writer in writers for what in writer.refused]
        checks.check("nothing was refused", not refused, f"{len(refused)} were, first: {refused[:1]}")
        verdict(checks, log, readers)
        compare_copies(checks, cluster)
        kill_test.compare_records(checks, cluster, writers)
        struck = kill_test.compare_links(checks, cluster, writers)
    finally:
        stop.set()
        cluster.down()
    undisturbed(checks, arguments, directory, struck, writers)


def undisturbed(checks, arguments, directory, struck, writers):
    calm = harness.Cluster(f"{directory}/undisturbed", arguments.base_port)
    calm.up()
    harness.load_all(calm, [document for writer in writers for document in writer.documents.values()], connections=4)
    found = harness.partition(calm.client().links())
    calm.down()
    shutil.rmtree(calm.directory)
    checks.check(f"the persons are those of an undisturbed run ({len(found)})", struck == found,
                 harness.difference(struck, found))


def chosen(arguments):
    """The faults of this run; each once before any comes again."""
    known = FAILOVERS + OUTAGES
    asked = tuple(name.strip() for name in (arguments.only or ",".join(known)).split(","))
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise RuntimeError(f"no such fault: {', '.join(unknown)}; there are {', '.join(known)}")
    return asked


def options(parser):
    parser.add_argument("--only", help="these faults alone, by their names, with commas between them")
    parser.add_argument("--rounds", type=int, help="faults, one after another")
    parser.add_argument("--records", type=int, help="records written")
    parser.add_argument("--minutes", type=float, help="no new fault after so long")


if __name__ == "__main__":
    hosts.enter()
    harness.run(__doc__, 22800, main, options)
