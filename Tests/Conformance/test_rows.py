"""Every row of the checklist has a test, or a reason in ROWS.md why it has none."""

import importlib
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
# How the tests of HL7 v2 name their rows: `V2-ADT-01, -02`, `PDQV2-01 to -06`.
ROW = r"((?:V2-[A-Z]+|PIXV2|PDQV2|NOTIF|OHIE-CR-\d\d))-(\d\d)((?:(?:, | to )-\d\d)*)"
# The steps of the OpenHIE cases of HL7 v2 that expect something.
OPENHIE = {
    "01": "10", "02": "10 20 30 40 50 60", "03": "10 20", "04": "20 30", "05": "20 30", "06": "30 40", "07": "20 30 40",
    "08": "30", "09": "10 20 40", "10": "20 30 40", "11": "20 30 40 50 60 70", "12": "20 30 40 45 50 60 70",
    "13": "20 30", "14": "20 30 40 50", "15": "20 30 40 50 60", "16": "20 30 40 50 60", "17": "30 40 50", "18": "30 40",
}


def every_row():
    rows = [f"PIXM-83-{n:02}" for n in range(1, 24)]
    rows += [f"PIXM-104-{n:02}" for n in range(1, 22)]
    rows += [f"PDQM-78-{n:02}" for n in range(1, 39)]
    rows += [f"PDQM-119-{n:02}" for n in range(1, 16)]
    rows += [f"PMIR-93-{n:02}" for n in range(1, 13)] + [f"PMIR-94-{n:02}" for n in range(1, 11)]
    rows += [f"SUB-{n:02}" for n in range(1, 7)]
    rows += [f"SEC-{n:02}" for n in range(1, 9)] + [f"AUD-{n:02}" for n in range(1, 12)]
    rows += [f"BULK-{n:02}" for n in range(1, 8)] + [f"REST-{n:02}" for n in range(1, 23)]
    rows += [f"MERGE-{n:02}" for n in range(1, 7)]
    rows += [f"V2-MLLP-{n:02}" for n in range(1, 4)] + [f"V2-ACK-{n:02}" for n in range(1, 11)]
    rows += [f"V2-ADT-{n:02}" for n in range(1, 16)] + [f"PIXV2-{n:02}" for n in range(1, 9)]
    rows += [f"NOTIF-{n:02}" for n in range(1, 5)] + [f"PDQV2-{n:02}" for n in range(1, 16)]
    for case, steps in OPENHIE.items():
        rows += [f"OHIE-CR-{case}-{step}" for step in steps.split()]
    for case, steps in {"01": 2, "02": 4, "03": 2, "04": 3, "05": 3, "06": 4, "07": 4, "08": 5, "09": 1}.items():
        rows += [f"OHIE-CR-{case}-FHIR-{step}0" for step in range(1, steps + 1)]
    return rows


def rows_with_tests():
    rows = set()
    for path in (HERE / "hl7v2").glob("test_*.py"):
        for family, first, more in re.findall(ROW, path.read_text()):
            rows.add(f"{family}-{first}")
            last = int(first)
            for word, number in re.findall(r"(, | to )-(\d\d)", more):
                rows.update(f"{family}-{n:02}" for n in range(int(number) if word == ", " else last, int(number) + 1))
                last = int(number)
    for path in HERE.glob("test_*.py"):
        module = importlib.import_module(path.stem)
        for thing in vars(module).values():
            rows.update(getattr(thing, "rows", ()))
    return rows


def rows_with_reasons():
    return set(re.findall(r"^\| ([A-Z][A-Z0-9-]+) \| \S", (HERE / "ROWS.md").read_text(), re.MULTILINE))


def test_every_row_is_tested_or_explained():
    missing = [one for one in every_row() if one not in rows_with_tests() | rows_with_reasons()]
    assert not missing


def test_no_row_is_both():
    assert not rows_with_tests() & rows_with_reasons()
