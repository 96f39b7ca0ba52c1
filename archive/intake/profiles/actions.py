"""Keeping, renaming and removing profiles. What a profile was stays in the ledger, sealed."""

from typing import ClassVar

from archive.core.errors import Conflict, NotFound
from archive.core.ids import new_id
from archive.intake.files.model import Mapping
from archive.intake.profiles import store
from archive.intake.profiles.model import BUILT_IN, MOST, Profile, checked_mapping, checked_name
from archive.intake.profiles.store import ImportProfileRow, Said
from archive.ledger.entry import Event
from archive.tx import Tx


class ProfileSaved(Event, frozen=True, kw_only=True):
    kind = "profile.saved"
    private: ClassVar[frozenset[str]] = frozenset({"name", "mapping"})
    name: str
    mapping: Mapping


class ProfileRenamed(Event, frozen=True, kw_only=True):
    kind = "profile.renamed"
    private: ClassVar[frozenset[str]] = frozenset({"before", "name"})
    before: str
    name: str


class ProfileRemoved(Event, frozen=True, kw_only=True):
    kind = "profile.removed"
    private: ClassVar[frozenset[str]] = frozenset({"name"})
    name: str


def list_profiles(tx: Tx) -> list[Profile]:
    """Those that come with the archive, then the organisation's own by name."""
    own = sorted((_opened(tx, row) for row in store.all_profiles(tx)), key=lambda one: (one.name.casefold(), one.id))
    return [*BUILT_IN, *own]


def profile_named(tx: Tx, name: str) -> Profile:
    """By its name in any capitals, or by its id. Raises `NotFound`, naming those that there are."""
    profiles = list_profiles(tx)
    for profile in profiles:
        if name in (profile.id, profile.name) or name.strip().casefold() == profile.name.casefold():
            return profile
    raise NotFound(f"There is no profile {name[:60]!r}.", f"Known are {', '.join(one.name for one in profiles)[:300]}.")


def save_profile(tx: Tx, name: str, mapping: Mapping) -> Profile:
    name, mapping = checked_name(name), checked_mapping(mapping)
    rows = store.all_profiles(tx)
    if len(rows) >= MOST:
        raise Conflict(f"There are {MOST} profiles, which is the most.", "Remove one that is not needed.")
    _demand_new_name(tx, name)
    row = ImportProfileRow(org_id=tx.org_id, id=new_id("prf", tx.now), created_at=tx.now, changed_at=tx.now)
    store.put_said(tx, row, Said(name, mapping))
    tx.session.add(row)
    tx.record(ProfileSaved(subject=row.id, name=name, mapping=mapping))
    return _opened(tx, row)


def rename_profile(tx: Tx, profile_id: str, name: str) -> Profile:
    """Nothing is recorded where nothing changes."""
    row, name = _found(tx, profile_id), checked_name(name)
    before = store.said_in(tx, row)
    if name == before.name:
        return _opened(tx, row)
    _demand_new_name(tx, name, beside=profile_id)
    row.changed_at = tx.now
    store.put_said(tx, row, Said(name, before.mapping))
    tx.record(ProfileRenamed(subject=row.id, before=before.name, name=name))
    return _opened(tx, row)


def remove_profile(tx: Tx, profile_id: str) -> Profile:
    """What it was. Imports that were made with it stay what they are."""
    gone = _opened(tx, _found(tx, profile_id))
    store.remove_profile_row(tx, profile_id)
    tx.record(ProfileRemoved(subject=profile_id, name=gone.name))
    return gone


def _found(tx: Tx, profile_id: str) -> ImportProfileRow:
    row = store.profile_by_id(tx, profile_id)
    if row is None:
        raise NotFound("There is no such profile of yours.", "`/imports/profiles` lists those that there are.")
    return row


def _demand_new_name(tx: Tx, name: str, beside: str | None = None) -> None:
    others = [row for row in store.all_profiles(tx) if row.id != beside]
    if any(store.said_in(tx, row).name.casefold() == name.casefold() for row in others):
        raise Conflict(f"There is a profile “{name}” already.", "Choose another name, or remove that one.")


def _opened(tx: Tx, row: ImportProfileRow) -> Profile:
    said = store.said_in(tx, row)
    return Profile(said.name, said.mapping, row.id, row.created_at, row.changed_at)
