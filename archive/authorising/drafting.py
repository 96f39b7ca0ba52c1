"""How far somebody has come, kept for them: back and forward lose nothing, nor does another browser."""

import msgspec

from archive.authorising import store
from archive.authorising.model import Draft
from archive.authorising.store import AuthorisationDraftRow
from archive.core.errors import Damaged
from archive.core.ids import new_id
from archive.keys.keyring import DRAFTS
from archive.tx import Tx


def draft_of(tx: Tx, person_id: str) -> Draft:
    """A new one if there is none."""
    row = store.draft_row(tx, person_id)
    if row is None:
        return Draft(new_id("drf", tx.now))
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    if key is None:
        raise Damaged("The key of the drafts is destroyed, but a draft is still here.")
    return msgspec.json.decode(key.open(row.sealed, _place(tx, person_id)), type=Draft)


def keep_draft(tx: Tx, person_id: str, draft: Draft) -> None:
    """It may name people, so it is sealed."""
    key = tx.key(DRAFTS)
    row = store.draft_row(tx, person_id) or AuthorisationDraftRow(org_id=tx.org_id, person_id=person_id)
    row.key_id, row.sealed = key.id, key.seal(msgspec.json.encode(draft), _place(tx, person_id))
    row.touched_at = tx.now
    tx.session.add(row)


def _place(tx: Tx, person_id: str) -> bytes:
    return f"{tx.org_id}:draft:{person_id}".encode()
