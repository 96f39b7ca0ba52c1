from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.ledger.entry import Event
from archive.ledger.rows import LedgerEntryRow
from archive.wiring import Archive


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"
    word: str


def test_an_entry_is_there_after_the_commit_with_the_next_number(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        before = tx.ledger_size
        seq = tx.record(Noted(word="hello"))
    assert seq == before + 1
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert tx.ledger_size == seq
        assert tx.session.scalars(select(LedgerEntryRow.kind).where(LedgerEntryRow.seq == seq)).one() == "test.noted"


def test_a_transaction_that_fails_leaves_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        before = tx.ledger_size
    try:
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            tx.record(Noted(word="hello"))
            raise RuntimeError("the cable is pulled")
    except RuntimeError:
        pass
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert tx.ledger_size == before


def test_no_statement_sees_rows_of_another_organisation(archive: Archive, organisation: OrganisationRow) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    with archive.transactions.read(other.id, OPERATOR) as tx:
        seen = tx.session.scalars(select(LedgerEntryRow.org_id)).all()
        asked = tx.session.scalars(select(LedgerEntryRow).where(LedgerEntryRow.org_id == organisation.id)).all()
    assert set(seen) == {other.id}
    assert asked == []


def test_a_reader_sees_one_moment_whatever_is_committed_meanwhile(
    archive: Archive, organisation: OrganisationRow
) -> None:
    count = select(func.count()).select_from(LedgerEntryRow)
    with archive.transactions.read(organisation.id, OPERATOR) as reader:
        before = reader.session.scalar(count)
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            tx.record(Noted(word="hello"))
        assert reader.session.scalar(count) == before == reader.ledger_size


def test_a_writer_sees_what_was_committed_while_it_waited(archive: Archive, organisation: OrganisationRow) -> None:
    def note() -> int:
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            return tx.record(Noted(word="hello"))

    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        before = tx.ledger_size
    with ThreadPoolExecutor(4) as pool:
        numbers = [running.result() for running in [pool.submit(note) for _ in range(20)]]
    assert sorted(numbers) == list(range(before + 1, before + 21))
