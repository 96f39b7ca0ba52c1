"""Entering brands, changing them, and noting what the registry says of them."""

import json
from collections.abc import Mapping
from typing import Any

from archive.campaigns import store
from archive.campaigns.brand_fields import BRAND_FIELDS
from archive.campaigns.events import BrandAdded, BrandChanged, BrandRegistered
from archive.campaigns.fields import FieldProblems, Value, take
from archive.campaigns.model import Identity, is_brand_id
from archive.campaigns.store import BrandRow
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.tx import Tx

MOST_SCORE = 100
_EDITABLE = frozenset(field.name for field in BRAND_FIELDS if field.editable)


def add_brand(tx: Tx, given: Mapping[str, Any]) -> BrandRow:
    """`given` by the registry's names; what is missing may follow later. Raises `FieldProblems`."""
    fields = _named(take(BRAND_FIELDS, given))
    row = BrandRow(
        org_id=tx.org_id,
        id=new_id("brd", tx.now),
        fields=json.dumps(fields),
        identity=Identity.NONE.value,
        added_at=tx.now,
        changed_at=tx.now,
    )
    row.entry = tx.record(BrandAdded(subject=row.id, fields=fields))
    tx.session.add(row)
    tx.session.flush()
    return row


def change_brand(tx: Tx, brand_id: str, given: Mapping[str, Any]) -> BrandRow:
    """`given`: all its fields from now on. Once the registry has it, only those that it lets be changed."""
    row = found_brand(tx, brand_id)
    fields, before = _named(take(BRAND_FIELDS, given)), json.loads(row.fields)
    if fields == before:
        return row
    if row.registry_id:
        refuse_locked(before, fields, _EDITABLE)
    row.fields, row.changed_at = json.dumps(fields), tx.now
    row.entry = tx.record(BrandChanged(subject=row.id, fields=fields))
    return row


def note_brand_registration(
    tx: Tx,
    brand_id: str,
    *,
    registry_id: str | None = None,
    identity: Identity | None = None,
    score: int | None = None,
) -> BrandRow:
    """What the registry says; None leaves what was known."""
    row = found_brand(tx, brand_id)
    if registry_id is not None:
        _check_id(tx, row, registry_id)
    if score is not None and not 0 <= score <= MOST_SCORE:
        raise BadInput("A vetting score is between 0 and 100.", "Take the one of the vetting report.")
    known = (
        registry_id or row.registry_id,
        (identity or Identity(row.identity)).value,
        row.score if score is None else score,
    )
    if known == (row.registry_id, row.identity, row.score):
        return row
    row.registry_id, row.identity, row.score = known
    row.changed_at = tx.now
    row.entry = tx.record(
        BrandRegistered(subject=row.id, registry_id=row.registry_id, identity=row.identity, score=row.score)
    )
    return row


def found_brand(tx: Tx, brand_id: str) -> BrandRow:
    row = store.brand_by_id(tx, brand_id)
    if row is None:
        raise NotFound(f"There is no brand {brand_id}.", "`/brands` lists those that there are.")
    return row


def refuse_locked(before: Mapping[str, Value], after: Mapping[str, Value], editable: frozenset[str]) -> None:
    """Raises `FieldProblems` if something would be changed that can't be any more."""
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if locked := sorted(changed - editable):
        raise FieldProblems(dict.fromkeys(locked, "The registry has it; this can't be changed any more."))


def _named(fields: dict[str, Value]) -> dict[str, Value]:
    if not fields.get("displayName"):
        raise FieldProblems({"displayName": "Give it a name."})
    return fields


def _check_id(tx: Tx, row: BrandRow, registry_id: str) -> None:
    if not is_brand_id(registry_id):
        raise BadInput(
            f"{registry_id[:20]!r} is no brand of the registry.", "Its ids are B and six more, like BUTNE6G."
        )
    other = store.brand_by_registry_id(tx, registry_id)
    if other is not None and other.id != row.id:
        raise Conflict(f"{registry_id} is another brand here.", "See which of them it is.")
    if row.registry_id not in (None, registry_id):
        raise Conflict(f"The brand is {row.registry_id} at the registry.", "Enter another brand for another id.")
