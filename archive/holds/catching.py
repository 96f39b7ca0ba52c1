"""What comes in and is under a hold from its first moment: matched on the text in hand, in the same transaction."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from archive.core.errors import ArchiveError
from archive.holds.covering import Covers
from archive.holds.events import HoldCaught, digest_of
from archive.holds.model import HoldWords
from archive.holds.sealing import open_words
from archive.holds.store import holds_in_force, put_under
from archive.messages.actions import hashes_of
from archive.messages.model import InboundText
from archive.search.contents import arriving
from archive.search.matching import TextInHand
from archive.tx import Tx

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrived:
    """One text that was stored just now. `flags`: those of the record."""

    serial: int
    text: InboundText
    flags: tuple[str, ...]

    @cached_property
    def in_hand(self) -> TextInHand:
        return TextInHand(arriving(self.serial, self.text, self.flags))


def catch(tx: Tx, new: Iterable[Arrived]) -> None:
    """Put what is new under every hold that covers it."""
    holds = holds_in_force(tx)
    arrived = list(new) if holds else []
    for hold in holds:
        # A hold that is not standing covers what was here when it was placed; so also what had waited in quarantine.
        asked = [one for one in arrived if hold.standing or one.text.received_at < hold.placed_at]
        caught = _caught(tx, hold, asked) if asked else []
        if caught:
            entry = tx.record(HoldCaught(subject=hold.id, count=len(caught), digest=digest_of(caught)))
            put_under(tx, hold.id, caught, entry)


def _caught(tx: Tx, hold: Any, arrived: Sequence[Arrived]) -> list[int]:
    """A hold whose words can't be read holds everything: what was kept in vain can still be let go."""
    try:
        covers = Covers(tx, open_words(tx, hold, HoldWords).predicate)
    except ArchiveError as problem:
        _log.warning("The hold %s can't be read, so it catches every text: %s", hold.id, problem.message)
        return [one.serial for one in arrived]
    return [one.serial for one in arrived if _is_covered(tx, covers, one)]


def _is_covered(tx: Tx, covers: Covers, one: Arrived) -> bool:
    predicate = covers.predicate
    if predicate.serials and one.serial not in predicate.serials:
        return False
    if predicate.conversation is not None:
        hashes = hashes_of(tx)
        parties = [hashes.party(party) for party in one.text.others]
        if hashes.conversation(one.text.own_number, parties) != predicate.conversation:
            return False
    return one.in_hand.fits(covers.plan)
