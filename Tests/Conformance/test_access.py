"""Who may enter: tokens, certificates, roles, sources, views."""

import base64
import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time
import warnings

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


@row("PDQM-78-38")
@pytest.mark.parametrize("scope, covered", [
    ("ITI-78", "search read"), ("ITI-83", "pix"), ("ITI-119", "match"), ("ITI-104", "feed create delete"),
    ("ITI-93", "message"), ("system/Patient.s", "search pix match"), ("system/Patient.r", "read"),
    ("system/Patient.rs", "search read pix match"), ("system/Patient.read", "search read pix match"),
    ("system/Patient.u", "feed"), ("system/Patient.c", "create"), ("system/Patient.d", "delete"),
    ("system/Patient.cud", "feed create delete message"), ("system/Patient.write", "feed create delete message"),
    ("system/Patient.cruds", "search read pix match feed create delete message"), ("system/Subscription.cruds", ""),
    ("system/*.*", "search read pix match feed create delete message"), ("", ""), ("user/Patient.read", ""),
    ("system/Patient.rs?_id=x", ""), ("system/Patient.sr", ""), ("patient/*.*", ""), ("openid profile", "")])
def test_a_scope_covers_what_it_says_and_nothing_else(doors, scope, covered):
    stored(doors, OTHER, "scoped", "lab")
    body = patient((OTHER, "scoped"))
    calls = {
        "search": ("GET", "Patient?_id=x", None), "read": ("GET", "Patient/0000000000000", None),
        "pix": ("GET", f"Patient/$ihe-pix?sourceIdentifier={OTHER}|scoped", None),
        "match": ("POST", "Patient/$match", body), "feed": ("PUT", f"Patient?identifier={OTHER}%7Cscoped", body),
        "create": ("POST", "Patient", body), "delete": ("DELETE", f"Patient?identifier={OTHER}%7Cnobody", None),
        "message": ("POST", "$process-message", {"resourceType": "Bundle", "type": "message"})}
    token = doors.issuer.token("lab", scope)
    for name, call in calls.items():
        answer = doors.call(None, *call, token=token)
        assert (answer.status_code != 403) == (name in covered.split()), (name, answer.status_code)
        if answer.status_code == 403:
            assert issue(answer)["code"] == "forbidden"
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    # What is asked within a bundle needs what it needs alone.
    entries = [{"request": {"method": "GET", "url": "Patient?_id=x"}},
               {"resource": body, "request": {"method": "POST", "url": "Patient"}}]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    answer = doors.call(None, "POST", "/fhir", bundle, token=token)
    statuses = [entry["response"]["status"][:3] != "403" for entry in answer.json()["entry"]]
    assert statuses == ["search" in covered.split(), "create" in covered.split()]


@row("PDQM-78-38", "SEC-03")
def test_ihe_s_reading_of_a_missing_scope():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        path = pathlib.Path(policy)
        path.write_text(path.read_text() + "iua_strict: true\n")
        registry, stop = start(HERE / "authorities.yaml", "--access", policy)
        answer = Guarded(registry, issuer, folder).call(
            None, "GET", "Patient?_id=x", token=issuer.token("lab", "ITI-83"))
        assert answer.status_code == 401 and 'error="insufficient_scope"' in answer.headers["www-authenticate"]
        stop()


@row("SEC-02")
@pytest.mark.parametrize("changes, header, status", [
    ({}, {"kid": "zz"}, 401), ({}, {"kid": "../../../../dev/null"}, 401), ({}, {"kid": "e1"}, 401),
    ({}, {"kid": "r1", "crit": ["b64"], "b64": False}, 401), ({"exp": "9999999999"}, {}, 401),
    ({"exp": 1e300}, {}, 401),
    ({"aud": AUDIENCE + "/"}, {}, 401), ({"aud": ["x", AUDIENCE]}, {}, 200), ({"client_id": ["lab"]}, {}, 401),
    ({"client_id": None, "azp": {"lab": 1}}, {}, 401), ({"client_id": 7, "sub": "lab"}, {}, 401),
    ({"client_id": "nobody", "sub": "lab"}, {}, 403), ({"patient": "1"}, {}, 403),
    ({"cnf": {"x5t#S256": "AAAA"}}, {}, 401)])
def test_tricks_with_tokens(doors, changes, header, status):
    token = jwt.encode(doors.issuer.claims("lab", "system/*.cruds", **changes), doors.issuer.rsa, algorithm="RS256",
                       headers={"kid": "r1"} | header)
    assert doors.call(None, "GET", "Patient?_id=x", token=token).status_code == status


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


