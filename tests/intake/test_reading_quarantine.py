from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.quarantine import open_items
from archive.intake.reading import retry_all
from archive.wiring import Archive
from tests.taking_in import take_in


def attempts(archive: Archive, organisation: OrganisationRow) -> list[int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return [row.attempts for row in open_items(tx)][::-1]


def test_what_stays_broken_does_not_keep_the_others_from_their_turn(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [f"broken {number}".encode() for number in range(5)])
    first = retry_all(archive, organisation.id, OPERATOR, most=2)
    assert first == {"quarantined": 2, "left": 3}
    assert attempts(archive, organisation) == [1, 1, 0, 0, 0]
    retry_all(archive, organisation.id, OPERATOR, most=2)
    retry_all(archive, organisation.id, OPERATOR, most=2)
    assert attempts(archive, organisation) == [2, 1, 1, 1, 1]


def test_nothing_waits_at_first(archive: Archive, organisation: OrganisationRow) -> None:
    assert retry_all(archive, organisation.id, OPERATOR) == {"left": 0}
