"""Broken files for `tessera load`: the exit status, the words, the rejects file, and the memory it takes."""

import gzip
import json
import os
import resource

import harness

HEADER = b"record_id,source,given_name,family_name,sex,birth_date\n"
# What the valid rows in the files leave behind.
EXPECTED = set()


def good(number):
    """A valid row of somebody new."""
    name = f"file-{number}"
    EXPECTED.add(("files", name))
    return f"{name},files,Given{number},Family{number * 31},F,19{60 + number % 40}-0{1 + number % 9}-11\n".encode()


def fhir_line(number):
    name = f"file-{number}"
    EXPECTED.add(("files", name))
    return json.dumps({
        "resourceType": "Patient", "identifier": [{"system": "files", "value": name}],
        "name": [{"family": f"Line{number * 17}", "given": [f"Mstari{number}"]}], "birthDate": "1971-05-06",
    }).encode() + b"\n"


def files():
    """(file name, content, exit statuses that are right, how many rows are rejected or None)."""
    yield "empty.csv", b"", (0, 1), None
    yield "header-only.csv", HEADER, (0, 1), None
    yield "too-few-fields.csv", HEADER + good(1) + b"r1,files,Ann\n" + good(2), (2,), 1
    yield "too-many-fields.csv", HEADER + good(3) + b"r2,files,A,B,F,1990-01-01,x,y,z\n" + good(4), (2,), 1
    yield "open-quote.csv", HEADER + good(5) + b'r3,files,"Ann,B,F,1990-01-01\n', (1, 2), None
    yield "no-record-id-column.csv", b"given_name,family_name\nAnn,Bee\n", (1,), None
    yield "no-record-id.csv", HEADER + good(6) + b",files,Ann,Bee,F,1990-01-01\n" + good(7), (2,), 1
    yield "invalid-utf8.csv", HEADER + good(8) + b"r4,files,An\xffn,Bee,F,1990-01-01\n" + good(9), (0, 2), None
    yield "nul-bytes.csv", HEADER + good(10) + b"r5,files,A\0nn,Bee,F,1990-01-01\n" + good(11), (0, 2), None
    yield "binary.csv", bytes(range(256)) * 64, (1, 2), None
    yield "twice-the-column.csv", b"record_id,record_id,given_name\na,b,c\n", (1, 2), None
    yield "huge-field.csv", HEADER + good(12) + b"r6,files," + b"A" * (10 << 20) + b",Bee,F,1990-01-01\n" + good(13), \
        (1, 2), None
    yield "cut.csv.gz", gzip.compress(HEADER + good(14) * 1)[:-12], (1, 2), None
    yield "not-gzip.csv.gz", b"this is no gzip file\n" * 5, (1, 2), None
    yield "cut.ndjson", fhir_line(15) + b'{"resourceType":"Patient","identifier":[{"sys', (2,), 1
    yield "wrong-types.ndjson", fhir_line(16) + b'{"resourceType":"Patient","identifier":7}\n' + fhir_line(17), (2,), 1
    yield "not-json.ndjson", fhir_line(18) + b"Nekesa Wafula\n" + fhir_line(19), (2,), 1
    yield "other-resource.ndjson", fhir_line(20) + b'{"resourceType":"Observation"}\n' + fhir_line(21), (2,), 1
    yield "empty-lines.ndjson", b"\n\n" + fhir_line(22) + b"\r\n \n" + fhir_line(23), (0,), 0
    yield "empty.ndjson", b"", (0, 1), None


def run(checks, watch, directory):
    folder = f"{directory}/files"
    os.makedirs(folder)
    for name, content, statuses, rejected in files():
        path = f"{folder}/{name}"
        with open(path, "wb") as file:
            file.write(content)
        one(checks, watch, path, statuses, rejected)
    bombs(checks, watch, folder)
    for name, arguments in (("a file that is not there", [f"{folder}/none.csv"]), ("a directory", [folder])):
        done = harness.tessera("load", *arguments, "--to", watch.cluster.url, timeout=60)
        right = done.returncode in (1, 64) and is_one_line(done)
        checks.check(f"load: {name}", right, f"{done.returncode} {done.stderr}")
    links = {(source, value) for source, value, _ in watch.cluster.client().links()}
    # A file that is cut off, or that is refused as a whole, may leave its rows behind or not.
    unsure = {("files", f"file-{number}") for number in (5, 12, 13, 14)}
    missing = sorted(EXPECTED - links - unsure)
    checks.check("valid rows beside broken ones are stored", not missing, f"not: {missing[:5]}")
    EXPECTED.update(name for name in links if name[0] == "files")


def one(checks, watch, path, statuses, rejected):
    name = os.path.basename(path)
    rejects = f"{path}.rejects"
    done = harness.tessera("load", path, "--to", watch.cluster.url, "--rejects", rejects, timeout=120)
    # Rejected records are part of the report; what failed as a whole is an error.
    words = (done.stdout + done.stderr if done.returncode == 2 else done.stderr).strip()
    right = done.returncode in statuses and (done.returncode == 0 or words) and "Fatal error" not in words
    checks.check(f"load {name}: {done.returncode}", right, f"wanted {statuses}; {done.returncode}: {words[-300:]}")
    if rejected:
        with open(rejects, "rb") as file:
            rows = [line for line in file.read().splitlines() if line.strip()]
        # A header line may stand above the rejected ones.
        checks.check(f"load {name}: {rejected} rejected, with line and reason", len(rows) in (rejected, rejected + 1),
                     f"{rows[:4]}")
    watch.alive(name)


def bombs(checks, watch, folder):
    """A gigabyte of zeros in a megabyte of file: refused, in bounded memory."""
    for name, prefix in (("bomb.csv.gz", HEADER + good(24)), ("bomb.ndjson.gz", fhir_line(25))):
        path = f"{folder}/{name}"
        with gzip.open(path, "wb", compresslevel=6) as file:
            file.write(prefix)
            for _ in range(1024):
                file.write(bytes(1 << 20))
        done = harness.tessera("load", path, "--to", watch.cluster.url, "--rejects", f"{path}.rejects", timeout=240)
        checks.check(f"load {name}: {done.returncode}", done.returncode in (1, 2) and done.stderr.strip(),
                     f"{done.returncode}: {done.stderr[-300:]}")
        EXPECTED.update((("files", "file-24"), ("files", "file-25")))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    checks.check("a gzip bomb takes bounded memory", most < 600 << 10, f"{most >> 10} MB at most")
    watch.alive("gzip bombs")


def is_one_line(done):
    return len(done.stderr.strip().splitlines()) in (1, 2) and "Fatal" not in done.stderr