def test_no_words_of_a_source_reach_who_sees_identifiers(doors):
    body = patient((OTHER, "words"), link=[
        {"type": "seealso", "other": {"reference": "Patient/0000000000000", "display": "Leaked Name"}}])
    body["identifier"][0] |= {
        "extension": [{"url": "urn:x", "valueString": "Leaked Name"}], "type": {"text": "Leaked Name"}}
    body["meta"] = {"tag": [{"system": "urn:t", "code": "c", "display": "Leaked Name"}],
                    "extension": [{"url": "urn:x", "valueString": "Leaked Name"}]}
    made = doors.call("lab", "POST", "Patient", body).json()
    golden = next(i["value"] for i in made["identifier"] if i["system"] == "urn:tessera:golden")
    started = doors.call("pos", "GET", "Patient/$export", headers={"Prefer": "respond-async"})
    place = started.headers["content-location"].removeprefix(doors.registry.url)
    file = doors.call("pos", "GET", place).json()["output"][0]["url"].removeprefix(doors.registry.url)
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": f"Patient/{made['id']}"}}]}
    for method, path, content in [
            ("GET", f"Patient/{made['id']}", None), ("GET", f"Patient/{made['id']}/_history", None),
            ("GET", f"Patient/{made['id']}/_history/1", None), ("GET", "Patient/_history", None),
            ("GET", f"Patient/{golden}", None), ("GET", f"Patient?identifier={OTHER}|words", None),
            ("GET", f"/api/v1/records/{OTHER}/words", None), ("GET", f"/api/v1/persons/{golden}", None),
            ("GET", file, None), ("POST", "/fhir", bundle), ("POST", "Patient/$match", patient((OTHER, "words")))]:
        answer = doors.call("pos", method, path, content)
        assert answer.status_code == 200 and "Leaked Name" not in answer.text, path
    assert "Leaked Name" in doors.call("lab", "GET", f"Patient/{made['id']}").text


def test_an_export_is_its_client_s_alone(doors):
    started = doors.call("lab", "GET", "$export", headers={"Prefer": "respond-async"})
    place = started.headers["content-location"].removeprefix(doors.registry.url)
    file = doors.call("lab", "GET", place).json()["output"][0]["url"].removeprefix(doors.registry.url)
    for client in ("clinic", "pos"):
        for method, path in (("GET", place), ("DELETE", place), ("GET", file)):
            assert doors.call(client, method, path).status_code == 404
    assert doors.call("lab", "GET", file).status_code == 200


def test_who_may_not_read_is_not_told_what_is_there(doors):
    stored(doors, OTHER, "there", "lab")
    token = doors.issuer.token("clinic", "system/Patient.cud")
    body = patient((OWN, "asks"), (OTHER, "there"))
    answer = doors.call(None, "POST", "Patient", body, {"If-None-Exist": f"identifier={OTHER}|there"}, token=token)
    assert answer.status_code == 403 and "name" not in answer.json()


@row("REST-20")
def test_rates(doors):
    answers = [doors.call("hasty", "GET", "Patient?_id=x") for _ in range(6)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late and int(late[0].headers["retry-after"]) >= 1
    assert issue(late[0])["code"] == "throttled"


def test_what_comes_along_is_what_the_client_may_see(doors):
    one = patient((OWN, "along"), birthDate="1961-07-07")
    other = one | {"identifier": [{"system": OTHER, "value": "along"}]}
    for client, body in (("clinic", one), ("lab", other)):
        assert doors.call(client, "POST", "Patient", body).status_code == 201
    path = f"Patient?identifier={OWN}%7Calong&_include=Patient:link"
    seen = {client: doors.call(client, "GET", path).json()["entry"] for client in ("clinic", "pos", "lab")}
    assert len(seen["clinic"]) == 1 and OTHER not in str(seen["clinic"])
    assert len(seen["pos"]) == len(seen["lab"]) == 2
    assert "1961-07-07" in str(seen["lab"][1]) and "1961" not in str(seen["pos"])


def test_a_bundle_counts_as_its_entries(doors):
    entries = [{"request": {"method": "GET", "url": "Patient?_id=x"}}] * 600
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    assert doors.call("brisk", "POST", "", bundle).status_code == 200
    late = doors.call("brisk", "GET", "Patient?_id=x")
    assert late.status_code == 429 and 5 <= int(late.headers["retry-after"]) <= 7


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
        # A certificate that nobody signed is trusted by being among the authorities, and known by its fingerprint.
        self_signed(folder, "self")
        digits = subprocess.run(["openssl", "x509", "-in", folder + "/self.pem", "-noout", "-fingerprint", "-sha256"],
                                capture_output=True, text=True, check=True).stdout.split("=")[1].strip()
        path = pathlib.Path(policy)
        path.write_text(path.read_text() + f'  - {{name: pinned, fingerprints: ["{digits}"], roles: [reader]}}\n')
        trusted = pathlib.Path(folder) / "trusted.pem"
        trusted.write_text(pathlib.Path(authority.path).read_text() + (pathlib.Path(folder) / "self.pem").read_text())
        registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--tls-certificate", certificate,
                               "--tls-key", key, "--tls-client-authorities", str(trusted), tls=authority.path)
        try:
            def client(name=None, of=authority):
                context = ssl.create_default_context(cafile=authority.path)
                if name:
                    context.load_cert_chain(*of.issue(name))
                return httpx.Client(verify=context)

            url = registry.base + "/Patient?_id=x"
            assert client().get(url).status_code == 401
            pinned = ssl.create_default_context(cafile=authority.path)
            pinned.load_cert_chain(folder + "/self.pem", folder + "/self.key")
            assert httpx.Client(verify=pinned).get(url).status_code == 200
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


