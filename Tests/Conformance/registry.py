"""A client of the registry: httpx, with every answer validated against FHIR R4 by fhir.resources."""

import itertools
import json
import ssl
import urllib.parse

import httpx
from fhir.resources.R4B import get_fhir_model_class

RED = "urn:oid:1.3.6.1.4.1.21367.13.20.1000"
GREEN = "urn:oid:1.3.6.1.4.1.21367.13.20.2000"
BLUE = "urn:oid:1.3.6.1.4.1.21367.13.20.3000"
TEST = "http://ohie.org/test/test"
TEST_A = "http://ohie.org/test/test_a"
TEST_B = "http://ohie.org/test/test_b"
NID = "http://ohie.org/test/nid"
GOLDEN = "urn:tessera:golden"
MAIDEN = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"
GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"

_numbers = itertools.count(1)
_letters = "bcdfghklmnprstvz"


def number():
    """A number that no other test uses."""
    return next(_numbers)


def word(value):
    """A name made of a number, far from the names of its neighbours."""
    value = (value * 2654435761) % (1 << 32)
    pairs = (_letters[value >> shift & 15] + "aeiou"[(value >> shift) % 5] for shift in (0, 8, 16, 24))
    return "".join(pairs).capitalize()


def patient(*identifiers, **elements):
    """A Patient of somebody whom no other test knows; elements replace what is made up."""
    value = number()
    made = {
        "resourceType": "Patient",
        "identifier": [{"system": system, "value": text} for system, text in identifiers],
        "active": True,
        "name": [{"family": word(value), "given": [word(value + 500_000)]}],
        "gender": "female" if value % 2 else "male",
        "birthDate": f"{1930 + value * 7 % 80}-{value * 5 % 12 + 1:02}-{value * 11 % 28 + 1:02}",
    }
    made.update(elements)
    return {name: element for name, element in made.items() if element is not None}


class Registry:
    def __init__(self, url, verify=None):
        self.url = url
        self.base = url + "/fhir"
        self.http = httpx.Client(timeout=30, verify=ssl.create_default_context(cafile=verify) if verify else True)

    def close(self):
        self.http.close()

    def is_ready(self):
        try:
            return self.http.get(self.url + "/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    def send(self, method, path, body=None, headers=None, expect=None):
        headers = dict(headers or {})
        content = body
        if isinstance(body, (dict, list)):
            content = json.dumps(body)
            headers.setdefault("Content-Type", "application/fhir+json")
        url = path if path.startswith("http") else f"{self.base}/{path}" if path else self.base
        answer = self.http.request(method, url, content=content, headers=headers)
        validate(answer)
        if expect is not None:
            expected = expect if isinstance(expect, tuple) else (expect,)
            assert answer.status_code in expected, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return answer

    def get(self, path, expect=200, **headers):
        return self.send("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()}, expect=expect)

    def create(self, body, expect=201, **headers):
        return self.send("POST", "Patient", body, {k.replace("_", "-"): v for k, v in headers.items()}, expect)

    def feed(self, system, value, body, expect=(200, 201), **headers):
        """ITI-104: PUT by identifier."""
        query = urllib.parse.quote(f"{system}|{value}", safe="")
        return self.send("PUT", f"Patient?identifier={query}", body,
                         {k.replace("_", "-"): v for k, v in headers.items()}, expect)

    def remove(self, system, value, expect=(200, 204)):
        query = urllib.parse.quote(f"{system}|{value}", safe="")
        return self.send("DELETE", f"Patient?identifier={query}", expect=expect)

    def search(self, expect=200, **parameters):
        return self.query([(name.replace("__", ":"), value) for name, value in parameters.items()], expect)

    def query(self, items, expect=200):
        answer = self.get("Patient?" + urllib.parse.urlencode(items), expect=expect)
        return answer.json()

    def pix(self, system, value, *targets, expect=200):
        items = [("sourceIdentifier", f"{system}|{value}")] + [("targetSystem", target) for target in targets]
        return self.get("Patient/$ihe-pix?" + urllib.parse.urlencode(items), expect=expect)


def validate(answer):
    """Every JSON body under /fhir has to be a valid resource."""
    kind = answer.headers.get("content-type", "")
    if "json" not in kind or not answer.content or "ndjson" in kind:
        return
    body = answer.json()
    if isinstance(body, dict) and "resourceType" in body:
        get_fhir_model_class(body["resourceType"]).model_validate(body)


def resources(bundle, kind="Patient"):
    return [entry["resource"] for entry in bundle.get("entry", []) if entry["resource"]["resourceType"] == kind]


def identifiers(resource):
    return {(identifier.get("system"), identifier.get("value")) for identifier in resource.get("identifier", [])}


def targets(parameters):
    """The identifiers of an answer to $ihe-pix."""
    return {(p["valueIdentifier"]["system"], p["valueIdentifier"]["value"])
            for p in parameters.get("parameter", []) if p["name"] == "targetIdentifier"}


def target_ids(parameters):
    return [p["valueReference"]["reference"] for p in parameters.get("parameter", []) if p["name"] == "targetId"]


def issue(answer):
    """The first issue of an OperationOutcome."""
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome", body
    return body["issue"][0]


def row(*ids):
    """Marks a test with the rows of the checklist that it holds."""
    def mark(function):
        function.rows = ids
        return function
    return mark
