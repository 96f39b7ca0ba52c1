"""The vault for programs: what is in it, and whether it is in order."""

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.safekeeping import keep_up
from archive.wiring import Archive
from tests.segments.storing import take_in


def test_a_program_sees_how_far_the_vault_is(call, call_with, archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, 2)
    before = call("GET", "/vault").json
    assert (before["good"], before["texts"], before["ran_at"]) == (True, 0, None)
    assert [found["state"] for found in before["findings"]] == ["warning"]
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)
    seen = call("GET", "/vault").json
    assert (seen["good"], seen["findings"], seen["kind"], seen["immutable"]) == (True, [], "folder", False)
    assert (seen["texts"], seen["behind"], seen["keys_keep_history"]) == (2, 0, False)
    assert seen["place"] == archive.vault.place and seen["locked"] == seen["segments"] > 0
    assert call_with("integrity.read")("GET", "/vault").status_code == 403


def test_where_several_share_the_installation_its_place_is_not_told(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    create_organisation(archive.transactions, "Another", OPERATOR, "http://x.example")
    assert call("GET", "/vault").json["place"] is None
