"""Days whose texts were destroyed lawfully are no gap, whenever somebody looks."""

from datetime import timedelta

from archive.access.organisations import OrganisationRow
from archive.completeness import count_store
from archive.completeness.model import Count, first_watched
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.wiring import Archive
from tests.completeness.test_expecting import said, say
from tests.completeness.test_looking import gaps, looked
from tests.items import OWN_NUMBER, line
from tests.retention.purging import START, go_to, purged
from tests.taking_in import trail


def test_a_purge_leaves_no_alarm_even_to_who_counts_from_the_beginning(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """What was imported long after it was sent goes thirty days later: then it came in on a day that is watched."""
    org_id, sent_at = organisation.id, START - timedelta(days=395)
    with archive.transactions.write(org_id, OPERATOR) as tx:
        whole = line("SM1", sent_at=sent_at.isoformat())
        receive(tx, [arrival(whole, tx.now, "test", anchor_on_sent=True)])
    say(archive, org_id, Count(OWN_NUMBER, day_of(sent_at), "inbound", 1))
    assert looked(archive, org_id).alarms == 0
    day = day_of(START + timedelta(days=30))
    assert first_watched(START + timedelta(days=4)) == day_of(sent_at)
    assert len(purged(archive, organisation, day).certified) == 1
    assert looked(archive, org_id).alarms == 0
    assert said(archive, org_id) == {}, "what was expected of that day is forgotten"
    assert trail(archive, organisation, "completeness.cleared")[0].detail["counts"] == 1
    with archive.transactions.write(org_id, OPERATOR) as tx:
        count_store.note_progress(tx, count_store.Progress())
    assert looked(archive, org_id).alarms == 0
    assert gaps(archive, org_id) == []


def test_a_gap_whose_time_is_over_is_closed_and_forgotten(archive: Archive, organisation: OrganisationRow) -> None:
    org_id = organisation.id
    say(archive, org_id, Count(OWN_NUMBER, day_of(START) - timedelta(days=2), "inbound", 1))
    assert looked(archive, org_id).alarms == 1
    go_to(archive, START + timedelta(days=399))
    assert looked(archive, org_id).alarms == 0
    assert gaps(archive, org_id) == []
    assert [entry.detail for entry in trail(archive, organisation, "gap.closed")] == [{"because": "over"}]
