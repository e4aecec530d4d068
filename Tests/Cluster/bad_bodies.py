"""Broken requests that are proper HTTP: FHIR bodies, other paths, lines of the bulk door."""

import gzip
import json
import zlib

FHIR = {"Content-Type": "application/fhir+json"}

# Records that some bodies may leave behind, where the server is free to be lenient.
TOLERATED = {("bad", name) for name in ("bom", "twice", "empty-name", "control", "null", "exponent", "surrogate")}


def patient(value="x", **parts):
    resource = {
        "resourceType": "Patient",
        "identifier": [{"system": "bad", "value": value}],
        "name": [{"family": "Broken", "given": ["Bahati"]}],
        "gender": "female",
        "birthDate": "1990-04-12",
    }
    resource.update(parts)
    return json.dumps(resource).encode()


def fhir_bodies():
    """(name, body, statuses that are right, words of which the answer must hold one)."""
    syntax, content = (400,), (400, 422)
    name = ("name",)
    yield "empty body", b"", syntax, ()
    yield "white space only", b" \n\t ", syntax, ()
    yield "truncated in the middle", patient()[:60], syntax, ("line",)
    yield "truncated in a string", b'{"resourceType":"Pat', syntax, ("line",)
    yield "words after the end", patient() + b" and more", syntax, ()
    yield "two documents", patient() * 2, syntax, ()
    yield "an array", b"[" + patient() + b"]", content, ()
    yield "a string", b'"Patient"', content, ()
    yield "a number", b"17", content, ()
    yield "null", b"null", content, ()
    yield "single quotes", b"{'resourceType':'Patient'}", syntax, ()
    yield "a comma too many", patient()[:-1] + b",}", syntax, ()
    yield "another resource", patient(resourceType="Observation"), content, ("resourceType", "Patient", "Observation")
    yield "no resource type", b'{"identifier":[{"system":"bad","value":"x"}]}', content, ("resourceType",)
    yield "resource type of the wrong type", patient(resourceType=5), content, ("resourceType",)
    yield "name is a string", patient(name="Broken"), content, name
    yield "name is an object", patient(name={"family": "Broken"}), content, name
    yield "given is a string", patient(name=[{"given": "Bahati"}]), content, ("given",)
    yield "family is a number", patient(name=[{"family": 7}]), content, ("family",)
    yield "birth date is a number", patient(birthDate=19900412), content, ("birthDate",)
    yield "30 February", patient(birthDate="1990-02-30"), content, ("birthDate",)
    yield "month 13", patient(birthDate="1990-13-01"), content, ("birthDate",)
    yield "a date in words", patient(birthDate="yesterday"), content, ("birthDate",)
    yield "a date of zeros", patient(birthDate="0000-00-00"), content, ("birthDate",)
    yield "an unknown gender code", patient(gender="banana"), content, ("gender",)
    yield "gender is a number", patient(gender=1), content, ("gender",)
    yield "no identifier", patient(identifier=None).replace(b'"identifier": null, ', b""), content, ("identifier",)
    yield "identifier list is empty", patient(identifier=[]), content, ("identifier",)
    yield "identifier without value", patient(identifier=[{"system": "bad"}]), content, ("identifier",)
    yield "identifier without system", patient(identifier=[{"value": "x"}]), content, ("identifier",)
    yield "identifier value is empty", patient(""), content, ("identifier",)
    yield "identifier value is a number", patient(identifier=[{"system": "bad", "value": 5}]), content, ("identifier",)
    yield "telecom is an object", patient(telecom={"value": "1"}), content, ("telecom",)
    yield "address is a string", patient(address="Kisima"), content, ("address",)
    yield "deceased is of two types", patient(deceasedBoolean="yes"), content, ("deceased",)
    yield "invalid UTF-8", patient().replace(b"Broken", b"Bro\xff\xfeken"), content, ()
    yield "overlong UTF-8", patient().replace(b"Broken", b"Bro\xc0\xafken"), content, ()
    yield "UTF-8 cut short", patient().replace(b"Broken", b"Broken\xe2\x82"), content, ()
    yield "a bare control character", patient().replace(b"Broken", b"Bro\x01ken"), syntax, ()
    yield "10 MB of name", patient(name=[{"family": "B" * (10 << 20)}]), (413,), ()
    yield "nested 100,000 deep", b"[" * 100_000 + b"]" * 100_000, content, ()
    yield "objects nested 50,000 deep", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, content, ()
    yield "an identifier of 100 kB", patient("x" * 100_000), (400, 413, 422), ("identifier",)
    yield "20,000 identifiers", patient(identifier=[{"system": "bad", "value": str(n)} for n in range(20_000)]), \
        (400, 413, 422), ()


