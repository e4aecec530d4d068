"""The shard protocol, as far as scenarios speak it: rows, postings, digests, and writing behind the cluster's back."""

import struct
import urllib.request

# Of the protocol.
VERSION = 2
SLOTS, STEP = 4096, 64
TABLES = {"home": 1, "history": 2, "link": 3, "component": 4, "golden": 5, "feature": 6}
LAST = (1 << 64) - 1

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


class Reader:
    """Walks through the content of a message."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values[0] if len(values) == 1 else values

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take("B")
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def bytes(self, count):
        self.at += count
        return self.data[self.at - count : self.at]


def ask(port, kind, content, host="127.0.0.1"):
    """Sends one message; returns the answer's kind and content."""
    head = struct.pack("<4sHHII", b"TSRM", VERSION, kind, len(content), crc32c(content))
    request = urllib.request.Request(f"http://{host}:{port}/shard/v1", data=head + content, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        body = answer.read()
    return struct.unpack_from("<H", body, 6)[0], body[16:]


def expect(port, kind, content, answer, host="127.0.0.1"):
    found, body = ask(port, kind, content, host)
    if found != answer:
        raise RuntimeError(f"a message of kind {kind} was answered by one of kind {found:#x}: {body[:120]!r}")
    return body


def digests(port, host="127.0.0.1", scope=0):
    """The digests of all slots, in the bytes of the protocol, a request's worth each."""
    return [expect(port, 10, struct.pack("<HBB", first, STEP, scope), 0x8009, host) for first in range(0, SLOTS, STEP)]


def rows(port, table, host="127.0.0.1"):
    """All rows of a table as (key, value); only of tables without a second part of the key."""
    found, at = [], (0, 0)
    while at:
        body = expect(port, 4, struct.pack("<BQQQ", TABLES[table], *at, LAST) + varint(2048), 0x8004, host)
        reader = Reader(body)
        for _ in range(reader.varint()):
            key, _ = reader.take("QQ")
            found.append((key, reader.bytes(reader.varint())))
        at = reader.take("QQ") if reader.take("B") else None
    return found


def postings(port, host="127.0.0.1"):
    """All postings as (key, record, sketch)."""
    found, at = [], (0, 0)
    while at:
        body = expect(port, 9, struct.pack("<QQQ", *at, LAST) + varint(16384), 0x8008, host)
        reader = Reader(body)
        for _ in range(reader.varint()):
            found.append(reader.take("QQ24s"))
        at = reader.take("QQ") if reader.take("B") else None
    return found


def put(table, key, value):
    return struct.pack("<BBQ", 1, TABLES[table], key) + varint(len(value)) + value


def delete(table, key):
    return struct.pack("<BBQ", 2, TABLES[table], key)


def post(key, sketch, record):
    return struct.pack("<BQ24sQ", 3, key, sketch, record)


def unpost(key, record):
    return struct.pack("<BQQ", 4, key, record)


def commit(port, operations, host="127.0.0.1"):
    """Writes behind the cluster's back, as the next message of whoever led last; only while nobody leads."""
    tail = Reader(expect(port, 11, b"\x00", 0x800A, host))
    epoch, number = tail.take("QQ")
    tail.take("QQQQ")
    through = tail.take("Q")
    data = b"".join(operations)
    expect(port, 3, struct.pack("<QQQ", epoch, number + 1, through) + varint(len(data)) + data, 0x8003, host)


def home(value):
    """What a home row says: whether it is removed, and its keys as (hash, rule)."""
    reader = Reader(value)
    _, flags = reader.take("BB")
    reader.take("IQQQ")
    # The digest of the rules.
    reader.take("Q")
    return bool(flags & 1), [reader.take("QB") for _ in range(reader.varint())]


def digests_of(cluster):
    """The digests of every copy of every shard, by its name."""
    return {name: digests(cluster.port_of(name), scope=1) for name in cluster.kind("shard")}
