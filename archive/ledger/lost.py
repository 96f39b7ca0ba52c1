"""Entries whose content went down with a database, and the entry of the restore that says so."""

from contextlib import suppress

import msgspec

from archive.ledger import store
from archive.tx import Tx

RESTORED = "vault.restored"
"""What an entry must say before others may be lost."""


class _Restored(msgspec.Struct):
    lost: list[tuple[int, int]] = []


def lost_ranges(tx: Tx) -> list[range]:
    """Of what restores have said. That nobody else has put it there is found when their own entries are checked."""
    ranges: list[range] = []
    for detail in store.details_of(tx, RESTORED):
        with suppress(msgspec.MsgspecError):
            lost = msgspec.json.decode(detail or "", type=_Restored).lost
            ranges += [range(first, last + 1) for first, last in lost]
    return ranges
