"""How fast texts are taken in, beside the least that database and server could do.

Bare      the bytes of our rows (message, party, identity, ledger entry), inserted by bare `sqlite3` executemany with
          the same pragmas and as many texts a transaction; once into plain tables, once into ours with their indexes.
Batch     lines of JSON to outcomes: read, assess, look for duplicates, seal, insert, commit. One process, no HTTP.
Trivial   a Flask view that reads JSON and answers JSON, under the same server with the same number of connections.
Single    POST /api/v1/messages, one text a request, under that server: authenticated, sealed and committed.
"""

import gc
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from archive.bench.corpus import OWN_NUMBERS, Corpus
from archive.bench.load import http_request, requests_per_second
from archive.bench.servers import free_port, running
from archive.core.actor import OPERATOR
from archive.db.engine import SQLITE_PRAGMAS, open_engine
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.ledger.entry import encode
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.setting_up import prepare, set_up_organisation
from archive.settings import Settings, read_settings
from archive.wiring import build

BATCH = 5_000
SLICE = 50_000
CONNECTIONS = 32
TABLES = ("message", "message_party", "message_identity", "ledger_entry")


@dataclass(slots=True)
class Measured:
    """Texts a second of each way, one value a round; `slices` are the batch rates as the archive grows."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    slices: dict[str, list[float]] = field(default_factory=dict)
    peak_mb: float = 0.0

    def add(self, name: str, rate: float) -> None:
        self.rates.setdefault(name, []).append(rate)

    def median(self, name: str) -> float:
        return statistics.median(self.rates[name])


def measure(
    folder: Path, messages: int, rounds: int, seconds: float, postgresql: str | None, say: Callable[[str], None]
) -> Measured:
    """Every way once a round, in turn, so that a busy minute of the machine hits all of them."""
    measured = Measured()
    databases = {"sqlite": None, "postgresql": postgresql} if postgresql else {"sqlite": None}
    for round_ in range(rounds):
        for name, address in databases.items():
            place = folder / f"{name}-{round_}"
            settings = fresh_settings(place, address, f"bench_{round_}")
            say(f"round {round_ + 1}: batch, {name}")
            _, slices = fill(settings, messages if round_ == 0 else min(messages, SLICE))
            measured.add(f"batch {name}", slices[0])
            if round_ == 0:
                measured.slices[name] = slices
            if name == "sqlite":
                for how, rate in _bare(settings, place):
                    measured.add(how, rate)
            say(f"round {round_ + 1}: single requests, {name}")
            measured.add(f"single {name}", _single(settings, seconds, round_))
        say(f"round {round_ + 1}: trivial Flask endpoint")
        measured.add("trivial", _trivial(seconds, round_))
    measured.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return measured


def fresh_settings(place: Path, address: str | None = None, name: str = "bench") -> Settings:
    """Of an archive in a new folder, on SQLite or in a new database of the server at `address`."""
    environment = {"TEXTARCHIVE_DATA": str(place)}
    if address:
        environment["TEXTARCHIVE_DATABASE_URL"] = _new_database(address, name)
    settings = read_settings(environment)
    prepare(settings)
    return settings


def _new_database(address: str, name: str) -> str:
    engine = open_engine(address)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)


def fill(settings: Settings, messages: int) -> tuple[int, list[float]]:
    """Take in made-up texts in batches: (id of the organisation, texts a second of each slice of 50,000)."""
    archive = build(settings)
    made = set_up_organisation(archive, "Bench", "bench@example.com")
    with archive.transactions.write(made.row.id, OPERATOR) as tx:
        for number in OWN_NUMBERS:
            add_number(tx, number, state=NumberState.AUTHORISED)
    corpus, rates = Corpus(), []
    for _ in range(max(1, messages // SLICE)):
        batches = [corpus.lines(BATCH) for _ in range(min(messages, SLICE) // BATCH)]
        gc.collect()
        begin = time.perf_counter()
        for lines in batches:
            _receive(archive.transactions, made.row.id, archive.clock, lines)
        rates.append(len(batches) * BATCH / (time.perf_counter() - begin))
    archive.engine.dispose()
    return made.row.id, rates


def _receive(transactions: Any, org_id: int, clock: Any, lines: list[bytes]) -> bytes:
    """What the view of POST /api/v1/messages does with a batch."""
    now = clock()
    with transactions.write(org_id, OPERATOR) as tx:
        outcomes = receive(tx, [arrival(line, now, "api") for line in lines])
    return encode(outcomes)


def _bare(settings: Settings, place: Path) -> Iterator[tuple[str, float]]:
    rows, schema = _rows_of(open_engine(settings.database_url))
    yield "bare, our tables", _insert_bare(place / "bare-indexed.db", schema, rows)
    plain = [f"CREATE TABLE {name} ({', '.join(f'c{at}' for at in range(len(rows[name][0])))})" for name in TABLES]
    yield "bare, plain tables", _insert_bare(place / "bare-plain.db", plain, rows)


def _rows_of(engine: Engine) -> tuple[dict[str, list[tuple[Any, ...]]], list[str]]:
    """Rows of the first slice in the order in which they came, and the statements that make their tables."""
    with engine.connect() as connection:
        entries = connection.exec_driver_sql(
            f"SELECT * FROM ledger_entry WHERE kind = 'message.stored' ORDER BY seq LIMIT {SLICE}"  # noqa: S608
        ).fetchall()
        first, last = entries[0][1], entries[-1][1]
        rows = {"ledger_entry": [tuple(row) for row in entries]}
        for name in TABLES[:3]:
            found = connection.exec_driver_sql(
                f"SELECT * FROM {name} WHERE seq BETWEEN {first} AND {last} ORDER BY seq"  # noqa: S608
            )
            rows[name] = [tuple(row) for row in found]
        schema = [
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN "
                "('organisation', 'message', 'message_party', 'message_identity', 'ledger_entry')"
            )
        ]
        schema.append("INSERT INTO organisation VALUES (1, 'bench', 'bench', 'bench', 0)")
    engine.dispose()
    return rows, schema


def _insert_bare(path: Path, schema: list[str], rows: dict[str, list[tuple[Any, ...]]]) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in chain(SQLITE_PRAGMAS, schema):
        connection.execute(statement)
    inserts = {name: f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[name][0]))})" for name in TABLES}  # noqa: S608
    count = len(rows["message"])
    gc.collect()
    begin = time.perf_counter()
    for start in range(0, count, BATCH):
        connection.execute("BEGIN IMMEDIATE")
        for name in TABLES:
            connection.executemany(inserts[name], rows[name][start : start + BATCH])
        connection.execute("COMMIT")
    took = time.perf_counter() - begin
    connection.close()
    return count / took


def _single(settings: Settings, seconds: float, seed: int) -> float:
    archive = build(settings)
    made = set_up_organisation(archive, "Single", "single@example.com")
    archive.engine.dispose()
    port = free_port()
    environment = {
        "TEXTARCHIVE_DATA": str(settings.data),
        "TEXTARCHIVE_DATABASE_URL": settings.database_url,
    }
    corpus = Corpus(1000 + seed)

    def posts() -> Iterator[bytes]:
        while True:
            for line in corpus.lines(1_000):
                yield http_request("/api/v1/messages", line, {"Authorization": f"Bearer {made.api_key}"})

    with running(["archive", "serve", "--no-jobs", "--port", str(port)], environment, port) as address:
        return _load(address, posts(), seconds, 201)


def _trivial(seconds: float, seed: int) -> float:
    port = free_port()
    corpus = Corpus(1000 + seed)

    def posts() -> Iterator[bytes]:
        while True:
            for line in corpus.lines(1_000):
                yield http_request("/", line)

    with running(["archive.bench.trivial", str(port)], {}, port) as address:
        return _load(address, posts(), seconds, 201)


def _load(address: tuple[str, int], posts: Iterator[bytes], seconds: float, wanted: int) -> float:
    requests_per_second(address, posts, CONNECTIONS, min(1.0, seconds / 4))
    rate, statuses = requests_per_second(address, posts, CONNECTIONS, seconds)
    if set(statuses) != {wanted}:
        raise RuntimeError(f"The server answered {statuses}, not {wanted} alone.")
    return rate
