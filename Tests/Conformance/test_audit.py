"""What is remembered: an event for every access and decision, in a chain that shows what was done to it."""

import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

import pytest
from fhir.resources.R4B import get_fhir_model_class

from guarded import OTHER, OWN, Guarded, guard
from registry import patient, row
from server import HERE, free_port, program, start


@pytest.fixture(scope="module")
def doors():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder + "/key.pem"], check=True)
        subprocess.run(["openssl", "pkey", "-in", folder + "/key.pem", "-pubout", "-out", folder + "/public.pem"],
                       check=True)
        port = free_port()
        registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--audit", folder + "/audit",
                               "--audit-key", folder + "/key.pem", "--mllp", f"127.0.0.1:{port}")
        guarded = Guarded(registry, issuer, folder)
        guarded.mllp = port
        yield guarded
        stop()


def codes(event, system=None):
    return {code["code"] for code in event.get("subtype", []) if system is None or code["system"] == system}


def agent(event, code):
    return [a for a in event["agent"] if any(c.get("code") == code for c in a.get("type", {}).get("coding", []))]


def named(event):
    return {(e["what"]["identifier"].get("system"), e["what"]["identifier"]["value"])
            for e in event.get("entity", []) if "system" in e.get("what", {}).get("identifier", {})}


@row("AUD-01")
def test_a_cross_reference_query(doors):
    doors.call("lab", "POST", "Patient", patient((OTHER, "pix")))
    path = f"Patient/$ihe-pix?sourceIdentifier={OTHER}%7Cpix"
    assert doors.call("lab", "GET", path, headers={"X-Request-Id": "pix-1"}).status_code == 200
    event = doors.events(subtype="ITI-83", request="pix-1")[0]
    assert event["action"] == "E" and event["outcome"] == "0"
    assert {"search-type", "ITI-83"} <= codes(event)
    query = [e["query"] for e in event["entity"] if "query" in e][0]
    assert base64.b64decode(query).decode() == "GET /fhir/" + path
    assert (OTHER, "pix") in named(event)
    assert agent(event, "110153")[0]["who"]["identifier"]["value"] == "lab"


@row("AUD-02")
def test_feed_events(doors):
    body = patient((OTHER, "fed"))
    token = {"If-None-Match": "*"}
    doors.call("lab", "PUT", f"Patient?identifier={OTHER}|fed", body, token)
    doors.call("lab", "PUT", f"Patient?identifier={OTHER}|fed", dict(body, gender="other"))
    doors.call("lab", "POST", "Patient", dict(body, gender="male"))
    doors.call("lab", "DELETE", f"Patient?identifier={OTHER}|fed")
    events = doors.events(patient=f"{OTHER}|fed", subtype="ITI-104")
    assert [event["action"] for event in events] == ["D", "U", "U", "C"]
    assert [{"delete", "update", "create"} & codes(event) for event in events] == [
        {"delete"}, {"update"}, {"update"}, {"create"}]
    for event in events:
        people = [entity for entity in event["entity"] if entity["role"]["code"] == "1"]
        assert [person["what"] for person in people] == [{"identifier": {"system": OTHER, "value": "fed"}}]
        data = [entity for entity in event["entity"] if entity["role"]["code"] == "4"]
        assert [entity["type"]["code"] for entity in data] == ["2"]
        assert data[0]["what"]["reference"].startswith("Patient/")
    done = [[e.get("description") for e in event["entity"] if e.get("type", {}).get("code") == "1"] for event in events]
    assert "removed" in done[0] and "updated" in done[1] and "updated" in done[2] and "created" in done[3]
    assert agent(events[0], "110150") and agent(events[0], "custodian")


@row("AUD-03")
def test_a_read(doors):
    identifier = doors.call("lab", "POST", "Patient", patient((OTHER, "read"))).json()["id"]
    doors.call("lab", "GET", f"Patient/{identifier}")
    event = doors.events(patient=identifier, action="R")[0]
    assert agent(event, "110152")[0]["who"]["identifier"]["value"] == "lab"
    assert agent(event, "110153")


