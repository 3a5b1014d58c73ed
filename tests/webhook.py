"""A web server that stands for the robot of a chat group: keeps what it is told and answers as it is asked to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit


class Call(NamedTuple):
    """One request: its path, its query, and the JSON that it brought."""

    path: str
    query: dict[str, str]
    said: dict[str, Any]


class Webhook:
    """Keeps calls in ``calls``; ``answer`` and ``status`` are what each of them gets."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.calls: list[Call] = []
        self.status = 200
        self.answer: Any = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}
        self.location = ""
        self.go_on = threading.Event()
        self.go_on.set()

    def url(self, path: str) -> str:
        """Return an address at this server."""
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def listening() -> Iterator[Webhook]:
    """Run a web server on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            there.calls.append(Call(parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}, said))
            there.go_on.wait(30)
            content = there.answer if isinstance(there.answer, bytes) else json.dumps(there.answer).encode()
            self.send_response(there.status)
            if there.location:
                self.send_header("Location", there.location)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there = Webhook(server.server_port)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield there
        finally:
            there.go_on.set()
            server.shutdown()
