"""What the scenarios share: a cluster of real processes, a small client, and checks that count themselves.

Python's standard library only. A scenario is a file of its own that can be run alone:

    Tests/Cluster/races.py --help
"""

import argparse
import csv
import http.client
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Checks:
    """Counts what held and what did not; the last line is 'N passed, N failed'."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, held, why=""):
        if held:
            self.passed += 1
            print(f"ok   {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {name}: {why}", flush=True)
        return held

    def equal(self, name, found, expected):
        return self.check(name, found == expected, f"found {str(found)[:300]}, expected {str(expected)[:300]}")


class Cluster:
    """Processes that `cluster/up` starts in a directory of their own."""

    def __init__(self, directory, port, shards=3, options=()):
        self.directory = directory
        self.port = port
        self.shards = shards
        self.options = list(options)
        self.url = f"http://127.0.0.1:{port}"

    def up(self, timeout=120):
        """Starts what does not run and waits until all is ready; returns the seconds it took."""
        began = time.monotonic()
        command = [f"{ROOT}/cluster/up", "--dir", self.directory, "--timeout", str(timeout)]
        if not os.path.exists(f"{self.directory}/coordinator-1.yaml"):
            command += ["--shards", str(self.shards), "--base-port", str(self.port)] + self.options
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"cluster/up failed ({done.returncode}): {done.stderr.strip()}")
        return time.monotonic() - began

    def down(self):
        subprocess.run(
            [f"{ROOT}/cluster/down", "--dir", self.directory], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )

    def names(self):
        """The processes, shards first."""
        return [f"shard-{n}" for n in range(1, self.shards + 1)] + ["coordinator-1"]

    def pid(self, name):
        with open(f"{self.directory}/{name}.pid") as file:
            return int(file.read())

    def alive(self, name):
        return is_running(self.pid(name))

    def kill(self, name):
        os.kill(self.pid(name), signal.SIGKILL)
        while self.alive(name):
            time.sleep(0.002)

    def stop(self, name):
        """Asks a process to end, and waits until it has."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGTERM)
        while is_running(pid):
            time.sleep(0.02)

    def log(self, name, lines=30):
        with open(f"{self.directory}/{name}.log", errors="replace") as file:
            return "".join(file.readlines()[-lines:])

    def client(self, timeout=60):
        return Client(self.port, timeout)


def is_running(pid):
    """Whether a process runs; one that ended and waits to be reaped does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class Client:
    """One connection at a time, made again after a failure."""

    def __init__(self, port, timeout=60, host="127.0.0.1"):
        self.port = port
        self.host = host
        self.timeout = timeout
        self.connection = None

    def request(self, method, path, body=None, headers=None):
        """Returns (status, headers, body); raises OSError or http.client.HTTPException where none came."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        try:
            self.connection.request(method, path, body=body, headers=headers or {})
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content

    def get(self, path):
        """The JSON at a path; raises ValueError where it is not a 200."""
        status, _, body = self.request("GET", path)
        if status != 200:
            raise ValueError(f"GET {path}: {status} {body[:300]!r}")
        return json.loads(body)

    def put(self, patient):
        """Stores a patient by a conditional update; returns (status, headers, body)."""
        name = patient["identifier"][0]
        query = urllib.parse.quote(f"{name['system']}|{name['value']}", safe="")
        return self.request(
            "PUT", f"/fhir/Patient?identifier={query}", patient, {"Content-Type": "application/fhir+json"}
        )

    def load(self, patients):
        """Sends patients through the bulk door; returns a result for each, None where none came."""
        body = b"".join(json.dumps(patient).encode() + b"\n" for patient in patients)
        results = [None] * len(patients)
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        try:
            self.connection.request("POST", "/api/v1/load", body, {"Content-Type": "application/x-ndjson"})
            answer = self.connection.getresponse()
            if answer.status != 200:
                answer.read()
                return results
            for line in answer:
                if not line.endswith(b"\n"):
                    break
                result = json.loads(line)
                results[result["line"] - 1] = result
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
        return results

    def links(self):
        """Every live record: a list of (source, id, golden), as the server pages it."""
        rows, after = [], None
        while True:
            page = self.get("/api/v1/links?limit=10000" + (f"&after={after}" if after else ""))
            rows += [(row["source"], row["id"], row["golden"]) for row in page["links"]]
            after = page.get("next")
            if not after:
                return rows

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def partition(links):
    """Who is together with whom: a set of sets of (source, id), whatever the golden identifiers are."""
    people = {}
    for source, value, golden in links:
        people.setdefault(golden, set()).add((source, value))
    return {frozenset(members) for members in people.values()}


def difference(one, other):
    """The first few groups that only one of two partitions has, for a message."""
    def some(groups):
        return f"{len(groups)}, e.g. {[sorted(group) for group in list(groups)[:2]]}"

    return f"groups only in the first: {some(one - other)}; only in the second: {some(other - one)}"


