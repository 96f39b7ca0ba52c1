"""Who stands behind an actor of the ledger, which knows ids only."""

from dataclasses import dataclass

from archive.access.api_keys import ApiKeyRow
from archive.access.people import PersonRow
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class KnownActor:
    """`can_act`: may still come back here. Disabled people and ended keys can't, and neither a job nor the operator."""

    name: str
    can_act: bool


def known_actor(tx: Tx, actor: str) -> KnownActor:
    """By the actor as the ledger writes it: `person:per_…`, `key:apk_…`, `job:index`, `operator:cli`."""
    kind, _, name = actor.partition(":")
    if kind == "person":
        person = tx.session.get(PersonRow, {"org_id": tx.org_id, "id": name})
        return KnownActor(person.name, person.disabled_at is None) if person else KnownActor(name, False)
    if kind == "key":
        key = tx.session.get(ApiKeyRow, {"org_id": tx.org_id, "id": name})
        return KnownActor(key.name, key.works(tx.now)) if key else KnownActor(name, False)
    return KnownActor("the operator" if kind == "operator" else name, False)
