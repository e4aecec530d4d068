"""MLLP, acknowledgements and headers: rows V2-MLLP and V2-ACK."""

import itertools
import socket

import pytest
from hl7apy.parser import parse_message

from mllp import OID, Answer, Door, receive

_numbers = itertools.count(1)
_letters = "BCDFGHKLMNPRSTVZ"
_words = itertools.count(1)
START, END = b"\x0b", b"\x1c\r"


def name():
    """A patient's identifier that no other test uses."""
    return f"P-{next(_numbers)}"


def word():
    """A family name far from all others."""
    value = next(_words) * 2654435761 % (1 << 32)
    return "".join(_letters[value >> shift & 15] + "AEIOU"[(value >> shift) % 5] for shift in (0, 8, 16, 24))


def message(pid, event="ADT^A01", control="1", version="2.3.1", more=""):
    return (f"MSH|^~\\&|TEST_HARNESS|TEST|CR1|MOH|20260101||{event}|{control}|P|{version}{more}\r"
            f"EVN||2026\r{pid}\r").encode()


def test_mllp_01_frames_however_cut(ihe):
    """V2-MLLP-01"""
    frame = START + message(f"PID|||{name()}^^^TEST||A^B") + END
    with socket.create_connection((ihe.host, ihe.port), timeout=30) as wire:
        for index in range(len(frame)):
            wire.sendall(frame[index:index + 1])
        assert b"MSA|AA|1" in receive(wire, 1)
        two = START + message("PID|||x", control="21") + END + START + message("PID|||y", control="22") + END
        wire.sendall(two)
        answers = receive(wire, 2)
        assert answers.index(b"|21") < answers.index(b"|22")


def test_mllp_02_what_is_no_frame(ihe):
    """V2-MLLP-02"""
    assert ihe.raw(b"GET / HTTP/1.1\r\n\r\n") == b""
    with socket.create_connection((ihe.host, ihe.port), timeout=30) as wire:
        try:
            wire.sendall(START + b"A" * (3 << 20))
            assert wire.recv(10) == b""
        except ConnectionError:
            pass
    with socket.create_connection((ihe.host, ihe.port), timeout=30) as wire:
        wire.sendall(START + b"MSH|^~")
    assert ihe.feed("A01", f"PID|||{name()}^^^TEST||A^B").code == "AA"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_mllp_03_ends_of_segments(ihe, end):
    """V2-MLLP-03"""
    data = message(f"PID|||{name()}^^^TEST||A^B").replace(b"\r", end.encode())
    assert b"MSA|AA" in ihe.raw(START + data + END)


def test_ack_01_answer_header(ihe):
    """V2-ACK-01"""
    answer = ihe.feed("A01", f"PID|||{name()}^^^TEST||A^B", control="K-77")
    header = answer.raw.split("\r")[0].split("|")
    assert header[2:6] == ["CR1", "MOH", "TEST_HARNESS", "TEST"]
    assert header[8] == "ACK^A01" and header[11] == "2.3.1"
    assert (answer.code, answer.field("MSA", 2)) == ("AA", "K-77")


@pytest.mark.parametrize("kind, place, code", [
    ("ORU^R01", "MSH^1^9^1^1", "200"), ("ADT^A99", "MSH^1^9^1^2", "201"), ("QBP^Q99", "MSH^1^9^1^2", "201")])
def test_ack_02_03_unknown_kind(ihe, kind, place, code):
    """V2-ACK-02, V2-ACK-03"""
    answer = Answer(ihe.raw(START + message("PID|||1^^^TEST", kind, version="2.5") + END))
    assert (answer.code, answer.places, answer.codes) == ("AR", [place], [code])


@pytest.mark.parametrize("old, new, code", [("|2.5", "|9.9", "203"), ("|P|", "|X|", "202")])
def test_ack_04_version_and_purpose(ihe, old, new, code):
    """V2-ACK-04"""
    data = message("PID|||1^^^TEST", version="2.5").replace(old.encode(), new.encode())
    answer = Answer(ihe.raw(START + data + END))
    assert answer.code == "AR" and code in (answer.codes[0], answer.old_error.split("^")[-1].split("&")[0])


@pytest.mark.parametrize("pid, place", [("PV1||I", "PID^1"), ("PID|||", "PID^1^3"), ("PID|1|", "PID^1^3")])
def test_ack_05_missing(ihe, pid, place):
    """V2-ACK-05"""
    answer = Answer(ihe.raw(START + message(pid, version="2.5") + END))
    assert answer.code == "AE" and answer.places == [place] and answer.codes[0] in ("100", "101")


@pytest.mark.parametrize("fields, place, code", [
    ("||19831345", "PID^1^7^1^1", "102"), ("||198", "PID^1^7^1^1", "102"), ("|||X", "PID^1^8^1^1", "103")])
def test_ack_06_values(ihe, fields, place, code):
    """V2-ACK-06"""
    answer = ihe.feed("A01", f"PID|||{name()}^^^TEST||A^B{fields}", version="2.5")
    assert (answer.code, answer.places, answer.codes) == ("AE", [place], [code])


