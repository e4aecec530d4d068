"""Registries for the tests of HL7 v2: a fresh one for each case, a shared one for tests that make up their patients."""

import pathlib
import socket
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))

from conftest_registry import open_door  # noqa: E402


def opened(profile):
    """A door while it is needed."""
    door, stop = open_door(profile)
    yield door
    door.close()
    stop()


@pytest.fixture(scope="session")
def ihe():
    """A door that reads the profiles as IHE does, shared: tests use identifiers and names of their own."""
    yield from opened("ihe")


@pytest.fixture
def openhie():
    """A fresh registry that reads the profiles as OpenHIE does."""
    yield from opened("openhie")


@pytest.fixture
def fresh():
    """A fresh registry that reads the profiles as IHE does."""
    yield from opened("ihe")
