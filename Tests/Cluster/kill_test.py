#!/usr/bin/env python3
"""Nothing acknowledged is lost, whatever is killed.

Rounds of `kill -9` of a random process, coordinator or shard (now and then of all), which is started again, while
16 connections write new records and new versions of old ones, by the bulk door and by conditional updates. Then: every
acknowledged record is there with its last version, none is there twice, each version counts exactly once, and the
partition into persons is the one that an undisturbed cluster gives for the same final records. Full form: 50 rounds.
"""

import json
import random
import threading
import time
import urllib.parse

import harness
import population

CONNECTIONS = 16


class Writer:
    """One connection with records of its own, so that the order of their versions is known."""

    def __init__(self, cluster, rows, seed, stop):
        self.client = cluster.client(timeout=30)
        self.rows = rows
        self.draw = random.Random(seed)
        self.stop = stop
        # Record -> its last acknowledged revision, and what its document was.
        self.acknowledged = {}
        self.documents = {}
        self.writes = 0
        self.tries = 0
        self.refused = []

    def run(self):
        fresh = list(range(len(self.rows)))
        while fresh or not self.stop.is_set():
            if fresh and (self.draw.random() < 0.7 or not self.acknowledged):
                size = self.draw.randint(1, 24)
                chosen, fresh = fresh[:size], fresh[size:]
            else:
                known = list(self.acknowledged)
                chosen = self.draw.sample(known, min(len(known), self.draw.randint(1, 12)))
            self.write(chosen)
        self.client.close()

    def write(self, chosen):
        waiting = []
        for index in chosen:
            person, source, value = self.rows[index]
            revision = self.acknowledged.get(index, 0) + 1
            # A later version may know the person worse or better: the partition must follow it.
            shown = person if self.draw.random() < 0.5 else population.noisy(person, self.draw)
            waiting.append((index, revision, population.patient(shown, source, value, revision)))
        bulk = self.draw.random() < 0.6
        began = time.monotonic()
        while waiting:
            self.tries += 1
            if time.monotonic() - began > 180:
                raise RuntimeError(f"{len(waiting)} writes were not acknowledged within three minutes")
            waiting = self.bulk(waiting) if bulk else self.single(waiting)
            if waiting:
                time.sleep(0.02)

    def bulk(self, waiting):
        again = []
        for write, result in zip(waiting, self.client.load([document for _, _, document in waiting])):
            if result is None or result.get("retry"):
                again.append(write)
            elif "error" in result:
                self.refused.append(result)
            else:
                self.note(write)
        return again

    def single(self, waiting):
        again = []
        for write in waiting:
            try:
                status, _, body = self.client.put(write[2])
            except Exception:  # noqa: B902, whatever broke the connection: it is not acknowledged
                status, body = 0, b""
            if status in (200, 201):
                self.note(write)
            elif status in (0, 429, 500, 502, 503, 504):
                again.append(write)
            else:
                self.refused.append((status, body[:200]))
        return again

    def note(self, write):
        index, revision, document = write
        self.acknowledged[index] = revision
        self.documents[index] = document
        self.writes += 1


def kill_and_restart(cluster, rounds, draw, log):
    for number in range(rounds):
        time.sleep(draw.uniform(0.2, 1.2))
        # Now and then all at once, as when the power fails.
        names = cluster.names() if draw.random() < 0.1 else [draw.choice(cluster.names())]
        for name in names:
            cluster.kill(name)
        time.sleep(draw.choice([0, 0, 0.1, 0.5]))
        seconds = cluster.up()
        log.append((names, seconds))
        print(f"round {number + 1}: killed {', '.join(names)}; ready again after {seconds:.2f} s", flush=True)


def compare_records(checks, cluster, writers):
    """Every record's version and document against what was acknowledged."""
    client = cluster.client()
    lost, wrong, versions, count = [], [], [], 0
    for writer in writers:
        for index, revision in writer.acknowledged.items():
            count += 1
            _, source, value = writer.rows[index]
            path = f"/api/v1/records/{urllib.parse.quote(source, safe='')}/{urllib.parse.quote(value, safe='')}"
            status, _, body = client.request("GET", path)
            if status != 200:
                lost.append((value, status))
                continue
            found = json.loads(body)
            if without_server_parts(found["document"]) != writer.documents[index]:
                wrong.append((value, revision, found["version"]))
            if found["version"] != revision:
                versions.append((value, revision, found["version"]))
    checks.check(f"every acknowledged record is there ({count})", not lost, f"{len(lost)} are not: {lost[:5]}")
    checks.check("each with its last document", not wrong, f"{len(wrong)} are not: {wrong[:5]}")
    checks.check("each version counted once", not versions, f"{len(versions)} are not: {versions[:5]}")


def without_server_parts(document):
    return {key: part for key, part in document.items() if key not in ("id", "meta")}


def compare_links(checks, cluster, writers):
    links = cluster.client().links()
    keys = [(source, value) for source, value, _ in links]
    expected = {(writer.rows[index][1], writer.rows[index][2]) for writer in writers for index in writer.acknowledged}
    checks.equal("no record is there twice", len(keys), len(set(keys)))
    extra, missing = set(keys) - expected, expected - set(keys)
    right = not extra and not missing
    checks.check("the export holds exactly them", right, f"missing {len(missing)}, extra {len(extra)}")
    return harness.partition(links)


def main(checks, arguments, directory):
    rounds, count = (50, 20_000) if arguments.full else (6, 2_000)
    rounds = arguments.rounds or rounds
    cluster = harness.Cluster(f"{directory}/disturbed", arguments.base_port)
    cluster.up()
    rows = population.records(arguments.records or count, arguments.seed)
    stop, kills = threading.Event(), []
    writers = [
        Writer(cluster, rows[n::CONNECTIONS], arguments.seed * 1000 + n, stop) for n in range(CONNECTIONS)
    ]

    def killer():
        try:
            kill_and_restart(cluster, rounds, random.Random(arguments.seed), kills)
        finally:
            stop.set()

    harness.run_threads([writer.run for writer in writers] + [killer])
    written = sum(writer.writes for writer in writers)
    print(f"{written} writes acknowledged in {sum(writer.tries for writer in writers)} attempts")
    print(f"ready again after {max(seconds for _, seconds in kills):.2f} s at most")
    checks.equal("every round was run", len(kills), rounds)
    refused = [what for writer in writers for what in writer.refused]
    checks.check("nothing was refused", not refused, f"{len(refused)} were, first: {refused[:1]}")

    compare_records(checks, cluster, writers)
    disturbed = compare_links(checks, cluster, writers)
    # Once more from the disk: what is in memory only would be gone.
    for name in cluster.names():
        cluster.kill(name)
    cluster.up()
    again = harness.partition(cluster.client().links())
    checks.check("the partition survives the death of all", again == disturbed, harness.difference(again, disturbed))
    cluster.down()

    calm = harness.Cluster(f"{directory}/undisturbed", arguments.base_port + 50)
    calm.up()
    finals = [document for writer in writers for document in writer.documents.values()]
    harness.load_all(calm, finals, connections=4)
    undisturbed = harness.partition(calm.client().links())
    checks.check(
        f"the partition is that of an undisturbed run ({len(undisturbed)} persons)",
        disturbed == undisturbed,
        harness.difference(disturbed, undisturbed),
    )


def options(parser):
    parser.add_argument("--rounds", type=int, help="rounds of kill and restart")
    parser.add_argument("--records", type=int, help="records written")


if __name__ == "__main__":
    harness.run(__doc__, 21200, main, options)
