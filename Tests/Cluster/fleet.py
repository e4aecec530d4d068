"""A cluster with copies of its shards, several coordinators and members of etcd, and what its processes cost."""

import json
import os
import re
import subprocess
import time

import harness

TICKS = os.sysconf("SC_CLK_TCK")


class Fleet(harness.Cluster):
    """Real processes of every kind; what runs is what the directory has a configuration for."""

    def names(self):
        """All processes: members of etcd, copies of shards, coordinators."""
        wanted = re.compile(r"(etcd|shard|coordinator)-.*\.yaml")
        found = [name[:-5] for name in os.listdir(self.directory) if wanted.fullmatch(name)]
        kinds = ["etcd", "shard", "coordinator"]
        return sorted(found, key=lambda name: (kinds.index(name.split("-")[0]), len(name), name))

    def kind(self, kind):
        return [name for name in self.names() if name.startswith(f"{kind}-")]

    def address(self, name):
        """Where it listens: HOST:PORT."""
        with open(f"{self.directory}/{name}.yaml") as file:
            for line in file:
                found = re.match(r"listen(?:-client-urls)?:\s*(?:http://)?(\S+)", line)
                if found:
                    return found[1]
        raise RuntimeError(f"{name} has no address")

    def port_of(self, name):
        return int(self.address(name).rsplit(":", 1)[1])

    def ports(self):
        """The ports of the coordinators."""
        return [self.port_of(name) for name in self.kind("coordinator")]

    def cpu(self):
        """Processor seconds that each process has used so far; those that do not run are left out."""
        used = {}
        for name in self.names():
            try:
                with open(f"/proc/{self.pid(name)}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                used[name] = (int(fields[11]) + int(fields[12])) / TICKS
            except (OSError, ValueError):
                pass
        return used

    def settle(self, quiet=0.03, patience=60):
        """Waits until the shards have nothing left to do, so that what they put off is counted too."""
        before, deadline = sum(self.cpu().values()), time.monotonic() + patience
        while time.monotonic() < deadline:
            time.sleep(1)
            now = sum(self.cpu().values())
            if now - before < quiet * len(self.names()):
                return
            before = now

    def disk(self):
        """Bytes on disk of each shard's process."""
        return {name: bytes_below(f"{self.directory}/{name}") for name in self.kind("shard")}

    def state(self):
        """What /api/v1/cluster says, of any coordinator that answers; nothing where none does."""
        for port in self.ports():
            try:
                return harness.Client(port, timeout=10).get("/api/v1/cluster")
            except (OSError, ValueError, harness.http.client.HTTPException):
                continue
        return {}

    def replicas(self):
        """The state of each copy by name."""
        shards = self.state().get("shards", [])
        return {one["name"]: one["state"] for shard in shards for one in shard.get("replicas", [])}

    def slots(self):
        return {shard["id"]: shard["slots"] for shard in self.state().get("shards", [])}

    def wait_in_sync(self, patience=180):
        """Returns the seconds until every copy of every shard is in sync, or None where they do not get there."""
        began = time.monotonic()
        while time.monotonic() - began < patience:
            states = self.replicas()
            if len(states) == len(self.kind("shard")) and all(state == "in-sync" for state in states.values()):
                return time.monotonic() - began
            time.sleep(0.2)
        return None

    def leader(self, patience=60):
        """The name of the coordinator that leads; waits for one."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for name in self.kind("coordinator"):
                try:
                    status, _, body = harness.Client(self.port_of(name), timeout=5).request("GET", "/health/ready")
                except (OSError, harness.http.client.HTTPException):
                    continue
                if status == 200 and body == b"ready\n":
                    return name
            time.sleep(0.05)
        raise RuntimeError("nobody leads")


def bytes_below(directory):
    """Bytes that the files below a directory take on disk."""
    total = 0
    for path, _, names in os.walk(directory):
        for name in names:
            try:
                total += os.stat(f"{path}/{name}").st_blocks * 512
            except OSError:
                pass
    return total


def program():
    return os.environ.get("TESSERA_BIN") or f"{harness.ROOT}/.build/release/tessera"


def invent(path, people, seed, take=None):
    """Writes records of an invented population as CSV."""
    command = ["bench", "generate", "--people", str(people), "--seed", str(seed), "--output", path]
    done = harness.tessera(*command, *(["--take", str(take)] if take else []))
    if done.returncode != 0:
        raise RuntimeError(f"no population was made: {done.stderr.strip()}")


def load(cluster, path, connections=4):
    """Loads a file with the program; returns the seconds it took."""
    began = time.monotonic()
    done = harness.tessera(
        "load", path, "--to", cluster.url, "--connections", str(connections), "--rejects", f"{path}.rejects"
    )
    if done.returncode != 0:
        raise RuntimeError(f"tessera load ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return time.monotonic() - began


def names_in(path):
    """The (source, record) pairs of a CSV file."""
    import csv

    with open(path, newline="") as file:
        return {(row["source"], row["record_id"]) for row in csv.DictReader(file)}


def export(cluster, path):
    """Writes who is who with the program; returns the rows as (source, record, golden)."""
    import csv

    done = harness.tessera("export", "--links", path, "--from", cluster.url)
    if done.returncode != 0:
        raise RuntimeError(f"tessera export: {done.stderr.strip()}")
    with open(path, newline="") as file:
        return [(row["source"], row["record_id"], row["golden_id"]) for row in csv.DictReader(file)]


def order(cluster, *words, patience=120):
    """Gives an order of `tessera cluster` and returns what it answers."""
    done = subprocess.run(
        [program(), "cluster", *words, "--at", cluster.url, "--json"], capture_output=True, text=True, timeout=patience
    )
    if done.returncode != 0:
        raise RuntimeError(f"tessera cluster {' '.join(words)}: {done.stderr.strip()}")
    return json.loads(done.stdout)
