"""Deliveries to a subscriber that fails a tenth of the time: each event there, each under one name, in order a person.

    python Tests/Conformance/deliver.py --events 100000 [--fail 0.1]

Starts a registry of three shards in one process with its audit trail on, subscribes, stores versions of records by the
bulk door, and takes what is pushed. The last line is JSON with what was counted; exit status 1 where a promise broke.
"""

import argparse
import collections
import json
import random
import re
import sys
import time

from receiver import Receiver
from server import HERE, start

VERSIONS = 5


def city(one):
    return int(re.search(rb'"city": *"v(\d+)"', one.body).group(1))


def load(registry, lines):
    """Stores lines; those that the registry could not take then are sent again."""
    while lines:
        answer = registry.http.post(registry.url + "/api/v1/load", content="\n".join(lines) + "\n", timeout=600,
                                    headers={"Content-Type": "application/x-ndjson"})
        assert answer.status_code == 200, answer.text[:500]
        results = [json.loads(line) for line in answer.text.splitlines() if '"error"' in line]
        assert all(one.get("retry") for one in results), results[:3]
        lines = [lines[one["line"] - 1] for one in results]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--fail", type=float, default=0.1)
    options = parser.parse_args()
    people = options.events // VERSIONS
    chance = random.Random(7)
    hook = Receiver(lambda one: 503 if chance.random() < options.fail else 200)
    registry, stop = start(HERE / "authorities.yaml")
    made = registry.http.post(registry.base + "/Subscription", json={
        "resourceType": "Subscription", "status": "requested", "reason": "r", "criteria": "Patient",
        "channel": {"type": "rest-hook", "endpoint": hook.url, "payload": "application/fhir+json"}})
    assert made.status_code == 201, made.text
    began = time.monotonic()
    for version in range(VERSIONS):
        for first in range(0, people, 5_000):
            lines = [json.dumps({
                "resourceType": "Patient", "identifier": [{"system": "urn:deliver", "value": str(value)}],
                "name": [{"family": f"F{value}x{value * 7919 % 104729}", "given": [f"G{value}"]}],
                "birthDate": f"{1930 + value % 80}-{value % 12 + 1:02}-{value % 28 + 1:02}",
                "address": [{"city": f"v{version}"}]}) for value in range(first, min(first + 5_000, people))]
            load(registry, lines)
    stored = time.monotonic()
    wanted = people * VERSIONS
    versions = 0
    while versions < wanted and time.monotonic() - stored < 1_800:
        time.sleep(1)
        versions = len({(one.path, city(one)) for one in hook.taken()})
    ended = time.monotonic()
    taken, bodies, order, broken = hook.taken(), {}, collections.defaultdict(list), []
    for one in taken:
        known = bodies.setdefault(one.event, one.body)
        if known != one.body:
            broken.append(f"{one.event} stands for two things")
            continue
        # A record that comes to another person is told again as it is: that is an event of its own.
        if not order[one.path] or order[one.path][-1] != city(one):
            order[one.path].append(city(one))
    broken += [f"{path}: {cities}" for path, cities in order.items() if cities != list(range(VERSIONS))]
    if versions != wanted:
        broken.append(f"{wanted - versions} versions are missing")
    print(json.dumps({
        "versions": wanted, "events": len(bodies), "requests": len(hook.got), "repeated": len(taken) - len(bodies),
        "failed": len(hook.got) - len(taken), "stored_seconds": round(stored - began, 1),
        "delivered_seconds": round(ended - began, 1), "per_second": round(len(bodies) / (ended - began)),
        "broken": broken[:10]}))
    stop()
    hook.close()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
