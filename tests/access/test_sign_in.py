from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from archive.access import sign_in as signing
from archive.access.organisations import OrganisationRow
from archive.access.passwords import WrongPassword
from archive.access.people import disable_person, find_by_email, last_sign_ins
from archive.access.roles import Role
from archive.access.sessions import find_session, list_sessions
from archive.access.sign_in import Whence, replace_password, sign_in, sign_out
from archive.access.throttle import ADDRESS_LIMIT, EMAIL_LIMIT, Guess, TriedTooOften, count_guess, network
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotSignedIn
from archive.ledger.rows import LedgerEntryRow
from archive.wiring import Archive

HERE = Whence("192.0.2.7", "Firefox")
EMAIL = "dana@harbour.example"


def fail(archive: Archive, email: str = EMAIL, whence: Whence = HERE) -> str:
    with pytest.raises(NotSignedIn) as refused:
        sign_in(archive.transactions, email, "wrong password", whence)
    return str(refused.value)


def entries(archive: Archive, org_id: int) -> list[LedgerEntryRow]:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return list(tx.session.scalars(select(LedgerEntryRow).order_by(LedgerEntryRow.seq)))


def test_the_right_password_opens_a_session_and_is_recorded(
    archive: Archive, organisation: OrganisationRow, make_person, clock
) -> None:
    row, password = make_person(EMAIL)
    token = sign_in(archive.transactions, " Dana@harbour.example", password, HERE)
    with archive.transactions.glance() as session:
        found = find_session(session, token, clock())
    assert found is not None
    assert found.person_id == row.id
    entry = entries(archive, organisation.id)[-1]
    assert (entry.kind, entry.subject, entry.actor) == ("person.signed-in", row.id, f"person:{row.id}")
    assert HERE.address not in (entry.detail or "")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert last_sign_ins(tx) == {row.id: clock()}


def test_each_sign_in_has_a_session_of_its_own(archive: Archive, organisation: OrganisationRow, make_person) -> None:
    row, password = make_person(EMAIL)
    tokens = {sign_in(archive.transactions, EMAIL, password, HERE) for _ in range(2)}
    assert len(tokens) == 2
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        sign_out(tx, row.id, list_sessions(tx)[0].id)
        assert len(list_sessions(tx)) == 1


def test_unknown_and_mistyped_are_told_the_same_and_only_the_known_one_is_recorded(
    archive: Archive, organisation: OrganisationRow, make_person
) -> None:
    row, _ = make_person(EMAIL)
    assert fail(archive) == fail(archive, "nobody@harbour.example")
    failures = [entry for entry in entries(archive, organisation.id) if entry.kind == "person.sign-in-failed"]
    assert [entry.subject for entry in failures] == [row.id]


def test_the_same_hashing_is_done_for_an_unknown_address(archive: Archive, make_person, monkeypatch) -> None:
    """Counted where the work is done, at the hashing library's own door: timing on a busy machine proves nothing."""
    make_person(EMAIL)
    done: list[str] = []
    verify = signing.is_password

    def counted(hashed: str | None, password: str) -> bool:
        done.append("known" if hashed else "unknown")
        return verify(hashed, password)

    monkeypatch.setattr(signing, "is_password", counted)
    fail(archive)
    fail(archive, "nobody@harbour.example")
    assert done == ["known", "unknown"]


def test_a_disabled_person_is_told_no_more_than_others(
    archive: Archive, organisation: OrganisationRow, make_person
) -> None:
    make_person("first@harbour.example")
    row, password = make_person(EMAIL, frozenset({Role.AUDITOR}))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        disable_person(tx, row.id)
    with pytest.raises(NotSignedIn, match="do not go together"):
        sign_in(archive.transactions, EMAIL, password, HERE)
    assert '"disabled":true' in (entries(archive, organisation.id)[-1].detail or "")


