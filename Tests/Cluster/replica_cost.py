#!/usr/bin/env python3
"""What a second copy of each shard costs: processor time of all server processes for each record taken in.

The same records are loaded into three shards with one copy and with two, in turn, so that what else the machine does
meets both. Counted is the processor time of coordinator and shards, until the shards have nothing left to do. Full
form: 100,000 records, three turns.
"""

import shutil

import fleet
import harness

BOUND = 1.6


def measure(arguments, directory, path, count, copies, turn):
    """Loads the file once; returns microseconds a record of coordinator and shards."""
    options = ["--replicas", str(copies)] if copies > 1 else []
    cluster = fleet.Fleet(f"{directory}/{copies}-{turn}", arguments.base_port, options=options)
    cluster.up()
    before = cluster.cpu()
    seconds = fleet.load(cluster, path)
    cluster.settle()
    used = {name: value - before[name] for name, value in cluster.cpu().items()}
    held = len(cluster.client().links())
    cluster.down()
    shutil.rmtree(cluster.directory)
    coordinator = sum(value for name, value in used.items() if name.startswith("coordinator")) / count * 1e6
    shards = sum(value for name, value in used.items() if name.startswith("shard")) / count * 1e6
    print(
        f"turn {turn}, {copies} {'copy' if copies == 1 else 'copies'}: {coordinator + shards:.1f} us a record "
        f"(coordinator {coordinator:.1f}, shards {shards:.1f}), {count / seconds:.0f} records/s",
        flush=True,
    )
    return coordinator + shards, held


def main(checks, arguments, directory):
    count = arguments.records or (100_000 if arguments.full else 8_000)
    turns = arguments.turns or (3 if arguments.full else 1)
    path = f"{directory}/population.csv"
    fleet.invent(path, count, arguments.seed, take=count)
    ratios = []
    for turn in range(1, turns + 1):
        # Whoever is first meets a colder machine: they take turns at it.
        order = (1, 2) if turn % 2 else (2, 1)
        cost = {}
        for copies in order:
            cost[copies], held = measure(arguments, directory, path, count, copies, turn)
            checks.equal(f"turn {turn}: {copies} copies hold every record", held, count)
        ratios.append(cost[2] / cost[1])
        print(f"turn {turn}: two copies cost {ratios[-1]:.2f} times what one costs", flush=True)
    median = sorted(ratios)[len(ratios) // 2]
    # What starts, connects and flushes once weighs more on a small load.
    bound = BOUND if count >= 50_000 else 2.2
    checks.check(f"a second copy costs at most {bound} times the processor", median <= bound, f"{median:.2f}")


def options(parser):
    parser.add_argument("--records", type=int, help="records loaded")
    parser.add_argument("--turns", type=int, help="how often each is measured")


if __name__ == "__main__":
    harness.run(__doc__, 22600, main, options)
