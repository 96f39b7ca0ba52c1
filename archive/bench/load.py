"""A load of single requests on a server of this machine: connections that ask again at once, or at a fixed pace.

Written on bare sockets, since a client library would cost more than the server that is measured.
"""

import selectors
import socket
import time
from collections.abc import Iterator, Mapping

_READ = 65_536
_MOST_CONNECTIONS = 64
"""Of a load at a fixed pace; a request for which none is free stands in line."""


class _Connection:
    """`due`: when the request that it waits for should have been sent."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.due = 0.0
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def answered(self) -> int | None:
        """The status once a whole answer is here."""
        self.received += self.socket.recv(_READ)
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        if len(body) < length:
            return None
        self.received = b""
        return int(head.split(b" ", 2)[1])


def requests_per_second(
    address: tuple[str, int], requests: Iterator[bytes], connections: int, seconds: float
) -> tuple[float, dict[int, int]]:
    """(answers a second, how many of each status) over `seconds`; stops early when `requests` runs out."""
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        opened = _Connection(address)
        opened.socket.sendall(next(requests))
        selector.register(opened.socket, selectors.EVENT_READ, opened)
    statuses: dict[int, int] = {}
    begin = time.perf_counter()
    end = begin + seconds
    while time.perf_counter() < end and selector.get_map():
        for key, _ in selector.select(timeout=1):
            status = key.data.answered()
            if status is None:
                continue
            statuses[status] = statuses.get(status, 0) + 1
            following = next(requests, None)
            if following is None:
                selector.unregister(key.data.socket)
            else:
                key.data.socket.sendall(following)
    took = time.perf_counter() - begin
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return sum(statuses.values()) / took, statuses


def seconds_to_answers(address: tuple[str, int], requests: Iterator[bytes], a_second: int, wanted: int) -> list[float]:
    """How long after its moment each request was answered. Raises `RuntimeError` for a status that isn't `wanted`."""
    pace = _Pace(address, a_second)
    for at, request in enumerate(requests):
        pace.wait_for(at, wanted)
        pace.send(request, at)
    pace.finish(wanted)
    return pace.took


class _Pace:
    """The connections of a load at a fixed pace; request number `at` is due so long after the first."""

    def __init__(self, address: tuple[str, int], a_second: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._free = [_Connection(address) for _ in range(_MOST_CONNECTIONS)]
        self._every = 1 / a_second
        self._begin = time.perf_counter()
        self.took: list[float] = []

    def wait_for(self, at: int, wanted: int) -> None:
        while not self._free or time.perf_counter() < self._due(at):
            self._collect(max(0.0, self._due(at) - time.perf_counter()) if self._free else 1.0, wanted)

    def send(self, request: bytes, at: int) -> None:
        connection = self._free.pop()
        connection.due = self._due(at)
        connection.socket.sendall(request)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def finish(self, wanted: int) -> None:
        while self._selector.get_map():
            self._collect(1.0, wanted)
        for connection in self._free:
            connection.socket.close()

    def _collect(self, patience: float, wanted: int) -> None:
        for key, _ in self._selector.select(timeout=patience):
            status = key.data.answered()
            if status is None:
                continue
            if status != wanted:
                raise RuntimeError(f"The server answered {status}, not {wanted}.")
            self.took.append(time.perf_counter() - key.data.due)
            self._selector.unregister(key.data.socket)
            self._free.append(key.data)

    def _due(self, at: int) -> float:
        return self._begin + at * self._every


def http_request(
    path: str, body: bytes, headers: Mapping[str, str] | None = None, kind: str = "application/json"
) -> bytes:
    """One POST, ready to be sent."""
    every = {"Host": "bench", "Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in every.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body
