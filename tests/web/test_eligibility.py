from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.wiring import Archive
from tests.browsing import signed_in_browser


def test_an_administrator_enters_what_is_so_and_others_see_it(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    kit = signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    assert kit.get("/eligibility").text.count("Not known") == 3
    said = {"add_on": "yes", "plan": "trial", "calling_plan": ""}
    assert kit.post("/eligibility", said).headers["Location"] == "/eligibility"
    page = dana.get("/eligibility").text
    assert "only enterprise customers may text" in page
    assert "Record what is so" not in page
    assert dana.post("/eligibility", said).status_code == 403
    refused = kit.post("/numbers", {"number": "+12125550123", "location": "Austin"})
    assert refused.status_code == 303, "it may be added, unauthorised"
    assert kit.post("/eligibility", {"plan": "<b>"}).status_code == 400
