"""A registry in one process for the whole suite, and a client that validates every answer it gets."""

import pytest

from server import HERE, start


@pytest.fixture(scope="session")
def registry():
    found, stop = start(HERE / "authorities.yaml")
    yield found
    stop()
