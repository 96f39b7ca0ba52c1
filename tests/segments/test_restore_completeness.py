"""What providers said and what was missing comes back with the rest, although the vault has no copy of it."""

from datetime import date

from archive.access.organisations import OrganisationRow
from archive.completeness.looking import look
from archive.completeness.model import Count
from archive.completeness.recording import acknowledge
from archive.core.actor import OPERATOR
from archive.wiring import Archive
from tests.completeness.test_expecting import say
from tests.completeness.test_looking import gaps, looked, texts
from tests.items import OWN_NUMBER
from tests.segments.restoring import bring_back, is_clean, keep, rows

ON, BEFORE = date(2026, 11, 21), date(2026, 11, 20)


def test_alarms_come_back_and_so_does_what_was_said_of_them(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    org_id = organisation.id
    texts(archive, org_id, 1, 2)
    say(archive, org_id, Count(OWN_NUMBER, ON, "inbound", 3), Count(None, BEFORE, "outbound", 1))
    say(archive, org_id, Count(OWN_NUMBER, BEFORE, "inbound", 2))
    assert looked(archive, org_id).opened == 3
    say(archive, org_id, Count(OWN_NUMBER, BEFORE, "inbound", 0), Count(OWN_NUMBER, ON, "inbound", 4))
    known = next(gap for gap in gaps(archive, org_id) if gap.short.cell.account)
    with archive.transactions.write(org_id, OPERATOR) as tx:
        acknowledge(tx, known.id, "Test texts")
    assert look(archive.transactions, archive.index, org_id).alarms == 1
    keep(archive, organisation)
    bring_back(empty_archive)
    for table in ("provider_count", "completeness_gap"):
        assert rows(empty_archive, table) == rows(archive, table)
    assert is_clean(empty_archive, organisation)
    assert looked(empty_archive, org_id).alarms == 1
    assert gaps(empty_archive, org_id) == gaps(archive, org_id)
