"""Starts a registry with a port of HL7 v2."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from mllp import Door

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program():
    named = os.environ.get("TESSERA_BIN")
    for path in [named, ROOT / ".build/release/tessera", ROOT / ".build/debug/tessera"]:
        if path and os.access(path, os.X_OK):
            return str(path)
    raise RuntimeError("there is no tessera program: build it, or name it with TESSERA_BIN")


def run(data, port, mllp, *options):
    log = open(os.path.join(data, "log"), "ab")
    process = subprocess.Popen(
        [program(), "serve", "--data", os.path.join(data, "registry"), "--shards", "3",
         "--listen", f"127.0.0.1:{port}", "--mllp", f"127.0.0.1:{mllp}", *options], stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return process
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError("the registry does not start:\n" + open(os.path.join(data, "log")).read())
        time.sleep(0.05)


def open_door(profile, authorities=HERE / "authorities.yaml", *options):
    data = tempfile.mkdtemp(prefix="tessera-hl7-")
    port, mllp = free_port(), free_port()
    chosen = ["--mllp-profile", profile, *options]
    if authorities:
        chosen += ["--authorities", str(authorities)]
    state = {"process": run(data, port, mllp, *chosen)}
    door = Door(mllp)
    door.url = f"http://127.0.0.1:{port}"
    door.data = data

    def crash():
        """kill -9, then a start on the same data."""
        state["process"].send_signal(signal.SIGKILL)
        state["process"].wait()
        door.close()
        state["process"] = run(data, port, mllp, *chosen)

    def stop():
        state["process"].terminate()
        try:
            state["process"].wait(30)
        except subprocess.TimeoutExpired:
            state["process"].kill()
        shutil.rmtree(data, ignore_errors=True)

    door.crash = crash
    door.is_alive = lambda: state["process"].poll() is None
    return door, stop