def lenient_bodies():
    """Bodies that may be taken or refused, but never answered with a 5xx."""
    yield "a byte order mark", b"\xef\xbb\xbf" + patient("bom")
    yield "a key that is there twice", patient("twice")[:-1] + b',"birthDate":"1991-01-01"}'
    yield "an empty name", patient("empty-name", name=[{"family": "", "given": [""]}])
    yield "an escaped NUL", patient("control", name=[{"family": "a\u0000b"}])
    yield "nulls", patient("null", name=None, telecom=[None])
    yield "a number past all bounds", patient("exponent")[:-1] + b',"multipleBirthInteger":1e999999999}'
    yield "half a surrogate pair", patient("surrogate").replace(b"Broken", b"Bro\\ud800ken")


def requests():
    """(name, method, path, headers, body, statuses)."""
    kind = FHIR
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": json.loads(patient())}]}
    bomb = gzip.compress(bytes(64 << 20))
    yield "plain text", "POST", "/fhir/Patient", {"Content-Type": "text/plain"}, b"Nekesa", (415,)
    yield "XML that is none", "POST", "/fhir/Patient", {"Content-Type": "application/fhir+xml"}, b"<Pat", (400, 415)
    yield "gzip that is none", "POST", "/fhir/Patient", {**kind, "Content-Encoding": "gzip"}, b"no gzip", (400, 415)
    yield "a gzip bomb", "POST", "/fhir/Patient", {**kind, "Content-Encoding": "gzip"}, bomb, (400, 413, 415)
    yield "a deflate bomb", "POST", "/api/v1/load", {"Content-Encoding": "deflate"}, zlib.compress(bytes(64 << 20)), \
        (400, 413, 415)
    yield "conditional update without identifier", "PUT", "/fhir/Patient", kind, patient(), (400, 405, 412, 422)
    yield "conditional update by nonsense", "PUT", "/fhir/Patient?identifier=", kind, patient(), (400, 412, 422)
    yield "conditional update, another identifier", "PUT", "/fhir/Patient?identifier=bad%7Cother", kind, patient(), \
        (400, 409, 412, 422)
    yield "update of what is not there", "PUT", "/fhir/Patient/0000000000000", kind, patient(), \
        (400, 404, 405, 409, 422)
    yield "read of nonsense", "GET", "/fhir/Patient/%3Cscript%3E", {}, None, (400, 404)
    yield "read of what is not there", "GET", "/fhir/Patient/0000000000000", {}, None, (404,)
    yield "no such resource", "GET", "/fhir/Unicorn/1", {}, None, (400, 404)
    yield "no such path", "GET", "/nowhere", {}, None, (404,)
    yield "delete the statement", "DELETE", "/fhir/metadata", {}, None, (405,)
    yield "If-Match of nonsense", "PUT", "/fhir/Patient?identifier=bad%7Cx", {**kind, "If-Match": "seven"}, patient(), \
        (400, 412)
    yield "a negative count", "GET", "/fhir/Patient?identifier=a%7Cb&_count=-1", {}, None, (400, 422)
    yield "bad percent signs", "GET", "/fhir/Patient?identifier=%zz%", {}, None, (400, 404)
    yield "a path that climbs", "GET", "/fhir/../../etc/passwd", {}, None, (400, 404)
    yield "a NUL in the path", "GET", "/fhir/Patient/%00", {}, None, (400, 404)
    yield "a format nobody speaks", "GET", "/fhir/metadata", {"Accept": "image/png"}, None, (406,)
    yield "bundle of unknown type", "POST", "/fhir", kind, {**bundle, "type": "party"}, (400, 422)
    yield "bundle without type", "POST", "/fhir", kind, {"resourceType": "Bundle"}, (400, 422)
    yield "bundle whose entries are a string", "POST", "/fhir", kind, {**bundle, "entry": "x"}, (400, 422)
    yield "transaction without requests", "POST", "/fhir", kind, {**bundle, "type": "transaction"}, (400, 422)
    yield "$match without a patient", "POST", "/fhir/Patient/$match", kind, {"resourceType": "Parameters"}, (400, 422)
    yield "$match with broken JSON", "POST", "/fhir/Patient/$match", kind, b"{", (400,)
    yield "$match with a count of minus one", "POST", "/fhir/Patient/$match", kind, {
        "resourceType": "Parameters",
        "parameter": [{"name": "resource", "resource": json.loads(patient())}, {"name": "count", "valueInteger": -1}],
    }, (400, 422)
    yield "no golden identifier", "GET", "/api/v1/persons/xyz", {}, None, (400, 404)
    yield "a golden identifier, mistyped", "GET", "/api/v1/persons/00000000000000", {}, None, (400, 404)
    yield "a record without a name", "GET", "/api/v1/records/bad/", {}, None, (400, 404)
    yield "a cursor of nonsense", "GET", "/api/v1/changes?after=abc", {}, None, (400,)
    yield "a limit past all bounds", "GET", "/api/v1/links?limit=99999999999999999999", {}, None, (400,)
    yield "explain without records", "GET", "/api/v1/explain", {}, None, (400,)
    yield "a decision of nonsense", "POST", "/api/v1/decisions", {"Content-Type": "application/json"}, {"kind": 7}, \
        (400, 422)
    yield "a decision, cut short", "POST", "/api/v1/decisions", {"Content-Type": "application/json"}, \
        b'{"kind":', (400,)


