"""The page on completeness: what is missing, for whom, and saying that it is known."""

import io
from datetime import date

from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.completeness.model import Count
from archive.wiring import Archive
from tests.browsing import signed_in_browser
from tests.completeness.test_expecting import say
from tests.completeness.test_looking import gaps, looked, texts
from tests.items import OWN_NUMBER
from tests.taking_in import trail

ON = date(2026, 11, 21)


def test_a_gap_is_shown_acknowledged_and_closed(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    org_id = organisation.id
    browser = signed_in_browser(app, archive, org_id, "dana@harbour.example")
    assert "Nobody has looked yet" in browser.get("/completeness").text
    texts(archive, org_id, 1, 2)
    say(archive, org_id, Count(OWN_NUMBER, ON, "inbound", 3), Count(None, ON, "outbound", 1))
    looked(archive, org_id)
    page = browser.get("/completeness").text
    assert "2 gaps" in page
    assert "2 texts are missing" in page
    assert "21 Nov 2026: texts are missing" in page
    one = browser.get("/completeness?number=%2B12125550123").text
    assert "1 gap" in one
    assert "Day by day" in one
    account = browser.get("/completeness?provider=twilio&account=AC1").text
    assert "all of this account at twilio" in account
    assert OWN_NUMBER not in account
    assert "Nothing in these days" in browser.get("/completeness?to=2026-02-01").text
    assert browser.get("/completeness?to=2020-02-01").status_code == 400

    assert "Acknowledge all of this day" in page
    gap = next(gap for gap in gaps(archive, org_id) if gap.short.cell.number)
    path = f"/completeness/gaps/{gap.id}/acknowledge"
    assert "Say why this gap is no alarm" in browser.post(path, {"reason": " "}, follow_redirects=True).text
    page = browser.post(path, {"reason": "Tests <b>of</b> theirs"}, follow_redirects=True).text
    assert "The gap is acknowledged." in page
    assert "Tests &lt;b&gt;of&lt;/b&gt; theirs" in page
    auditor = signed_in_browser(app, archive, org_id, "noor@harbour.example", frozenset({Role.AUDITOR}))
    assert auditor.post(path, {"reason": "Never mind"}).status_code == 403
    assert "Acknowledge the gap" not in auditor.get("/completeness").text
    administrator = signed_in_browser(app, archive, org_id, "ada@harbour.example", frozenset({Role.ADMINISTRATOR}))
    assert "theirs" not in administrator.get("/completeness").text, "the words of the trail are for those who audit"
    every = {"day": str(ON), "reason": "An outage of theirs"}
    assert "1 gap is acknowledged." in browser.post("/completeness/acknowledge", every, follow_redirects=True).text
    assert "There is no alarm of" in browser.post("/completeness/acknowledge", every, follow_redirects=True).text
    texts(archive, org_id, 3)
    looked(archive, org_id)
    assert "1 gap of these days is closed" in browser.get("/completeness").text


def test_counts_are_brought_as_a_table(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    browser = signed_in_browser(app, archive, organisation.id, "dana@harbour.example")
    table = f"day,provider,account,number,direction,count\n{ON},twilio,AC1,,inbound,4\n"
    looked_at = browser.post("/completeness/import", {"file": (io.BytesIO(table.encode()), "counts.csv")})
    assert "nothing is changed yet" in looked_at.text
    assert trail(archive, organisation, "completeness.expected") == []
    assert "This is what became of the table" in browser.post("/completeness/import", {"content": table}).text
    assert len(trail(archive, organisation, "completeness.expected")) == 1


def test_gaps_stand_beside_the_account_that_they_are_of(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    browser = signed_in_browser(app, archive, organisation.id, "dana@harbour.example")
    for account in ("AC1", "AC2"):
        order = {"provider": "twilio", "account": account, "signing_password": "the account's own secret"}
        assert browser.post("/providers", order).status_code == 303
    say(archive, organisation.id, Count(None, ON, "inbound", 7))
    looked(archive, organisation.id)
    first, second = browser.get("/providers").text.split('id="account-2"')
    assert "7 texts are missing" in first
    assert "missing" not in second


def test_the_trail_shows_the_first_of_many_counts(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    browser = signed_in_browser(app, archive, organisation.id, "dana@harbour.example")
    say(archive, organisation.id, *(Count(f"+1212555{at:04}", ON, "inbound", at) for at in range(52)))
    page = browser.get("/audit?kind=completeness.expected").text
    assert "+12125550049, 2026-11-21, inbound, 49 and 2 more" in page
    assert "+12125550050" not in page
