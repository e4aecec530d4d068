"""Who may enter: tokens, certificates, roles, sources, views."""

import base64
import json
import ssl
import subprocess
import tempfile
import time

import httpx
import jwt
import pytest

from guarded import AUDIENCE, OTHER, OWN, Authority, Guarded, guard
from registry import issue, patient, row
from server import HERE, free_port, program, start


@pytest.fixture(scope="module")
def doors():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        port = free_port()
        registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--audit", folder + "/audit",
                               "--mllp", f"127.0.0.1:{port}")
        guarded = Guarded(registry, issuer, folder)
        guarded.mllp = port
        yield guarded
        stop()


def stored(doors, system, value, client):
    body = patient((system, value))
    answer = doors.call(client, "POST", "Patient", body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["id"], body


@row("SEC-01")
def test_without_a_token_nobody_enters(doors):
    answer = doors.call(None, "GET", "Patient?_id=x")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert issue(answer)["code"] == "login"
    assert doors.call(None, "GET", "metadata").status_code == 200
    assert doors.call(None, "GET", "/health/ready").status_code == 200
    native = doors.call(None, "GET", "/api/v1/changes")
    assert native.status_code == 401 and native.json()["status"] == 401
    assert doors.call(None, "GET", "/metrics").status_code == 401
    assert doors.call("ops", "GET", "/metrics").status_code == 200


@row("SEC-02")
@pytest.mark.parametrize("changes", [
    {"exp": int(time.time()) - 60}, {"nbf": int(time.time()) + 600}, {"aud": "https://other.example"},
    {"iss": "https://evil.example"}, {"exp": None}, {"aud": None}, {"scope": None}])
def test_a_token_that_is_not_right_is_refused(doors, changes):
    scope = changes.pop("scope", "system/*.cruds") if "scope" in changes else "system/*.cruds"
    claims = doors.issuer.claims("lab", scope, **changes)
    token = jwt.encode(claims, doors.issuer.rsa, algorithm="RS256", headers={"kid": "r1"})
    answer = doors.call(None, "GET", "Patient?_id=x", token=token)
    assert answer.status_code == 401, answer.text
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert token not in answer.text


@row("SEC-02")
def test_forged_signatures_are_refused(doors):
    good = doors.issuer.token("lab")
    header, body, signature = good.split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    public = doors.issuer.path.read_bytes()
    shared = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "r1"}).encode()).rstrip(b"=").decode()
    import hashlib
    import hmac
    mac = base64.urlsafe_b64encode(
        hmac.new(public, f"{shared}.{body}".encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    stranger = Authority(tempfile.mkdtemp())
    other = jwt.encode(doors.issuer.claims("lab"), stranger.key, algorithm="ES256", headers={"kid": "e1"})
    for token in (f"{none}.{body}.", f"{none}.{body}.{signature}", f"{shared}.{body}.{mac}", other, good[:-4] + "AAAA",
                  "rubbish", "a.b.c"):
        assert doors.call(None, "GET", "Patient?_id=x", token=token).status_code == 401
    assert doors.call(None, "GET", "Patient?_id=x", token=good).status_code == 200


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_every_algorithm_that_is_promised_works(doors, algorithm):
    token = doors.issuer.token("lab", algorithm=algorithm)
    assert doors.call(None, "GET", "Patient?_id=x", token=token).status_code == 200


@row("SEC-03")
def test_a_scope_that_reads_does_not_write(doors):
    token = doors.issuer.token("lab", "system/Patient.rs")
    assert doors.call(None, "GET", "Patient?_id=x", token=token).status_code == 200
    answer = doors.call(None, "POST", "Patient", patient((OTHER, "scope")), token=token)
    assert answer.status_code == 403
    assert issue(answer)["code"] == "forbidden"
    assert "insufficient_scope" in answer.headers["www-authenticate"]


@row("SEC-04")
def test_a_scope_of_ihe_covers_its_transaction(doors):
    stored(doors, OTHER, "iti-83", "lab")
    token = doors.issuer.token("lab", "ITI-83")
    pix = f"Patient/$ihe-pix?sourceIdentifier={OTHER}|iti-83"
    assert doors.call(None, "GET", pix, token=token).status_code == 200
    assert doors.call(None, "GET", "Patient?_id=x", token=token).status_code == 403


@row("SEC-08")
def test_smart_configuration(doors):
    answer = doors.call(None, "GET", ".well-known/smart-configuration")
    assert answer.status_code == 200
    assert "RS256" in answer.json()["token_endpoint_auth_signing_alg_values_supported"]
    assert answer.json()["capabilities"]


def test_a_client_writes_its_own_sources_only(doors):
    answer = doors.call("clinic", "POST", "Patient", patient((OTHER, "stolen")))
    assert answer.status_code == 403 and issue(answer)["code"] == "forbidden"
    identifier, body = stored(doors, OTHER, "theirs", "lab")
    body["id"] = identifier
    assert doors.call("clinic", "PUT", f"Patient/{identifier}", body).status_code == 403
    doors.call("clinic", "DELETE", f"Patient/{identifier}")
    assert doors.call("lab", "GET", f"Patient/{identifier}").status_code == 200
    line = json.dumps(patient((OTHER, "stolen"))) + "\n"
    load = doors.call("clinic", "POST", "/api/v1/load", line, {"Content-Type": "application/x-ndjson"})
    assert json.loads(load.text)["error"]["code"] == "forbidden"
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"resource": patient((OWN, "tx-1")), "request": {"method": "POST", "url": "Patient"}},
        {"resource": patient((OTHER, "tx-2")), "request": {"method": "POST", "url": "Patient"}}]}
    assert doors.call("clinic", "POST", "/fhir", bundle).status_code == 403
    assert doors.call("clinic", "GET", f"Patient?identifier={OWN}|tx-1").json()["total"] == 0