def test_after_five_failures_even_the_right_password_waits(archive: Archive, make_person, clock) -> None:
    _, password = make_person(EMAIL)
    for _ in range(EMAIL_LIMIT):
        fail(archive)
    with pytest.raises(TriedTooOften, match="Try again after 09:15:01 UTC") as refused:
        sign_in(archive.transactions, EMAIL, password, HERE)
    assert refused.value.seconds == 901
    clock.advance(minutes=15)
    assert sign_in(archive.transactions, EMAIL, password, HERE)


def test_an_unknown_address_is_throttled_like_a_known_one(archive: Archive) -> None:
    for _ in range(EMAIL_LIMIT):
        fail(archive, "nobody@harbour.example")
    with pytest.raises(TriedTooOften):
        sign_in(archive.transactions, "nobody@harbour.example", "x", HERE)


def test_the_right_password_starts_the_count_afresh(archive: Archive, make_person) -> None:
    _, password = make_person(EMAIL)
    for _ in range(2):
        for _ in range(EMAIL_LIMIT - 1):
            fail(archive)
        sign_in(archive.transactions, EMAIL, password, HERE)


def test_one_network_may_fail_thirty_times(archive: Archive, clock) -> None:
    def guess(number: int, address: str = "192.0.2.7") -> None:
        with archive.transactions.across() as session:
            count_guess(session, Guess.of(f"{number}@harbour.example", address), clock())

    for number in range(ADDRESS_LIMIT):
        guess(number)
    with pytest.raises(TriedTooOften):
        guess(ADDRESS_LIMIT)
    guess(ADDRESS_LIMIT, "192.0.2.8")


def test_the_count_is_the_database_s_and_so_every_process_s(archive: Archive, clock) -> None:
    guess = Guess.of(EMAIL, "192.0.2.7")
    for _ in range(3):
        with archive.transactions.across() as session:
            count_guess(session, guess, clock())
    with archive.engine.connect() as connection:
        rows = connection.execute(text("SELECT failures FROM sign_in_attempt")).scalars().all()
    assert rows == [3, 3]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::7", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix", "unix"),
    ],
)
def test_a_network_is_an_ipv4_address_or_a_64(address: str, counted: str) -> None:
    assert network(address) == counted


def test_an_own_password_ends_all_other_sessions(
    archive: Archive, organisation: OrganisationRow, make_person, clock
) -> None:
    row, password = make_person(EMAIL)
    sign_in(archive.transactions, EMAIL, password, HERE)
    token = replace_password(archive.transactions, row, old=password, new="several words of mine", whence=HERE)
    with archive.transactions.glance() as session:
        assert find_session(session, token, clock())
        changed = find_by_email(session, EMAIL)
    assert changed is not None
    assert not changed.must_change_password
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert len(list_sessions(tx)) == 1
    assert sign_in(archive.transactions, EMAIL, "several words of mine", HERE)
    with pytest.raises(Conflict):
        replace_password(archive.transactions, row, old=password, new="yet another one of mine", whence=HERE)


def test_a_password_is_changed_only_with_the_present_one_to_a_good_other_one(archive: Archive, make_person) -> None:
    row, password = make_person(EMAIL)
    change = lambda old, new: replace_password(archive.transactions, row, old=old, new=new, whence=HERE)  # noqa: E731
    with pytest.raises(WrongPassword):
        change("not this", "several words of mine")
    with pytest.raises(BadInput, match="present one"):
        change(password, password)
    with pytest.raises(BadInput, match="12 to 256"):
        change(password, "short")
    for _ in range(EMAIL_LIMIT - 3):
        with pytest.raises(WrongPassword):
            change("not this", "several words of mine")
    with pytest.raises(TriedTooOften):
        change(password, "several words of mine")


def test_guesses_made_at_the_same_time_count_as_if_one_after_the_other(archive: Archive) -> None:
    def guess(number: int) -> bool:
        try:
            with archive.transactions.across() as session:
                count_guess(session, Guess.of(EMAIL, f"192.0.2.{number}"), archive.clock())
        except TriedTooOften:
            return False
        return True

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(guess, range(24))) == EMAIL_LIMIT