@row("AUD-04")
def test_what_failed_and_what_was_denied(doors):
    doors.call("lab", "GET", "Patient/0000000000000", headers={"X-Request-Id": "gone-1"})
    doors.call("lab", "GET", "AuditEvent", headers={"X-Request-Id": "denied-1"})
    doors.call(None, "GET", "Patient?_id=x", headers={"X-Request-Id": "unknown-1"})
    assert doors.events(request="gone-1")[0]["outcome"] == "4"
    denied = doors.events(request="denied-1")[0]
    assert denied["outcome"] == "8" and "role" in denied["outcomeDesc"]
    assert doors.events(request="unknown-1")[0]["outcome"] == "8"


@row("AUD-09")
def test_the_name_of_a_request(doors):
    doors.call("lab", "GET", "Patient?_id=x", headers={"X-Request-Id": "mine-7"})
    event = doors.events(request="mine-7")[0]
    entity = [e for e in event["entity"] if e.get("type", {}).get("code") == "XrequestId"][0]
    assert entity["what"]["identifier"]["value"] == "mine-7"


@row("AUD-10")
def test_start_is_recorded(doors):
    assert any("110120" in codes(event) for event in doors.events(subtype="start"))


@row("AUD-11")
def test_decisions_name_who_and_what(doors):
    body = patient((OWN, "decided"))
    one = doors.call("clinic", "POST", "Patient", body).json()["id"]
    other = doors.call("lab", "POST", "Patient", patient((OTHER, "decided"))).json()["id"]
    decision = {"kind": "must-link", "a": f"{OWN}|decided", "b": f"{OTHER}|decided", "comment": "same passport"}
    assert doors.call("desk", "POST", "/api/v1/decisions", json.dumps(decision)).status_code == 200
    event = doors.events(agent="desk", subtype="native.decide")[0]
    about = json.dumps(event["entity"])
    assert one in about and other in about and "must-link" in about
    assert any(detail["type"] == "rules" for e in event["entity"] for detail in e.get("detail", []))


@row("AUD-11")
def test_who_may_enter_is_remembered_with_each_start():
    with tempfile.TemporaryDirectory() as folder:
        policy, issuer = guard(folder)
        told = []
        for change in ("", "# a client is about to come\n"):
            path = pathlib.Path(policy)
            path.write_text(path.read_text() + change)
            registry, stop = start(HERE / "authorities.yaml", "--access", policy, "--audit", folder + "/audit")
            told = [event["outcomeDesc"] for event in Guarded(registry, issuer, folder).events(subtype="start")]
            stop()
            assert hashlib.sha256(path.read_bytes()).hexdigest() in told[0]
        assert len(told) == 2 and told[0] != told[1]


def test_matches_tell_their_candidates_and_rules(doors):
    body = patient((OTHER, "candidate"))
    identifier = doors.call("lab", "POST", "Patient", body).json()["id"]
    doors.call("lab", "POST", "Patient/$match", body, {"X-Request-Id": "match-1"})
    event = doors.events(request="match-1")[0]
    found = [e for e in event["entity"] if "candidate" in e.get("description", "")]
    assert any(identifier in json.dumps(e) for e in found)
    details = {detail["type"] for e in found for detail in e["detail"]}
    assert {"weight", "rules"} <= details


def test_a_broken_glass_is_seen(doors):
    doors.call("lab", "POST", "Patient", patient((OTHER, "glass")))
    doors.call("pos", "GET", f"Patient?identifier={OTHER}|glass", headers={"X-Break-Glass": "unconscious, no papers"})
    event = doors.events(agent="pos", purpose="BTG")[0]
    assert event["purposeOfEvent"][0]["text"] == "unconscious, no papers"


def test_users_of_tokens_are_named(doors):
    token = doors.issuer.token("lab", sub="u-17", extensions={"ihe_iua": {
        "subject_name": "Dr. Akello", "purpose_of_use": [{"code": "TREAT"}]}})
    doors.call(None, "GET", "Patient?_id=x", headers={"X-Request-Id": "user-1"}, token=token)
    event = doors.events(request="user-1")[0]
    user = [a for a in event["agent"] if a.get("name") == "Dr. Akello"][0]
    assert user["who"]["identifier"] == {"system": "https://id.example", "value": "u-17"}
    assert event["purposeOfEvent"][0]["coding"][0]["code"] == "TREAT"


def feed(doors, event, control, *segments, version="2.5"):
    from hl7.client import MLLPClient
    text = f"MSH|^~\\&|FEED|CLINIC|REG|HQ|20260721||ADT^{event}|{control}|P|{version}\r" + "\r".join(segments) + "\r"
    with MLLPClient("127.0.0.1", doors.mllp) as client:
        return client.send_message(text).decode()


