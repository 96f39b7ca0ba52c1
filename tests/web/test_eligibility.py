import re

from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.locations.actions import add_location
from archive.locations.model import Location
from archive.numbers.actions import add_number
from archive.users.actions import add_user
from archive.users.model import User
from archive.wiring import Archive
from tests.browsing import signed_in_browser


def test_an_administrator_enters_what_is_so_and_others_see_it(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    kit = signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    assert kit.get("/eligibility").text.count("Not known") == 5
    said = {"add_on": "yes", "plan": "trial", "calling_plan": ""}
    assert kit.post("/eligibility", said).headers["Location"] == "/eligibility"
    page = dana.get("/eligibility").text
    assert "only enterprise customers may text" in page
    assert "Record what is so" not in page
    assert dana.post("/eligibility", said).status_code == 403
    refused = kit.post("/numbers", {"number": "+12125550123", "location": "Austin"})
    assert refused.status_code == 303, "it may be added, unauthorised"
    assert kit.post("/eligibility", {"plan": "<b>"}).status_code == 400


def test_the_page_names_the_locations_and_users_that_stand_in_the_way(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        london = add_location(tx, Location("London <UK>", country="GB")).id
        dana = add_user(tx, User("Dana")).id
        number = add_number(tx, "+12125550123", location="London <UK>", label="Dana").id
        add_number(tx, "+12125550124", location="London <UK>")
    kit = signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))
    page = kit.get("/eligibility").text
    for address, words in (
        (f"/locations/{london}", "London &lt;UK&gt; is in GB; only locations in the United States or Canada may text."),
        (f"/users/{dana}", "Dana has no primary number."),
        ("/numbers", "It isn&#39;t known which user holds it."),
    ):
        assert f'<a href="{address}">{words}</a>' in page
    counts = re.findall(r'<td class="right">(\d+)</td>', page)
    assert counts == ["2", "1", "1"]
    shown = kit.get(f"/numbers/{number}").text
    assert "Dana has no primary number." in shown
    refused = kit.post(f"/numbers/{number}/state", {"state": "authorised"})
    assert refused.status_code == 409
    assert "can&#39;t be authorised: London" in refused.text
