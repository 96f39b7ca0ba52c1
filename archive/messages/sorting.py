"""What of a batch is new, what is here already, and what contradicts what is here. Pure, but for the hashing."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from archive.messages.flags import CONFLICT
from archive.messages.model import InboundText, Outcome
from archive.messages.record import Hashes


class New(msgspec.Struct, frozen=True, gc=False):
    """A text that becomes a record. `position` is its place in the batch."""

    position: int
    text: InboundText
    identity: int
    fingerprint: int
    conflict: bool

    @property
    def flags(self) -> tuple[str, ...]:
        return tuple(sorted((*self.text.flags, CONFLICT))) if self.conflict else self.text.flags


@dataclass(frozen=True, slots=True)
class SortedOut:
    """`fates` holds for each text the serial it is a duplicate of, or, negative, which new one it is (-1 first).

    A duplicate of a text of the same batch points to that one's number among the new ones in the same way.
    """

    new: list[New]
    fates: list[tuple[bool, int]]

    def marked(self, texts: Sequence[InboundText]) -> "SortedOut":
        """With these in place of the new texts, which they are but for their flags."""
        pairs = zip(self.new, texts, strict=True)
        new = [item if item.text is text else msgspec.structs.replace(item, text=text) for item, text in pairs]
        return SortedOut(new, self.fates)

    def outcomes(self, first_serial: int) -> list[Outcome]:
        """One outcome for each text, once the new ones have serials from `first_serial` on."""
        return [self._outcome(is_new, first_serial, where) for is_new, where in self.fates]

    def _outcome(self, is_new: bool, first_serial: int, where: int) -> Outcome:
        serial = where if where >= 0 else first_serial - where - 1
        if not is_new:
            return Outcome("duplicate", serial)
        new = self.new[-where - 1]
        return Outcome(CONFLICT if new.conflict else "stored", serial, new.flags, _reason(new))


def _reason(new: New) -> str | None:
    return "The provider's id is here already with different content; both are kept." if new.conflict else None


def sort_out(
    texts: Sequence[InboundText], identities: Sequence[int], hashes: Hashes, known: dict[int, dict[int, int]]
) -> SortedOut:
    """`known`: identity → {fingerprint: serial}; it is extended with what the batch itself brings."""
    new: list[New] = []
    fates: list[tuple[bool, int]] = []
    for position, (text, identity) in enumerate(zip(texts, identities, strict=True)):
        fingerprint = hashes.fingerprint(text)
        seen = known.get(identity)
        if seen is None:
            seen = known[identity] = {}
        elif fingerprint in seen:
            fates.append((False, seen[fingerprint]))
            continue
        new.append(New(position, text, identity, fingerprint, bool(seen)))
        seen[fingerprint] = -len(new)
        fates.append((True, -len(new)))
    return SortedOut(new, fates)
