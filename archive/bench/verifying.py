"""How fast an archive is verified, beside the cryptography alone that verifying it takes.

Bare      the same rows by bare `sqlite3`, each opened with AES-GCM and hashed once, and its leaf hashed once: the least
          that anybody has to do who believes nothing. No canonical form, no comparison, no tree.
Verify    `textarchive verify`: that, the committed bytes made anew from the columns, every leaf, tile, root, signature.
"""

import sqlite3
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from archive.access.organisations import OrganisationRow, this_organisation
from archive.bench.intake import fill, fresh_settings
from archive.core.actor import OPERATOR
from archive.keys.envelope import SealingKey
from archive.ledger.entry import place
from archive.messages.store import count_messages
from archive.proving import sign_and_keep, verify_organisation
from archive.wiring import Archive, build

_LEAF = bytes(128)


@dataclass(slots=True)
class Verified:
    """Records a second of one core, one value a round."""

    records: int
    bare: list[float] = field(default_factory=list)
    verify: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.verify)

    @property
    def bare_rate(self) -> float:
        return statistics.median(self.bare)


def measure_verifying(folder: Path, messages: int, rounds: int, say: Callable[[str], None]) -> Verified:
    """Processor time, since one core is what the aim speaks of, and other work on the machine is none of it."""
    settings = fresh_settings(folder / "archive")
    say(f"taking in {messages:,} texts")
    org_id, _ = fill(settings, messages)
    archive = build(settings)
    with archive.transactions.read(org_id, OPERATOR) as tx:
        organisation, texts = this_organisation(tx), count_messages(tx)
    sign_and_keep(archive.transactions, archive.vault, organisation)
    measured = Verified(texts)
    for round_ in range(rounds):
        say(f"round {round_ + 1}")
        measured.bare.append(texts / _timed(lambda: _bare(archive, organisation)))
        measured.verify.append(texts / _timed(lambda: _verify(archive, organisation)))
    archive.engine.dispose()
    return measured


def _timed(work: Callable[[], None]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _bare(archive: Archive, organisation: OrganisationRow) -> None:
    connection = sqlite3.connect(archive.settings.database_url.removeprefix("sqlite:///"))
    keys: dict[int, SealingKey | None] = {}
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        for seq, key_id, sealed in connection.execute("SELECT seq, key_id, sealed FROM message ORDER BY seq"):
            if key_id not in keys:
                keys[key_id] = tx.keyring.by_id(tx.session, organisation.id, key_id)
            key = keys[key_id]
            assert key is not None
            sha256(key.open(sealed, place(organisation.id, seq))).digest()
            sha256(_LEAF).digest()
    connection.close()


def _verify(archive: Archive, organisation: OrganisationRow) -> None:
    report = verify_organisation(archive.transactions, archive.vault, organisation)
    assert report.good, report.faults
