"""Every row of the checklist that is about FHIR has a test, or a reason in ROWS.md why it has none."""

import importlib
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent


def every_row():
    rows = [f"PIXM-83-{n:02}" for n in range(1, 24)]
    rows += [f"PIXM-104-{n:02}" for n in range(1, 22)]
    rows += [f"PDQM-78-{n:02}" for n in range(1, 39)]
    rows += [f"PDQM-119-{n:02}" for n in range(1, 16)]
    rows += [f"PMIR-93-{n:02}" for n in range(1, 13)] + [f"PMIR-94-{n:02}" for n in range(1, 11)]
    rows += [f"SUB-{n:02}" for n in range(1, 7)]
    rows += [f"SEC-{n:02}" for n in range(1, 9)] + [f"AUD-{n:02}" for n in range(1, 12)]
    rows += ["BULK-06", "BULK-07"]
    for case, steps in {"01": 2, "02": 4, "03": 2, "04": 3, "05": 3, "06": 4, "07": 4, "08": 5, "09": 1}.items():
        rows += [f"OHIE-CR-{case}-FHIR-{step}0" for step in range(1, steps + 1)]
    return rows


def rows_with_tests():
    rows = set()
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
