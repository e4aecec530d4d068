"""A subscriber: takes what a registry pushes, answers as a test wants, and keeps what it got."""

import http.server
import json
import threading
import time


class Receiver:
    def __init__(self, answer=None):
        self.got = []
        self.answer = answer or (lambda one: 200)
        self.location = None
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                one = Delivery(self.command, self.path, dict(self.headers), body)
                status = receiver.answer(one)
                one.status = status
                receiver.got.append(one)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            do_PUT = do_POST

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def taken(self):
        return [one for one in list(self.got) if one.status < 300]

    def wait(self, enough, seconds=20):
        """Waits until what was taken is enough."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if enough(self.taken()):
                return self.taken()
            time.sleep(0.05)
        raise AssertionError(f"after {seconds} s: {[(o.status, o.event, o.body[:200]) for o in self.got]}")


class Delivery:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.body, self.status = method, path, body, 0
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def event(self):
        return self.headers.get("x-tessera-event")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def kind(self):
        """The type of a notification of the backport."""
        return self.parameter("type").get("valueCode")

    def parameter(self, name):
        parameters = self.json["entry"][0]["resource"]["parameter"]
        return next((p for p in parameters if p["name"] == name), {})

    @property
    def patient(self):
        """The Patient of a PMIR message."""
        return self.json["entry"][1]["resource"]["entry"][0].get("resource")
