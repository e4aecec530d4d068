"""A cluster of machines: each process in a network of its own, so that any two can be cut off from each other.

Network namespaces, joined by a bridge in one more namespace that leads nowhere else: the scenario itself runs in it.
Needs root; `enter()` begins the program anew in there.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

import fleet
import harness

NETWORK = "10.77.0"
INSIDE = "TESSERA_TEST_NETWORK"
# A hardware address of the range for private use.
NOBODY = "02:00:00:00:00:00"
SHARD, DOOR, PEER, CLIENT, MEMBER = 8081, 8080, 8090, 2379, 2380


def enter():
    """Begins this program again in a network of its own, unless it is there already."""
    if os.environ.get(INSIDE):
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "hub", "type", "bridge")
        run("ip", "addr", "add", f"{NETWORK}.1/24", "dev", "hub")
        run("ip", "link", "set", "hub", "up")
        return
    if os.geteuid() != 0:
        print("ok   nothing to do: network namespaces need root\n1 passed, 0 failed")
        sys.exit(0)
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Hosts(fleet.Fleet):
    """Shards with copies, coordinators and three members of etcd, a network namespace each."""

    def __init__(self, directory, shards=3, copies=2, coordinators=2):
        super().__init__(directory, DOOR, shards)
        os.makedirs(directory, exist_ok=True)
        letters = "abcdefghi"[:copies]
        self.groups = [[f"shard-{n}{letter}" for letter in letters] for n in range(1, shards + 1)]
        self.coordinators = [f"coordinator-{n}" for n in range(1, coordinators + 1)]
        self.members = ["etcd-1", "etcd-2", "etcd-3"]
        self.hosts = {}
        self.processes = {}
        everyone = self.members + [name for group in self.groups for name in group] + self.coordinators
        self.ip = {name: f"{NETWORK}.{number}" for number, name in enumerate(everyone, 10)}
        self.cuts = []
        self.write()

    def names(self):
        return list(self.ip)

    # Configurations

    def write(self):
        cluster = ",".join(f"{name}=http://{self.ip[name]}:{MEMBER}" for name in self.members)
        for name in self.members:
            self.put(name, f"""name: {name}
data-dir: "{self.directory}/{name}"
listen-client-urls: http://{self.ip[name]}:{CLIENT}
advertise-client-urls: http://{self.ip[name]}:{CLIENT}
listen-peer-urls: http://{self.ip[name]}:{MEMBER}
initial-advertise-peer-urls: http://{self.ip[name]}:{MEMBER}
initial-cluster: {cluster}
initial-cluster-token: tessera
initial-cluster-state: new
pre-vote: true
logger: zap
log-level: warn
""")
        shards = ""
        for group in self.groups:
            shards += "  - replicas:\n"
            for name in group:
                shards += f"    - {{ name: {name}, address: {self.ip[name]}:{SHARD} }}\n"
                self.put(name, f"""version: 1
name: {name}
listen: {self.ip[name]}:{SHARD}
data: "{self.directory}/{name}"
trusted_network: true
log_level: info
""")
        etcd = " ".join(f"{self.ip[name]}:{CLIENT}" for name in self.members)
        for name in self.coordinators:
            self.put(name, f"""version: 1
