"""Bytes that are not proper HTTP/1.1 or HTTP/2: refused on that connection, without harm to any other."""

import socket
import struct
import time

import http2_wire as h2


def raw(port, data, seconds=10, close_after=False):
    """Sends bytes and reads what comes until the server closes; returns (answer, whether it closed)."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as wire:
        try:
            wire.sendall(data)
            if close_after:
                wire.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answer = b""
        try:
            while (more := wire.recv(65536)):
                answer += more
                if len(answer) > 1 << 20:
                    break
        except TimeoutError:
            return answer, False
        except OSError:
            pass
        return answer, True


def status_of(answer):
    head = answer.split(b"\r\n", 1)[0].split()
    return int(head[1]) if len(head) > 1 and head[1].isdigit() else 0


def http1():
    """(name, bytes, statuses that are right; 0 is closing without a word)."""
    host = b"Host: x\r\n"
    post = b"POST /fhir/Patient HTTP/1.1\r\n" + host + b"Content-Type: application/fhir+json\r\n"
    yield "noise", bytes(range(1, 256)) * 8 + b"\r\n\r\n", (0, 400)
    yield "another version", b"GET /health/live HTTP/9.9\r\n" + host + b"\r\n", (0, 400, 505)
    yield "an unknown method", b"BREW /fhir/Patient HTTP/1.1\r\n" + host + b"\r\n", (400, 405, 501)
    yield "a negative length", post + b"Content-Length: -5\r\n\r\n", (0, 400)
    yield "a length in words", post + b"Content-Length: five\r\n\r\n", (0, 400)
    yield "two lengths", post + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", (0, 400)
    yield "length and chunks", post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (0, 400)
    yield "a chunk past all bounds", post + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}", (0, 400, 413)
    yield "chunks of nonsense", post + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n", (0, 400)
    yield "a header without a colon", b"GET /health/live HTTP/1.1\r\n" + host + b"nonsense\r\n\r\n", (0, 400)
    yield "a header of 1 MB", b"GET /health/live HTTP/1.1\r\n" + host + b"X: " + b"y" * (1 << 20) + b"\r\n\r\n", \
        (0, 400, 413, 431)
    yield "20,000 headers", b"GET /health/live HTTP/1.1\r\n" + host + b"X: y\r\n" * 20_000 + b"\r\n", (0, 400, 413, 431)
    yield "a path of 200 kB", b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + host + b"\r\n", (0, 400, 404, 414, 431)
    yield "a length past all bounds", post + b"Content-Length: 99999999999999999999\r\n\r\n", (0, 400, 413)


def endings():
    """HTTP/2: (name, what is sent after the settings, endings that are right)."""
    head = h2.request_head()
    ends = h2.END_STREAM | h2.END_HEADERS
    get = h2.frame(h2.HEADERS, ends, 1, head)
    refused = ("goaway", "reset", "closed")
    closed = ("goaway", "closed")
    yield "a frame of 16 MB", h2.frame(h2.DATA, 0, 1, b"", length=(1 << 24) - 1), closed
    yield "headers that do not decode", h2.frame(h2.HEADERS, ends, 1, b"\xff" * 40), closed
    yield "an index past the table", h2.frame(h2.HEADERS, ends, 1, h2.integer(5_000, 7, 0x80)), closed
    yield "data on an idle stream", h2.frame(h2.DATA, h2.END_STREAM, 5, b"x"), closed
    yield "an even stream", h2.frame(h2.HEADERS, ends, 2, head), closed
    yield "headers on stream zero", h2.frame(h2.HEADERS, ends, 0, head), closed
    yield "a window update of zero", h2.frame(h2.WINDOW_UPDATE, 0, 0, bytes(4)), closed
    yield "a window past all bounds", h2.frame(h2.WINDOW_UPDATE, 0, 0, struct.pack(">I", 0x7FFFFFFF)) * 2, closed
    yield "a name in capitals", h2.frame(h2.HEADERS, ends, 1, head + h2.literal(b"X-Name", b"v")), refused
    pathless = h2.literal(b":method", b"GET") + h2.literal(b":scheme", b"http")
    yield "no path", h2.frame(h2.HEADERS, ends, 1, pathless), refused
    yield "a pseudo header too late", h2.frame(h2.HEADERS, ends, 1, h2.literal(b"a", b"b") + head), refused
    yield "a push from a client", h2.frame(h2.PUSH, h2.END_HEADERS, 1, struct.pack(">I", 2) + head), closed
    yield "settings of a wrong size", h2.frame(h2.SETTINGS, 0, 0, b"12345"), closed
    yield "settings that contradict", h2.frame(h2.SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 31)), closed
    yield "a ping of a wrong size", h2.frame(h2.PING, 0, 0, b"123"), closed
    yield "a continuation of nothing", h2.frame(h2.CONTINUATION, h2.END_HEADERS, 1, head), closed
    yield "a length that lies", h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.request_head(
        b"POST", b"/fhir/Patient", [(b"content-length", b"5")])) + h2.frame(h2.DATA, h2.END_STREAM, 1, b"{}"), \
        ("goaway", "reset", "closed", "answered")
    yield "headers of 1 MB", big_headers(), refused + ("answered",)
    yield "a header bomb", bomb(), refused + ("answered",)
    yield "a whole request, to compare", get, ("answered",)


def big_headers():
    block = h2.request_head() + b"".join(h2.literal(b"x-%d" % n, b"y" * 8_000) for n in range(128))
    parts = [block[n:n + 16_000] for n in range(0, len(block), 16_000)]
    out = h2.frame(h2.HEADERS, h2.END_STREAM, 1, parts[0])
    for part in parts[1:-1]:
        out += h2.frame(h2.CONTINUATION, 0, 1, part)
    return out + h2.frame(h2.CONTINUATION, h2.END_HEADERS, 1, parts[-1])


def bomb():
    """One entry of the dynamic table, named thousands of times: a few bytes that unfold to megabytes."""
    block = h2.request_head() + h2.literal(b"x-bomb", b"y" * 3_900, indexing=True) + b"\xbe" * 12_000
    return h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 1, block)


def floods():
    """(name, one piece, how often)."""
    ends = h2.END_STREAM | h2.END_HEADERS

    def reset(n):
        stream = 2 * n + 1
        return h2.frame(h2.HEADERS, ends, stream, h2.request_head(path=b"/fhir/metadata")) + h2.frame(
            h2.RST_STREAM, 0, stream, struct.pack(">I", 8))

    yield "rapid reset", reset, 20_000
    yield "settings flood", lambda n: h2.frame(h2.SETTINGS, 0, 0, b""), 50_000
    yield "ping flood", lambda n: h2.frame(h2.PING, 0, 0, bytes(8)), 50_000
    opening = h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.request_head(b"POST", b"/api/v1/load"))
    yield "empty data flood", lambda n: h2.frame(h2.DATA, 0, 1, b"") if n else opening, 50_000
    begun = h2.frame(h2.HEADERS, h2.END_STREAM, 1, h2.request_head())
    more = h2.frame(h2.CONTINUATION, 0, 1, h2.literal(b"x", b"y" * 500))
    yield "continuation flood", lambda n: more if n else begun, 20_000
    yield "stream flood", lambda n: h2.frame(h2.HEADERS, h2.END_HEADERS, 2 * n + 1, h2.request_head(
        b"POST", b"/fhir/Patient")), 20_000
    yield "priority flood", lambda n: h2.frame(h2.PRIORITY, 0, 2 * n + 1, bytes(4) + b"\x10"), 50_000


def run(checks, watch, port):
    for name, data, statuses in http1():
        answer, closed = raw(port, data)
        status = status_of(answer)
        checks.check(f"HTTP/1.1, {name}: {status or 'closed'}", status in statuses and (closed or status),
                     f"wanted {statuses}, got {answer[:120]!r}, closed: {closed}")
        watch.alive(name)
    answer, _ = raw(port, b"POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{", close_after=True)
    checks.check("HTTP/1.1, a body that breaks off", status_of(answer) in (0, 400), repr(answer[:100]))
    answer, _ = raw(port, h2.PREFACE[:10] + b"nonsense", close_after=True)
    checks.check("half a preface", status_of(answer) in (0, 400), repr(answer[:100]))
    for name, data, right in endings():
        connection = h2.Connection(port)
        connection.send(data)
        ending, code = connection.ending()
        connection.close()
        checks.check(f"HTTP/2, {name}: {ending} {'' if code is None else code}", ending in right, f"wanted {right}")
        watch.alive(name)
    for name, piece, count in floods():
        flood(checks, watch, port, name, piece, count)
    slow(checks, watch, port)


def flood(checks, watch, port, name, piece, count):
    """While it goes on, and after it, others are served."""
    connection = h2.Connection(port)
    connection.socket.settimeout(5)
    sent, began = 0, time.monotonic()
    while sent < count and connection.send(b"".join(piece(n) for n in range(sent, sent + 500))):
        sent += 500
        if sent == count // 2:
            watch.alive(f"{name}, under way")
        if time.monotonic() - began > 30:
            break
    connection.close()
    checks.check(f"HTTP/2, {name}: {sent} sent", watch.alive(name), "see above")


def slow(checks, watch, port):
    """Two hundred clients that never finish their requests: others are served."""
    wires = []
    for number in range(200):
        wire = socket.create_connection(("127.0.0.1", port), timeout=10)
        wire.sendall(b"POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"[:20 + number % 40])
        wires.append(wire)
    began, longest = time.monotonic(), 0
    while time.monotonic() - began < 3:
        for wire in wires[::7]:
            try:
                wire.send(b"x")
            except OSError:
                pass
        once = time.monotonic()
        watch.alive("slow clients")
        longest = max(longest, time.monotonic() - once)
        time.sleep(0.2)
    for wire in wires:
        wire.close()
    checks.check("two hundred slow clients do not hold up others", longest < 2, f"{longest:.1f} s for one answer")
