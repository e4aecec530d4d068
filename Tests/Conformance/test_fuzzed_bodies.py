"""Broken FHIR bodies: each gets a precise refusal or a correct answer, nothing of what another source sent is in any.

What is broken are the bodies below and, where TESSERA_FUZZ_SAMPLES names a folder, every .json and .xml file in it.
TESSERA_FUZZ_SEED and TESSERA_FUZZ_BODIES choose which and how many; 10,000 are the long form.
"""

import copy
import json
import os
import pathlib
import random
import tempfile

import httpx
import pytest

from guarded import AUDIENCE, ISSUER, OTHER, OWN, Guarded, Issuer
from server import HERE, start

SEED = int(os.environ.get("TESSERA_FUZZ_SEED", "20260101"))
COUNT = int(os.environ.get("TESSERA_FUZZ_BODIES", "400"))
SAMPLES = os.environ.get("TESSERA_FUZZ_SAMPLES")
# In what the other source says of its patients, and in no request of the one that sends broken bodies.
SECRET = "Qzvxwq"
PEOPLE = 20
JSON, XML = "application/fhir+json", "application/fhir+xml"

POLICY = """
version: 1
tokens:
  - {{issuer: {issuer}, audience: [{audience}], keys: {jwks}}}
clients:
  - {{name: clinic, tokens: [clinic], roles: [submitter, reader], writes: ["{own}"], sees: own}}
  - {{name: lab, tokens: [lab], roles: [submitter, reader], writes: ["{other}"]}}
"""


@pytest.fixture(scope="module")
def doors():
    with tempfile.TemporaryDirectory() as folder:
        issuer = Issuer(folder)
        policy = pathlib.Path(folder) / "access.yaml"
        policy.write_text(POLICY.format(issuer=ISSUER, audience=AUDIENCE, jwks=issuer.path, own=OWN, other=OTHER))
        registry, stop = start(HERE / "authorities.yaml", "--access", str(policy), "--audit", folder + "/audit",
                               "--log-level", "trace")
        yield Guarded(registry, issuer, folder)
        stop()


def known(n, system=OWN):
    """What both sources know of somebody."""
    return {
        "resourceType": "Patient", "identifier": [{"system": system, "value": f"F{n}"}],
        "name": [{"use": "official", "family": f"Nakato{n}", "given": ["Sanyu", f"Babirye{n % 7}"]}],
        "gender": "female" if n % 2 else "male", "birthDate": f"19{n % 60 + 30}-0{n % 9 + 1}-1{n % 9}",
    }


def secret(n):
    """What the other source alone knows."""
    return known(n, OTHER) | {
        "address": [{"line": [f"{SECRET} {n}"], "city": f"{SECRET}town"}],
        "telecom": [{"system": "phone", "value": f"{SECRET}-{n}"}],
        "contact": [{"name": {"family": f"{SECRET}kin"}}],
    }


def bundle(kind, *entries):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def parameters(*items):
    return {"resourceType": "Parameters", "parameter": list(items)}


