"""A Webex on 127.0.0.1: pages, wants its token, and fails as it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "secret-token-of-webex"
LISTS = {"/v1/locations": "items", "/v1/telephony/config/numbers": "phoneNumbers", "/v1/people": "items"}


class FakeWebex(ThreadingHTTPServer):
    """`faults`: what happens to the next requests, one each: a status, (429, seconds), a body, "cut", "hang up",
    "hang", or "serve": none."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lists: dict[str, list[Any]] = {path: [] for path in LISTS}
        self.connections: dict[str, Any] = {}
        self.page = 2
        self.faults: list[Any] = []
        self.asked: list[str] = []
        self.elsewhere = ""
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def say(self, locations: list[Any], numbers: list[Any], people: list[Any], connections: dict[str, Any]) -> None:
        self.lists = dict(zip(LISTS, (locations, numbers, people), strict=True))
        self.connections = connections


class _Handler(BaseHTTPRequestHandler):
    server: FakeWebex
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(401, {"message": "The request requires a valid access token"})
        elif self.server.faults:
            self._fail(self.server.faults.pop(0))
        else:
            self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        if parts.path in LISTS:
            return self._page(parts.path, {name: value[0] for name, value in parse_qs(parts.query).items()})
        kind = self.server.connections.get(parts.path.split("/")[-2])
        if kind is None:
            return self._answer(404, {"message": "PSTN for the location is not configured"})
        return self._answer(200, {"id": "x", "pstnConnectionType": kind})

    def _page(self, path: str, query: dict[str, str]) -> None:
        start, items = int(query.get("start", 0)), self.server.lists[path]
        end = start + self.server.page
        more = {}
        if end < len(items):
            origin = self.server.elsewhere or f"http://127.0.0.1:{self.server.server_port}"
            more["Link"] = f'<{origin}{path}?max={query["max"]}&start={end}>; rel="next", <{origin}>; rel="first"'
        self._answer(200, {LISTS[path]: items[start:end]}, more)

    def _fail(self, fault: Any) -> None:
        if fault == "serve":
            self._serve()
        elif fault == "cut":
            self._send(200, b'{"items": [', {"Content-Length": "5000"})
            self.close_connection = True
        elif fault == "hang up":
            self.close_connection = True
        elif fault == "hang":
            self.server.over.wait(30)
            self.close_connection = True
        elif isinstance(fault, bytes):
            self._send(200, fault, {"Content-Length": str(len(fault))})
        else:
            status, wait = fault if isinstance(fault, tuple) else (fault, None)
            self._answer(status, {"message": "no"}, {} if wait is None else {"Retry-After": str(wait)})

    def _answer(self, status: int, body: Any, more: dict[str, str] | None = None) -> None:
        raw = json.dumps(body).encode()
        self._send(status, raw, {"Content-Length": str(len(raw)), **(more or {})})

    def _send(self, status: int, raw: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def fake_webex() -> Iterator[FakeWebex]:
    server = FakeWebex()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def location(name: str, source_id: str, country: str | None = "US", **address: Any) -> dict[str, Any]:
    return {"id": source_id, "name": name, "orgId": "o", "address": {"country": country, **address}, "timeZone": "x"}


def number(e164: str, place: str, owner: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """`owner`: id and first name of a person, or type, id and name of something else."""
    said: dict[str, Any] = {"phoneNumber": e164, "state": "ACTIVE", "location": {"id": place, "name": "ignored"}}
    if owner:
        kind, source_id, name = owner if len(owner) == 3 else ("PEOPLE", *owner)
        said["owner"] = {"id": source_id, "type": kind, "firstName": name, "lastName": "."}
    return {**said, "phoneNumberType": "PRIMARY", "mainNumber": False, "tollFreeNumber": False, **more}


def person(name: str, source_id: str, email: str = "", place: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": source_id, "displayName": name, "emails": [email] if email else [], "locationId": place, **more}
