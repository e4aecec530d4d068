"""Update notifications (ITI-10): rows NOTIF."""

import pathlib
import queue
import socket
import tempfile
import threading

import pytest

from conftest_registry import HERE, free_port, open_door
from mllp import Answer


class Consumer:
    """Somebody who listens for notifications and answers as a test says."""

    def __init__(self, port):
        self.port = port
        self.messages = queue.Queue()
        self.code = lambda message: "AA"
        self.listener = None

    def listen(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(wire,), daemon=True).start()

    def serve(self, wire):
        data = b""
        with wire:
            while True:
                part = wire.recv(65536)
                if not part:
                    return
                data += part
                while b"\x1c\r" in data:
                    frame, data = data.split(b"\x1c\r", 1)
                    message = Answer(frame)
                    control = message.raw.split("\r")[0].split("|")[9]
                    code = self.code(message)
                    self.messages.put((message, code))
                    if code is None:
                        return
                    wire.sendall(f"\x0bMSH|^~\\&|E|W|T|R|2026||ACK^A31^ACK|1|P|2.5\r"
                                 f"MSA|{code}|{control}\r\x1c\r".encode())

    def next(self, timeout=20):
        return self.messages.get(timeout=timeout)[0]

    def nothing(self, timeout=1.5):
        with pytest.raises(queue.Empty):
            self.messages.get(timeout=timeout)


@pytest.fixture
def told():
    """A registry and a consumer that wants to know of TEST_A and TEST_B."""
    consumer = Consumer(free_port())
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write("version: 1\nconsumers:\n  - { name: ehr, address: \"127.0.0.1:%d\", application: EHR, "
                   "facility: WARD, domains: TEST_A TEST_B }\n" % consumer.port)
        file.flush()
        door, stop = open_door("ihe", HERE / "authorities.yaml", "--mllp-consumers", file.name)
        door.consumer = consumer
        yield door
        if consumer.listener:
            consumer.listener.close()
        door.close()
        stop()


NATIONAL = "~CM-1^^^NID"
ANNA = "||NAMATOVU^ANNA||19800101|F"


def domains(message):
    return {(value, domain) for value, domain, _, _ in message.identifiers()}


def test_notif_01_03_changes(told):
    """NOTIF-01, NOTIF-03"""
    told.consumer.listen()
    told.register(f"PID|||A-1^^^TEST_A{NATIONAL}{ANNA}", "TEST_HARNESS_A")
    first = told.consumer.next()
    assert domains(first) == {("A-1", "TEST_A")}
    header = first.raw.split("\r")[0].split("|")
    assert header[4:6] == ["EHR", "WARD"] and header[8] == "ADT^A31^ADT_A05" and header[11] == "2.5"
    assert first.identifiers()[0][2:] == ("2.16.840.1.113883.3.72.5.9.2", "ISO")
    assert "|| \r" in first.raw and first.field("PV1", 2) == "N"
    told.register(f"PID|||B-1^^^TEST_B{NATIONAL}{ANNA}", "TEST_HARNESS_B")
    assert domains(told.consumer.next()) == {("A-1", "TEST_A"), ("B-1", "TEST_B")}
    other = "PID|||B-1^^^TEST_B~CM-2^^^NID||OKELLO^PETER||19550505|M"
    assert told.feed("A08", other, "TEST_HARNESS_B").code == "AA"
    split = [domains(told.consumer.next()), domains(told.consumer.next())]
    assert {frozenset(one) for one in split} == {frozenset({("A-1", "TEST_A")}), frozenset({("B-1", "TEST_B")})}


def test_notif_02_other_domains(told):
    """NOTIF-02"""
    told.consumer.listen()
    told.register(f"PID|||T-1^^^TEST{ANNA}")
    told.consumer.nothing()


def test_notif_04_down_then_up(told):
    """NOTIF-04: retried in order; once told, not told again after a crash"""
    for index, family in enumerate(["ABAHO", "MUGISHA", "TUMUSIIME"]):
        told.register(f"PID|||A-{index}^^^TEST_A||{family}^GRACE||19{index + 5}00101|F", "TEST_HARNESS_A")
    told.consumer.listen()
    assert [told.consumer.next(60).values()[0] for _ in range(3)] == ["A-0", "A-1", "A-2"]
    told.consumer.nothing()
    told.crash()
    told.register("PID|||A-9^^^TEST_A||WERE^JOHN||19300101|M", "TEST_HARNESS_A")
    assert told.consumer.next().values() == ["A-9"]


def test_notif_04_refused(told):
    """NOTIF-04: what is refused is set aside and shown, the next is told"""
    told.consumer.code = lambda message: "AE" if "A-0" in message.raw else "AA"
    told.consumer.listen()
    told.register("PID|||A-0^^^TEST_A||ABAHO^GRACE||19500101|F", "TEST_HARNESS_A")
    told.register("PID|||A-1^^^TEST_A||MUGISHA^PETER||19600101|M", "TEST_HARNESS_A")
    assert [told.consumer.next().values()[0] for _ in range(2)] == ["A-0", "A-1"]
    told.consumer.nothing()
    import urllib.request
    with urllib.request.urlopen(told.url + "/metrics") as answer:
        text = answer.read().decode()
    assert 'tessera_hl7_notifications_total{consumer="ehr",outcome="refused"} 1' in text
    assert "set aside" in pathlib.Path(told.data, "log").read_text()


def test_notif_04_unanswered(told):
    """NOTIF-04: without an answer the same message comes again"""
    answers = iter([None, "AA"])
    told.consumer.code = lambda message: next(answers, "AA")
    told.consumer.listen()
    told.register("PID|||A-0^^^TEST_A||ABAHO^GRACE||19500101|F", "TEST_HARNESS_A")
    first, second = told.consumer.next(), told.consumer.next(60)
    control = [one.raw.split("\r")[0].split("|")[9] for one in (first, second)]
    assert control[0] == control[1]
    told.consumer.nothing()
