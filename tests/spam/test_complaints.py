"""The door for the registry's event MNO_COMPLAINT."""

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.spam.complaints import OperatorComplaint, take_complaint
from archive.spam.model import Source
from archive.wiring import Archive
from tests.spam.reporting import SENT, read
from tests.taking_in import OWN, own_number


@pytest.mark.parametrize(
    ("number", "words", "own", "kept"),
    [
        ("", "", "", ""),
        (OWN, "Pay now", OWN, "Pay now"),
        ("+12125550199", "Pay now", "", "+12125550199: Pay now"),
        ("", "x" * 5_000, "", "x" * 2_000),
    ],
)
def test_an_operator_s_complaint_becomes_a_report_about_the_campaign(
    archive: Archive, organisation: OrganisationRow, number: str, words: str, own: str, kept: str
) -> None:
    own_number(archive, organisation)
    complaint = OperatorComplaint("CABC123", "event-118", "T-Mobile", number, words, SENT)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        taken, again = take_complaint(tx, complaint), take_complaint(tx, complaint)
    assert (taken.new, again.new, again.report_id) == (True, False, taken.report_id)
    report = read(archive, organisation, taken.report_id)
    assert (report.source, report.row.own_number, report.row.campaign) == (Source.CARRIER, own, "CABC123")
    assert (report.said.words, report.said.reference, report.said.carrier) == (kept, "event-118", "T-Mobile")
    assert report.texted_at == SENT
