#!/usr/bin/env python3
"""Broken files and broken requests: each gets a precise error, every process lives on, valid neighbours are stored.

Over a hundred cases in five groups: FHIR bodies, other requests, lines of the bulk door, files for `tessera load`,
and bytes that are not proper HTTP/1.1 or HTTP/2 (floods and rapid resets among them). The form is the same in short
and full.
"""

import bad_bodies
import bad_bytes
import bad_files
import harness
import population


class Watch:
    """After each case: does the cluster still answer, and are the processes the ones that were started?"""

    def __init__(self, checks, cluster):
        self.checks = checks
        self.cluster = cluster
        self.pids = {name: cluster.pid(name) for name in cluster.names()}
        self.neighbours = []

    def alive(self, name):
        try:
            status, _, _ = self.cluster.client(timeout=5).request("GET", "/health/ready")
        except Exception as failure:  # noqa: B902, any failure to answer counts the same
            status = repr(failure)
        dead = [process for process in self.pids if not self.cluster.alive(process)]
        if status == 200 and not dead:
            return True
        for process in dead:
            print(self.cluster.log(process, 15))
        self.checks.check(f"{name}: the cluster still answers", False, f"ready: {status}, dead: {dead}")
        self.cluster.up()
        self.pids = {process: self.cluster.pid(process) for process in self.cluster.names()}
        return False

    def neighbour(self):
        """A valid record of somebody new, which must be stored in spite of what is around it."""
        number = len(self.neighbours)
        person = population.people(number + 1, 77)[number]
        resource = population.patient(person, "neighbours", f"n{number}")
        self.neighbours.append(("neighbours", f"n{number}"))
        return resource


def main(checks, arguments, directory):
    cluster = harness.Cluster(f"{directory}/cluster", arguments.base_port)
    cluster.up()
    watch = Watch(checks, cluster)
    bad_bodies.run(checks, watch)
    bad_files.run(checks, watch, directory)
    bad_bytes.run(checks, watch, cluster.port)

    stored = {(source, value) for source, value, _ in cluster.client().links()}
    missing = [name for name in watch.neighbours if name not in stored]
    checks.check(f"every valid neighbour is stored ({len(watch.neighbours)})", not missing, f"not: {missing[:5]}")
    strangers = sorted(stored - set(watch.neighbours) - bad_files.EXPECTED - bad_bodies.TOLERATED)
    checks.check("nothing broken was stored", not strangers, f"{len(strangers)} were: {strangers[:5]}")
    checks.equal("no process was started anew", watch.pids, {name: cluster.pid(name) for name in cluster.names()})
    client = cluster.client()
    status, _, _ = client.put(population.patient(population.people(1, 99)[0], "neighbours", "last"))
    checks.check("and the next record is taken", status in (200, 201), status)


if __name__ == "__main__":
    harness.run(__doc__, 21600, main)
