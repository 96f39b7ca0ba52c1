"""A load of single requests on a server of this machine: a fixed number of open connections, each asking again at once.

Written on bare sockets, since a client library would cost more than the server that is measured.
"""

import selectors
import socket
import time
from collections.abc import Iterator

_READ = 65_536


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
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


def http_request(path: str, body: bytes, key: str | None = None) -> bytes:
    """One POST of JSON, ready to be sent."""
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    if key:
        head += f"Authorization: Bearer {key}\r\n"
    return head.encode() + b"\r\n" + body
