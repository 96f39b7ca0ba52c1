import re
from datetime import datetime

import pytest
from sqlalchemy import text

from archive.access.api_keys import hash_text, is_whole, last_uses, list_keys, make_key, new_text, revoke_key
from archive.access.key_door import TRUSTED_SECONDS, KeyDoor
from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.roles import EVERYTHING, MAY, Permission, Role
from archive.core.actor import OPERATOR
from archive.core.clock import DAY
from archive.core.errors import BadInput, NotFound, NotPermitted, NotSignedIn
from archive.wiring import Archive


class Timer:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def make(archive: Archive, org_id: int, expires_at: datetime | None = None) -> str:
    with archive.transactions.write(org_id, OPERATOR) as tx:
        return make_key(tx, name="Bridge", scopes=["messages.write"], expires_at=expires_at)[1]


def revoke(archive: Archive, org_id: int) -> None:
    with archive.transactions.write(org_id, OPERATOR) as tx:
        revoke_key(tx, list_keys(tx)[0].id)


def test_a_key_looks_like_one_and_carries_its_own_check() -> None:
    for key in (new_text() for _ in range(200)):
        assert re.fullmatch(r"ta_[A-Za-z0-9_-]{43}", key)
        assert is_whole(key)


@pytest.mark.parametrize("place", range(3, 45))
def test_one_mistyped_character_is_noticed(place: int) -> None:
    key = new_text()
    other = "A" if key[place] != "A" else "B"
    assert not is_whole(key[:place] + other + key[place + 1 :])


@pytest.mark.parametrize("broken", ["", "ta_", "ta_abc", "tb_" + "A" * 43, " {key}", "{key}A"])
def test_what_is_no_key_is_told_apart(broken: str) -> None:
    assert not is_whole(broken.format(key=new_text()))


def test_the_database_holds_only_hash_and_beginning(archive: Archive, organisation: OrganisationRow) -> None:
    key = make(archive, organisation.id)
    with archive.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM api_key")).mappings().one()
    assert row["prefix"] == key[:7]
    assert key[8:] not in str(dict(row))


def test_a_key_opens_its_organisation_with_its_scopes(archive: Archive, organisation: OrganisationRow) -> None:
    row = KeyDoor(archive.transactions).admit(make(archive, organisation.id))
    assert row.org_id == organisation.id
    assert row.permissions == {Permission.MESSAGES_WRITE}


def test_a_mistyped_key_is_told_apart_from_an_unknown_one(archive: Archive) -> None:
    door = KeyDoor(archive.transactions)
    with pytest.raises(NotSignedIn, match="mistyped"):
        door.admit(new_text()[:-5])
    with pytest.raises(NotSignedIn, match="no such"):
        door.admit(new_text())


def test_a_revoked_key_stops_within_five_seconds_in_other_processes(
    archive: Archive, organisation: OrganisationRow
) -> None:
    timer = Timer()
    elsewhere = KeyDoor(archive.transactions, timer)
    key = make(archive, organisation.id)
    elsewhere.admit(key)
    revoke(archive, organisation.id)
    assert elsewhere.admit(key)  # Trusted for the seconds that the documentation names.
    timer.now = TRUSTED_SECONDS
    with pytest.raises(NotSignedIn, match="revoked"):
        elsewhere.admit(key)
    assert TRUSTED_SECONDS < 5


def test_a_revoked_key_stops_at_once_where_it_was_revoked(archive: Archive, organisation: OrganisationRow) -> None:
    door = KeyDoor(archive.transactions, Timer())
    key = make(archive, organisation.id)
    door.admit(key)
    revoke(archive, organisation.id)
    door.forget(hash_text(key))
    with pytest.raises(NotSignedIn, match="revoked"):
        door.admit(key)


def test_a_known_key_costs_no_question_to_the_database(archive: Archive, organisation: OrganisationRow) -> None:
    door = KeyDoor(archive.transactions, Timer())
    key = make(archive, organisation.id)
    door.admit(key)
    archive.engine.dispose()
    checked_out = archive.engine.pool.checkedin()  # type: ignore[attr-defined]
    assert door.admit(key)
    assert archive.engine.pool.checkedin() == checked_out == 0  # type: ignore[attr-defined]


def test_an_expired_key_stops_to_the_second_though_it_is_remembered(
    archive: Archive, organisation: OrganisationRow, clock
) -> None:
    door = KeyDoor(archive.transactions, Timer())
    key = make(archive, organisation.id, clock() + DAY)
    clock.advance(hours=23, minutes=59, seconds=59)
    door.admit(key)
    clock.advance(seconds=1)
    with pytest.raises(NotSignedIn, match="expired"):
        door.admit(key)


def test_the_last_use_is_written_once_a_minute(archive: Archive, organisation: OrganisationRow, clock) -> None:
    door = KeyDoor(archive.transactions, Timer())
    key = make(archive, organisation.id)
    first = clock()

    def used() -> list[datetime]:
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            return list(last_uses(tx).values())

    assert used() == []
    door.admit(key)
    clock.advance(seconds=59)
    door.admit(key)
    assert used() == [first]
    clock.advance(seconds=1)
    door.admit(key)
    assert used() == [clock()]


def test_nobody_gives_a_key_more_than_they_may_themselves(archive: Archive, organisation: OrganisationRow) -> None:
    mine = MAY[Role.ADMINISTRATOR]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        make_key(tx, name="In", scopes=["messages.write"], grantor=mine)
        for beyond in (["messages.read"], ["*"]):
            with pytest.raises(NotPermitted):
                make_key(tx, name="Out", scopes=beyond, grantor=mine)
        whole, _ = make_key(tx, name="All", scopes=["*", "messages.read"])
    assert whole.permissions == EVERYTHING


def test_a_key_that_makes_no_sense_is_refused(archive: Archive, organisation: OrganisationRow, clock) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for name, scopes, expires_at in (
            ("", ["messages.write"], None),
            ("x" * 201, ["messages.write"], None),
            ("Bridge", [], None),
            ("Bridge", ["messages.delete"], None),
            ("Bridge", ["messages.write"], clock()),
        ):
            with pytest.raises(BadInput):
                make_key(tx, name=name, scopes=scopes, expires_at=expires_at)


def test_keys_of_another_organisation_do_not_exist(archive: Archive, organisation: OrganisationRow) -> None:
    make(archive, organisation.id)
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        key_id = list_keys(tx)[0].id
    with archive.transactions.write(other.id, OPERATOR) as tx:
        assert list_keys(tx) == []
        with pytest.raises(NotFound):
            revoke_key(tx, key_id)