def is_precise(body, headers):
    """An OperationOutcome or problem details that says something."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    if answer.get("resourceType") == "OperationOutcome":
        issue = answer["issue"][0]
        return bool(issue.get("diagnostics") or issue.get("details", {}).get("text"))
    return bool(answer.get("detail")) and "problem" in headers.get("content-type", "")


def one(checks, watch, name, method, path, headers, body, statuses, words=()):
    client = watch.cluster.client(timeout=30)
    try:
        status, found, answer = client.request(method, path, body, headers)
    except Exception as failure:  # noqa: B902, told below
        # A server may close while a body past all bounds is still being sent.
        if 413 in statuses and isinstance(failure, OSError):
            checks.check(f"{name}: closed", True)
        else:
            checks.check(name, False, repr(failure))
        watch.alive(name)
        return
    finally:
        client.close()
    text = answer.decode(errors="replace")
    right = status in statuses and is_precise(answer, found) and (not words or any(word in text for word in words))
    checks.check(f"{name}: {status}", right, f"wanted {statuses} and one of {words}; got {status} {text[:250]}")
    watch.alive(name)


def run(checks, watch):
    for name, body, statuses, words in fhir_bodies():
        one(checks, watch, name, "POST", "/fhir/Patient", FHIR, body, statuses, words)
    for name, body in lenient_bodies():
        status, _, answer = watch.cluster.client(timeout=30).request("POST", "/fhir/Patient", body, FHIR)
        checks.check(f"{name}: {status}", status in (200, 201, 400, 422), f"{status} {answer[:200]!r}")
        watch.alive(name)
    for name, method, path, headers, body, statuses in requests():
        one(checks, watch, name, method, path, headers, body, statuses)
    mixed_load(checks, watch)
    mixed_bundle(checks, watch)


def mixed_load(checks, watch):
    """Broken lines between valid ones: each line has its own answer."""
    broken = [body.replace(b"\n", b" ") for name, body, _, _ in fhir_bodies()
              if len(body) < 1 << 20 and body.strip() and name not in ("nested 100,000 deep",)]
    lines, valid = [], set()
    for body in broken:
        lines.append(body)
        lines.append(json.dumps(watch.neighbour()).encode())
        valid.add(len(lines))
    lines.append(b'{"resourceType":"Patient","text":"' + b"x" * (5 << 20) + b'"}')
    lines.append(json.dumps(watch.neighbour()).encode())
    valid.add(len(lines))
    client = watch.cluster.client()
    status, _, answer = client.request(
        "POST", "/api/v1/load", b"\n".join(lines), {"Content-Type": "application/x-ndjson"}
    )
    if not checks.equal("broken lines in a bulk load: 200", status, 200):
        return
    results = {}
    for line in answer.splitlines():
        result = json.loads(line)
        results.setdefault(result["line"], []).append(result)
    stored = {line for line, found in results.items() if all("golden" in result for result in found)}
    checks.equal("each valid line is stored, no broken one", stored, valid)
    silent = [line for line in range(1, len(lines) + 1) if line not in valid
              and not all(result.get("error", {}).get("message") for result in results.get(line, [{}]))]
    checks.check("each broken line has its error", not silent, f"lines without: {silent[:5]}")
    watch.alive("broken lines in a bulk load")


def mixed_bundle(checks, watch):
    """A batch stores what is right; a transaction stores all or nothing."""
    def entry(resource):
        name = resource["identifier"][0]
        return {"resource": resource,
                "request": {"method": "PUT", "url": f"Patient?identifier={name['system']}|{name['value']}"}}

    client = watch.cluster.client()
    bad = json.loads(patient("bundle", birthDate="1990-02-30"))
    batch = {"resourceType": "Bundle", "type": "batch",
             "entry": [entry(watch.neighbour()), entry(bad), entry(watch.neighbour())]}
    status, _, answer = client.request("POST", "/fhir", batch, FHIR)
    states = [part["response"]["status"][:1] for part in json.loads(answer).get("entry", [])] if status == 200 else []
    checks.check("a batch with one broken entry", states == ["2", "4", "2"], f"{status} {answer[:300]!r}")
    lone = json.loads(patient("all-or-nothing"))
    transaction = {"resourceType": "Bundle", "type": "transaction", "entry": [entry(lone), entry(bad)]}
    status, _, answer = client.request("POST", "/fhir", transaction, FHIR)
    checks.check("a transaction with one broken entry is refused", status in (400, 422), f"{status} {answer[:300]!r}")
    watch.alive("bundles")
