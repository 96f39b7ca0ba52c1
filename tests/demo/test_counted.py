"""Whoever opens the demo finds nothing amiss, and one gap that somebody has acknowledged."""

from archive.access.organisations import OrganisationRow
from archive.completeness.reading import read_completeness
from archive.completeness.standing import State
from archive.core.actor import OPERATOR
from archive.demo.counted import tell_counts
from archive.wiring import Archive
from tests.completeness.test_looking import texts


def test_one_gap_is_acknowledged_and_all_other_days_are_whole(archive: Archive, organisation: OrganisationRow) -> None:
    for day in ("2026-11-18", "2026-11-19", "2026-11-20"):
        texts(archive, organisation.id, *(int(day[-2:]) * 10 + one for one in range(3)), sent_at=f"{day}T12:00:00Z")
    tell_counts(archive, organisation.id, OPERATOR)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        found = read_completeness(tx, tx.ledger_size)
    assert found.alarms == {}
    assert [gap.short.missing for gap in found.gaps] == [1]
    assert [one.state for one in found.standings] == [State.LACKING, State.WHOLE, State.WHOLE]