def entry(n):
    request = {"method": "PUT", "url": f"Patient?identifier={OWN}|F{n}"}
    return {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{n:012}", "resource": known(n), "request": request}


def targets(n, m, record):
    """Method, path, sound body."""
    feed = {"resourceType": "MessageHeader", "eventUri": "urn:ihe:iti:pmir:2019:patient-feed",
            "source": {"endpoint": "http://fuzz.example"},
            "focus": [{"reference": "Bundle/feed"}]}
    history = bundle("history", entry(n)) | {"id": "feed"}
    reference = {"reference": f"Patient?identifier={OWN}|F{m}"}
    return [
        ("POST", "Patient", known(n)),
        ("PUT", f"Patient?identifier={OWN}%7CF{n}", known(n)),
        ("PUT", f"Patient?identifier={OTHER}%7CF{m}", known(m, OTHER)),
        ("PUT", f"Patient/{record}", known(n)),
        ("PATCH", f"Patient/{record}", [{"op": "replace", "path": "/name/0/family", "value": f"Nakato{n}"}]),
        ("POST", "Patient/$match", parameters({"name": "resource", "resource": known(m)},
                                              {"name": "count", "valueInteger": 3})),
        ("POST", "Patient/$ihe-pix", parameters({"name": "sourceIdentifier", "valueString": f"{OWN}|F{n}"})),
        ("POST", "Patient/$merge", parameters(
            {"name": "source-patient-identifier", "valueIdentifier": {"system": OWN, "value": f"F{n}"}},
            {"name": "target-patient", "valueReference": reference})),
        ("POST", "", bundle("transaction", entry(n), entry(m))),
        ("POST", "", bundle("batch", entry(n), {"request": {"method": "GET", "url": f"Patient?family=Nakato{m}"}})),
        ("POST", "$process-message", bundle("message", {"fullUrl": "urn:uuid:1", "resource": feed},
                                            {"fullUrl": "Bundle/feed", "resource": history})),
    ]


def samples():
    """Files to break, each with the path it is sent to."""
    found = []
    for path in sorted(pathlib.Path(SAMPLES).rglob("*")) if SAMPLES else []:
        if path.suffix not in (".json", ".xml"):
            continue
        text = path.read_text(errors="replace")
        for word, place in (("Bundle", ""), ("Parameters", "Patient/$match"), ("", "Patient")):
            if word in text[:400]:
                found.append((place, text, JSON if path.suffix == ".json" else XML))
                break
    return found


JUNK = [None, True, False, 0, -1, 1e308, 10 ** 400, "", " ", "\u0000", "\ud800", "\U0001F600" * 40, "A" * 70_000, [],
        {},
        [[]], [None], {"": None}, "9999-99-99", "1990-02-30", "urn:oid:", "Patient/../..", "Patient?identifier=|",
        OTHER, f"{OTHER}|F3", "#", "data:;base64,=", "<div>", "&", "%00", "'; --", "${x}", {"resourceType": "Patient"}]
BITS = [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\u12", b"\\ud800", b"\xff", b"\xc3", b"\x00", b"\n", b"1e",
        b"-", b"<", b">", b"</", b"&", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;", b"<!--",
         b"]]>"]


def places(node, path=()):
    """The way to every node of a tree."""
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in list(children):
        yield from places(child, path + (key,))


def bend(generator, body):
    """A tree with a few nodes replaced, taken out, doubled or moved."""
    body = copy.deepcopy(body)
    for _ in range(generator.choice([0, 1, 1, 1, 2, 4])):
        ways = [way for way in places(body) if way]
        if not ways:
            return body
        *way, last = generator.choice(ways)
        node = body
        for key in way:
            node = node[key]
        choice = generator.randrange(6)
        if choice == 0:
            del node[last]
        elif choice == 1 and isinstance(node, list):
            node.insert(last, copy.deepcopy(node[last]))
        elif choice == 2 and isinstance(node, dict):
            name = generator.choice(["extension", "_" + str(last), "valueString", "x", "link", "contained"])
            node[name] = node.pop(last)
        elif choice == 3:
            deep = node[last]
            for _ in range(generator.choice([1, 5, 300])):
                deep = generator.choice([[deep], {"extension": deep}])
            node[last] = deep
        else:
            node[last] = copy.deepcopy(generator.choice(JUNK))
    return body


def cut(generator, data):
    """Bytes with a few pieces replaced, taken out, doubled."""
    for _ in range(generator.choice([1, 1, 2, 5])):
        place = generator.randrange(len(data) + 1)
        choice = generator.randrange(4)
        if choice == 0:
            data = data[:place] + generator.choice(BITS) + data[place:]
        elif choice == 1:
            data = data[:place] + data[place + generator.randrange(1, 60):]
        elif choice == 2:
            data = data[:place]
        else:
            other = generator.randrange(len(data) + 1)
            data = data[:place] + data[other:other + 40] + data[place:]
    return data


def broken(generator, found, record):
    """Method, path, bytes and type of one request."""
    kind = JSON
    if found and generator.randrange(3) == 0:
        path, text, kind = generator.choice(found)
        method, data = "POST", text.encode("utf-8", "surrogatepass")
        if kind == JSON and generator.randrange(2):
            data = json.dumps(bend(generator, json.loads(text))).encode()
        else:
            data = cut(generator, data)
        return method, path, data, kind
    method, path, body = generator.choice(targets(generator.randrange(60), generator.randrange(PEOPLE), record))
    data = json.dumps(bend(generator, body)).encode()
    if generator.randrange(3) == 0:
        data = cut(generator, data)
    if method == "PATCH":
        kind = "application/json-patch+json"
    elif generator.randrange(25) == 0:
        kind = generator.choice([XML, "text/plain", "application/json", "application/fhir+json; charset=latin-1"])
    return method, path, data, kind


def check(answer, told):
    assert answer.status_code < 500 or answer.status_code == 501, (answer.status_code, answer.text, told)
    assert SECRET.encode() not in answer.content, (answer.text, told)
    if answer.status_code < 400:
        return
    outcome = answer.json()
    if outcome["resourceType"] == "Bundle" and outcome["type"] == "message":
        # A message is answered by a message, whose last part says what was wrong.
        outcome = outcome["entry"][-1]["resource"]
    assert outcome["resourceType"] == "OperationOutcome" and outcome["issue"], (answer.text, told)
    for issue in outcome["issue"]:
        said = issue.get("diagnostics") or issue.get("details", {}).get("text")
        assert issue["severity"] in ("error", "fatal") and issue["code"] and said, (answer.text, told)
        assert "internal" not in said.lower(), (answer.text, told)
    # What is wrong is named: the element, parameter or field of the head, or the line of what cannot be read.
    if answer.status_code not in (401, 405, 413):
        for issue in outcome["issue"]:
            assert issue.get("expression") or "(line " in issue.get("diagnostics", ""), (answer.text, told)


def test_broken_bodies_get_an_answer_and_no_secret(doors):
    generator = random.Random(SEED)
    for n in range(PEOPLE):
        answer = doors.call("lab", "POST", "Patient", secret(n))
        assert answer.status_code in (200, 201), answer.text
    record = doors.call("clinic", "POST", "Patient", known(0)).json()["id"]
    found, statuses = samples(), {}
    token = doors.issuer.token("clinic", exp=4_000_000_000)
    for number in range(COUNT):
        method, path, data, kind = broken(generator, found, record)
        told = f"{number}: {method} {path} {kind} {data[:3000]!r}"
        try:
            answer = doors.registry.http.request(
                method, f"{doors.registry.base}/{path}".rstrip("/"), content=data, timeout=120,
                headers={"Authorization": "Bearer " + token, "Content-Type": kind})
        except httpx.HTTPError as failure:
            raise AssertionError(f"no answer: {told}") from failure
        check(answer, told)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    print(statuses)
    assert doors.registry.is_ready()
    assert sum(statuses.get(code, 0) for code in (200, 201, 204)) > COUNT // 20, statuses
    assert sum(statuses.get(code, 0) for code in (400, 422)) > COUNT // 20, statuses
    for n in range(PEOPLE):
        answer = doors.call("lab", "GET", f"Patient?identifier={OTHER}%7CF{n}")
        assert f"{SECRET}-{n}" in answer.text, "a record of the other source was changed"


def test_what_was_sent_is_not_in_the_log(doors):
    log = pathlib.Path(doors.registry.log).read_text(errors="replace")
    assert log, "there is no log"
    for word in (SECRET, "Nakato", "Babirye", doors.issuer.token("clinic")[:20]):
        assert word not in log, f"{word} is in the log"
