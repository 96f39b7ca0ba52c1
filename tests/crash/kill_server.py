"""Kills a serving archive at random moments, under load, and looks whether it kept its word.

`python tests/crash/kill_server.py --kills 200` starts `textarchive serve` again and again in a process group of its
own, sends single texts and batches from several threads at once, and kills the whole group with SIGKILL at a random
moment. Indexing and signing go on meanwhile, and die with it. Then what was never acknowledged is sent once more, and
everything is compared: nothing acknowledged is missing, nothing is there twice, `verify` finds no fault, the index
catches up.

SIGKILL ends processes, not the machine: what the kernel had taken over is still written. The promise about power is
SQLite's `synchronous=FULL`, which the tests of the database look at.
"""

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from archive.access.organisations import find_organisation  # noqa: E402
from archive.core.actor import OPERATOR  # noqa: E402
from archive.messages.actions import opened  # noqa: E402
from archive.messages.store import records_after  # noqa: E402
from archive.proving import sign_and_keep, verify_organisation  # noqa: E402
from archive.search.actions import search  # noqa: E402
from archive.search.follower import catch_up  # noqa: E402
from archive.settings import read_settings  # noqa: E402
from archive.wiring import Archive, build  # noqa: E402

SINGLE_SENDERS = 3
BATCH_SENDERS = 2
BATCH = 60
START_SECONDS = 120.0
"""A server that takes longer than this hangs; a busy machine alone is no reason."""

LONGEST_LIFE = 2.0
"""Seconds from the first answer to the kill, at most: some hundred commits, and runs of the index."""

Item = dict[str, Any]


@dataclass
class Record:
    """What was sent and what came back. `acknowledged`: provider id → serial, from answers of 2xx alone."""

    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken_off: int = 0
    slowest_start: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, items: list[Item], status: int, body: bytes) -> None:
        with self.lock:
            self.statuses[status] += 1
            if status not in (200, 201):
                self.problems.append(f"answered {status}: {body[:200]!r}")
                return
            for item, outcome in zip(items, json.loads(body)["outcomes"], strict=True):
                self._note_one(item["provider_id"], outcome)

    def _note_one(self, provider_id: str, outcome: dict[str, Any]) -> None:
        if outcome["status"] not in ("stored", "duplicate"):
            self.problems.append(f"{provider_id} became {outcome['status']}")
            return
        serial = outcome["serial"]
        if self.acknowledged.setdefault(provider_id, serial) != serial:
            self.problems.append(f"{provider_id} was first {self.acknowledged[provider_id]}, then {serial}")


@dataclass
class Result:
    kills: int
    seconds: float
    sent: int
    acknowledged_before_the_end: int
    sent_again: int
    broken_off: int
    stored: int
    indexed: int
    checkpoints: int
    problems: list[str]

    def __str__(self) -> str:
        under_fire = self.acknowledged_before_the_end
        head = (
            f"{self.kills} kills in {self.seconds:.0f} s: {self.sent:,} texts sent, {under_fire:,} acknowledged under"
            f" fire, {self.broken_off:,} requests broken off, {self.sent_again:,} texts sent again;"
            f" {self.stored:,} stored, {self.indexed:,} indexed, {self.checkpoints:,} checkpoints."
        )
        return "\n".join([head, *(f"  PROBLEM: {problem}" for problem in self.problems[:50])])


class Server:
    """`textarchive serve` with its jobs, in a process group of its own so that one kill takes all of it."""

    def __init__(self, data: Path) -> None:
        self.port = _free_port()
        self._ended = False
        self._process = _start(data, 0, "-m", "archive", "serve", "--port", str(self.port))
        # The job of every 20 seconds, for which this server will not live long enough, does its work all the time.
        self._signer = _start(data, self._process.pid, str(Path(__file__)), "--sign", str(data))

    def wait(self) -> float:
        """Seconds until it answered."""
        begin = time.monotonic()
        end = begin + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return time.monotonic() - begin
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
            finally:
                connection.close()
        raise RuntimeError(f"The server did not start (exit code {self._process.poll()}).")

    def kill(self) -> None:
        """Once: by the second time the number of a group that has ended may be somebody else's."""
        if self._ended:
            return
        self._ended = True
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._signer.wait()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=30)
        finally:
            self.kill()