def test_a_client_that_sees_its_own_sees_nobody_else(doors):
    mine, body = stored(doors, OWN, "same", "clinic")
    theirs = dict(body, identifier=[{"system": OTHER, "value": "same"}])
    theirs["name"] = [dict(theirs["name"][0], text="Othersecret")]
    identifier = doors.call("lab", "POST", "Patient", theirs).json()["id"]
    assert doors.call("clinic", "GET", f"Patient/{identifier}").status_code == 404
    assert doors.call("clinic", "GET", f"Patient/{identifier}/_history").status_code == 404
    whole = doors.call("clinic", "GET", f"Patient/{mine}").json()
    golden = [i["value"] for i in whole["identifier"] if i["system"] == "urn:tessera:golden"][0]
    paths = [f"Patient?identifier={OWN}|same", f"Patient?family={body['name'][0]['family']}", f"Patient/{golden}",
             f"/api/v1/persons/{golden}", "/api/v1/changes?limit=1000", "/api/v1/links",
             f"Patient/$ihe-pix?sourceIdentifier={OWN}|same"]
    for path in paths:
        text = doors.call("clinic", "GET", path).text
        assert "Othersecret" not in text and OTHER not in text and identifier not in text, path
    found = doors.call("clinic", "POST", "Patient/$match", body).text
    assert "Othersecret" not in found and identifier not in found and mine in found


def test_who_sees_identifiers_sees_nothing_else(doors):
    identifier, body = stored(doors, OTHER, "hidden", "lab")
    family = body["name"][0]["family"]
    for path in (f"Patient/{identifier}", f"Patient/{identifier}/_history", f"Patient?identifier={OTHER}|hidden",
                 f"/api/v1/records/{OTHER}/hidden"):
        answer = doors.call("pos", "GET", path)
        assert answer.status_code == 200
        assert family not in answer.text and body["birthDate"] not in answer.text, path
        assert "hidden" in answer.text
    match = doors.call("pos", "POST", "Patient/$match", body)
    assert identifier in match.text and body["birthDate"] not in match.text
    assert doors.call("pos", "GET", f"Patient?family={family}").status_code == 403
    broken = doors.call("pos", "GET", f"Patient/{identifier}", headers={"X-Break-Glass": "unconscious, no papers"})
    assert family in broken.text
    assert doors.call("lab", "GET", f"Patient/{identifier}", headers={"X-Break-Glass": "curious"}).status_code == 403


def test_rates(doors):
    answers = [doors.call("hasty", "GET", "Patient?_id=x") for _ in range(6)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late and int(late[0].headers["retry-after"]) >= 1
    assert issue(late[0])["code"] == "throttled"


def test_roles(doors):
    assert doors.call("desk", "GET", "/api/v1/reviews").status_code == 200
    assert doors.call("lab", "GET", "/api/v1/reviews").status_code == 403
    assert doors.call("desk", "POST", "Patient", patient((OWN, "desk"))).status_code == 403
    assert doors.call("ops", "GET", "/api/v1/cluster").status_code == 200
    assert doors.call("ops", "GET", "Patient?_id=x").status_code == 403
    assert doors.call("lab", "GET", "AuditEvent").status_code == 403


def test_messages_need_a_known_sender(doors):
    from hl7.client import MLLPClient
    pid = f"PID|||{{value}}^^^&{{oid}}&ISO||Okot^Jane||19800203|F"
    own, other = OWN.removeprefix("urn:oid:"), OTHER.removeprefix("urn:oid:")

    def send(application, oid, value):
        head = f"MSH|^~\\&|{application}|CLINIC|REG|HQ|20260721||ADT^A01|{value}|P|2.5"
        with MLLPClient("127.0.0.1", doors.mllp) as client:
            return client.send_message(head + "\r" + pid.format(value=value, oid=oid) + "\r").decode()

    assert "MSA|AA" in send("FEED", own, "m-1")
    assert "MSA|AA" not in send("FEED", other, "m-2")
    assert "MSA|AR" in send("STRANGER", own, "m-3")


@row("SEC-05")
def test_mutual_tls():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        authority = Authority(folder)
        certificate, key = authority.issue("server", server=True)
        registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--tls-certificate", certificate,
                               "--tls-key", key, "--tls-client-authorities", authority.path, tls=authority.path)
        try:
            def client(name=None, of=authority):
                context = ssl.create_default_context(cafile=authority.path)
                if name:
                    context.load_cert_chain(*of.issue(name))
                return httpx.Client(verify=context)

            url = registry.base + "/Patient?_id=x"
            assert client().get(url).status_code == 401
            assert client("clinic.example").get(url).status_code == 200
            assert client("stranger.example").get(url).status_code == 403
            with tempfile.TemporaryDirectory() as elsewhere:
                with pytest.raises(httpx.TransportError):
                    client("clinic.example", Authority(elsewhere)).get(url)
            # A token of one client on the connection of another.
            token = {"Authorization": "Bearer " + issuer.token("lab")}
            assert client("clinic.example").get(url, headers=token).status_code == 401
            assert client().get(url, headers=token).status_code == 200
        finally:
            stop()


@pytest.mark.parametrize("options", [["--listen", "0.0.0.0:{port}"], ["--mllp", "0.0.0.0:{port}"]])
def test_without_a_guard_only_loopback_is_listened_on(options):
    with tempfile.TemporaryDirectory() as folder:
        options = [option.format(port=free_port()) for option in options]
        command = [program(), "serve", "--data", folder + "/data", *options]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == 1
        assert b"who may enter" in done.stderr
