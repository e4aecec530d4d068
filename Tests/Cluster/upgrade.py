#!/usr/bin/env python3
"""A cluster is upgraded one process after the other while it takes writes, and put back as well.

Two copies of each of two shards and one coordinator, all of which begin by speaking the oldest version of the shard
protocol (`--speak`), or as an earlier build (`--previous BINARY`). While connections write, each process in turn is
stopped and started as this build speaking all it knows, so that members of two versions work together in every
combination. Nothing acknowledged is lost and the copies are equal. Full form: the processes go back as well.
"""

import os
import subprocess
import threading
import time
import urllib.request

import fleet
import harness
import kill_test
import population
import shard_wire as wire


def start(cluster, name, binary, *options):
    """Starts a process that is stopped, with options that cluster/up does not know."""
    with open(f"{cluster.directory}/{name}.log", "a") as log:
        process = subprocess.Popen(
            [binary, name.split("-")[0], "--config", f"{cluster.directory}/{name}.yaml", *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    with open(f"{cluster.directory}/{name}.pid", "w") as file:
        file.write(f"{process.pid}\n")
    # Reaped when it ends, whoever ends it.
    threading.Thread(target=process.wait, daemon=True).start()


def spoken(cluster, name):
    """The versions that a shard says it speaks; nothing where it says none."""
    request = urllib.request.Request(f"http://{cluster.address(name)}/shard/v1", data=b"?", method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers.get("tessera-speaks", "")


def roll(checks, cluster, binary, options, words, expected):
    for name in cluster.kind("shard") + cluster.kind("coordinator"):
        cluster.stop(name)
        start(cluster, name, binary, *options)
        cluster.up()
        checks.check(f"{words}: with {name} all are in sync", cluster.wait_in_sync() is not None,
                     str(cluster.replicas()) + cluster.log(name))
    for name in cluster.kind("shard"):
        checks.equal(f"{words}: what {name} says it speaks", spoken(cluster, name), expected)


def main(checks, arguments, directory):
    cluster = fleet.Fleet(f"{directory}/upgrade", arguments.base_port, shards=2, options=["--replicas", "2"])
    cluster.up()
    binary = os.path.realpath(f"/proc/{cluster.pid('coordinator-1')}/exe")
    old = (arguments.previous, (), "") if arguments.previous else (binary, ("--speak", "2"), "2-2")
    for name in cluster.names():
        cluster.stop(name)
    for name in cluster.kind("shard") + cluster.kind("coordinator"):
        start(cluster, name, old[0], *old[1])
    cluster.up()
    checks.check("all copies are in sync", cluster.wait_in_sync(30) is not None, str(cluster.replicas()))
    rows = population.records(arguments.records or (20_000 if arguments.full else 2_000), arguments.seed)
    stopping = threading.Event()
    share = 4
    writers = [kill_test.Writer(cluster, rows[n::share], arguments.seed * 1000 + n, stopping) for n in range(share)]

    def upgrade():
        try:
            roll(checks, cluster, binary, (), "forth", "2-3")
            if arguments.full:
                roll(checks, cluster, old[0], old[1], "back", old[2])
        finally:
            stopping.set()

    harness.run_threads([writer.run for writer in writers] + [upgrade])
    print(f"{sum(writer.writes for writer in writers)} writes acknowledged", flush=True)
    refused = [what for writer in writers for what in writer.refused]
    checks.check("nothing was refused", not refused, f"{len(refused)} were, first: {refused[:1]}")
    for shard in (1, 2):
        one, other = [wire.digests(cluster.port_of(f"shard-{shard}{copy}")) for copy in "ab"]
        checks.equal(f"the copies of shard {shard} are equal", one == other, True)
    kill_test.compare_records(checks, cluster, writers)
    cluster.down()


def options(parser):
    parser.add_argument("--records", type=int, help="records written")
    parser.add_argument("--previous", help="a tessera of an earlier build, to begin with instead of --speak")


if __name__ == "__main__":
    harness.run(__doc__, 23400, main, options)
