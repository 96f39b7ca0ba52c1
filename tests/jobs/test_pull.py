"""The job that reads on in providers' lists: who is due has a turn, and nobody keeps another waiting."""

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.providers.accounts import connect, end_account
from archive.providers.credentials import grant
from archive.pulling.turns import ask_now
from archive.wiring import Archive
from jobs import pull
from tests.conftest import StandingClock
from tests.pulling.fake_lists import fake_lists
from tests.pulling.listing import ACCOUNT, SECRETS, list_twilio, of_twilio, readable


def test_each_hour_and_when_asked_every_account_has_a_turn(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    assert not pull.has_work(archive)
    with fake_lists() as lists:
        ready = readable(archive, organisation, lists)
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            connect(tx, "bandwidth", "B1", "user:password")
            grant(tx, "bandwidth", "B1", SECRETS["bandwidth"])
        list_twilio(lists, [of_twilio(1), of_twilio(2)])
        assert pull.has_work(ready)
        done = {"lists_read": 2, "texts_and_reports_fetched": 2, "lists_failed": 1}
        assert pull.run(ready) == done, "Bandwidth's server has no such list"
        assert not pull.has_work(ready)
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            ask_now(tx, "twilio", ACCOUNT)
        assert pull.has_work(ready)
        assert pull.run(ready)["lists_read"] == 1
        clock.advance(hours=1)
        assert pull.run(ready)["lists_read"] == 2
        clock.advance(hours=1)
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            end_account(tx, "twilio", ACCOUNT)
            end_account(tx, "bandwidth", "B1")
        assert not pull.has_work(ready)
