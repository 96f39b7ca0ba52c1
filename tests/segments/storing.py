"""Texts for the vault, and what then lies in it."""

import msgspec

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.ledger import store as ledger
from archive.safekeeping import SOURCES, contents
from archive.segments import names
from archive.segments.days import LIMITS, Limits
from archive.segments.follower import Follower
from archive.segments.layout import Entry, Line, Record, Segment, read_segment
from archive.wiring import Archive
from tests import items


def take_in(archive: Archive, organisation: OrganisationRow, count: int, begin: int = 1) -> list[int]:
    """The serials of some texts, all in one transaction."""
    lines = [items.line(f"SM{at}", text=f"text number {at}") for at in range(begin, begin + count)]
    return [outcome.serial or 0 for outcome in items.take_in(archive, organisation.id, *lines)]


SMALL = Limits(object=4_000, window=20_000, reading=7, waiting=10)
"""Limits that a test can reach."""


def follower(archive: Archive, organisation: OrganisationRow, limits: Limits = LIMITS) -> Follower:
    return Follower(archive.transactions, archive.vault, organisation, contents(), limits)


def segments(archive: Archive, folder: str) -> dict[str, Segment]:
    return {name: read_segment(name, archive.vault.get(name)) for name in archive.vault.names(folder)}


def lines_in(archive: Archive, folder: str) -> list[Line]:
    return [line for segment in segments(archive, folder).values() for line in segment]


def entries_kept(archive: Archive, organisation: OrganisationRow) -> list[Entry]:
    return [line for line in lines_in(archive, names.ledger_folder(organisation.public_id)) if isinstance(line, Entry)]


def records_kept(archive: Archive, organisation: OrganisationRow) -> list[Record]:
    folder = f"{organisation.public_id}/days/"
    return [line for line in lines_in(archive, folder) if isinstance(line, Record)]


def is_whole(archive: Archive, organisation: OrganisationRow) -> bool:
    """Whether every entry and every record of the database is in the vault, once, as it is in the database."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        stored = [tuple(row) for row in ledger.entries(tx, 0, tx.ledger_size)]
        records = {
            row[0]: (kind, row[1], row[2])
            for kind, source in SOURCES.items()
            for row in source.rows(tx, 0, tx.ledger_size)
        }
    kept = [msgspec.structs.astuple(entry)[:9] for entry in entries_kept(archive, organisation)]
    found = records_kept(archive, organisation)
    return (
        kept == [(seq, kind, at, actor, commit, subject, detail, key, sealed)
                 for seq, kind, at, actor, subject, commit, detail, key, sealed in stored]
        and len(found) == len(records)
        and {each.seq: (each.kind, each.key_id, each.sealed) for each in found} == records
    )  # fmt: skip
