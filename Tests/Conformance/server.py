"""Starts a registry in one process for tests to knock at."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

from registry import Registry

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program():
    named = os.environ.get("TESSERA_BIN")
    for path in [named, ROOT / ".build/release/tessera", ROOT / ".build/debug/tessera"]:
        if path and os.access(path, os.X_OK):
            return str(path)
    pytest.exit("there is no tessera program: build it, or name it with TESSERA_BIN", returncode=1)


def start(authorities, *options, tls=None, data=None):
    """Starts a registry, under TLS where the authority of its certificate is named; returns it with what stops it.

    With the data of an earlier one, which was killed, it goes on there.
    """
    data = data or tempfile.mkdtemp(prefix="tessera-conformance-")
    port = free_port()
    with open(os.path.join(data, "log"), "wb") as log:
        process = subprocess.Popen(
            [program(), "serve", "--data", os.path.join(data, "registry"), "--shards", "3",
             "--listen", f"127.0.0.1:{port}", "--authorities", str(authorities), *options],
            stdout=log, stderr=log)
    registry = Registry(f"{'https' if tls else 'http'}://127.0.0.1:{port}", verify=tls)
    registry.log = os.path.join(data, "log")
    registry.data, registry.process = data, process
    deadline = time.monotonic() + 60
    while not registry.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.exit("the registry does not start:\n" + open(os.path.join(data, "log")).read(), returncode=1)
        time.sleep(0.1)

    def stop():
        registry.close()
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(data, ignore_errors=True)

    return registry, stop
