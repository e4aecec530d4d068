#!/usr/bin/env python3
"""A cluster with learnt rules finds the persons that the batch finds, in whatever order the records arrive.

For each set: `tessera train` learns rules, `tessera link` links by them; then the same file is loaded in shuffled
orders into clusters of 1 and 3 shards that run on these rules. All clusters must find one partition, and its F1
against the column `entity_id` may differ from the batch's by 0.002 at most. Short form: an invented population of 800
people; full form: one of 8,000, three shuffles. Sets named on the command line (CSV files, .gz as they are) join both.
"""

import collections
import csv
import gzip
import io
import json
import random
import shutil

import harness

TOLERANCE = 0.002


def rows_of(path):
    """The header and the rows of a CSV file."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return lines[0], lines[1:]


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def f1(partition, entities):
    """Pairwise F1 of a partition of (source, id) against the entity of each id."""

    def pairs(sizes):
        return sum(size * (size - 1) // 2 for size in sizes)

    together = found = 0
    for members in partition:
        found += pairs([len(members)])
        together += pairs(collections.Counter(entities[value] for _, value in members).values())
    wanted = pairs(collections.Counter(entities.values()).values())
    return 2 * together / (found + wanted) if found + wanted else 1.0


def ran(*arguments):
    done = harness.tessera(*arguments)
    if done.returncode != 0:
        raise RuntimeError(f"tessera {arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done


def sets(arguments, directory):
    """Name and file of each set."""
    path = f"{directory}/invented.csv"
    people = 8_000 if arguments.full else 800
    ran("bench", "generate", "--people", str(people), "--seed", str(arguments.seed), "--output", path)
    yield "invented", path
    for number, path in enumerate(arguments.sets):
        yield f"{number + 1}-{path.rsplit('/', 1)[-1].split('.')[0]}", path


def main(checks, arguments, directory):
    for name, path in sets(arguments, directory):
        header, rows = rows_of(path)
        entities = {row[header.index("record_id")]: row[header.index("entity_id")] for row in rows}
        rules, links, rejects = f"{directory}/{name}.yaml", f"{directory}/{name}-links.csv", f"{directory}/rejects.csv"
        ran("train", path, "--output", rules, "--rejects", rejects)
        ran("link", path, "--rules", rules, "--output", links, "--rejects", rejects)
        batch = harness.partition([(row[0], row[1], row[2]) for row in rows_of(links)[1]])
        expected = f1(batch, entities)
        print(f"{name}: {len(rows)} records, {len(batch)} persons in the batch, F1 {expected:.4f}", flush=True)
        first = None
        for shards in (1, 3):
            for shuffle in range(3 if arguments.full else 1):
                random.Random(f"{arguments.seed} {shards} {shuffle}").shuffle(rows)
                shuffled = f"{directory}/{name}-shuffled.csv"
                write(shuffled, header, rows)
                where = f"{directory}/{name}-{shards}-{shuffle}"
                cluster = harness.Cluster(where, arguments.base_port, shards, ["--rules", rules])
                cluster.up()
                ran("load", shuffled, "--to", cluster.url, "--rejects", rejects, "--connections", "8")
                found = harness.partition(cluster.client().links())
                cluster.down()
                label = f"{name}: {shards} shards, shuffle {shuffle + 1}"
                reached = f1(found, entities)
                print(json.dumps({"set": name, "batch": round(expected, 5), "cluster": round(reached, 5)}), flush=True)
                checks.check(f"{label}, F1 of the batch", abs(reached - expected) <= TOLERANCE,
                             f"{reached:.4f} instead of {expected:.4f}")
                first = first or found
                if checks.check(f"{label}, one partition", found == first, harness.difference(first, found)):
                    shutil.rmtree(where)


def options(parser):
    parser.add_argument("sets", nargs="*", help="CSV files with the columns record_id and entity_id")


if __name__ == "__main__":
    harness.run(__doc__, 21900, main, options)
