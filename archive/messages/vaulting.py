"""Texts on their way into the vault and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import msgspec

from archive.keys.keyring import DAY_KEY, Purpose, purposes
from archive.ledger.sealed import SealedRecord
from archive.messages import identity_store, store
from archive.messages.actions import hashes_of, message_row
from archive.messages.blocks import block_of
from archive.messages.keeping import MessageKeeper
from archive.messages.model import ClearRecord, Content, InboundText, other_parties
from archive.messages.record import decode_content
from archive.tx import Tx

_clear_decoder = msgspec.json.Decoder(ClearRecord)


class MessageVaulting(MessageKeeper):
    """What outlives a text are the keyed hashes by which it is known when it is sent again."""

    tables: ClassVar[tuple[str, ...]] = ("message", "message_party", "message_identity")

    def lasting(self, tx: Tx, record: SealedRecord, content: bytes) -> tuple[int, ...]:
        text = _as_it_came(_clear_decoder.decode(record.clear), decode_content(content))
        hashes = hashes_of(tx)
        return hashes.identity(text), hashes.fingerprint(text)

    def left_of(self, tx: Tx, serials: Sequence[int]) -> dict[int, tuple[int, ...]]:
        return identity_store.identities_of(tx, serials)

    def restore(self, tx: Tx, records: Sequence[tuple[SealedRecord, bytes]]) -> None:
        hashes = hashes_of(tx)
        messages: list[tuple[Any, ...]] = []
        parties: list[tuple[bytes, int]] = []
        keys = purposes(tx.session, tx.org_id)
        for record, body in records:
            clear, content = _clear_decoder.decode(record.clear), decode_content(body)
            due_on = _due_on(keys[record.key_id])
            messages.append(message_row(clear, record.key_id, record.sealed, due_on))
            others = other_parties(content.sender, content.to, clear.own_number)
            parties += [(hashes.party(party), record.seq) for party in others]
        store.insert_messages(tx, messages, parties)

    def restore_lasting(self, tx: Tx, lasting: Mapping[int, tuple[int, ...]]) -> None:
        identities = [(identity, seq, fingerprint) for seq, (identity, fingerprint) in lasting.items()]
        identity_store.insert_identities(tx, identities)
        identity_store.drop_sieves(tx, set(map(block_of, lasting)))

    def settle(self, tx: Tx) -> None:
        """Nothing about a text is ever changed."""


def _due_on(purpose: Purpose) -> date | None:
    """A text lies under the key of the day whose batch looks at it next, or of the hold that keeps it from any."""
    return date.fromisoformat(purpose.period) if purpose.name == DAY_KEY else None


def _as_it_came(clear: ClearRecord, content: Content) -> InboundText:
    return InboundText(
        provider=clear.provider,
        account=clear.account,
        provider_id=clear.provider_id,
        direction="inbound" if clear.direction == "inbound" else "outbound",
        sender=content.sender,
        recipients=content.to,
        text=content.text,
        own_number=clear.own_number,
        received_at=clear.received_at,
        sent_at=clear.sent_at,
        media=content.media,
        as_received=content.as_received,
    )
