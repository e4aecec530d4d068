"""Messages of HL7 v2 over MLLP: sent with the hl7 package's client, read with hl7 and checked with hl7apy."""

import itertools
import socket

import hl7
from hl7.client import MLLPClient

OID = "2.16.840.1.113883.3.72.5.9"
_ids = itertools.count(1)


class Door:
    """A connection to the registry's port of HL7 v2."""

    def __init__(self, port, host="127.0.0.1"):
        self.port = port
        self.host = host
        self.client = None

    def send(self, *segments):
        """Sends segments and returns the parsed answer."""
        return self.text("\r".join(segments) + "\r")

    def text(self, message, encoding="utf-8"):
        if self.client is None:
            self.client = MLLPClient(self.host, self.port, encoding=encoding)
            self.client.socket.settimeout(30)
        raw = self.client.send_message(message)
        return Answer(raw)

    def raw(self, data, count=1):
        """Sends bytes as they are on a connection of their own and returns the answers' bytes, or what came."""
        with socket.create_connection((self.host, self.port), timeout=30) as wire:
            wire.sendall(data)
            return receive(wire, count)

    def close(self):
        if self.client:
            self.client.close()
            self.client = None

    # What is sent most.

    def feed(self, event, pid, client="TEST_HARNESS", version="2.3.1", control=None, more=(), header=""):
        control = control or f"C{next(_ids)}"
        return self.send(
            f"MSH|^~\\&|{client}|TEST|CR1|MOH|20260101120000||ADT^{event}|{control}|P|{version}{header}",
            "EVN||20260101", pid, *more)

    def register(self, pid, client="TEST_HARNESS", **options):
        answer = self.feed("A01", pid, client, **options)
        assert answer.code == "AA", answer.raw
        return answer

    def pix(self, identifier, domains="", client="TEST_HARNESS", tag=None):
        tag = tag or f"T{next(_ids)}"
        return self.send(
            f"MSH|^~\\&|{client}|TEST|CR1|MOH|20260101120000||QBP^Q23^QBP_Q21|C{next(_ids)}|P|2.5",
            f"QPD|IHE PIX Query|{tag}|{identifier}|{domains}", "RCP|I")

    def pdq(self, fields, domains="", size="", pointer="", client="TEST_HARNESS", tag=None, more=()):
        tag = tag or f"T{next(_ids)}"
        segments = [
            f"MSH|^~\\&|{client}|TEST|CR1|MOH|20260101120000||QBP^Q22^QBP_Q21|C{next(_ids)}|P|2.5",
            f"QPD|IHE PDQ Query|{tag}|{fields}|||||{domains}", f"RCP|I|{size}"]
        if pointer:
            segments.append(f"DSC|{pointer}|I")
        return self.send(*segments)


def receive(wire, count):
    data = b""
    while data.count(b"\x1c\r") < count:
        part = wire.recv(65536)
        if not part:
            break
        data += part
    return data


class Answer:
    """An answer with what tests ask of it."""

    def __init__(self, raw):
        if isinstance(raw, bytes):
            raw = raw.decode("utf-8")
        self.raw = raw.strip("\x0b\x1c\r") + "\r"
        self.message = hl7.parse(self.raw)

    def all(self, name):
        return [segment for segment in self.message if str(segment[0]) == name]

    def field(self, segment, field, group=0):
        found = self.all(segment)
        if len(found) <= group or len(found[group]) <= field:
            return ""
        return str(found[group][field])

    @property
    def code(self):
        return self.field("MSA", 1)

    @property
    def status(self):
        return self.field("QAK", 2)

    @property
    def places(self):
        """ERR-2 of every ERR."""
        return [str(segment[2]) for segment in self.all("ERR")]

    @property
    def codes(self):
        return [str(segment[3]).split("^")[0] for segment in self.all("ERR")]

    @property
    def old_error(self):
        return self.field("ERR", 1)

    @property
    def patients(self):
        return len(self.all("PID"))

    def identifiers(self, group=0):
        """PID-3 as (value, namespace, OID, type of the OID)."""
        text = self.field("PID", 3, group)
        result = []
        for repetition in text.split("~") if text else []:
            parts = repetition.split("^") + [""] * 4
            domain = parts[3].split("&") + ["", "", ""]
            result.append((parts[0], domain[0], domain[1], domain[2]))
        return result

    def values(self, group=0):
        return [identifier[0] for identifier in self.identifiers(group)]

    @property
    def pointer(self):
        return self.field("DSC", 1)
