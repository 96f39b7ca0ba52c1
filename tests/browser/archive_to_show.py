"""The archive that the browser is shown: a part of the demo, an organisation with nothing, and texts that are hard."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.access.organisations import OrganisationRow, create_organisation, list_organisations
from archive.access.roles import FIRST_PERSON
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, system_clock
from archive.core.errors import Damaged
from archive.demo.cast import QUILLBROOK, TAMARACK, Firm
from archive.demo.loading import load_demo
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.holds.releasing import ask_release
from archive.locations.actions import change_location, found_by_name
from archive.locations.model import Pstn
from archive.numbers.actions import set_state
from archive.numbers.model import NumberState
from archive.numbers.store import all_numbers
from archive.proving import sign_and_keep
from archive.retention.changing import propose, set_policy
from archive.retention.model import EVERYTHING
from archive.retention.period import Period
from archive.runs.model import Duty
from archive.runs.store import register
from archive.setting_up import add_person, prepare
from archive.settings import Settings, read_settings
from archive.users.actions import add_user
from archive.users.model import User
from archive.wiring import Archive, build
from jobs.schedule import JOBS
from jobs.spec import Job
from jobs.turn import do_now
from tests.browser.batches_to_show import make_batches
from tests.browser.campaigns_to_show import make_campaigns
from tests.browser.completeness_to_show import make_gaps
from tests.browser.deliveries_to_show import make_deliveries
from tests.browser.imports_to_show import make_imports
from tests.browser.letters_to_show import make_letters
from tests.browser.opt_outs_to_show import make_opt_outs
from tests.browser.spam_to_show import make_complaints
from tests.browser.walk_to_show import make_newcomer
from tests.taking_in import take_in, take_in_hostile

NEWEST = 150
EMPTY = "Nothing Yet"
OWN, CHATTY = QUILLBROOK.numbers[0].number, "+15085550199"
LONG_WORDS = "One by one the lamps are lit, until the whole of the quay can be seen. " + "Long accounts of it. " * 480
LONG_CONVERSATION = 220
RUNS = 27


@dataclass(frozen=True, slots=True)
class Shown:
    """`serials` by what is special about the text, and ids of holds and batches; `logins` by organisation and role."""

    settings: Settings
    serials: dict[str, int | str]
    logins: dict[tuple[str, str], tuple[str, str]]


def make_archive(folder: Path) -> Shown:
    settings = read_settings({"TEXTARCHIVE_DATA": str(folder / "data")})
    prepare(settings)
    logins = {
        (login["organisation"].split()[0], login["role"]): (login["email"], login["password"])
        for login in load_demo(settings, system_clock(), lambda _name: None, newest=NEWEST)
    }
    archive = build(settings)
    try:
        logins["Nothing", "administrator"] = _nothing_yet(archive)
        logins["Ferncliff", "administrator"], key = make_newcomer(archive)
        logins["Stop", "administrator"] = make_opt_outs(archive)
        logins["Gapwater", "administrator"] = make_gaps(archive)
        complaints = make_complaints(archive)
        logins["Fuss", "administrator"] = complaints.login
        _scheduled_work(archive)
        batches = make_batches(settings)  # After the scheduled work, which would carry them out.
        logins["Ripe", "administrator"] = batches.login
        shown = {**key, **_hard_texts(archive), **_holds(archive), **_number(archive), **batches.ids, **complaints.ids}
        shown |= make_deliveries(archive, _organisation(archive, TAMARACK))
        shown |= make_imports(archive, _organisation(archive, TAMARACK))
        shown |= make_letters(archive, _organisation(archive, TAMARACK))
        return Shown(settings, {**shown, **make_campaigns(archive, _organisation(archive, TAMARACK))}, logins)
    finally:
        archive.engine.dispose()


def _nothing_yet(archive: Archive) -> tuple[str, str]:
    row = create_organisation(archive.transactions, EMPTY, OPERATOR, archive.settings.public_url)
    with archive.transactions.write(row.id, OPERATOR) as tx:
        return "first@nothing.example", add_person(tx, "First Person", "first@nothing.example", FIRST_PERSON)


def _scheduled_work(archive: Archive) -> None:
    """Jobs in every state: in time, with a history, failed, late, and not run yet."""
    for job in JOBS:
        do_now(archive, job)
    for _ in range(RUNS):
        do_now(archive, Job("tidy", 3_600, "Tidy up.", lambda _archive: {"things_tidied": 1_204}))
    with suppress(Damaged):
        do_now(archive, Job("check", 86_400, "Check.", _fail, at_seconds=3 * 3_600))
    with archive.transactions.across() as session:
        register(session, [Duty("sleep", 300, about="Sleep.")], archive.clock() - DAY)
        register(session, [Duty("wake", 300, about="Wake up.")], archive.clock())


def _fail(_archive: Archive) -> dict[str, int]:
    raise Damaged("The key '1:day:2027-12-28' does not open with this master key.")


def _hard_texts(archive: Archive) -> dict[str, int]:
    row = _organisation(archive, QUILLBROOK)
    serials = {"hostile " + name: serial for name, serial in take_in_hostile(archive, row).items()}
    serials["long text"], *chat = take_in(archive, row, [_text(0, LONG_WORDS), *_conversation()])
    serials["middle of a long conversation"] = chat[len(chat) // 2]
    sign_and_keep(archive.transactions, archive.vault, row)
    # Among texts of which no test makes a proof, because that signs.
    waiting = _text(999, "Juniper is waiting for its checkpoint")
    serials["not signed yet"] = take_in(archive, _organisation(archive, TAMARACK), [waiting])[0]
    return serials


def _holds(archive: Archive) -> dict[str, str]:
    """One that somebody wants released, and one in force, of the firm whose texts no test asks when they go."""
    row = _organisation(archive, TAMARACK)
    placed = {}
    for name, query in (("asked", "juniper"), ("in force", "after:2020-01-01 direction:in")):
        order = HoldOrder("Okafor v. Tamarack", Predicate(query), "Letter of counsel", reference="26-CV-0417")
        placed[f"hold {name}"] = place_hold(archive, row.id, OPERATOR, order).hold_id
    with archive.transactions.write(row.id, OPERATOR) as tx:
        ask_release(tx, placed["hold asked"], "The matter was settled in November")
        set_policy(tx, EVERYTHING, Period(years=3))
        propose(tx, EVERYTHING, Period(days=400), existing=True)
    return placed


def _number(archive: Archive) -> dict[str, str]:
    """One with a history."""
    row = _organisation(archive, TAMARACK)
    with archive.transactions.write(row.id, OPERATOR) as tx:
        number = all_numbers(tx)[0]
        set_state(tx, number.id, NumberState.SUSPENDED, "Complaint 2026-118: two texts after a stop")
        set_state(tx, number.id, NumberState.AUTHORISED, "Looked into, and settled")
        place = change_location(
            tx,
            found_by_name(tx, number.location).id,
            **{"street": "14 Larch Street", "city": "Portland", "region": "OR", "postal_code": "97201"},
            **{"country": "US", "pstn": Pstn.PROVIDER, "main_number": "+15035550100"},
        )
        user = add_user(tx, User("Priya Okafor", "priya@tamarack.example", place.name, number.e164, "4711"))
        add_user(tx, User("Sam Lindqvist"))
        return {"number": number.id, "location": place.id, "user": user.id}


def _organisation(archive: Archive, firm: Firm) -> OrganisationRow:
    with archive.transactions.across() as session:
        return next(row for row in list_organisations(session) if row.name == firm.name)


def _conversation() -> list[dict[str, object]]:
    return [_text(turn, f"Turn {turn} of a long talk about lanterns") for turn in range(1, LONG_CONVERSATION + 1)]


def _text(number: int, words: str) -> dict[str, object]:
    return {
        "provider": "twilio",
        "provider_id": f"SMbrowser{number:04}",
        "direction": "outbound" if number % 2 else "inbound",
        "from": OWN if number % 2 else CHATTY,
        "to": [CHATTY if number % 2 else OWN],
        "text": words,
        "sent_at": f"2026-01-{1 + number // 40:02}T{10 + number % 12:02}:{number % 60:02}:00Z",
    }
