#!/usr/bin/env python3
"""Who may speak to a shard, and to a coordinator's inner door: members of the cluster, by their certificates.

A cluster of two coordinators and two shards is started with certificates. It loads, answers and hands writes from one
coordinator to the one that leads. Strangers of every kind knock at a shard: in clear text, without a certificate, with
a shard's, with one of another authority; none gets a message answered. Without certificates a shard does not open a
port that others can reach, unless it is told to.
"""

import http.client
import os
import socket
import ssl
import subprocess
import time

import harness
import population

MESSAGES = "/shard/v1"


def context(folder, name=None, authority=None):
    made = ssl.create_default_context(cafile=authority or f"{folder}/ca.pem")
    if name:
        made.load_cert_chain(f"{folder}/{name}.pem", f"{folder}/{name}.key")
    return made


def knock(port, made, method, path, body=None):
    """The status of an answer, or the kind of failure."""
    if made is None:
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    else:
        wire = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=made)
    try:
        wire.request(method, path, body)
        answer = wire.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException) as failure:
        return type(failure).__name__
    finally:
        wire.close()


def port_of(cluster, name, key="listen"):
    with open(f"{cluster.directory}/{name}.yaml") as file:
        line = next(line for line in file if line.startswith(key + ":"))
    return int(line.rsplit(":", 1)[1])


def foreign(folder):
    """A certificate with the right names, of another authority."""
    names = "subjectAltName=URI:urn:tessera:coordinator,IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", f"{folder}/foreign.key", "-out", f"{folder}/foreign.pem", "-subj", "/CN=coordinator-1",
         "-addext", names], check=True, capture_output=True)


def strangers(checks, cluster):
    folder, shard = f"{cluster.directory}/tls", port_of(cluster, "shard-1")
    foreign(folder)
    body = b"\0" * 64
    nobody, other = context(folder), context(folder, "shard-2")
    leader, false = context(folder, "coordinator-1"), context(folder, "foreign")
    trusting = context(folder, authority=f"{folder}/foreign.pem")
    for name, wire, method, path, expected in [
        ("clear text gets no answer from a shard", None, "POST", MESSAGES, None),
        ("without a certificate a message is refused", nobody, "POST", MESSAGES, 403),
        ("and metrics as well", nobody, "GET", "/metrics", 403),
        ("but not the question whether it lives", nobody, "GET", "/health/live", 200),
        ("with a shard's certificate a message is refused", other, "POST", MESSAGES, 403),
        ("metrics are told to any member", other, "GET", "/metrics", 200),
        ("a certificate of another authority ends the handshake", false, "GET", "/health/live", None),
        ("whoever trusts another authority does not believe the shard", trusting, "GET", "/health/live", None),
        ("a coordinator's message is taken", leader, "POST", MESSAGES, 200),
    ]:
        found = knock(shard, wire, method, path, body if method == "POST" else None)
        if expected is None:
            checks.check(name, not isinstance(found, int), f"found {found}")
        else:
            checks.equal(name, found, expected)
    peer = port_of(cluster, "coordinator-1", "peer")
    checks.equal("a coordinator's inner door refuses a shard", knock(peer, other, "POST", "/peer/v1", body), 403)
    checks.equal("and whoever shows nothing", knock(peer, nobody, "POST", "/peer/v1", body), 403)
    found = knock(peer, context(folder, "coordinator-2"), "POST", "/peer/v1", body)
    checks.equal("and takes what another coordinator brings", found, 200)


def replaced(checks, cluster, client, patient):
    """Certificates are replaced on disk, as tools that renew them do; nothing is restarted."""
    folder = f"{cluster.directory}/tls"
    for name in ("shard-1", "coordinator-1"):
        subprocess.run(
            ["openssl", "x509", "-req", "-in", f"{folder}/{name}.csr", "-CA", f"{folder}/ca.pem",
             "-CAkey", f"{folder}/ca.key", "-days", "9", "-copy_extensions", "copy", "-out", f"{folder}/{name}.new"],
            check=True, capture_output=True)
        os.replace(f"{folder}/{name}.new", f"{folder}/{name}.pem")
    # Files are looked at once a second.
    time.sleep(1.1)
    shown = context(folder)
    with socket.create_connection(("127.0.0.1", port_of(cluster, "shard-1")), timeout=10) as wire:
        with shown.wrap_socket(wire, server_hostname="127.0.0.1") as under:
            left = ssl.cert_time_to_seconds(under.getpeercert()["notAfter"]) - time.time()
    checks.check("a replaced certificate is shown without a restart", left < 10 * 86_400, f"{left:.0f} s left")
    checks.check("and the cluster goes on", client.put(patient)[0] in (200, 201), "a write failed")


def alone(checks, directory, port):
    """A shard off loopback without certificates."""
    os.makedirs(directory)
    path, log = f"{directory}/shard.yaml", f"{directory}/shard.log"
    with open(path, "w") as file:
        file.write(f'version: 1\nname: lonely\nlisten: 0.0.0.0:{port}\ndata: "{directory}/data"\n')
    done = harness.tessera("shard", "--config", path, timeout=30)
    checks.check("a shard off loopback without certificates is not started",
                 done.returncode != 0 and "trusted_network" in done.stderr, done.stderr)
    with open(path, "a") as file:
        file.write("trusted_network: true\n")
    program = os.environ.get("TESSERA_BIN") or f"{harness.ROOT}/.build/release/tessera"
    with open(log, "w") as out:
        process = subprocess.Popen(
            [program, "shard", "--config", path], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 30
        while knock(port, None, "GET", "/health/ready") != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        checks.equal("told to, it is", knock(port, None, "GET", "/health/ready"), 200)
        with open(log) as file:
            checks.check("and says so loudly", "NOBODY IS ASKED" in file.read(), "nothing in its log")
    finally:
        process.terminate()
        process.wait(30)


def main(checks, arguments, directory):
    cluster = harness.Cluster(
        f"{directory}/cluster", arguments.base_port, 2,
        ["--tls", "--control", "etcd", "--coordinators", "2", "--audit", "off"])
    cluster.up()
    patients = [population.patient(person, source, value)
                for person, source, value in population.records(20_000 if arguments.full else 300, arguments.seed)]
    began = time.monotonic()
    harness.load_all(cluster, patients)
    print(f"loaded {len(patients)} in {time.monotonic() - began:.1f} s", flush=True)
    clients = [harness.Client(port_of(cluster, f"coordinator-{number}")) for number in (1, 2)]
    for number, client in enumerate(clients, 1):
        checks.check(f"coordinator {number} takes a write", client.put(patients[number])[0] in (200, 201), "refused")
        checks.equal(f"coordinator {number} finds every record", len(client.links()), len(patients))
    strangers(checks, cluster)
    replaced(checks, cluster, clients[0], patients[0])
    cluster.down()
    alone(checks, f"{directory}/alone", arguments.base_port + 60)


if __name__ == "__main__":
    harness.run(__doc__, 22_800, main)