class Sender(threading.Thread):
    """Sends until the server is gone. Texts without an answer stay in `record.sent` alone."""

    def __init__(self, port: int, api_key: str, record: Record, name: str, batch: int, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        self._record = record
        self._batch = batch
        self._random = random.Random(seed)
        self._count = 0

    def run(self) -> None:
        try:
            while True:
                self._send([self._item() for _ in range(self._batch)])
        except (OSError, http.client.HTTPException):
            with self._record.lock:
                self._record.broken_off += 1
        finally:
            self._connection.close()

    def _send(self, items: list[Item]) -> None:
        with self._record.lock:
            self._record.sent.update({item["provider_id"]: item["text"] for item in items})
        self._record.note(items, *post(self._connection, self._headers, items))

    def _item(self) -> Item:
        self._count += 1
        provider_id = f"{self.name}-{self._count}"
        words = " ".join(self._random.choices(("wire", "closing", "refund", "café", "明天", "🙂"), k=8))
        return _item(provider_id, f"{provider_id.replace('-', 'x')} {words}")


def post(connection: http.client.HTTPConnection, headers: dict[str, str], items: list[Item]) -> tuple[int, bytes]:
    body = items[0] if len(items) == 1 else {"messages": items}
    connection.request("POST", "/api/v1/messages", json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def run(kills: int, seconds: float, seed: int, data: Path, say: Any = print) -> Result:
    """Up to `kills` kills, or as many as fit in `seconds`."""
    chance = random.Random(seed)
    api_key = _initialise(data)
    record, begin, done = Record(), time.monotonic(), 0
    while done < kills and time.monotonic() - begin < seconds:
        server = Server(data)
        try:
            # One in four dies while it starts: while it migrates, opens keys, opens the index.
            if chance.random() < 0.25:
                time.sleep(chance.random() * LONGEST_LIFE)
            else:
                record.slowest_start = max(record.slowest_start, server.wait())
                _load(server, api_key, record, chance, done)
        finally:
            server.kill()
        done += 1
        if done % 20 == 0:
            say(
                f"{done} kills, {len(record.acknowledged):,} texts acknowledged, {time.monotonic() - begin:.0f} s,"
                f" slowest start {record.slowest_start:.1f} s"
            )
    under_fire = len(record.acknowledged)
    again = _send_again(data, api_key, record)
    return _examine(data, record, Result(done, time.monotonic() - begin, len(record.sent), under_fire, again,
                                         record.broken_off, 0, 0, 0, record.problems))  # fmt: skip


def _load(server: Server, api_key: str, record: Record, chance: random.Random, round_: int) -> None:
    sizes = [1] * SINGLE_SENDERS + [BATCH] * BATCH_SENDERS
    senders = [
        Sender(server.port, api_key, record, f"r{round_}s{at}", size, chance.randrange(2**31))
        for at, size in enumerate(sizes)
    ]
    for sender in senders:
        sender.start()
    time.sleep(chance.random() * LONGEST_LIFE)
    server.kill()
    for sender in senders:
        sender.join(timeout=30)
        if sender.is_alive():
            record.problems.append(f"{sender.name} still waits for an answer of a dead server")


def _send_again(data: Path, api_key: str, record: Record) -> int:
    """Everything without an answer, as a provider does; how many texts that were."""
    missing = sorted(set(record.sent) - set(record.acknowledged))
    server = Server(data)
    try:
        server.wait()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        for start in range(0, len(missing), 500):
            items = [_item(name, record.sent[name]) for name in missing[start : start + 500]]
            record.note(items, *post(connection, headers, items))
        connection.close()
    finally:
        server.stop()
    return len(missing)


def _examine(data: Path, record: Record, result: Result) -> Result:
    archive = build(read_settings({"TEXTARCHIVE_DATA": str(data)}))
    try:
        with archive.transactions.across() as session:
            organisation = find_organisation(session, None)
        _compare(archive, organisation.id, record, result)
        report = verify_organisation(archive.transactions, archive.vault, organisation)
        result.checkpoints = report.checkpoints
        result.problems += [f"verify: {fault}" for fault in report.faults]
        catch_up(archive.transactions, archive.index, organisation.id)
        _look_for_samples(archive, organisation.id, record, result)
    finally:
        archive.engine.dispose()
    return result


def _compare(archive: Archive, org_id: int, record: Record, result: Result) -> None:
    found: dict[str, list[tuple[int, str]]] = {}
    with archive.transactions.read(org_id, OPERATOR) as tx:
        for row in records_after(tx, 0, tx.ledger_size):
            message = opened(tx, row)
            found.setdefault(message.clear.provider_id, []).append((message.serial, message.content.text))
    result.stored = sum(map(len, found.values()))
    for provider_id, text in record.sent.items():
        copies, serial = found.pop(provider_id, []), record.acknowledged.get(provider_id)
        if copies != [(serial, text)]:
            result.problems.append(f"{provider_id} was acknowledged as {serial}, and is there as {copies}")
    result.problems += [f"{provider_id} was never sent" for provider_id in found]


def _look_for_samples(archive: Archive, org_id: int, record: Record, result: Result) -> None:
    result.indexed = archive.index.texts(org_id)
    if result.indexed != result.stored:
        result.problems.append(f"{result.indexed:,} of {result.stored:,} texts are indexed")
    names = sorted(record.acknowledged)
    for provider_id in random.Random(1).sample(names, min(20, len(names))):
        hits = search(archive, org_id, OPERATOR, provider_id.replace("-", "x")).hits
        if [hit.message.serial for hit in hits] != [record.acknowledged[provider_id]]:
            result.problems.append(f"{provider_id} is found as {[hit.message.serial for hit in hits]}")


def _item(provider_id: str, text: str) -> Item:
    return {
        "provider": "crash",
        "provider_id": provider_id,
        "direction": "inbound",
        "from": "+14155550188",
        "to": ["+12125550123"],
        "text": text,
    }


def _initialise(data: Path) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "archive", "init", "--org", "Crash", "--admin", "dana@crash.example", "--json"],
        env=_environment(data),
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    key: str = json.loads(made.stdout)["api_key"]
    return key


def _environment(data: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TEXTARCHIVE_")}
    return {**ours, "TEXTARCHIVE_DATA": str(data)}


def _start(data: Path, group: int, *command: str) -> subprocess.Popen[bytes]:
    """A process of Python in a process group; 0 makes a new one."""
    return subprocess.Popen(
        [sys.executable, *command],
        env=_environment(data),
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=group,
    )


def sign_for_ever(data: Path) -> None:
    archive = build(read_settings({"TEXTARCHIVE_DATA": str(data)}))
    with archive.transactions.across() as session:
        organisation = find_organisation(session, None)
    while True:
        sign_and_keep(archive.transactions, archive.vault, organisation)
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=3600.0, help="begin no further kill after so many seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="an empty folder to work in (default: one that is removed again)")
    parser.add_argument("--sign", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.sign:
        sign_for_ever(chosen.sign)
    with tempfile.TemporaryDirectory() as folder:
        result = run(chosen.kills, chosen.seconds, chosen.seed, chosen.data or Path(folder) / "data")
    print(result)
    sys.exit(1 if result.problems else 0)


if __name__ == "__main__":
    main()
