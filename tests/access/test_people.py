import pytest
from sqlalchemy import select, text

from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.people import (
    create_person,
    disable_person,
    email_key,
    enable_person,
    find_by_email,
    get_person,
    list_people,
    reset_password,
    set_roles,
)
from archive.access.roles import Role
from archive.access.sessions import list_sessions, open_session
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.ledger.rows import LedgerEntryRow
from archive.wiring import Archive


def kinds(archive: Archive, org_id: int) -> list[str]:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return list(tx.session.scalars(select(LedgerEntryRow.kind).order_by(LedgerEntryRow.seq)))


def test_a_new_person_has_a_one_time_password_and_an_entry_without_their_name(
    archive: Archive, organisation: OrganisationRow, make_person
) -> None:
    row, password = make_person("dana@harbour.example")
    assert row.id.startswith("per_")
    assert row.must_change_password
    assert password not in row.password_hash
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        entry = tx.session.scalars(select(LedgerEntryRow).where(LedgerEntryRow.kind == "person.created")).one()
    assert entry.subject == row.id
    assert "dana" not in (entry.detail or "").casefold()
    assert "administrator" in (entry.detail or "")


def test_an_address_belongs_to_one_person_in_all_organisations_however_it_is_written(
    archive: Archive, make_person
) -> None:
    make_person("Dana@Harbour.example")
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    before = kinds(archive, other.id)
    with (
        pytest.raises(Conflict, match="in use already"),
        archive.transactions.write(other.id, OPERATOR) as tx,
    ):
        create_person(tx, name="Dana", email=" dana@HARBOUR.example ", roles={Role.AUDITOR})
    assert kinds(archive, other.id) == before
    with archive.transactions.glance() as session:
        found = find_by_email(session, "DANA@harbour.EXAMPLE")
    assert found is not None
    assert found.org_id != other.id


@pytest.mark.parametrize(
    ("name", "email", "roles"),
    [
        ("", "a@b.example", {Role.AUDITOR}),
        ("x" * 201, "a@b.example", {Role.AUDITOR}),
        ("Dana", "dana", {Role.AUDITOR}),
        ("Dana", "da na@b.example", {Role.AUDITOR}),
        ("Dana", "a@" + "b" * 260, {Role.AUDITOR}),
        ("Dana", "a@b.example", set()),
    ],
)
def test_a_person_that_makes_no_sense_is_refused(
    archive: Archive, organisation: OrganisationRow, name: str, email: str, roles: set[Role]
) -> None:
    with pytest.raises(BadInput), archive.transactions.write(organisation.id, OPERATOR) as tx:
        create_person(tx, name=name, email=email, roles=roles)


def test_changed_roles_count_at_once_and_are_recorded(
    archive: Archive, organisation: OrganisationRow, make_person
) -> None:
    make_person("first@harbour.example")
    row, _ = make_person("second@harbour.example", frozenset({Role.AUDITOR}))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_roles(tx, row.id, {Role.COMPLIANCE, Role.INGEST})
        set_roles(tx, row.id, {Role.COMPLIANCE, Role.INGEST})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert get_person(tx, row.id).role_set == {Role.COMPLIANCE, Role.INGEST}
    assert kinds(archive, organisation.id).count("roles.changed") == 1


def test_nobody_is_left_without_a_role(archive: Archive, organisation: OrganisationRow, make_person) -> None:
    row, _ = make_person()
    with pytest.raises(BadInput), archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_roles(tx, row.id, set())


def test_the_last_administrator_stays(archive: Archive, organisation: OrganisationRow, make_person) -> None:
    first, _ = make_person("first@harbour.example")
    second, _ = make_person("second@harbour.example", frozenset({Role.ADMINISTRATOR}))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        disable_person(tx, second.id)
    with (
        pytest.raises(Conflict, match="last administrator"),
        archive.transactions.write(organisation.id, OPERATOR) as tx,
    ):
        disable_person(tx, first.id)
    with (
        pytest.raises(Conflict, match="last administrator"),
        archive.transactions.write(organisation.id, OPERATOR) as tx,
    ):
        set_roles(tx, first.id, {Role.AUDITOR})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert get_person(tx, first.id).disabled_at is None
        assert Role.ADMINISTRATOR in get_person(tx, first.id).role_set


def test_disabling_ends_the_sessions_and_enabling_gives_a_new_password(
    archive: Archive, organisation: OrganisationRow, make_person
) -> None:
    make_person("first@harbour.example")
    row, password = make_person("second@harbour.example", frozenset({Role.AUDITOR}))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        open_session(tx, row.id, address="127.0.0.1", agent="")
        disable_person(tx, row.id)
        disable_person(tx, row.id)
        assert list_sessions(tx, row.id) == []
        with pytest.raises(Conflict):
            reset_password(tx, row.id)
        _, new = enable_person(tx, row.id)
        with pytest.raises(Conflict):
            enable_person(tx, row.id)
    assert new != password
    assert [kind for kind in kinds(archive, organisation.id) if kind.startswith(("person.", "password."))] == [
        "person.created",
        "person.created",
        "person.disabled",
        "person.enabled",
        "password.reset",
    ]


def test_people_of_another_organisation_do_not_exist(archive: Archive, make_person) -> None:
    row, _ = make_person()
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    with archive.transactions.write(other.id, OPERATOR) as tx:
        assert list_people(tx) == []
        for change in (get_person, disable_person, enable_person, reset_password):
            with pytest.raises(NotFound):
                change(tx, row.id)


def test_look_alike_addresses_are_one() -> None:
    assert email_key("ＤＡＮＡ@harbour.example") == email_key("dana@Harbour.Example ")


def test_no_password_is_readable_in_the_database(archive: Archive, make_person) -> None:
    _, password = make_person()
    with archive.engine.connect() as connection:
        hashes = connection.execute(text("SELECT password_hash FROM person")).scalars().all()
    assert hashes
    assert all(hashed.startswith("$argon2id$") and password not in hashed for hashed in hashes)