def self_signed(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem", "-addext",
                    "subjectAltName=IP:127.0.0.1,DNS:localhost"], check=True, capture_output=True)


@row("SEC-06", "SEC-07")
def test_versions_and_suites_of_tls():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        authority = Authority(folder)
        self_signed(folder, "rsa")
        files = [folder + "/rsa.pem", folder + "/rsa.key", authority.path]
        mllp = free_port()
        options = [option for door in ("tls", "mllp") for option in (
            f"--{door}-certificate", files[0], f"--{door}-key", files[1], f"--{door}-client-authorities", files[2])]
        registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--audit", folder + "/audit",
                               "--mllp", f"127.0.0.1:{mllp}", *options, tls=files[0])
        ports = [int(registry.url.split(":")[-1]), mllp]

        def shake(port, version, suites=None, name="clinic.example", of=authority):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.load_cert_chain(*of.issue(name))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = context.maximum_version = version
            if suites:
                context.set_ciphers(suites)
            wire = socket.create_connection(("127.0.0.1", port), timeout=10)
            with wire, context.wrap_socket(wire) as secured:
                secured.sendall(b"GET / HTTP/1.1\r\n\r\n" if port != mllp else b"\x0bMSH")
                return secured.version(), secured.cipher()[0]

        for port in ports:
            for suite in ("DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256",
                          "ECDHE-RSA-AES256-GCM-SHA384"):
                assert shake(port, ssl.TLSVersion.TLSv1_2, suite) == ("TLSv1.2", suite)
            assert shake(port, ssl.TLSVersion.TLSv1_3)[0] == "TLSv1.3"
            for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
                with pytest.raises(OSError):
                    shake(port, version, "ALL:@SECLEVEL=0")
            with pytest.raises(OSError):
                shake(port, ssl.TLSVersion.TLSv1_2, "AES128-SHA:@SECLEVEL=0")
            with tempfile.TemporaryDirectory() as elsewhere, pytest.raises(OSError):
                shake(port, ssl.TLSVersion.TLSv1_2, of=Authority(elsewhere))
        doors = Guarded(registry, issuer, folder)
        deadline = time.monotonic() + 20
        while True:
            alerts = [event for event in doors.events(_count=200) if event["type"]["code"] == "110113"]
            if len(alerts) >= 8 or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        assert len(alerts) == 8, "each handshake that failed, at either door"
        for event in alerts:
            assert event["outcome"] == "8" and "110126" in {code["code"] for code in event["subtype"]}
            assert event["agent"][0]["network"]["address"] == "127.0.0.1"
        assert any("certificate" in event["outcomeDesc"] for event in alerts)
        stop()


@pytest.mark.parametrize("options", [["--listen", "0.0.0.0:{port}"], ["--mllp", "0.0.0.0:{port}"]])
def test_without_a_guard_only_loopback_is_listened_on(options):
    with tempfile.TemporaryDirectory() as folder:
        options = [option.format(port=free_port()) for option in options]
        command = [program(), "serve", "--data", folder + "/data", *options]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == 1
        assert b"who may enter" in done.stderr
