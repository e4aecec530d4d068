#!/usr/bin/env python3
"""Leaders die, stop and come back; members of etcd too: nothing acknowledged is lost, and writes go on soon.

Two coordinators and three members of etcd on the same shards. Writers store patients through either coordinator and
repeat until they are acknowledged; readers read what is there. Meanwhile, round by round: the leader is killed (kill
-9), stopped for longer than its lease and continued (SIGSTOP, so that it wakes up believing that it leads), asked to
stop; a member of etcd is killed and started again; all of etcd is stopped for a while. At the end every acknowledged
record is there once, and the persons are those of an undisturbed run.
"""

import http.client
import os
import random
import signal
import threading
import time

import harness
import population

SHARDS = 3
# What is asked of a failover: 95 of 100 within so many seconds.
BOUND = 5.0
# The lease of cluster/up is 3 s: a leader that is stopped for so long has certainly lost it.
STOPPED = 6.0
FAULTS = ("leader killed", "etcd member killed", "leader stopped", "etcd stopped", "leader asked to stop")
FAILOVERS = ("leader killed", "leader stopped", "leader asked to stop")


class Load:
    """Writers and readers that go on until told to end, and the times of what they were answered."""

    def __init__(self, ports, patients, writers):
        self.ports = ports
        self.patients = patients
        self.taken = 0
        self.lock = threading.Lock()
        self.acknowledged = {}
        self.times = []
        self.reads = []
        self.ended = threading.Event()
        self.threads = [
            threading.Thread(target=self.write, args=(n % len(ports),), daemon=True) for n in range(writers)
        ] + [threading.Thread(target=self.read, args=(port,), daemon=True) for port in ports]
        for thread in self.threads:
            thread.start()

    def next(self):
        with self.lock:
            if self.taken == len(self.patients):
                return None
            self.taken += 1
            return self.patients[self.taken - 1]

    def write(self, home):
        """Writes through one coordinator, and through the next one when that does not answer.

        Half of the writers are at home with each: a writer that waits for a coordinator that was stopped says nothing
        about whether the other one takes writes.
        """
        clients = [harness.Client(port, timeout=15) for port in self.ports]
        while not self.ended.is_set():
            patient = self.next()
            if patient is None:
                return
            name = patient["identifier"][0]
            at = home
            while True:
                try:
                    status, _, _ = clients[at].put(patient)
                except (OSError, http.client.HTTPException):
                    status = 0
                    at = (at + 1) % len(clients)
                if status in (200, 201):
                    with self.lock:
                        self.acknowledged[(name["system"], name["value"])] = patient
                        self.times.append(time.monotonic())
                    break
                # A writer that was told to end still says whether its last record was acknowledged.
                if self.ended.is_set():
                    return
                time.sleep(0.05)
            time.sleep(0.02)

    def read(self, port):
        """Reads what was acknowledged, through one coordinator; notes (when, which, whether)."""
        client = harness.Client(port, timeout=15)
        while not self.ended.is_set():
            time.sleep(0.05)
            with self.lock:
                names = list(self.acknowledged)[-50:]
            if not names:
                continue
            system, value = names[0]
            began = time.monotonic()
            try:
                status, _, body = client.request("GET", f"/fhir/Patient?identifier={system}|{value}")
                good = status == 200 and b'"total":1' in body.replace(b" ", b"")
            except (OSError, http.client.HTTPException):
                status, good = 0, False
            with self.lock:
                self.reads.append((began, port, status, good))

    def longest_gap(self, since, until):
        """The longest time without an acknowledgement."""
        with self.lock:
            times = sorted(moment for moment in self.times if since <= moment <= until)
        edges = [since] + times + [until]
        return max(later - earlier for earlier, later in zip(edges, edges[1:]))

    def first_after(self, moment):
        with self.lock:
            times = [at for at in self.times if at > moment]
        return min(times) if times else None

    def failed_reads(self, port, since, until):
        with self.lock:
            reads = [read for read in self.reads if read[1] == port and since <= read[0] <= until]
        return len(reads), [read for read in reads if not read[3]]

    def end(self):
        self.ended.set()
        for thread in self.threads:
            thread.join(60)


def leader_of(cluster, ports):
    """The number of the coordinator that leads, from 1; waits for one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for number, port in enumerate(ports, 1):
            try:
                status, _, body = harness.Client(port, timeout=5).request("GET", "/health/ready")
            except (OSError, http.client.HTTPException):
                continue
            if status == 200 and body == b"ready\n":
                return number
        time.sleep(0.05)
    raise RuntimeError("nobody leads")


def wait_for_acknowledgement(load, moment, patience=180):
    """When the first write was acknowledged after a moment."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        first = load.first_after(moment)
        if first:
            return first
        time.sleep(0.02)
    raise RuntimeError(f"no write was acknowledged for {patience} s")


