"""What was said of texts comes back with them, although the vault has no copy of it."""

from archive.access.organisations import OrganisationRow
from archive.signals.watching import watch
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.deliveries.saying import gaps, note_all, reports, said, send
from tests.intake.pieces import said as piece
from tests.intake.pieces import tell, texts
from tests.items import own_number
from tests.segments.restoring import bring_back, is_clean, keep, rows


def test_reports_come_back_with_their_texts_and_so_do_those_whose_text_never_came(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    own_number(archive, organisation.id)
    serial = send(archive, organisation.id)
    note_all(
        archive,
        organisation.id,
        said(status="sent"),
        said(status="blocked", category="opted_out", at=clock.now),
        said("SM2"),
        said("SM3"),
    )
    clock.advance(minutes=1)
    late = send(archive, organisation.id, "SM2")
    before = [reports(archive, organisation.id, one) for one in (serial, late)]
    tell(archive, organisation, piece(1), piece(3))
    watch(archive.transactions, organisation.id)
    keep(archive, organisation)
    bring_back(empty_archive)
    for table in ("text_part", "alert", "opt_out_suspicion"):
        assert rows(empty_archive, table) == rows(archive, table), table
    assert [len(rows(archive, table)) for table in ("text_part", "opt_out_suspicion")] == [2, 1]
    assert rows(empty_archive, "delivery") == rows(archive, "delivery")
    assert rows(empty_archive, "delivery_outcome") == rows(archive, "delivery_outcome")
    assert len(rows(archive, "delivery_outcome")) == 2
    assert [reports(empty_archive, organisation.id, one) for one in (serial, late)] == before
    assert [len(found) for found in before] == [2, 1]
    assert gaps(empty_archive, organisation.id) == 1
    assert is_clean(empty_archive, organisation)
    assert note_all(empty_archive, organisation.id, said("SM3")) == 0, "the same again is known"
    send(empty_archive, organisation.id, "SM3")
    assert gaps(empty_archive, organisation.id) == 0
    assert watch(empty_archive.transactions, organisation.id) == 0, "what was asked once is not asked again"
    assert tell(empty_archive, organisation, piece(2), piece(1)) == [1, 0]
    assert texts(empty_archive, organisation)[-1].content.text.startswith("The closing is on Friday; wire")


def test_a_report_that_has_waited_its_time_does_not_come_back(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    note_all(archive, organisation.id, said("SM3"))
    keep(archive, organisation)
    clock.advance(days=500)
    bring_back(empty_archive)
    assert (gaps(archive, organisation.id), gaps(empty_archive, organisation.id)) == (1, 0)