def load_all(cluster, patients, connections=8, batch=64, patience=120):
    """Loads patients over several connections until each is acknowledged; raises where one is refused.

    Patients of one record must stand together in one list entry: use it for distinct records only.
    """
    shares = [patients[n::connections] for n in range(connections)]
    failures = []

    def work(share):
        client = cluster.client()
        waiting = list(share)
        deadline = time.monotonic() + patience
        while waiting:
            piece = waiting[:batch]
            results = client.load(piece)
            again = []
            for patient, result in zip(piece, results):
                if result is None or result.get("retry"):
                    again.append(patient)
                elif "error" in result:
                    failures.append((patient["identifier"], result["error"]))
            waiting = again + waiting[batch:]
            if again:
                if time.monotonic() > deadline:
                    failures.append((len(again), "not acknowledged in time"))
                    return
                time.sleep(0.05)
            else:
                deadline = time.monotonic() + patience
        client.close()

    run_threads([lambda share=share: work(share) for share in shares])
    if failures:
        raise RuntimeError(f"{len(failures)} records were refused, first: {failures[0]}")


def run_threads(tasks):
    """Runs each task in a thread of its own and waits; raises what the first failing one raised."""
    failures = []

    def guard(task):
        try:
            task()
        except BaseException as failure:  # noqa: B902, handed to the caller below
            failures.append(failure)

    threads = [threading.Thread(target=guard, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def read_csv(path):
    """A file of the CSV shape as FHIR Patients, one a row."""
    import gzip

    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return [patient_of(row) for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))]


def patient_of(row):
    """A CSV row as a FHIR Patient; what cannot stand in a FHIR element is left out."""
    import re

    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": row["source"], "value": row["record_id"]}],
    }
    if row.get("national_id"):
        patient["identifier"].append({"system": "urn:national", "value": row["national_id"]})
    given = [name for name in (row.get("given_name"), row.get("middle_name")) if name]
    name = {}
    if row.get("family_name"):
        name["family"] = row["family_name"]
    if given:
        name["given"] = given
    if name:
        patient["name"] = [name]
    gender = {"f": "female", "m": "male", "female": "female", "male": "male"}.get((row.get("sex") or "").lower())
    if gender:
        patient["gender"] = gender
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", row.get("birth_date") or "")
    if match and int(match[1]) > 0 and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 28:
        patient["birthDate"] = match[0]
    telecom = [{"system": kind, "value": row[column]} for kind, column in (("phone", "phone"), ("email", "email"))
               if row.get(column)]
    if telecom:
        patient["telecom"] = telecom
    address = {key: row[column] for key, column in
               (("city", "city"), ("district", "district"), ("postalCode", "postal_code")) if row.get(column)}
    if row.get("address_line"):
        address["line"] = [row["address_line"]]
    if address:
        patient["address"] = [address]
    if row.get("mother_name"):
        url = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"
        patient["extension"] = [{"url": url, "valueString": row["mother_name"]}]
    return patient


def tessera(*arguments, **options):
    """Runs the program; returns the finished process with its output as text."""
    program = os.environ.get("TESSERA_BIN") or f"{ROOT}/.build/release/tessera"
    return subprocess.run(
        [program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )


def run(description, port, main, options=None):
    """Runs a scenario: reads the command line, gives it a directory, cleans up, exits 0 where all checks held.

    `main(checks, arguments, directory)` does the work. Clusters are begun below `directory`; those that are still
    running at the end are stopped, and their logs are kept where something failed.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--short", action="store_true", help="the form that continuous integration runs (default)")
    form.add_argument("--full", action="store_true", help="the full form, whose figures stand in RESULTS.md")
    parser.add_argument("--base-port", type=int, default=port, help=f"first port of this scenario's range ({port})")
    parser.add_argument("--seed", type=int, default=1, help="seed of everything that is drawn (1)")
    parser.add_argument("--keep", action="store_true", help="keep the directory also where all checks held")
    if options:
        options(parser)
    arguments = parser.parse_args()
    name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    directory = f"{ROOT}/.build/test-cluster/{name}-{arguments.base_port}"
    clear(directory)
    os.makedirs(directory)
    checks = Checks()
    random.seed(arguments.seed)
    began = time.monotonic()
    # A time-out from outside must still stop the processes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        main(checks, arguments, directory)
    except Exception as failure:  # noqa: B902, told and counted, so that the last line is always there
        import traceback

        traceback.print_exc(file=sys.stdout)
        checks.check("the scenario runs to its end", False, repr(failure))
    finally:
        stop_below(directory)
    if checks.failed == 0 and not arguments.keep:
        clear(directory)
    else:
        print(f"logs and data: {directory}")
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(0 if checks.failed == 0 and checks.passed > 0 else 1)


def stop_below(directory):
    """Stops every cluster in or below a directory."""
    for path, folders, files in os.walk(directory):
        if "coordinator-1.yaml" in files:
            folders.clear()
            command = [f"{ROOT}/cluster/down", "--dir", path, "--timeout", "10"]
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)


def clear(directory):
    if os.path.isdir(directory):
        stop_below(directory)
        shutil.rmtree(directory, ignore_errors=True)
