"""What is fetched is sealed, and so is what it is fetched with; and what was destroyed does not come back by a list."""

from datetime import UTC, datetime, timedelta

from archive.access.organisations import OrganisationRow
from archive.core.clock import DAY as A_DAY
from archive.pulling.model import Plan
from archive.wiring import Archive
from tests.pulling.fake_lists import FakeLists
from tests.pulling.listing import ACCOUNT, OUR, SECRETS, THEIR, hook, list_twilio, of_twilio, pull, readable
from tests.raw_bytes import database_folder, other_databases, spellings, where_found
from tests.retention.purging import purged
from tests.taking_in import take_in

WORDS = "the closing is postponed until Thursday"


def test_neither_credentials_nor_texts_nor_strangers_numbers_are_readable(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists
) -> None:
    ready = readable(archive, organisation, lists)
    media = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/x/Media.json?to={THEIR}"
    rows = [of_twilio(1, body=WORDS), of_twilio(2, body=WORDS, num_media="1", subresource_uris={"media": media})]
    list_twilio(lists, [*rows, {"direction": "inbound", "body": WORDS, "from": THEIR}])
    lists.faults = [None] * 7 + [503] * 3
    run = pull(ready, organisation)
    assert (run.brought.new, run.brought.failures) == (2, 1)
    folder = database_folder(archive)
    needles = {
        needle: secret for secret in (WORDS, THEIR[1:], SECRETS["twilio"]["secret"]) for needle in spellings(secret)
    }
    assert where_found(needles, folder, without=other_databases(archive, folder)) == {}


def test_what_was_purged_does_not_come_back_from_a_list_that_keeps_it_longer(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists
) -> None:
    ready = readable(archive, organisation, lists)
    rows = [of_twilio(number) for number in range(3)]
    form = {"MessageSid": rows[0]["sid"], "From": THEIR, "To": OUR, "Body": rows[0]["body"]}
    hook(archive, organisation, "twilio", form)
    ours = {"provider": "twilio", "account": ACCOUNT, "provider_id": rows[1]["sid"], "direction": "inbound"}
    parties = {"from": THEIR, "to": [OUR], "text": rows[1]["body"], "sent_at": "2026-11-23T05:01:01.250Z"}
    take_in(archive, organisation, [{**ours, **parties}])
    list_twilio(lists, rows[2:])
    assert pull(ready, organisation).brought.new == 1
    assert len(purged(archive, organisation).certified[0].destroyed) == 3
    list_twilio(lists, rows)
    day = datetime(2026, 11, 23, tzinfo=UTC)
    run = pull(ready, organisation, wanted=Plan(day, day + A_DAY, by_hand=True))
    assert (run.brought.new, run.brought.duplicates) == (0, 3)
    assert run.until - run.since == timedelta(days=1)