def cx(value):
    return f"{value}^^^&{OWN.removeprefix('urn:oid:')}&ISO"


@row("AUD-05")
def test_messages_are_recorded(doors):
    assert "MSA|AA" in feed(doors, "A01", "aud-1", f"PID|||{cx('aud-1')}||Okot^Jane||19800203|F")
    event = doors.events(request="aud-1")[0]
    assert event["type"]["code"] == "110110" and "ITI-30" in codes(event) and event["action"] == "C"
    assert (OWN, "aud-1") in named(event)
    source, destination = agent(event, "110153")[0], agent(event, "110152")[0]
    assert (source["altId"], source["who"]["identifier"]["value"]) == ("CLINIC|FEED", "feed")
    assert destination["altId"] == "HQ|REG"


@row("AUD-06")
def test_a_merge_by_message_is_two_events(doors):
    for value, name in (("aud-keep", "Okello"), ("aud-drop", "Wanyama")):
        assert "MSA|AA" in feed(doors, "A01", value, f"PID|||{cx(value)}||{name}^Jane||19800203|F")
    assert "MSA|AA" in feed(doors, "A40", "aud-a40", f"PID|||{cx('aud-keep')}", f"MRG|{cx('aud-drop')}",
                            version="2.3.1")
    events = doors.events(request="aud-a40")
    assert all("ITI-8" in codes(event) for event in events)
    assert {event["action"]: named(event) for event in events} == {
        "D": {(OWN, "aud-drop")}, "U": {(OWN, "aud-keep")}}
    assert "MSA|AE" in feed(doors, "A40", "aud-a41", f"PID|||{cx('aud-keep')}", f"MRG|{cx('aud-none')}")
    assert [event["outcome"] for event in doors.events(request="aud-a41")] == ["4"]


def test_every_event_is_valid_and_reads_by_its_id(doors):
    events = doors.events(_count=200)
    assert len(events) > 10
    for event in events:
        get_fhir_model_class("AuditEvent").model_validate(event)
    one = doors.call("watch", "GET", f"AuditEvent/{events[3]['id']}")
    assert one.json() == events[3]
    xml = doors.registry.http.get(doors.registry.base + f"/AuditEvent/{events[3]['id']}", headers={
        "Authorization": "Bearer " + doors.issuer.token("watch"), "Accept": "application/fhir+xml"})
    assert "<AuditEvent" in xml.text


def verify(path, *options):
    return subprocess.run([program(), "audit", "verify", str(path), *options], capture_output=True, text=True)


def test_the_chain_shows_what_was_done_to_it(doors):
    trail = settled(doors.trail)
    public = doors.folder + "/public.pem"
    whole = verify(trail, "--key", public)
    assert whole.returncode == 0, whole.stdout
    for change in (change_byte, remove_line, swap_lines, cut_end):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "audit"
            shutil.copytree(trail, copy)
            change(next(copy.glob("audit-*.log")))
            assert verify(copy).returncode == 1, change.__name__
    assert json.loads(verify(trail, "--json").stdout)["whole"] is True


def settled(trail):
    """The trail once its head tells of all that is in it: of readings it does so a moment later."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = json.loads(verify(trail, "--json").stdout)
        if found["told"] == found["last"]:
            return pathlib.Path(trail)
        time.sleep(0.05)
    raise AssertionError("the head never told of the last entry")


def change_byte(path):
    data = bytearray(path.read_bytes())
    place = data.index(b"clinic")
    data[place] = ord("k")
    path.write_bytes(data)


def remove_line(path):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))


def swap_lines(path):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + [lines[4], lines[3]] + lines[5:]))


def cut_end(path):
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def test_logs_hold_neither_secrets_nor_names(doors):
    body = patient((OTHER, "quiet"))
    doors.call("lab", "POST", "Patient", body)
    doors.call("lab", "GET", f"Patient?family={body['name'][0]['family']}")
    doors.call(None, "GET", "Patient?_id=x", token="secret.token.value")
    log = pathlib.Path(doors.registry.log).read_text()
    assert body["name"][0]["family"] not in log and body["birthDate"] not in log
    assert "secret.token" not in log and "Bearer" not in log
