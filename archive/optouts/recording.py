"""Writing down what was said: the row, who it was, and the ledger's entry, in one breath."""

from datetime import datetime

from archive.core.actor import Actor
from archive.core.clock import rfc3339
from archive.keys.keyring import OPT_OUTS
from archive.ledger.entry import Event
from archive.messages.actions import hashes_of
from archive.messages.record import Hashes
from archive.optouts import store
from archive.optouts.model import Change, How
from archive.optouts.store import OptOutPartyRow, OptOutRow, SuspicionRow
from archive.optouts.wording import Said
from archive.tx import Tx


class OptOutRecorded(Event, frozen=True, kw_only=True):
    """`said`: opt-out, opt-in or help. `own_number` is empty for all. `note`: what a person wrote to it."""

    kind = "optout.recorded"
    private = frozenset({"party", "note"})
    said: str
    own_number: str
    said_at: str
    how: str
    party: str
    serial: int | None = None
    note: str | None = None


class OptOutSuspected(Event, frozen=True, kw_only=True):
    """`how`: left out where the words of the text are suspicious; "provider" where it was refused for an opt-out."""

    kind = "optout.suspected"
    means: str
    own_number: str
    how: str | None = None


class Parties:
    """Who is meant, in this transaction."""

    def __init__(self, tx: Tx, hashes: Hashes | None = None) -> None:
        self._tx = tx
        self._hashes = hashes or hashes_of(tx)
        self._known: set[int] = set()

    def of(self, address: str) -> int:
        return int.from_bytes(self._hashes.party(address)[:8], "big", signed=True)

    def keep(self, address: str) -> int:
        """Remember the address of somebody, sealed."""
        party = self.of(address)
        if party not in self._known and not store.parties(self._tx, [party]):
            key = self._tx.key(OPT_OUTS)
            sealed = key.seal(address.encode("utf-8", "surrogatepass"), _place(self._tx, party))
            self._tx.session.add(
                OptOutPartyRow(
                    org_id=self._tx.org_id,
                    party=party,
                    party_key=self._hashes.party(address),
                    key_id=key.id,
                    sealed=sealed,
                )
            )
        self._known.add(party)
        return party


def addresses(tx: Tx, parties: set[int]) -> dict[int, str]:
    """The address of each."""
    key = tx.key(OPT_OUTS) if parties else None
    rows = store.parties(tx, parties)
    return {
        party: key.open(row.sealed, _place(tx, party)).decode("utf-8", "surrogatepass")
        for party, row in rows.items()
        if key
    }


def _place(tx: Tx, party: int) -> bytes:
    return f"{tx.org_id}:{party}".encode()


def record_change(
    tx: Tx,
    parties: Parties,
    own_number: str,
    address: str,
    said: Said,
    said_at: datetime,
    how: How,
    serial: int | None = None,
    note: str | None = None,
    actor: Actor | None = None,
) -> Change:
    party = parties.keep(address)
    entry = tx.record(
        OptOutRecorded(
            subject=f"message:{serial}" if serial else None,
            said=said.value,
            own_number=own_number,
            said_at=rfc3339(said_at),
            how=how,
            party=address,
            serial=serial,
            note=note,
        ),
        actor,
    )
    tx.session.add(
        OptOutRow(
            org_id=tx.org_id,
            entry=entry,
            own_number=own_number,
            party=party,
            said=said.value,
            said_at=said_at,
            how=how,
            serial=serial,
        )
    )
    return Change(entry, own_number, party, said, said_at, how, serial)


def record_suspicion(
    tx: Tx,
    parties: Parties,
    own_number: str,
    address: str,
    means: Said,
    said_at: datetime,
    serial: int,
    how: How = "text",
) -> None:
    told = None if how == "text" else how
    tx.record(OptOutSuspected(subject=f"message:{serial}", means=means.value, own_number=own_number, how=told))
    tx.session.add(
        SuspicionRow(
            org_id=tx.org_id,
            serial=serial,
            own_number=own_number,
            party=parties.keep(address),
            means=means.value,
            how=how,
            said_at=said_at,
        )
    )
