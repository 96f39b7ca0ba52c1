"""What a provider has put on its own list of opt-outs is in force here, each once, with who told us."""

import json
from typing import Any
from urllib.parse import urlencode

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.hooks import deliver
from archive.intake.actions import retry
from archive.intake.from_providers import Brought
from archive.intake.hooked import take_in
from archive.intake.model import Arrival
from archive.intake.quarantine import keep
from archive.optouts.wording import Said, taken_for
from archive.providers import ringcentral, twilio, webex
from archive.providers.accounts import connect
from archive.providers.frame import Door, HookRequest
from archive.providers.said import OptOut, Unread
from archive.wiring import Archive
from tests.items import OWN_NUMBER, STRANGER, ledger_size
from tests.optouts.saying import flagged, in_force, sent
from tests.retention.purging import verified
from tests.taking_in import trail

TOKEN = "a token that is long enough"
OPTED_OUT = "com.interact.messages.sms.opt.out"


def listed(active: bool = True, at: str | None = "2026-11-20T12:00:00.000Z", **more: Any) -> dict[str, Any]:
    return {"timestamp": at, "body": {"from": OWN_NUMBER, "to": STRANGER, "active": active, **more}}


def tell(archive: Archive, organisation: OrganisationRow, said: dict[str, Any], door: Door = ringcentral.DOOR) -> int:
    body = (urlencode(said) if door is twilio.DOOR else json.dumps(said)).encode()
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return take_in(tx, [Brought(door.provider, "A1", door.parse(body), tx.now)])[0]


def test_an_opt_out_comes_by_webhook_and_counts_from_its_own_moment(archive, organisation) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        connect(tx, "ringcentral", "A1", TOKEN)
    url = f"{archive.settings.public_url}/hooks/ringcentral/A1"
    request = HookRequest(url, {"verification-token": TOKEN}, json.dumps(listed()).encode(), archive.clock())
    assert deliver(archive, "ringcentral", "A1", request) == 1
    before = ledger_size(archive, organisation.id)
    assert deliver(archive, "ringcentral", "A1", request) == 0
    assert ledger_size(archive, organisation.id) == before
    ((own, who, since),) = in_force(archive, organisation)
    assert (own, who, since.isoformat()) == (OWN_NUMBER, STRANGER, "2026-11-20T12:00:00+00:00")
    assert flagged(archive, organisation, sent(1)) == [True]
    (entry,) = trail(archive, organisation, "optout.recorded")
    assert (entry.actor, entry.detail["how"]) == ("provider:ringcentral/A1", "provider")
    assert STRANGER not in json.dumps(entry.detail)
    assert verified(archive, organisation).good


def test_who_wants_texts_again_is_taken_off_in_whatever_order_that_comes(archive, organisation) -> None:
    assert tell(archive, organisation, listed(False, "2026-11-21T12:00:00Z")) == 1
    assert tell(archive, organisation, listed()) == 1
    assert in_force(archive, organisation) == []


def test_without_a_moment_it_is_new_where_it_changes_what_is_in_force(archive, organisation, clock) -> None:
    news = []
    for active in (False, True, True, False, True):
        clock.advance(seconds=1)
        news.append(tell(archive, organisation, listed(active, None)))
    assert news == [0, 1, 0, 1, 1]
    assert tell(archive, organisation, listed(to="nobody")) == 1, "what names no two numbers is kept in quarantine"


def test_an_opt_out_of_the_whole_account_is_one_from_each_of_its_numbers(archive, organisation) -> None:
    data = {"message": "STOP now", "phone_number": STRANGER, "inbound_number": OWN_NUMBER}
    data |= {"account_level_opt_out": True, "opt_out_time": "2026-11-20T12:00:00Z"}
    event = {"specversion": "1.0", "type": OPTED_OUT, "data": data}
    assert tell(archive, organisation, event, webex.DOOR) == 1
    assert in_force(archive, organisation)[0][:2] == ("", STRANGER)
    (entry,) = trail(archive, organisation, "optout.recorded")
    assert entry.private["note"] == "STOP now"
    assert isinstance(webex.read({"event": OPTED_OUT, "phone_number": "anonymous", "inbound_number": ""})[0], Unread)
    (back,) = webex.read({**data, "event": "com.interact.messages.sms.opt.in", "opt_out_time": None})
    assert back == OptOut(STRANGER, "", out=False, at=None, words="STOP now")


def test_a_keyword_that_only_the_provider_knows_opts_out(archive, organisation) -> None:
    reply = {"MessageSid": "SM1", "From": STRANGER, "To": OWN_NUMBER, "Body": "adios", "OptOutType": "STOP"}
    assert tell(archive, organisation, reply, twilio.DOOR) == 1
    assert flagged(archive, organisation, sent(1)) == [True]
    again = {**reply, "MessageSid": "SM2", "Body": "hola", "OptOutType": "START"}
    assert tell(archive, organisation, again, twilio.DOOR) == 1
    assert in_force(archive, organisation) == []


def test_of_words_and_provider_whoever_hears_an_opt_out_is_right() -> None:
    cases = {
        ("adios", "opt-out"): Said.OPT_OUT,
        ("STOP", "opt-in"): Said.OPT_OUT,
        ("STOP", "help"): Said.OPT_OUT,
        ("please stop texting me", "help"): Said.SUSPICION,
        ("hola", "opt-in"): Said.OPT_IN,
        ("yes", "opt-in"): Said.OPT_IN,
        ("yes", None): Said.AGREES,
        ("hola", "nonsense"): None,
    }
    assert {case: taken_for(*case) for case in cases} == cases
    assert taken_for("hola", ["opt-out"]) is None


def test_what_an_older_archive_kept_in_quarantine_is_taken_over_when_it_is_retried(archive, organisation) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        item = Arrival(json.dumps(listed()).encode(), None, "not known then", tx.now, "hook:ringcentral/A1")
        (kept,) = keep(tx, [item], ["operator:cli"])
    assert kept.serial
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert retry(tx, kept.serial).status == "noted"
    assert in_force(archive, organisation)[0][1] == STRANGER
