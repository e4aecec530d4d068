"""The audit trail by syslog over TLS (RFC 5424, RFC 5425): to a receiver that checks frames, goes and comes back."""

import base64
import json
import re
import socket
import ssl
import tempfile
import threading
import time
import xml.etree.ElementTree as ET

import pytest

from guarded import Authority
from registry import RED, patient, row
from server import HERE, free_port, start

HEAD = re.compile(rb"<(\d+)>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S+) tessera (\d+) (\S+) - ")


class Receiver:
    """Takes frames as RFC 5425 says; a frame of a wrong length ends it with what it found."""

    def __init__(self, port, authority, certificate, key):
        self.port = port
        self.frames = []
        self.faults = []
        self.clients = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.load_verify_locations(authority)
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.listener = None

    def open(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                wire, _ = listener.accept()
                wire = self.context.wrap_socket(wire, server_side=True)
            except ssl.SSLError as failure:
                self.faults.append(str(failure))
                continue
            except OSError:
                return
            self.clients.append(wire)
            threading.Thread(target=self._read, args=(wire,), daemon=True).start()

    def _read(self, wire):
        data = b""
        while True:
            try:
                piece = wire.recv(65_536)
            except OSError:
                return
            if not piece:
                return
            data += piece
            while b" " in data[:10]:
                digits, rest = data.split(b" ", 1)
                if not digits.isdigit() or digits.startswith(b"0"):
                    self.faults.append(f"no length: {data[:80]!r}")
                    return
                if len(rest) < int(digits):
                    break
                self.frames.append(rest[:int(digits)])
                data = rest[int(digits):]

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for wire in self.clients:
            wire.close()
        self.clients = []

    def wait(self, predicate, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [frame for frame in list(self.frames) if predicate(frame)]
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"it did not come; {len(self.frames)} frames, {self.faults}")


@pytest.fixture(scope="module", params=["dicom", "fhir"])
def doors(request):
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        port, mllp = free_port(), free_port()
        receiver = Receiver(port, authority.path, *authority.issue("receiver", server=True))
        receiver.open()
        certificate, key = authority.issue("registry")
        registry, stop = start(
            HERE / "authorities.yaml", "--audit-syslog", f"127.0.0.1:{port}", "--audit-syslog-authorities",
            authority.path, "--audit-syslog-certificate", certificate, "--audit-syslog-key", key,
            "--audit-syslog-format", request.param, "--mllp", f"127.0.0.1:{mllp}")
        registry.format = request.param
        registry.mllp = mllp
        yield registry, receiver
        stop()
        stopped = "110121".encode()
        assert [frame for frame in receiver.frames if stopped in frame], "that it stops is not told"
        receiver.close()


def create(registry, value):
    body = patient((RED, value))
    answer = registry.http.post(registry.base + "/Patient", content=json.dumps(body),
                                headers={"Content-Type": "application/fhir+json"})
    assert answer.status_code == 201, answer.text
    return body


def metric(registry, name):
    lines = registry.http.get(registry.url + "/metrics").text.splitlines()
    return int(float(next(line.split()[1] for line in lines if line.startswith(f"tessera_audit_syslog_{name} "))))


def ask(registry, *segments, kind):
    from hl7.client import MLLPClient
    text = f"MSH|^~\\&|EHR|WARD|CR1|MOH|20260721||{kind}\r" + "\r".join(segments) + "\r"
    with MLLPClient("127.0.0.1", registry.mllp) as client:
        return text, client.send_message(text).decode()


@row("AUD-05")
def test_messages_are_told_as_atna_has_them(doors):
    registry, receiver = doors
    if registry.format == "fhir":
        pytest.skip("the AuditEvents of messages are looked at in test_audit.py")
    own = f"M-1^^^&{RED.removeprefix('urn:oid:')}&ISO"
    for kind, control, segments, code in [
            ("ADT^A01|MSG-ADT|P|2.3.1", "MSG-ADT", [f"PID|||{own}||Okot^Jane||19800203|F"], "ITI-8"),
            ("QBP^Q23^QBP_Q21|MSG-PIX|P|2.5", "MSG-PIX", [f"QPD|IHE PIX Query|T1|{own}", "RCP|I"], "ITI-9"),
            ("QBP^Q22^QBP_Q21|MSG-PDQ|P|2.5", "MSG-PDQ", ["QPD|IHE PDQ Query|T2|@PID.5.1^Okot", "RCP|I"], "ITI-21")]:
        sent, answer = ask(registry, *segments, kind=kind)
        assert "MSA|AA" in answer
        mark = base64.b64encode(control.encode())
        frame = receiver.wait(lambda frame: b'type="MSH-10" value="' + mark + b'"' in frame)[0]
        message = ET.fromstring(frame[HEAD.match(frame).end():])
        assert message.find("EventIdentification/EventTypeCode").get("csd-code") == code
        users = {part.find("RoleIDCode").get("csd-code"): part.get("UserID")
                 for part in message.findall("ActiveParticipant")}
        assert users == {"110153": "WARD|EHR", "110152": "MOH|CR1"}
        queries = [base64.b64decode(found.text).decode() for found in message.iter("ParticipantObjectQuery")]
        assert queries == ([] if code == "ITI-8" else [sent])


@row("AUD-07")
def test_what_is_remembered_is_told(doors):
    registry, receiver = doors
    value = f"SYS-{registry.format}-1"
    create(registry, value)
    found = receiver.wait(lambda frame: value.encode() in frame)
    assert len(found) == 1 and not receiver.faults
    for frame in list(receiver.frames):
        head = HEAD.match(frame)
        assert head, frame[:200]
        priority, _, _, _, kind = head.groups()
        assert priority in (b"85", b"84")
        body = frame[head.end():]
        if registry.format == "fhir":
            assert kind == b"FHIR+AuditEvent"
            assert json.loads(body)["resourceType"] == "AuditEvent"
        else:
            assert kind == b"IHE+RFC-3881" and ET.fromstring(body).tag == "AuditMessage"
    if registry.format == "dicom":
        message = ET.fromstring(found[0][HEAD.match(found[0]).end():])
        event = message.find("EventIdentification")
        assert event.get("EventActionCode") == "C" and event.get("EventOutcomeIndicator") == "0"
        assert event.find("EventID").get("csd-code") == "110110"
        roles = [part.find("RoleIDCode").get("csd-code") for part in message.findall("ActiveParticipant")]
        assert roles == ["110153", "110152"]
        subject = message.find("ParticipantObjectIdentification")
        assert subject.get("ParticipantObjectID") == f"{value}^^^&{RED.removeprefix('urn:oid:')}&ISO"


def test_a_query_is_told_as_it_was_asked(doors):
    registry, receiver = doors
    if registry.format == "fhir":
        pytest.skip("the query of an AuditEvent is looked at in test_audit.py")
    words = "Marguerite<&>\"é"
    registry.http.get(registry.base + "/Patient", params={"family": words})

    def asked(frame):
        message = ET.fromstring(frame[HEAD.match(frame).end():])
        queries = [base64.b64decode(found.text).decode() for found in message.iter("ParticipantObjectQuery")]
        return any("Marguerite" in query for query in queries)

    assert receiver.wait(asked)


def test_what_waits_comes_when_the_receiver_is_back(doors):
    registry, receiver = doors
    receiver.close()
    # What the system takes when a connection has ended at the other end is sent again.
    gone = f"GONE-{registry.format}"
    create(registry, gone)
    time.sleep(0.5)
    began = time.monotonic()
    for number in range(300):
        registry.http.get(registry.base + f"/Patient/{number:016x}")
    assert time.monotonic() - began < 60, "answers wait for the receiver"
    deadline = time.monotonic() + 20
    while metric(registry, "waiting") < 300 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert metric(registry, "waiting") >= 300
    assert "takes nothing" in open(registry.log).read()
    before = len(receiver.frames)
    receiver.open()
    value = f"BACK-{registry.format}"
    create(registry, value)
    receiver.wait(lambda frame: value.encode() in frame, seconds=60)
    told = b"".join(receiver.frames[before:])
    assert gone.encode() in told and len(receiver.frames) - before >= 302
    assert metric(registry, "lost") == 0 and not receiver.faults


@row("AUD-08")
def test_what_waits_outlives_kill_9():
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        port = free_port()
        receiver = Receiver(port, authority.path, *authority.issue("receiver", server=True))
        certificate, key = authority.issue("registry")
        options = ["--audit-syslog", f"127.0.0.1:{port}", "--audit-syslog-authorities", authority.path,
                   "--audit-syslog-certificate", certificate, "--audit-syslog-key", key]
        receiver.open()
        registry, stop = start(HERE / "authorities.yaml", *options)
        values = [f"KILL-{number}" for number in range(60)]
        for value in values[:20]:
            create(registry, value)
        receiver.wait(lambda frame: values[19].encode() in frame)
        receiver.close()
        for value in values[20:40]:
            create(registry, value)
        registry.process.kill()
        registry.process.wait()
        registry.close()
        receiver.open()
        registry, stop = start(HERE / "authorities.yaml", *options, data=registry.data)
        for value in values[40:]:
            create(registry, value)
        receiver.wait(lambda frame: values[-1].encode() in frame, seconds=60)
        told = b"".join(receiver.frames)
        assert [value for value in values if value.encode() not in told] == []
        # Those of the first twenty that were told long before the kill do not come again for ever.
        time.sleep(3)
        registry.process.kill()
        registry.process.wait()
        registry.close()
        before = len(receiver.frames)
        registry, stop = start(HERE / "authorities.yaml", *options, data=registry.data)
        create(registry, "KILL-LAST")
        receiver.wait(lambda frame: b"KILL-LAST" in frame)
        again = b"".join(receiver.frames[before:])
        assert not any(f"{value}^".encode() in again for value in values), "what was told and settled came again"
        assert not receiver.faults
        stop()
        receiver.close()


def test_a_receiver_of_another_authority_is_told_nothing():
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
        authority, foreign = Authority(folder), Authority(other)
        port = free_port()
        receiver = Receiver(port, foreign.path, *foreign.issue("receiver", server=True))
        receiver.open()
        registry, stop = start(HERE / "authorities.yaml", "--audit-syslog", f"127.0.0.1:{port}",
                               "--audit-syslog-authorities", authority.path)
        try:
            create(registry, "FOREIGN-1")
            deadline = time.monotonic() + 20
            while "takes nothing" not in open(registry.log).read() and time.monotonic() < deadline:
                time.sleep(0.1)
            # Which fault of the certificate is found first depends on the names of the two authorities.
            told = [line for line in open(registry.log) if "takes nothing" in line]
            assert len(told) == 1 and "certificate" in told[0], told
            assert not receiver.frames
        finally:
            stop()
            receiver.close()
