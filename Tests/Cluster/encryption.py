#!/usr/bin/env python3
"""What shards write is encrypted, and the keys are changed while they work.

Two shards with a file of keys take records while one of them is killed with `kill -9` and a second key is added. When
all is under the second key the first is taken away and the shards are started again: every record and person must be as
before. No name of a patient may stand in any file of a shard. Without keys, with another key of the same number and
with a file that others may read a shard must not start, and say why. A backup is restored into a store with keys and
into one without; the one without is given keys afterwards, and must be encrypted by itself.
"""

import os
import secrets
import threading
import time

import harness
import population

# What every patient has in clear: a word that no file has by chance.
WORD = "Zyxomweru"


def write_keys(path, lines, mode=0o600):
    """The file is replaced at once, as the page for operators says."""
    draft = f"{path}.new"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write("\n".join(lines) + "\n")
    os.chmod(draft, mode)
    os.rename(draft, path)


def readable(directory, names):
    """Files of shards in which the word stands in clear."""
    found = []
    for name in names:
        for path, _, files in os.walk(f"{directory}/{name}"):
            for file in files:
                with open(f"{path}/{file}", "rb") as content:
                    if WORD.encode() in content.read():
                        found.append(f"{name}/{os.path.relpath(os.path.join(path, file), f'{directory}/{name}')}")
    return found


def wait_for(what, patience=60):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.2)
    return False


def says(cluster, words, names):
    return all(words in cluster.log(name, 10_000) for name in names)


def told(cluster, names):
    return "\n".join(cluster.log(name) for name in names)


def refuses(checks, name, cluster, keys, words):
    """A shard of a cluster that is down does not start, and says why."""
    with open(f"{cluster.directory}/shard-1.yaml") as file:
        lines = [line for line in file if not line.startswith("encryption_keys")]
    path = f"{cluster.directory}/refused.conf"
    with open(path, "w") as file:
        file.writelines(lines + ([f'encryption_keys: "{keys}"\n'] if keys else []))
    done = harness.tessera("shard", "--config", path, timeout=60)
    told = done.stdout + done.stderr
    checks.check(f"{name}: it does not start, and says why", done.returncode == 1 and words in told,
                 f"{done.returncode} {told}")


def compare(checks, name, cluster, links):
    now = sorted(cluster.client().links())
    checks.check(f"{name}: the same records in the same persons", now == links,
                 harness.difference(harness.partition(now), harness.partition(links)))


def work(checks, cluster, patients, keys, first, second):
    """Loads, kills and changes the key, and returns what is linked at the end."""
    third = len(patients) // 3
    harness.load_all(cluster, patients[:third])
    loader = threading.Thread(target=harness.load_all, args=(cluster, patients[third:2 * third], 4, 16))
    loader.start()
    time.sleep(0.5)
    cluster.kill("shard-1")
    time.sleep(0.2)
    cluster.up()
    write_keys(keys, [first, second])
    loader.join()
    shards = ["shard-1", "shard-2"]
    checks.check("both take the new key while they work",
                 wait_for(lambda: says(cluster, "a new key encrypts from now on", shards)), told(cluster, shards))
    harness.load_all(cluster, patients[2 * third:])
    checks.check("all is under the second key by itself",
                 wait_for(lambda: says(cluster, "everything is encrypted under the newest key", shards)),
                 told(cluster, shards))
    checks.equal("no name stands in a shard's files while it runs", readable(cluster.directory, shards), [])
    links = sorted(cluster.client().links())
    checks.equal("every record is there", len(links), len(patients))
    cluster.down()
    checks.equal("no name stands in a shard's files when it is stopped", readable(cluster.directory, shards), [])
    write_keys(keys, [second])
    cluster.up()
    compare(checks, "without the first key", cluster, links)
    return links


def restored(checks, cluster, directory, keys, port, links):
    """A backup is restored with keys and without; the one without is encrypted later."""
    made = harness.tessera("cluster", "backup", "one", "--at", cluster.url)
    checks.equal("a backup is made", made.returncode, 0)
    cluster.down()
    place = f"{cluster.directory}/coordinator-1/backups/one"
    names = ["shard-1", "shard-2", "shard-3"]

    sealed = harness.Cluster(f"{directory}/sealed", port, options=["--keys", keys])
    done = harness.tessera("cluster", "restore", place, "--to", sealed.directory, "--shards", "3",
                           "--encryption-keys", keys)
    checks.check("it is restored under keys", done.returncode == 0, done.stderr)
    checks.equal("no name stands in what was restored", readable(sealed.directory, names), [])
    sealed.up()
    compare(checks, "restored under keys", sealed, links)
    sealed.down()

    plain = harness.Cluster(f"{directory}/plain", port + 10, options=["--keys", keys])
    done = harness.tessera("cluster", "restore", place, "--to", plain.directory, "--shards", "3")
    checks.check("it is restored in clear", done.returncode == 0 and readable(plain.directory, names), done.stderr)
    plain.up()
    # The last commits stay in the log until others come.
    plain.client().put(population.patient(next(iter(population.people(1, 99))), "late", "1"))
    checks.check("a store in clear is encrypted by itself",
                 wait_for(lambda: not [file for file in readable(plain.directory, names) if "state" in file]),
                 readable(plain.directory, names))
    known = [row for row in plain.client().links() if row[0] != "late"]
    checks.equal("encrypted later: the same records", sorted(row[:2] for row in known), [row[:2] for row in links])
    plain.down()


def main(checks, arguments, directory):
    rows = population.records(20_000 if arguments.full else 900, arguments.seed)
    patients = []
    for person, source, value in rows:
        patient = population.patient(person, source, value)
        patient.setdefault("address", [{}])[0]["text"] = WORD
        patients.append(patient)
    keys = f"{directory}/keys"
    first, second = (f"{number} {secrets.token_hex(32)}" for number in (1, 2))
    write_keys(keys, [first])
    cluster = harness.Cluster(f"{directory}/one", arguments.base_port, shards=2, options=["--keys", keys])
    cluster.up()
    links = work(checks, cluster, patients, keys, first, second)
    cluster.down()

    refuses(checks, "without keys", cluster, None, "no keys were given")
    other = f"{directory}/other"
    write_keys(other, [f"2 {secrets.token_hex(32)}"])
    refuses(checks, "another key of the same number", cluster, other, "another key 2 than the one given")
    write_keys(other, [first])
    refuses(checks, "another number", cluster, other, "key 2, which is not among those given")
    write_keys(other, [second], mode=0o644)
    refuses(checks, "a file that others may read", cluster, other, "chmod 600")
    logs = "".join(cluster.log(name, 10_000) for name in cluster.names())
    checks.check("no key stands in a log", not any(key.split()[1] in logs for key in (first, second)))
    cluster.up()
    compare(checks, "after all refusals", cluster, links)
    restored(checks, cluster, directory, keys, arguments.base_port + 10, links)


if __name__ == "__main__":
    harness.run(__doc__, 22900, main)
