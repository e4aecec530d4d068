#!/usr/bin/env python3
"""Measures a feed of FHIR batches: bundles of Patients over a few connections, one request under way on each.

    bundle_rate.py HOST:PORT [--connections 4] [--seconds 30] [--size 100] [--duplicates 0.1] [--type batch]

The bundles are written before the clock starts, so that the sender costs little beside the registry. A part of the
Patients are further records of earlier ones, from another source, so that there is something to match. Prints patients
a second, and the times from a bundle to its answer.
"""

import argparse
import json
import random
import select
import socket
import time

LETTERS = "bcdfghklmnprstvz"


def word(generator):
    return "".join(generator.choice(LETTERS) + generator.choice("aeiou") for _ in range(generator.choice((2, 3, 3, 4))))


def person(generator):
    return {
        "name": [{"use": "official", "family": word(generator).title(), "given": [word(generator).title()]}],
        "gender": generator.choice(("female", "male")),
        "birthDate": f"{generator.randrange(1930, 2025)}-{generator.randrange(1, 13):02}"
                     f"-{generator.randrange(1, 29):02}",
        "telecom": [{"system": "phone", "value": f"07{generator.randrange(10 ** 8):08}"}],
        "address": [{"line": [f"Plot {generator.randrange(999)}"], "city": word(generator).title()}]}


def bundles(arguments, generator, host):
    """Endless requests, each with the next bundle."""
    number, known = arguments.start, []
    while True:
        entries = []
        for _ in range(arguments.size):
            number += 1
            source = "urn:bundle:a"
            if known and generator.random() < arguments.duplicates:
                source, who = "urn:bundle:b", generator.choice(known)
            else:
                who = person(generator)
                known.append(who)
                if len(known) > 20_000:
                    known = known[10_000:]
            patient = {"resourceType": "Patient", "identifier": [{"system": source, "value": f"B{number}"}]} | who
            entries.append({"resource": patient, "request": {"method": "POST", "url": "Patient"}})
        body = json.dumps({"resourceType": "Bundle", "type": arguments.type, "entry": entries}).encode()
        yield (f"POST /fhir HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/fhir+json\r\n"
               f"Content-Length: {len(body)}\r\n\r\n").encode() + body


class Answers:
    """Reads the answers of one connection."""

    def __init__(self):
        self.bytes = bytearray()
        self.length = None

    def take(self, more):
        """The body of an answer where it is there as a whole."""
        self.bytes += more
        if self.length is None:
            end = self.bytes.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = bytes(self.bytes[:end]).lower()
            if not head.startswith(b"http/1.1 200"):
                raise SystemExit(self.bytes[:500].decode())
            self.length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            del self.bytes[:end + 4]
        if len(self.bytes) < self.length:
            return None
        body, self.bytes, self.length = bytes(self.bytes), bytearray(), None
        return body


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--duplicates", type=float, default=0.1)
    parser.add_argument("--type", default="batch", choices=("batch", "transaction"))
    parser.add_argument("--start", type=int, default=0, help="the first number of a record: another one, other records")
    parser.add_argument("--bundles", type=int, default=3_000, help="bundles that are written before the clock starts")
    arguments = parser.parse_args()
    host, port = arguments.address.rsplit(":", 1)
    source = bundles(arguments, random.Random(arguments.start + 1), arguments.address)
    ready = [next(source) for _ in range(arguments.bundles)][::-1]
    poll, wires, sent, answers = select.epoll(), {}, {}, {}
    for _ in range(arguments.connections):
        wire = socket.create_connection((host, int(port)))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wires[wire.fileno()], answers[wire.fileno()] = wire, Answers()
        poll.register(wire, select.EPOLLIN)
    times, stored, begin = [], 0, time.monotonic()
    for name, wire in wires.items():
        sent[name] = time.monotonic()
        wire.sendall(ready.pop())
    end = begin + arguments.seconds
    while time.monotonic() < end and ready:
        for name, _ in poll.poll(1):
            piece = wires[name].recv(1 << 20)
            if not piece:
                raise SystemExit("the registry ended a connection")
            body = answers[name].take(piece)
            if body is None:
                continue
            now = time.monotonic()
            times.append(now - sent[name])
            stored += body.count(b'"status":"201') + body.count(b'"status":"200')
            if not ready:
                break
            sent[name] = now
            wires[name].sendall(ready.pop())
    passed = time.monotonic() - begin
    times.sort()

    def at(part):
        return f"{times[min(len(times) - 1, int(len(times) * part))] * 1000:.1f}"

    whole = len(times) * arguments.size
    print(f"{len(times)} bundles of {arguments.size} in {passed:.1f} s over {arguments.connections} connections: "
          f"{stored / passed:.0f} patients/s, {whole - stored} refused; ms p50 {at(.5)} p95 {at(.95)} p99 {at(.99)}")


if __name__ == "__main__":
    main()