def test_ack_07_acknowledged_is_durable(fresh):
    """V2-ACK-07"""
    fresh.register("PID|||RJ-1^^^TEST||OKELLO^PETER||1961|M")
    fresh.crash()
    assert fresh.pdq("@PID.3.1^RJ-1~@PID.3.4.1^TEST").patients == 1


def test_ack_08_the_same_again(fresh):
    """V2-ACK-08"""
    for _ in range(3):
        fresh.register("PID|||RJ-1^^^TEST||OKELLO^PETER||1961|M", control="SAME")
    assert fresh.pdq("@PID.5.1^OKELLO").patients == 1
    merge = dict(pid="PID|||RJ-1^^^TEST", more=["MRG|RJ-2^^^TEST"], control="M1")
    fresh.register("PID|||RJ-2^^^TEST||OKELLO^P||1961|M")
    assert fresh.feed("A40", **merge).code == "AA"
    assert fresh.feed("A40", **merge).code == "AA"
    assert fresh.feed("A40", **(merge | {"control": "M2"})).code == "AE"


@pytest.mark.parametrize("label, codec, family", [
    ("8859/1", "latin-1", "MÜLLER"), ("8859/15", "iso8859-15", "ŒUVRE"), ("UNICODE UTF-8", "utf-8", "ŁUKASZ漢"),
    ("", "utf-8", "JOSÉ"), ("8859/5", "iso8859-5", "ИВАНОВ")])
def test_ack_09_character_sets(ihe, label, codec, family):
    """V2-ACK-09"""
    value = name()
    data = (f"MSH|^~\\&|TEST_HARNESS|TEST|CR1|MOH|20260101||ADT^A01|1|P|2.5||||||{label}\r"
            f"PID|||{value}^^^TEST||{family}^ANNA\r").encode(codec)
    assert b"MSA|AA" in ihe.raw(START + data + END)
    query = (f"MSH|^~\\&|TEST_HARNESS|TEST|CR1|MOH|20260101||QBP^Q22|1|P|2.5||||||{label}\r"
             f"QPD|IHE PDQ Query|1|@PID.3.1^{value}~@PID.3.4.1^TEST\rRCP|I\r").encode(codec)
    answer = ihe.raw(START + query + END)
    assert f"{family}^ANNA".encode(codec if label else "utf-8") in answer


def test_ack_09_unknown_character_set(ihe):
    """V2-ACK-09: refused by name"""
    answer = Answer(ihe.raw(START + message("PID|||1^^^TEST", version="2.5", more="||||||KOI8-R") + END))
    assert (answer.code, answer.places) == ("AR", ["MSH^1^18"])


def test_ack_10_delimiters_and_escapes(ihe):
    """V2-ACK-10"""
    value = name()
    data = ("MSH!*%?:!TEST_HARNESS!TEST!CR1!MOH!20260101!!ADT*A01!1!P!2.5\r"
            f"PID!!!{value}***TEST!!O?T?NEIL*A?X0D?B|C!!!!!!Plot 5?F?6**Gulu\r").encode()
    assert b"MSA!AA" in ihe.raw(START + data + END)
    found = ihe.pdq(f"@PID.3.1^{value}~@PID.3.4.1^TEST")
    assert found.field("PID", 5) == "O:NEIL^A\\X0D\\B\\F\\C"
    assert found.field("PID", 11).startswith("Plot 5!6^^Gulu")


def test_header_secret_is_not_told(ihe):
    """MSH-8 may hold a secret: it stays with the sender"""
    answer = ihe.send("MSH|^~\\&|TEST_HARNESS|TEST|CR1|MOH|20260101|SECRET-17|ADT^A01|1|P|2.3.1",
                      f"PID|||{name()}^^^TEST||A^B")
    assert answer.code == "AA" and "SECRET-17" not in answer.raw


@pytest.mark.parametrize("mode, code", [("AL|NE", "CA"), ("NE|AL", "AA"), ("ER|AL", "AA"), ("SU|NE", "CA")])
def test_enhanced_mode(ihe, mode, code):
    """Enhanced acknowledgement mode"""
    data = message(f"PID|||{name()}^^^TEST||A^B", more="|||" + mode)
    assert Answer(ihe.raw(START + data + END)).code == code


def test_answers_are_valid_for_another_parser(ihe):
    """Answers of version 2.5 pass the structure check of hl7apy"""
    value = name()
    ihe.register(f"PID|||{value}^^^TEST||VALID^ANNA||1980|F")
    for answer in (ihe.feed("A28", f"PID|||{value}^^^TEST||VALID^ANNA||1980|F", version="2.5"),
                   ihe.pdq(f"@PID.3.1^{value}~@PID.3.4.1^TEST"), ihe.pix(f"{value}^^^TEST")):
        parsed = parse_message(answer.raw, find_groups=False)
        assert parsed.msh.msh_12.value == "2.5"
        assert parsed.msa.msa_1.value in ("AA", "AE")


def test_many_connections(ihe):
    """One connection does not hold up another"""
    doors = [Door(ihe.port) for _ in range(20)]
    for door in doors:
        assert door.feed("A01", f"PID|||{name()}^^^TEST||A^B").code == "AA"
    for door in doors:
        door.close()


assert OID
