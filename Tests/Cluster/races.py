#!/usr/bin/env python3
"""Copies of one new person, sent at the same moment over different connections, never become two persons.

Full form: 1,000 pairs and 100 groups of 16. Each copy is a record of its own (another identifier at its source); the
demographics are the same. The bytes of all copies are written to their connections back to back before any answer
is read.
"""

import json
import random
import socket
import threading

import harness
import population

CONNECTIONS = 16


class Wire:
    """A connection on which requests are written as bytes and answers are read one by one."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def send(self, patient):
        body = json.dumps(patient).encode()
        head = "POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Type: application/fhir+json\r\n"
        self.socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def answer(self):
        status = int(self.stream.readline().split()[1])
        length, chunked = 0, False
        while (line := self.stream.readline().strip()):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"transfer-encoding":
                chunked = b"chunked" in value.lower()
        if not chunked:
            return status, self.stream.read(length)
        body = b""
        while (size := int(self.stream.readline().split(b";")[0], 16)):
            body += self.stream.read(size)
            self.stream.readline()
        self.stream.readline()
        return status, body


def race(wires, copies):
    """Sends each copy over its own connection; returns those that were not stored."""
    for wire, copy in zip(wires, copies):
        wire.send(copy)
    answers = [wire.answer() for wire, _ in zip(wires, copies)]
    return [(status, body[:200]) for status, body in answers if status not in (200, 201)]


def race_groups(cluster, groups, lanes):
    """Runs groups in `lanes` lanes side by side, so that several races are under way at once."""
    refused = []

    def lane(number):
        wires = [Wire(cluster.port) for _ in range(max(len(group) for group in groups))]
        for group in groups[number::lanes]:
            refused.extend(race(wires, group))

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def main(checks, arguments, directory):
    pairs, crowds = (1000, 100) if arguments.full else (150, 15)
    cluster = harness.Cluster(f"{directory}/cluster", arguments.base_port)
    cluster.up()
    draw = random.Random(arguments.seed)
    # Strangers that are nobody's relatives, so that each group is exactly one person.
    persons = []
    for number, person in enumerate(population.people(pairs + crowds, arguments.seed)):
        person["national"] = "%09d" % (300_000_000 + number * 7919)
        person["phone"] = "06%08d" % draw.randrange(10**8)
        persons.append(person)
    groups = []
    for number, person in enumerate(persons):
        size = 2 if number < pairs else CONNECTIONS
        groups.append([
            population.patient(person, draw.choice(population.SOURCES), f"race-{number}-{copy}") for copy in range(size)
        ])

    refused = race_groups(cluster, groups[:pairs], lanes=4) + race_groups(cluster, groups[pairs:], lanes=2)
    checks.check("every copy is stored", not refused, f"{len(refused)} were not, first: {refused[:1]}")

    links = cluster.client().links()
    golden = {(source, value): identifier for source, value, identifier in links}
    checks.equal("every copy is there once", (len(links), len(golden)), (sum(map(len, groups)),) * 2)
    for name, part in (("pair", groups[:pairs]), ("group of 16", groups[pairs:])):
        torn = [
            group[0]["identifier"][0]["value"] for group in part
            if len({golden.get((p["identifier"][0]["system"], p["identifier"][0]["value"])) for p in group}) != 1
        ]
        checks.check(f"no {name} became two persons ({len(part)})", not torn, f"{len(torn)} did, first: {torn[:3]}")
    print(f"{len(links)} records, {len(set(golden.values()))} persons")


if __name__ == "__main__":
    harness.run(__doc__, 21100, main)
