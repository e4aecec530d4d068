"""Reads the latencies that a load test wrote: a log of HdrHistogram, an interval and a kind of request a line."""

import base64
import struct
import zlib

COMPRESSED, PLAIN = 0x1C849304, 0x1C849303


def read(path):
    """Returns (tag, start, seconds, histogram) of each line; a histogram is a list of (value, count)."""
    lines = []
    with open(path) as file:
        for line in file:
            if not line.startswith("Tag="):
                continue
            tag, start, seconds, _, text = line.strip().split(",")
            lines.append((tag[4:], float(start), float(seconds), decode(text)))
    return lines


def decode(text):
    data = base64.b64decode(text)
    cookie, length = struct.unpack_from(">II", data)
    if cookie & ~0xF0 != COMPRESSED & ~0xF0:
        raise ValueError(f"not a compressed histogram: {cookie:#x}")
    data = zlib.decompress(data[8 : 8 + length])
    cookie, length, _, digits, lowest, _, _ = struct.unpack_from(">IIIIQQd", data)
    if cookie & ~0xF0 != PLAIN & ~0xF0:
        raise ValueError(f"not a histogram: {cookie:#x}")
    return list(values(counts(data[40 : 40 + length]), digits, lowest))


def counts(data):
    """Pairs of (index, count); zeros in a row are one negative number."""
    index = place = 0
    while place < len(data):
        number = shift = 0
        for position in range(9):
            byte = data[place]
            place += 1
            # The ninth byte holds eight bits.
            number |= (byte if position == 8 else byte & 0x7F) << shift
            shift += 7
            if position == 8 or byte < 0x80:
                break
        number = (number >> 1) ^ -(number & 1)
        if number < 0:
            index += -number
        else:
            if number:
                yield index, number
            index += 1


def values(pairs, digits, lowest):
    unit = max(lowest.bit_length() - 1, 0)
    half = (2 * 10**digits - 1).bit_length() - 1
    for index, count in pairs:
        bucket = (index >> half) - 1
        sub = (index & ((1 << half) - 1)) + (1 << half)
        if bucket < 0:
            bucket, sub = 0, sub - (1 << half)
        yield sub << (bucket + unit), count


def quantile(histograms, share):
    """The value of several histograms together below which so large a share of them lies, None of nothing."""
    together = {}
    for histogram in histograms:
        for value, count in histogram:
            together[value] = together.get(value, 0) + count
    left = share * sum(together.values())
    for value in sorted(together):
        left -= together[value]
        if left <= 0:
            return value
    return None