name: {name}
listen: {self.ip[name]}:{DOOR}
data: "{self.directory}/{name}"
shards:
{shards}etcd: "{etcd}"
peer: {self.ip[name]}:{PEER}
open_to_everyone: true
trusted_network: true
log_level: info
""")

    def put(self, name, text):
        with open(f"{self.directory}/{name}.yaml", "w") as file:
            file.write(text)

    # Processes

    def host(self, name):
        """The process that holds the namespace of a member, made where there is none."""
        if name not in self.hosts:
            keeper = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL)
            own = os.readlink("/proc/self/ns/net")
            while os.readlink(f"/proc/{keeper.pid}/ns/net") == own:
                time.sleep(0.01)
            number = self.ip[name].rsplit(".", 1)[1]
            run("ip", "link", "add", f"v{number}", "type", "veth", "peer", "name", "eth0", "netns", str(keeper.pid))
            run("ip", "link", "set", f"v{number}", "master", "hub", "up")
            self.hosts[name] = keeper
            for words in (["link", "set", "lo", "up"], ["addr", "add", f"{self.ip[name]}/24", "dev", "eth0"],
                          ["link", "set", "eth0", "up"]):
                self.inside(name, "ip", *words)
        return self.hosts[name].pid

    def inside(self, name, *command):
        run("nsenter", "-t", str(self.host(name)), "-n", *command)

    def start(self, name):
        command = [fleet.program(), name.split("-")[0], "--config", f"{self.directory}/{name}.yaml"]
        if name.startswith("etcd"):
            command = ["etcd", "--config-file", f"{self.directory}/{name}.yaml"]
        log = open(f"{self.directory}/{name}.log", "a")
        self.processes[name] = subprocess.Popen(
            ["nsenter", "-t", str(self.host(name)), "-n", *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        log.close()

    def pid(self, name):
        return self.processes[name].pid

    def alive(self, name):
        return name in self.processes and self.processes[name].poll() is None

    def kill(self, name):
        self.processes[name].kill()
        self.processes[name].wait()

    def signal(self, name, number):
        self.processes[name].send_signal(number)

    def up(self, timeout=120):
        """Starts what does not run and waits until all answers."""
        began = time.monotonic()
        for name in self.names():
            if not self.alive(name):
                self.start(name)
        for name in self.names():
            if name.startswith("etcd"):
                continue
            while True:
                if not self.alive(name):
                    raise RuntimeError(f"{name} ended: {self.log(name)}")
                try:
                    if self.client_of(name, 5).request("GET", "/health/ready")[0] == 200:
                        break
                except (OSError, harness.http.client.HTTPException):
                    pass
                if time.monotonic() - began > timeout:
                    raise RuntimeError(f"{name} is not ready after {timeout} s: {self.log(name)}")
                time.sleep(0.1)
        return time.monotonic() - began

    def down(self):
        for name in reversed(self.names()):
            if self.alive(name):
                self.signal(name, signal.SIGCONT)
                self.signal(name, signal.SIGTERM)
        for name in reversed(self.names()):
            if name in self.processes:
                try:
                    self.processes[name].wait(15)
                except subprocess.TimeoutExpired:
                    self.kill(name)
        for keeper in self.hosts.values():
            keeper.kill()
            keeper.wait()
        self.hosts = {}

    def wipe(self, name):
        shutil.rmtree(f"{self.directory}/{name}", ignore_errors=True)

    # The network

    def cut(self, one, other):
        """Nothing gets from either to the other any more; what is under way is lost, and nobody is told.

        Frames go to an address that nobody has, so that a connection that is being made hangs as well.
        """
        for here, there in ((one, other), (other, one)):
            self.inside(here, "ip", "neigh", "replace", self.ip[there], "lladdr", NOBODY, "dev", "eth0",
                        "nud", "permanent")
            self.cuts.append((here, there))

    def isolate(self, name, others=None):
        for other in others or self.names():
            if other != name:
                self.cut(name, other)

    def heal(self):
        for here, there in self.cuts:
            self.inside(here, "ip", "neigh", "del", self.ip[there], "dev", "eth0")
        self.cuts = []

    # Clients

    def client_of(self, name, timeout=60):
        return harness.Client(SHARD if name.startswith("shard") else DOOR, timeout, self.ip[name])

    def client(self, timeout=60):
        return self.client_of(self.leader(), timeout)

    def state(self):
        for name in self.coordinators:
            try:
                return self.client_of(name, 5).get("/api/v1/cluster")
            except (OSError, ValueError, harness.http.client.HTTPException):
                continue
        return {}

    def leader(self, patience=90):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for name in self.coordinators:
                try:
                    status, _, body = self.client_of(name, 3).request("GET", "/health/ready")
                except (OSError, harness.http.client.HTTPException):
                    continue
                if status == 200 and body == b"ready\n":
                    return name
            time.sleep(0.05)
        raise RuntimeError("nobody leads")