def strike(fault, cluster, ports, load, draw):
    """Lets a fault happen; returns (begin, end of the time looked at, ports that should have read all along)."""
    leader = leader_of(cluster, ports)
    other = [port for number, port in enumerate(ports, 1) if number != leader]
    began = time.monotonic()
    if fault == "leader killed":
        cluster.kill(f"coordinator-{leader}")
        time.sleep(BOUND)
        readers = other
    elif fault == "leader asked to stop":
        os.kill(cluster.pid(f"coordinator-{leader}"), signal.SIGTERM)
        while cluster.alive(f"coordinator-{leader}"):
            time.sleep(0.01)
        readers = other
    elif fault == "leader stopped":
        pid = cluster.pid(f"coordinator-{leader}")
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(STOPPED)
        finally:
            os.kill(pid, signal.SIGCONT)
        readers = other
    elif fault == "etcd member killed":
        cluster.kill(f"etcd-{draw.randint(1, 3)}")
        time.sleep(2)
        readers = ports
    else:
        pids = [cluster.pid(f"etcd-{n}") for n in (1, 2, 3)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(STOPPED)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        readers = ports
    healed = time.monotonic()
    first = wait_for_acknowledgement(load, healed)
    return began, healed, max(first, time.monotonic()), readers


def main(checks, arguments, directory):
    draw = random.Random(arguments.seed)
    rounds = arguments.rounds or (60 if arguments.full else len(FAULTS))
    cluster = harness.Cluster(
        f"{directory}/failover", arguments.base_port, SHARDS, ["--coordinators", "2", "--control", "etcd"]
    )
    cluster.up()
    ports = [arguments.base_port, arguments.base_port + SHARDS + 1]
    patients = [
        population.patient(person, source, value)
        for person, source, value in population.records(rounds * 1500, arguments.seed)
    ]
    load = Load(ports, patients, 4)
    wait_for_acknowledgement(load, 0)
    unavailable = {fault: [] for fault in FAULTS}
    lost_reads = []
    reads = 0
    for number in range(rounds):
        fault = FAULTS[number % len(FAULTS)]
        began, healed, until, readers = strike(fault, cluster, ports, load, draw)
        # Of etcd as a whole: from when it was there again.
        since = healed if fault == "etcd stopped" else began
        gap = load.longest_gap(since, until)
        unavailable[fault].append(gap)
        for port in readers:
            count, failed = load.failed_reads(port, began, until)
            reads += count
            lost_reads += failed
        print(f"{fault}: no write acknowledged for {gap:.2f} s at most", flush=True)
        cluster.up()
        leader_of(cluster, ports)
    load.end()
    gaps = sorted(gap for fault in FAILOVERS for gap in unavailable[fault])
    bound = gaps[min(len(gaps) - 1, int(len(gaps) * 0.95))]
    print(f"write unavailability of {len(gaps)} failovers: p50 {gaps[len(gaps) // 2]:.2f} s, p95 {bound:.2f} s, "
          f"longest {gaps[-1]:.2f} s")
    for fault in FAULTS:
        print(f"  {fault}: {', '.join(f'{gap:.2f}' for gap in unavailable[fault])} s")
    # Three failovers on a machine that does other work have no percentile: there it is only held that writes go on.
    limit = BOUND if arguments.full else BOUND * 8
    checks.check(f"writes go on within {limit:.0f} s of a failover (p95)", bound <= limit, f"{bound:.2f} s")
    print(f"{reads} reads through coordinators that were not struck, {len(lost_reads)} failed", flush=True)
    checks.check("reads go on all along", reads > 0 and not lost_reads, f"{len(lost_reads)}, first {lost_reads[:3]}")
    verify(checks, cluster, load, directory, arguments)
    cluster.down()


def verify(checks, cluster, load, directory, arguments):
    acknowledged = load.acknowledged
    links = cluster.client().links()
    names = [(source, value) for source, value, _ in links]
    missing = [name for name in acknowledged if name not in set(names)]
    checks.check(
        f"none of {len(acknowledged)} acknowledged records is lost", not missing, f"{len(missing)}: {missing[:3]}"
    )
    checks.equal("none is there twice", len(set(names)), len(names))
    other = harness.Client(arguments.base_port + SHARDS + 1).links()
    checks.equal("both coordinators say the same", sorted(other), sorted(links))
    # Writers that were told to end may have left a record that was stored and not acknowledged.
    stored = {(p["identifier"][0]["system"], p["identifier"][0]["value"]): p for p in load.patients}
    quiet = harness.Cluster(f"{directory}/quiet", arguments.base_port + 50, 1)
    quiet.up()
    harness.load_all(quiet, [stored[name] for name in names])
    expected = harness.partition(quiet.client().links())
    quiet.down()
    found = harness.partition(links)
    checks.check("persons are those of an undisturbed run", found == expected, harness.difference(found, expected))


def options(parser):
    parser.add_argument("--rounds", type=int, help="rounds, one fault each in turn")


if __name__ == "__main__":
    harness.run(__doc__, 22100, main, options)
