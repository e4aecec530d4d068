#!/usr/bin/env python3
"""A full disk is an error to the client and no corruption; when there is room again, writing goes on.

One shard's data lie on a small memory file system, which is filled while records are loaded. Needs the right to mount:
root, or user namespaces, into which the scenario then moves itself.
"""

import os
import shutil
import subprocess
import sys
import time

import harness
import population

MOVED = "TESSERA_TEST_IN_NAMESPACE"
SIZE = 192 << 20


def may_mount(directory):
    os.makedirs(directory, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", directory], capture_output=True)
    return done.returncode == 0


def fill(path, leave):
    """Writes a file that leaves about so many bytes free."""
    free = shutil.disk_usage(os.path.dirname(path)).free
    with open(path, "wb") as file:
        block = bytes(1 << 16)
        for _ in range(max(0, (free - leave) // len(block))):
            file.write(block)


def write_until_refused(client, rows, patience):
    """Sends records one by one; returns what was acknowledged, and the first refusal."""
    acknowledged, refusal = [], None
    began = time.monotonic()
    for person, source, value in rows:
        if time.monotonic() - began > patience:
            break
        document = population.patient(person, source, value)
        document["text"] = {"status": "generated", "div": "<div>" + "x" * 60_000 + "</div>"}
        status, headers, body = client.put(document)
        if status in (200, 201):
            acknowledged.append((source, value))
        else:
            refusal = (status, headers, body)
            break
    return acknowledged, refusal


def check_links(checks, cluster, expected, name):
    links = cluster.client().links()
    keys = [(source, value) for source, value, _ in links]
    missing = set(expected) - set(keys)
    right = not missing and len(keys) == len(set(keys))
    checks.check(name, right, f"{len(missing)} are missing: {sorted(missing)[:3]}")
    return harness.partition(links)


def main(checks, arguments, directory):
    cluster = harness.Cluster(f"{directory}/cluster", arguments.base_port)
    data = f"{cluster.directory}/shard-2"
    if not may_mount(data):
        if MOVED not in os.environ and subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode == 0:
            os.environ[MOVED] = "1"
            os.execvp("unshare", ["unshare", "-Urm", sys.executable, *sys.argv])
        checks.check("skipped: this user may not mount a file system", True)
        return
    try:
        scenario(checks, cluster, data, arguments)
    finally:
        cluster.down()
        subprocess.run(["umount", "-l", data], capture_output=True)


def scenario(checks, cluster, data, arguments):
    cluster.up()
    rows = population.records(6_000, arguments.seed)
    first = rows[:300]
    harness.load_all(cluster, [population.patient(*row) for row in first], connections=4)
    stored = [(source, value) for _, source, value in first]
    client = cluster.client(timeout=30)

    filler = f"{data}/filler"
    for round_number in range(3 if arguments.full else 1):
        fill(filler, leave=4 << 20)
        more, refusal = write_until_refused(client, rows[300 + round_number * 1_900:][:1_900], patience=60)
        stored += more
        if not checks.check("a full disk refuses writes", refusal is not None, f"{len(more)} records were taken"):
            return
        status, headers, body = refusal
        checks.check("with 503 or 507 and Retry-After", status in (503, 507) and "retry-after" in headers,
                     f"{status} {headers} {body[:200]!r}")
        checks.check("and the reason", b"disk" in body.lower() or b"space" in body.lower(), repr(body[:300]))
        checks.check("every process lives", all(cluster.alive(name) for name in cluster.names()), "see the logs")
        check_links(checks, cluster, stored, "what was acknowledged can be read while the disk is full")
        checks.equal("and matches are answered", client.request("GET", "/health/live")[0], 200)
        os.remove(filler)
        recover(checks, cluster, client, rows[-1 - round_number], stored)

    fill(filler, leave=1 << 20)
    more, _ = write_until_refused(client, rows[5_000:5_300], patience=30)
    stored += more
    cluster.kill("shard-2")
    try:
        cluster.up(timeout=20)
        print("the shard starts on a full disk")
    except RuntimeError as failure:
        words = str(failure)
        says = "disk" in words.lower() or "space" in words.lower()
        checks.check("a shard that cannot start on a full disk says why", says, words)
    os.remove(filler)
    cluster.up()
    check_links(checks, cluster, stored, "after kill -9 on a full disk all is there")
    recover(checks, cluster, cluster.client(timeout=30), rows[-10], stored)
    before = check_links(checks, cluster, stored, "and writing goes on from there")
    for name in cluster.names():
        cluster.kill(name)
    cluster.up()
    after = check_links(checks, cluster, stored, "and after the death of all")
    checks.check("with the same persons", before == after, harness.difference(before, after))


def recover(checks, cluster, client, row, stored):
    """Writing goes on by itself within a minute."""
    document, began = population.patient(*row), time.monotonic()
    while True:
        try:
            status, _, body = client.put(document)
        except OSError as failure:
            status, body = 0, str(failure).encode()
        if status in (200, 201) or time.monotonic() - began > 60:
            break
        time.sleep(0.2)
    checks.check("writing goes on when there is room again", status in (200, 201), f"{status} {body[:200]!r}")
    if status in (200, 201):
        stored.append((row[1], row[2]))
        print(f"writing again after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    harness.run(__doc__, 21500, main)
