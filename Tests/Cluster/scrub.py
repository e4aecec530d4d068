#!/usr/bin/env python3
"""What does not fit is found and mended: 110 planted faults of eleven kinds, copies that differ, a damaged file.

Two copies of each of three shards hold a population. While nobody leads, rows and postings are removed, changed and
added behind the cluster's back, on both copies alike: a dry scrub finds all of them, a scrub mends them, the next one
finds nothing, and every slot has the digest that it had before. Then rows of one copy alone are changed, and bytes of
one copy's state: a scrub names the copy, and it comes back equal to the other. Full form: 20,000 records.
"""

import json
import os
import random
import time

import fleet
import harness
import population
import shard_wire as wire

LOOKUP = 0xFF
EACH = 10


class Content:
    """What the shards hold, read from their first copies."""

    def __init__(self, cluster):
        self.shards = sorted({name[:-1] for name in cluster.kind("shard")})
        self.ports = {shard: [cluster.port_of(f"{shard}{copy}") for copy in "ab"] for shard in self.shards}
        self.homes, self.links, self.goldens, self.features, self.postings = {}, {}, {}, {}, {}
        for shard in self.shards:
            port = self.ports[shard][0]
            for key, value in wire.rows(port, "home"):
                removed, keys = wire.home(value)
                if not removed:
                    self.homes[key] = (shard, [hash for hash, rule in keys if rule != LOOKUP])
            self.links.update({key: (shard, value) for key, value in wire.rows(port, "link")})
            self.goldens.update({key: (shard, value) for key, value in wire.rows(port, "golden")})
            self.features[shard] = dict(wire.rows(port, "feature"))
            for key, record, sketch in wire.postings(port):
                self.postings[(key, record)] = (shard, sketch)


def faults(content, draw):
    """Yields (kind, shard, operation): faults at records of their own, so that none hides another."""
    records = sorted(content.homes)
    draw.shuffle(records)

    def posted(record):
        key = draw.choice(content.homes[record][1])
        return (key, record, *content.postings[(key, record)])

    def flipped(value):
        return value[:-1] + bytes([value[-1] ^ 0x10])

    def next_record(wanted=lambda record: True):
        while True:
            record = records.pop()
            if content.homes[record][1] and wanted(record):
                return record

    anchors = {}
    for golden, (shard, value) in content.goldens.items():
        if value[1] == 1:
            anchors.setdefault(int.from_bytes(value[2:10], "little"), []).append((golden, shard))
    for number in range(EACH):
        key, record, shard, _ = posted(next_record())
        yield "posting removed", shard, wire.unpost(key, record)
        key, record, shard, sketch = posted(next_record())
        yield "posting with another sketch", shard, wire.post(key, flipped(sketch), record)
        # The next hash lies in the same slot and is nobody's key.
        key, record, shard, sketch = posted(next_record())
        yield "posting under a key that it does not have", shard, wire.post(key ^ 1, sketch, record)
        key, record, shard, sketch = posted(next_record())
        yield "posting of nobody", shard, wire.post(key, sketch, record ^ 0xFFFF)
        key, record, shard, _ = posted(next_record())
        yield "feature row removed", shard, wire.delete("feature", record)
        key, record, shard, _ = posted(next_record())
        yield "feature row changed", shard, wire.put("feature", record, flipped(content.features[shard][record]))
        key, record, shard, _ = posted(next_record())
        yield "feature row of nobody", shard, wire.put("feature", record ^ 0xFFFF, content.features[shard][record])
        record = next_record(lambda record: content.links[record][1][1] == 1)
        yield "link of a single record removed", content.links[record][0], wire.delete("link", record)
        record = next_record(lambda record: content.links[record][1][1] == 2)
        yield "link of a member removed", content.links[record][0], wire.delete("link", record)
        golden, shard = anchors[next_record(lambda record: record in anchors)][0]
        yield "golden row removed", shard, wire.delete("golden", golden)
        golden, shard = anchors[next_record(lambda record: record in anchors)][0]
        yield "golden row anchored elsewhere", shard, wire.put("golden", golden, flipped(content.goldens[golden][1]))


