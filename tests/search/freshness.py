"""How long after its acknowledgement a text can be found, on a real server under load. Run by hand:

`python tests/search/freshness.py --seconds 30 --rate 300 --workers 2`

Senders post texts at a steady rate over HTTP, single ones and batches. Probes do the same, each with a word that no
other text has, and search for it until it is found. Searchers ask for common words all the while. Reported are the
seconds from the answer of 201 to the first answer with the text in it, and how long answers take.
"""

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from archive.bench.servers import free_port, running  # noqa: E402

BATCH = 100
PROMISED = 2.0
PATIENCE = 60.0
COMMON = ("wire", "refund", '"closing date"', "call*", "delivry~", "after:2025-01-01")
WORDS = ("wire", "closing", "date", "refund", "call", "back", "delivery", "café", "明天", "🙂", "tomorrow", "invoice")


@dataclass
class Seen:
    """Seconds of each."""

    visible: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    texts: int = 0
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    def __init__(self, address: tuple[str, int], key: str) -> None:
        self._connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        """(seconds, the answer). Raises RuntimeError for anything but success."""
        begin = time.perf_counter()
        self._connection.request(method, path, json.dumps(body) if body else None, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} was answered {answer.status}: {content[:200]!r}")
        return time.perf_counter() - begin, json.loads(content)

    def search(self, line: str) -> tuple[float, Any]:
        return self.ask("GET", f"/api/v1/search?{urlencode({'q': line})}")


class Worker(threading.Thread):
    """Does `step` over and over until the time is up."""

    def __init__(self, client: Client, seen: Seen, end: float, name: str, pause: float) -> None:
        super().__init__(name=name, daemon=True)
        self.client, self.seen, self.end, self.pause = client, seen, end, pause
        self.dice, self.count = random.Random(name), 0

    def run(self) -> None:
        try:
            due = time.perf_counter()
            while time.perf_counter() < self.end:
                self.step()
                due += self.pause
                time.sleep(max(0.0, due - time.perf_counter()))
        except Exception as problem:  # noqa: BLE001 - it is what is reported.
            self.seen.problems.append(f"{self.name}: {problem}")

    def step(self) -> None:
        raise NotImplementedError

    def item(self, word: str = "") -> dict[str, Any]:
        self.count += 1
        return {
            "provider": "fresh",
            "provider_id": f"{self.name}-{self.count}",
            "direction": "inbound",
            "from": f"+1415555{self.dice.randrange(10_000):04}",
            "to": ["+12125550123"],
            "text": " ".join([*self.dice.choices(WORDS, k=12), word]),
        }


class Sender(Worker):
    size = 1

    def step(self) -> None:
        items = [self.item() for _ in range(self.size)]
        took, _ = self.client.ask("POST", "/api/v1/messages", items[0] if self.size == 1 else {"messages": items})
        with self.seen.lock:
            self.seen.posts.append(took)
            self.seen.texts += self.size


class BatchSender(Sender):
    size = BATCH


class Searcher(Worker):
    def step(self) -> None:
        took, _ = self.client.search(self.dice.choice(COMMON))
        with self.seen.lock:
            self.seen.searches.append(took)


class Probe(Worker):
    def step(self) -> None:
        word = f"probe{self.name[-1]}x{self.count}"
        self.client.ask("POST", "/api/v1/messages", self.item(word))
        acknowledged = time.perf_counter()
        while True:
            took, found = self.client.search(word)
            if found["hits"]:
                break
            if time.perf_counter() - acknowledged > PATIENCE:
                raise RuntimeError(f"{word} was never found")
            time.sleep(0.02)
        with self.seen.lock:
            self.seen.visible.append(time.perf_counter() - acknowledged)
            self.seen.polls.append(took)


def measure(seconds: float, rate: float, workers: int, before: int) -> Seen:
    """`rate`: texts a second, two thirds of them in batches. `before`: how many texts are there already."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"TEXTARCHIVE_DATA": folder}
        key = _initialise(environment)
        port = free_port()
        with running(
            ["archive", "serve", "--port", str(port), "--workers", str(workers)], environment, port
        ) as address:
            _wait(address)
            _fill(Client(address, key), before)
            return _under_load(address, key, seconds, rate)


def _under_load(address: tuple[str, int], key: str, seconds: float, rate: float) -> Seen:
    seen, end = Seen(), time.perf_counter() + seconds

    def make(kind: type[Worker], several: int, pause: float) -> list[Worker]:
        return [kind(Client(address, key), seen, end, f"{kind.__name__}{n}", pause) for n in range(several)]

    threads = [
        *make(Sender, 4, 4 / (rate / 3)),
        *make(BatchSender, 1, BATCH / (rate * 2 / 3)),
        *make(Searcher, 2, 0.1),
        *make(Probe, 3, 0.3),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 2 * PATIENCE)
    return seen


def _initialise(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "archive", "init", "--org", "Fresh", "--admin", "dana@fresh.example", "--json"]
    made = subprocess.run(command, env={**os.environ, **environment}, cwd=PROJECT, capture_output=True, check=True)
    key: str = json.loads(made.stdout)["api_key"]
    return key


def _wait(address: tuple[str, int]) -> None:
    """Until it answers, and not only listens: a server that looks whether its port is free listens for a moment."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        connection = http.client.HTTPConnection(*address, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("The server did not start.")


def _fill(client: Client, count: int) -> None:
    """And wait until they are found: the process that indexes takes a moment to start."""
    maker = Sender(client, Seen(), 0.0, "Filler", 0.0)
    for start in range(0, count, 1_000):
        items = [maker.item() for _ in range(min(1_000, count - start))]
        client.ask("POST", "/api/v1/messages", {"messages": items})
    while client.search("serial:1..2")[1]["coverage"]["indexed"] < count:
        time.sleep(0.5)


def _row(what: str, values: Sequence[float]) -> str:
    ordered = sorted(values) or [0.0]
    p50, p95, most = statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1]
    return f"{what:28} {len(values):>6,} times, p50 {p50:6.3f} s, p95 {p95:6.3f} s, at most {most:6.3f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=300.0, help="texts a second")
    parser.add_argument("--workers", type=int, default=1, help="web processes")
    parser.add_argument("--before", type=int, default=1_000, help="texts that are there already")
    chosen = parser.parse_args()
    seen = measure(chosen.seconds, chosen.rate, chosen.workers, chosen.before)
    print(f"{seen.texts / chosen.seconds:,.0f} texts a second, {chosen.workers} web processes, {os.cpu_count()} cores")
    print(_row("from 201 to being found", seen.visible))
    print(_row("a search for a probe", seen.polls))
    print(_row("a search for common words", seen.searches))
    print(_row("a POST", seen.posts))
    late = sum(took > PROMISED for took in seen.visible)
    print(f"{late} of {len(seen.visible)} probes took longer than {PROMISED:.0f} s")
    for problem in seen.problems:
        print(f"  PROBLEM: {problem}")
    sys.exit(1 if seen.problems or late else 0)


if __name__ == "__main__":
    main()
