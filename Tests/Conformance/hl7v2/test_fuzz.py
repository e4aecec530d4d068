"""10,000 broken messages: each gets a precise refusal or a correct answer, and the registry lives on."""

import os
import random
import socket

from mllp import receive

SEED = int(os.environ.get("TESSERA_FUZZ_SEED", "20260101"))
COUNT = int(os.environ.get("TESSERA_FUZZ_COUNT", "10000"))
HEAD = "MSH|^~\\&|TEST_HARNESS|TEST|CR1|MOH|20260101||{}|{}|P|{}||||||UNICODE UTF-8\r"
BODIES = [
    ("ADT^A01", "2.3.1", "EVN||2026\rPID|1||F{n}^^^TEST~N{n}^^^NID^NI||FUZZ{n}^ANNA^M^^^^L|MUM^MARY|19800101|F|||"
     "Plot 5^^Gulu||^PRN^PH^^^772^1|0772|en|M|||N{n}^^^NID|||||Y|2||||20240101|Y\rPV1||I\r"),
    ("ADT^A08", "2.5", "EVN||2026\rPID|||F{n}^^^TEST&2.16.840.1.113883.3.72.5.9.1&ISO||FUZZ^BERTA||\"\"|F\r"),
    ("ADT^A40", "2.3.1", "EVN||2026\rPID|||F{n}^^^TEST\rMRG|F{m}^^^TEST\r"),
    ("QBP^Q23^QBP_Q21", "2.5", "QPD|IHE PIX Query|T{n}|F{n}^^^TEST|^^^NID~^^^TEST_A\rRCP|I\r"),
    ("QBP^Q22^QBP_Q21", "2.5",
     "QPD|IHE PDQ Query|T{n}|@PID.3.1^F{n}~@PID.3.4.1^TEST|||||^^^TEST\rRCP|I|10^RD\rDSC||I\r"),
    ("QCN^J01^QCN_J01", "2.5", "QID|T{n}|IHE PDQ Query\r"),
]
BITS = ["|", "^", "~", "\\", "&", "\r", "\n", "\"\"", "\\X0D\\", "\\X00\\", "\\F\\", "PID|", "MSH|^~\\&|", "@PID.",
        "\x00", "é", "\U0001F600", "9" * 40, "*", "-1", "^" * 70, "&" * 40, "A" * 1100]


def broken(generator, index):
    kind, version, body = generator.choice(BODIES)
    text = HEAD.format(kind, f"Z{index}", version)
    text += body.format(n=generator.randrange(500), m=generator.randrange(500))
    for _ in range(generator.choice([0, 1, 1, 2, 3, 8])):
        place = generator.randrange(len(text))
        choice = generator.randrange(4)
        if choice == 0:
            text = text[:place] + generator.choice(BITS) + text[place:]
        elif choice == 1:
            text = text[:place] + text[place + generator.randrange(1, 20):]
        elif choice == 2:
            other = generator.randrange(len(text))
            text = text[:place] + text[other:other + 30] + text[place:]
        else:
            text = text[:place] + chr(generator.randrange(1, 256)) + text[place + 1:]
    data = text.encode(generator.choice(["utf-8", "utf-8", "utf-8", "latin-1"]), "replace")
    return data.replace(b"\x0b", b"?").replace(b"\x1c", b"?")


def test_ten_thousand(ihe):
    generator = random.Random(SEED)
    sent, codes = 0, {}
    with socket.create_connection((ihe.host, ihe.port), timeout=60) as wire:
        while sent < COUNT:
            messages = [broken(generator, sent + index) for index in range(min(40, COUNT - sent))]
            wire.sendall(b"".join(b"\x0b" + data + b"\x1c\r" for data in messages))
            frames = receive(wire, len(messages)).split(b"\x1c\r")[:-1]
            assert len(frames) == len(messages)
            for data, frame in zip(messages, frames):
                check(data, frame, codes)
            sent += len(messages)
    assert ihe.is_alive()
    assert ihe.feed("A01", "PID|||AFTER^^^TEST||A^B").code == "AA"
    assert codes.get("AA", 0) > COUNT // 20 and codes.get("AE", 0) + codes.get("AR", 0) > COUNT // 20, codes
    print(codes)


def check(data, frame, codes):
    told = f"{data!r}\n{frame!r}"
    text = frame.lstrip(b"\x0b").decode("utf-8", "replace")
    segments = text.split("\r")
    separator = text[3:4]
    acknowledged = [segment for segment in segments if segment.startswith("MSA")]
    assert len(acknowledged) == 1, told
    code = acknowledged[0].split(separator)[1]
    codes[code] = codes.get(code, 0) + 1
    assert code in ("AA", "AE", "AR", "CA", "CE", "CR"), told
    # A refusal says what and where.
    if code not in ("AA", "CA"):
        errors = [segment for segment in segments if segment.startswith("ERR")]
        assert errors and len(errors[0].split(separator)) > 1, told
        assert "internal" not in errors[0].lower() or "207" in errors[0], told


