"""HTTP/2 by hand, to send what no well-behaved client sends. Header blocks use literals only, no dynamic table."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """A frame; `length` may lie about the payload."""
    size = len(payload) if length is None else length
    return struct.pack(">I", size)[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def integer(value, bits, first=0):
    """HPACK's integer with a prefix of so many bits."""
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    value -= most
    out = [first | most]
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + [value])


def literal(name, value, indexing=False):
    """A header field, name and value spelt out; with `indexing` it enters the dynamic table."""
    def text(part):
        return integer(len(part), 7) + part

    return (b"\x40" if indexing else b"\x00") + text(name) + text(value)


def request_head(method=b"GET", path=b"/health/live", extra=()):
    fields = [(b":method", method), (b":scheme", b"http"), (b":path", path), (b":authority", b"localhost"), *extra]
    return b"".join(literal(name, value) for name, value in fields)


class Connection:
    """A connection that has sent the preface and its settings."""

    def __init__(self, port, preface=PREFACE, settings=b"", timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.buffer = b""
        self.send(preface)
        if preface == PREFACE:
            self.send(frame(SETTINGS, payload=settings))

    def send(self, data):
        """Sends; returns False where the server has closed."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def read(self):
        """The next frame as (kind, flags, stream, payload); None at the end or where nothing comes."""
        head = self.exactly(9)
        if head is None:
            return None
        payload = self.exactly(int.from_bytes(head[:3], "big"))
        if payload is None:
            return None
        return head[3], head[4], int.from_bytes(head[5:9], "big") & 0x7FFFFFFF, payload

    def exactly(self, count):
        try:
            while len(self.buffer) < count:
                more = self.socket.recv(65536)
                if not more:
                    return None
                self.buffer += more
        except OSError:
            return None
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def ending(self):
        """Reads to the end: ('goaway', code), ('reset', code), ('closed', None) or ('answered', None)."""
        found = ("closed", None)
        while (part := self.read()) is not None:
            kind, flags, _, payload = part
            if kind == GOAWAY:
                return "goaway", int.from_bytes(payload[4:8], "big")
            if kind == RST_STREAM:
                return "reset", int.from_bytes(payload[:4], "big")
            if kind == HEADERS:
                found = ("answered", None)
                if flags & END_STREAM:
                    return found
            if kind == DATA and flags & END_STREAM:
                return found
        return found

    def close(self):
        self.socket.close()
