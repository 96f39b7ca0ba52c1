import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.access.sessions import (
    IDLE,
    LIMIT,
    find_session,
    list_sessions,
    open_session,
    revoke_session,
    see,
    should_be_seen,
)
from archive.core.actor import OPERATOR
from archive.core.errors import NotFound
from archive.wiring import Archive


@pytest.fixture
def token(archive: Archive, organisation: OrganisationRow, make_person) -> str:
    row, _ = make_person()
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return open_session(tx, row.id, address="192.0.2.7", agent="Firefox " * 100)


def lives(archive: Archive, token: str) -> bool:
    with archive.transactions.glance() as session:
        return find_session(session, token, archive.clock()) is not None


def use(archive: Archive, token: str) -> None:
    with archive.transactions.across() as session:
        row = find_session(session, token, archive.clock())
        assert row is not None
        see(session, row, archive.clock())


def test_a_session_is_found_by_its_token_only(archive: Archive, token: str) -> None:
    assert lives(archive, token)
    assert not lives(archive, token[:-1])


def test_half_an_hour_of_nothing_ends_it(archive: Archive, token: str, clock) -> None:
    clock.advance(seconds=IDLE.total_seconds() - 1)
    assert lives(archive, token)
    clock.advance(seconds=1)
    assert not lives(archive, token)


def test_twelve_hours_end_it_however_busy(archive: Archive, token: str, clock) -> None:
    for _ in range(int(LIMIT.total_seconds() / 1200) - 1):
        clock.advance(minutes=20)
        use(archive, token)
    clock.advance(minutes=19)
    assert lives(archive, token)
    clock.advance(minutes=1)
    assert not lives(archive, token)


def test_being_seen_is_written_once_a_minute(archive: Archive, token: str, clock) -> None:
    with archive.transactions.glance() as session:
        row = find_session(session, token, clock())
    assert row is not None
    assert not should_be_seen(row, clock())
    clock.advance(seconds=60)
    assert should_be_seen(row, clock())


def test_being_seen_never_goes_back(archive: Archive, token: str, clock) -> None:
    clock.advance(minutes=20)
    use(archive, token)
    with archive.transactions.across() as session:
        row = find_session(session, token, clock())
        assert row is not None
        clock.advance(minutes=-10)
        see(session, row, clock())
    clock.advance(minutes=39)
    assert lives(archive, token)


def test_the_database_holds_no_token(archive: Archive, token: str) -> None:
    with archive.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM person_session")).mappings().one()
    assert token not in str(dict(row))
    assert len(row["agent"]) == 200


def test_a_revoked_session_is_over_and_one_s_own_only(
    archive: Archive, organisation: OrganisationRow, token: str
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        session = list_sessions(tx)[0]
        with pytest.raises(NotFound):
            revoke_session(tx, session.id, person_id="per_somebody_else")
        revoke_session(tx, session.id, person_id=session.person_id)
    assert not lives(archive, token)


def test_what_is_over_is_not_listed_and_is_swept_away(
    archive: Archive, organisation: OrganisationRow, token: str, clock
) -> None:
    clock.advance(hours=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        person_id = tx.session.execute(text("SELECT person_id FROM person_session")).scalar_one()
        assert list_sessions(tx, person_id) == []
        open_session(tx, person_id, address="", agent="")
        tx.session.flush()
        assert tx.session.execute(text("SELECT count(*) FROM person_session")).scalar_one() == 1
