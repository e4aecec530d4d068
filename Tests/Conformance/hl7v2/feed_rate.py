#!/usr/bin/env python3
"""Measures a feed: registrations over many connections, one message under way on each.

    feed_rate.py HOST:PORT [--connections 16] [--seconds 30] [--client TEST_HARNESS] [--domain TEST]

Prints messages a second, and the times from a message to its acknowledgement.
"""

import argparse
import random
import select
import socket
import time

LETTERS = "bcdfghklmnprstvz"


def word(generator):
    return "".join(generator.choice(LETTERS) + generator.choice("aeiou") for _ in range(generator.choice((2, 3, 3, 4))))


def message(generator, number, arguments):
    year, month, day = generator.randrange(1930, 2025), generator.randrange(1, 13), generator.randrange(1, 29)
    return (f"\x0bMSH|^~\\&|{arguments.client}|TEST|CR|MOH|20260101||ADT^A01|R{number}|P|2.3.1\rEVN||20260101\r"
            f"PID|||R{arguments.start + number}^^^{arguments.domain}||{word(generator)}^{word(generator)}||"
            f"{year}{month:02}{day:02}|{generator.choice('FM')}|||Plot {generator.randrange(999)}^^{word(generator)}||"
            f"07{generator.randrange(10 ** 8):08}\rPV1||O\r\x1c\r").encode()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--client", default="TEST_HARNESS")
    parser.add_argument("--domain", default="TEST")
    parser.add_argument("--start", type=int, default=0)
    arguments = parser.parse_args()
    host, port = arguments.address.rsplit(":", 1)
    generator = random.Random(arguments.start + 1)
    poll, wires, sent = select.epoll(), {}, {}
    number, times, refused = 0, [], 0
    for _ in range(arguments.connections):
        wire = socket.create_connection((host, int(port)))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wires[wire.fileno()] = wire
        poll.register(wire, select.EPOLLIN)
    begin = time.monotonic()
    for number, wire in enumerate(wires.values(), 1):
        sent[wire.fileno()] = time.monotonic()
        wire.sendall(message(generator, number, arguments))
    end = begin + arguments.seconds
    while time.monotonic() < end:
        for name, _ in poll.poll(1):
            answer = wires[name].recv(65536)
            if not answer.endswith(b"\x1c\r"):
                raise SystemExit("an answer came in pieces, or the connection ended")
            now = time.monotonic()
            times.append(now - sent[name])
            refused += b"MSA|AA" not in answer
            number += 1
            sent[name] = now
            wires[name].sendall(message(generator, number, arguments))
    passed = time.monotonic() - begin
    times.sort()

    def at(part):
        return f"{times[min(len(times) - 1, int(len(times) * part))] * 1000:.1f}"

    print(f"{len(times)} messages in {passed:.1f} s over {arguments.connections} connections: "
          f"{len(times) / passed:.0f}/s, {refused} refused; ms p50 {at(.5)} p95 {at(.95)} p99 {at(.99)}")


if __name__ == "__main__":
    main()