def scrub(cluster, *words):
    """Scrubs; returns what was found and the seconds it took."""
    began = time.monotonic()
    done = harness.tessera("cluster", "scrub", *words, "--at", cluster.url, "--json")
    return json.loads(done.stdout), time.monotonic() - began


def plant(checks, cluster, draw):
    content, before = Content(cluster), wire.digests_of(cluster)
    cluster.stop("coordinator-1")
    kinds, operations = {}, {shard: [] for shard in content.shards}
    for kind, shard, operation in faults(content, draw):
        kinds[kind] = kinds.get(kind, 0) + 1
        operations[shard].append(operation)
    for shard, planted in operations.items():
        for port in content.ports[shard]:
            wire.commit(port, planted)
    cluster.up()
    count = sum(kinds.values())
    print(f"{count} faults of {len(kinds)} kinds: {', '.join(kinds)}", flush=True)
    dry, _ = scrub(cluster, "--dry-run")
    checks.check("a dry scrub finds them all and mends none", dry["found"] >= count and dry["mended"] == 0,
                 f"{dry['found']} found, {dry['mended']} mended")
    mended, seconds = scrub(cluster)
    print(f"{mended['records']} records looked at in {seconds:.1f} s", flush=True)
    checks.check("a scrub mends them all", mended["found"] >= count and mended["mended"] == mended["found"],
                 f"{mended['mended']} of {mended['found']}: {[one for one in mended['findings'] if not one['mended']]}")
    again, _ = scrub(cluster)
    checks.check("the next one finds nothing", again["found"] == 0, str(again["findings"][:3]))
    after = wire.digests_of(cluster)
    differing = [name for name in before if before[name] != after[name]]
    checks.check("every slot is as it was", not differing, str(differing))
    checks.check("every feature row is as it was", Content(cluster).features == content.features)


def differ(checks, cluster, content):
    """Rows of one copy alone are changed; the other gets a message of the same number with nothing in it."""
    cluster.stop("coordinator-1")
    shard = content.shards[0]
    spoilt = [wire.put("link", key, value[:-1] + bytes([value[-1] ^ 1]))
              for key, (owner, value) in sorted(content.links.items())[:2000:200] if owner == shard]
    wire.commit(content.ports[shard][0], [])
    wire.commit(content.ports[shard][1], spoilt + [wire.delete("home", key) for key, (owner, _) in
                                                   sorted(content.homes.items())[:50] if owner == shard])
    cluster.up()
    named(checks, cluster, f"{shard}b", "rows of one copy are changed")


def named(checks, cluster, copy, what):
    """A scrub names the copy, which comes back equal."""
    found, _ = scrub(cluster)
    told = [one for one in found["findings"] if copy in one["finding"]]
    checks.check(f"{what}: a scrub names {copy}", bool(told), str(found)[:400])
    time.sleep(1)
    checks.check(f"{what}: it comes back", cluster.wait_in_sync() is not None, str(cluster.replicas()))
    found = wire.digests_of(cluster)
    checks.equal(f"{what}: both copies are equal", found[f"{copy[:-1]}a"] == found[f"{copy[:-1]}b"], True)
    again, _ = scrub(cluster)
    checks.check(f"{what}: the next one finds nothing", again["found"] == 0, str(again["findings"][:3]))


def main(checks, arguments, directory):
    draw = random.Random(arguments.seed)
    rows = population.records(arguments.records or (20_000 if arguments.full else 700), arguments.seed)
    cluster = fleet.Fleet(f"{directory}/scrub", arguments.base_port, options=["--replicas", "2"])
    cluster.up()
    harness.load_all(cluster, [population.patient(person, source, value) for person, source, value in rows])
    checks.check("all copies are in sync", cluster.wait_in_sync(30) is not None, str(cluster.replicas()))
    clean, seconds = scrub(cluster)
    print(f"{clean['records']} records looked at in {seconds:.1f} s, nothing planted", flush=True)
    checks.check("at first nothing is found", clean["found"] == 0, str(clean["findings"][:3]))
    plant(checks, cluster, draw)
    differ(checks, cluster, Content(cluster))
    cluster.down()


def options(parser):
    parser.add_argument("--records", type=int, help="records inside")


if __name__ == "__main__":
    harness.run(__doc__, 22500, main, options)
