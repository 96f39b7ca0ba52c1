"""Files that come through a page or the API: read as they are imported, from nameless temporary files."""

import threading
from typing import BinaryIO, Final, Protocol

from archive.core.actor import Actor
from archive.core.errors import BadInput, TooMany
from archive.group_commit import GroupCommit
from archive.intake.files import FORMATS
from archive.intake.files.csv_mapping import zone_named
from archive.intake.files.own_number import E_164
from archive.intake.files.source import named
from archive.intake.import_runs import Anchor, ImportOptions
from archive.intake.imports import Summary, import_file, preview_file
from archive.intake.profiles.actions import profile_named
from archive.tx import Transactions, Tx

MOST_BYTES: Final = 100_000_000
"""Beyond this somebody waits too long for an answer; the command line takes files of any size."""
_PATIENCE: Final = 60
_one_at_a_time = threading.BoundedSemaphore(1)


class Opening(Protocol):
    """What of an archive this needs."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def group(self) -> GroupCommit: ...


def options_of(
    tx: Tx,
    *,
    format_: str = "auto",
    anchor: Anchor = "received",
    number: str | None = None,
    provider: str | None = None,
    zone: str | None = None,
    profile: str | None = None,
) -> ImportOptions:
    """What somebody chose, checked. Raises `BadInput`, `NotFound`."""
    if format_ not in ("auto", *FORMATS):
        raise BadInput(f"There is no format {format_[:40]!r}.", f"Known are: auto, {', '.join(FORMATS)}.")
    if number and not E_164.fullmatch(number):
        raise BadInput(f"{number[:40]!r} is not a number.", "Write it like +14155550100.")
    found = zone_named(zone) if zone else None
    if zone and found is None:
        raise BadInput(f"{zone[:40]!r} is not a time zone.", "Write it like America/New_York.")
    chosen = profile_named(tx, profile) if profile else None
    return ImportOptions(format_, anchor, number or None, provider or None, found, chosen)


def take_upload(
    archive: Opening, org_id: int, actor: Actor, stream: BinaryIO, name: str, options: ImportOptions, *, preview: bool
) -> Summary:
    """One at a time in each process: reading a file keeps a processor busy that others wait for."""
    if not _one_at_a_time.acquire(timeout=_PATIENCE):
        raise TooMany("Other files are being imported.", "Send it again in a minute.")
    try:
        work = preview_file if preview else import_file
        return work(archive.transactions, org_id, actor, named(stream, name), options, lambda *_: None)
    finally:
        _one_at_a_time.release()
