"""Looks for the texts that a report may be about. However large the archive is, few are opened.

With the reporter's number the texts to it are found by its hash. Without it, or where none of those is like what was
reported, those are looked at that our number sent about the time that was named: the numbers of the ledger run with the
time, so that is a stretch of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from archive.core.actor import Actor
from archive.messages.actions import hashes_of, read_sound
from archive.messages.model import Message
from archive.spam import store, texts
from archive.spam.events import SpamMatched
from archive.spam.matching import LIKELY, MOST_SHOWN, Candidate, Likeness, Told, fold, likeliest
from archive.spam.model import Claim
from archive.spam.reading import claim_of_row, open_said
from archive.spam.store import SpamReportRow
from archive.spam.texts import Mentioned
from archive.tx import Transactions, Tx

AROUND: Final = timedelta(days=2)
BEFORE: Final = timedelta(days=30)
"""How far back is looked where no time was named."""
MOST_OPENED: Final = 200
MOST_ENTRIES: Final = 50_000
"""Of the ledger, that one report may have looked through."""
AT_ONCE: Final = 50
COMPARER: Final = Actor("job", "spam-reports")


@dataclass(frozen=True, slots=True)
class Found:
    """For one report. `through`: as far as the ledger's entry the texts were looked at."""

    report_id: str
    texts: Sequence[Likeness]
    through: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A text, opened, as far as it is compared."""

    serial: int
    at: datetime
    parties: frozenset[bytes]
    words: Counter[str]


class Reader:
    """Opens texts, each once: many report the same, and about the same time."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._hashes = hashes_of(tx)
        self._known: dict[int, Sent] = {}
        self._entries: dict[datetime, int] = {}

    @property
    def opened(self) -> Sequence[int]:
        """Serials of the texts that were."""
        return list(self._known)

    def read(self, serials: Sequence[int]) -> list[Sent]:
        missing = [serial for serial in serials if serial not in self._known]
        for message in read_sound(self._tx, missing).messages if missing else ():
            self._known[message.serial] = self._sent(message)
        return [self._known[serial] for serial in serials if serial in self._known]

    def entries_before(self, at: datetime) -> int:
        """Those before the hour that has begun then."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        if hour not in self._entries:
            self._entries[hour] = texts.entries_before(self._tx, hour)
        return self._entries[hour]

    def _sent(self, message: Message) -> Sent:
        parties = frozenset(map(self._hashes.party, message.others))
        return Sent(message.serial, message.at, parties, fold(message.content.text))


def compare_new(transactions: Transactions, org_id: int) -> int:
    """Every report that was not compared yet; how many. Looking is done without holding anybody up."""
    from_here = ""
    count = 0
    while True:
        with transactions.read(org_id, COMPARER) as tx:
            rows = store.not_compared(tx, from_here, AT_ONCE)
            reader = Reader(tx)
            found = [find_texts(tx, row, reader) for row in rows]
        if not rows:
            return count
        from_here, count = rows[-1].id, count + len(rows)
        with transactions.write(org_id, COMPARER) as tx:
            for one in found:
                keep(tx, one)


def find_texts(tx: Tx, row: SpamReportRow, reader: Reader | None = None) -> Found:
    reader = reader or Reader(tx)
    said = open_said(tx, row)
    told = Told(bool(said.reporter), claim_of_row(row), fold(said.words))
    found = likeliest(told, _candidates(row, reader.read(_to_the_reporter(tx, row))))
    if told.words and (not found or found[0].score < LIKELY):
        others = likeliest(told, _candidates(row, reader.read(_about_the_time(tx, row, reader))))
        known = {one.serial for one in found}
        found = sorted([*found, *(one for one in others if one.serial not in known)], key=lambda one: -one.score)
    return Found(row.id, found[:MOST_SHOWN], tx.ledger_size)


def keep(tx: Tx, found: Found) -> None:
    """Write down what was found, if it is news."""
    row = store.report_by_id(tx, found.report_id)
    if row is None:
        return
    before = [(one.serial, one.score) for one in store.matches_of(tx, row.id)]
    after = [(one.serial, one.score) for one in found.texts]
    if before == after and row.compared_through is not None:
        return
    tx.record(SpamMatched(subject=row.id, texts=tuple(after)))
    store.replace_matches(tx, row.id, found.texts)
    best = found.texts[0] if found.texts and found.texts[0].score >= LIKELY else None
    row.serial, row.score = (best.serial, best.score) if best else (None, None)
    row.compared_through = found.through


def _sender(row: SpamReportRow) -> Mentioned:
    return Mentioned(row.own_number, row.campaign)


def _time(row: SpamReportRow) -> Claim:
    return claim_of_row(row) or Claim(row.received_at - BEFORE, row.received_at)


def _to_the_reporter(tx: Tx, row: SpamReportRow) -> Sequence[int]:
    if row.party_key is None:
        return ()
    claim = claim_of_row(row)
    near = claim.middle if claim else row.received_at
    return texts.texts_to(tx, row.party_key, _sender(row), near, MOST_OPENED)


def _about_the_time(tx: Tx, row: SpamReportRow, reader: Reader) -> Sequence[int]:
    """What is stored late, since it was imported or its provider tried again, is in the stretch as well."""
    around = _time(row).widened(AROUND)
    first = reader.entries_before(around.since) + 1
    stretch = range(first, min(first + MOST_ENTRIES, tx.ledger_size + 1))
    return texts.texts_between(tx, stretch, _sender(row), around, MOST_OPENED)


def _candidates(row: SpamReportRow, sent: Iterable[Sent]) -> list[Candidate]:
    party_key = row.party_key
    return [
        Candidate(one.serial, one.at, None if party_key is None else party_key in one.parties, one.words)
        for one in sent
    ]
