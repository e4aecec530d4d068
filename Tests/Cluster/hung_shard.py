#!/usr/bin/env python3
"""A shard that hangs must not hang those who ask how the cluster is.

One shard is stopped (SIGSTOP): it keeps its connections and answers nothing, which is what a machine that swaps or a
disk that never returns looks like. Readiness and metrics must say so promptly; when it goes on, all is well again and
a write that waited meanwhile is stored once.
"""

import os
import signal
import threading
import time

import harness
import population

# The coordinator gives each shard a second to say how it is; asked one after another, with the deadline of a
# question about patients, they took six.
BOUND = 4


def timed(client, path):
    began = time.monotonic()
    status, _, body = client.request("GET", path)
    return status, body.decode(), time.monotonic() - began


def main(checks, arguments, directory):
    cluster = harness.Cluster(f"{directory}/hung", arguments.base_port, 3)
    cluster.up()
    client = cluster.client()
    patients = [population.patient(person, source, value) for person, source, value in population.records(60, 7)]
    harness.load_all(cluster, patients[:50])
    os.kill(cluster.pid("shard-2"), signal.SIGSTOP)
    try:
        for path in ("/health/ready", "/metrics"):
            status, body, seconds = timed(client, path)
            checks.check(f"{path} answers in time", seconds < BOUND, f"took {seconds:.1f} s")
            print(f"{path}: {status} after {seconds:.2f} s", flush=True)
            if path == "/health/ready":
                checks.equal("not ready", status, 503)
                checks.check("and says which shard", "shard-2" in body and "shard-1" not in body, body)
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(cluster.client().put(patients[-1])[0]))
        waiting.start()
        time.sleep(1)
    finally:
        os.kill(cluster.pid("shard-2"), signal.SIGCONT)
    waiting.join(60)
    checks.check("a write meanwhile is answered", answers and answers[0] in (200, 201, 503), str(answers))
    while timed(client, "/health/ready")[0] != 200:
        time.sleep(0.1)
    harness.load_all(cluster, patients)
    names = [(source, value) for source, value, _ in client.links()]
    checks.equal("every record is there once", len(names), len(patients))
    checks.equal("and none twice", len(set(names)), len(names))
    cluster.down()


if __name__ == "__main__":
    harness.run(__doc__, 21700, main)
