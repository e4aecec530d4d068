#!/usr/bin/env python3
"""The same records give the same persons: in any order, over any number of connections, on any number of shards.

Each set is loaded in shuffled orders, over 1 and 32 connections, into clusters of 1, 3 and 7 shards; the partitions,
as sets of sets of record names, must all be the same. Full form: three shuffles of each of the sets that are named on
the command line (CSV files, .gz as they are) and of an invented population; short form: one shuffle of a small one.
"""

import os
import random
import shutil

import harness
import population

SHARDS = (1, 3, 7)
CONNECTIONS = (1, 32)


def sets(arguments):
    """Name and records of each set."""
    size = 6_000 if arguments.full else 500
    rows = population.records(size, arguments.seed)
    yield "invented", [population.patient(person, source, value) for person, source, value in rows]
    for path in arguments.sets:
        yield os.path.basename(path).split(".")[0], harness.read_csv(path)


def main(checks, arguments, directory):
    shuffles = 3 if arguments.full else 1
    port = arguments.base_port
    for name, patients in sets(arguments):
        first = None
        for shards in SHARDS:
            for connections in CONNECTIONS:
                for shuffle in range(shuffles):
                    order = list(patients)
                    random.Random(f"{arguments.seed} {shards} {connections} {shuffle}").shuffle(order)
                    cluster = harness.Cluster(f"{directory}/{name}-{shards}-{connections}-{shuffle}", port, shards)
                    cluster.up()
                    # Small pieces over many connections, so that copies of one person are in flight together.
                    harness.load_all(cluster, order, connections, batch=256 if connections == 1 else 16)
                    found = harness.partition(cluster.client().links())
                    cluster.down()
                    if first is None:
                        first = found
                        checks.equal(f"{name}: all records are linked", sum(map(len, found)), len(patients))
                        print(f"{name}: {len(patients)} records, {len(found)} persons", flush=True)
                    if checks.check(
                        f"{name}: {shards} shards, {connections} connections, shuffle {shuffle + 1}",
                        found == first,
                        harness.difference(first, found),
                    ):
                        shutil.rmtree(cluster.directory)


def options(parser):
    parser.add_argument("sets", nargs="*", help="CSV files to load as well")


if __name__ == "__main__":
    harness.run(__doc__, 21300, main, options)
