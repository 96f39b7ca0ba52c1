"""Plays the demo's fourteen months through the ordinary door, each text at its time."""

import json
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from archive.access.api_keys import ApiKeyRow, make_key, note_use
from archive.access.organisations import create_organisation
from archive.access.people import list_people
from archive.access.roles import FIRST_PERSON, Permission, Role
from archive.completeness.looking import look
from archive.core.actor import OPERATOR, Actor
from archive.core.canonical import canonical_json
from archive.demo.ageing import Ageing
from archive.demo.carriers import hear_carriers
from archive.demo.complaint import make_complaint
from archive.demo.generate import generate
from archive.demo.model import Organisation
from archive.demo.papers import make_papers
from archive.intake.actions import receive
from archive.intake.model import Arrival
from archive.intake.parse import arrival
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.proving import sign_and_keep
from archive.search.follower import catch_up
from archive.setting_up import add_person
from archive.settings import Settings
from archive.signals.watching import watch
from archive.tx import Transactions
from archive.wiring import Archive, build

DELAY = timedelta(seconds=2)
"""How long a provider takes to hand a text to us."""

LOGINS = "demo-logins.json"
ROLES = {"compliance": [Role.COMPLIANCE], "auditor": [Role.AUDITOR], "administrator": list(FIRST_PERSON)}

Login = dict[str, str]


class DemoClock:
    """The time that is being played; after that, the real one."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def set(self, at: datetime) -> None:
        self.at = at


def load_demo(
    settings: Settings, until: datetime, progress: Callable[[str], None], newest: int | None = None
) -> list[Login]:
    """Fill an empty archive; the log-ins, which are also kept in a file of the data folder (mode 0600).

    `newest`: only so many texts of each organisation, the last ones.
    """
    clock = DemoClock(until)
    archive = build(settings, clock=clock)
    logins: list[Login] = []
    try:
        for organisation in generate(until).organisations:
            progress(organisation.name)
            logins += _play(archive, clock, organisation, until, newest)
    finally:
        archive.engine.dispose()
    write_logins(settings, logins)
    return logins


def read_logins(settings: Settings) -> list[Login]:
    path = settings.data / LOGINS
    logins: list[Login] = json.loads(path.read_text()) if path.exists() else []
    return logins


def _play(
    archive: Archive, clock: DemoClock, organisation: Organisation, until: datetime, newest: int | None
) -> list[Login]:
    arrivals = [_on_its_way(text) for text in organisation.texts[-newest if newest else 0 :]]
    clock.at = arrivals[0].received_at - timedelta(hours=1)
    row = create_organisation(archive.transactions, organisation.name, OPERATOR, archive.settings.public_url)
    logins = _people_and_numbers(archive.transactions, row.id, organisation)
    gateway = _gateway(archive.transactions, row.id)
    officer = _officer(archive.transactions, row.id, logins)
    ageing = Ageing(archive, row, organisation, officer, until, clock.set)
    broken, month = iter(organisation.broken), None
    for day, texts in groupby(arrivals, key=lambda item: item.received_at.date()):
        batch = list(texts)
        ageing.nights(batch[0].received_at)
        clock.at = max(item.received_at for item in batch)
        _take_in(archive.transactions, gateway, batch)
        if day.month != month:
            month = day.month
            _take_in(archive.transactions, gateway, _broken(islice(broken, 1), clock.at))
            sign_and_keep(archive.transactions, archive.vault, row)
    _take_in(archive.transactions, gateway, _broken(broken, clock.at))
    ageing.nights(until)
    clock.set(until)
    with archive.transactions.write(row.id, OPERATOR) as tx:
        make_complaint(tx, organisation)
        hear_carriers(tx, organisation)
    catch_up(archive.transactions, archive.index, row.id)
    watch(archive.transactions, row.id)
    look(archive.transactions, archive.index, row.id)
    sign_and_keep(archive.transactions, archive.vault, row)
    return logins


def _officer(transactions: Transactions, org_id: int, logins: list[Login]) -> Actor:
    """Whoever looks after compliance."""
    email = next(login["email"] for login in logins if login["role"] == "compliance")
    with transactions.read(org_id, OPERATOR) as tx:
        return Actor("person", next(row.id for row in list_people(tx) if row.email == email))


def _gateway(transactions: Transactions, org_id: int) -> ApiKeyRow:
    """Of the program that all texts come from. Nobody learns the key, so nobody else can use it."""
    with transactions.write(org_id, OPERATOR) as tx:
        key, _text = make_key(tx, name="Carrier gateway", scopes=[Permission.MESSAGES_WRITE])
    return key


def _take_in(transactions: Transactions, gateway: ApiKeyRow, batch: list[Arrival]) -> None:
    with transactions.write(gateway.org_id, Actor("key", gateway.id)) as tx:
        receive(tx, batch)
        note_use(tx.session, gateway, tx.now)


def _broken(raws: Iterable[bytes], at: datetime) -> list[Arrival]:
    return [arrival(raw, at, "api") for raw in raws]


def _on_its_way(text: dict[str, object]) -> Arrival:
    sent_at = datetime.fromisoformat(str(text["sent_at"])).astimezone(UTC)
    return arrival(canonical_json(text), sent_at + DELAY, "api")


def _people_and_numbers(transactions: Transactions, org_id: int, organisation: Organisation) -> list[Login]:
    with transactions.write(org_id, OPERATOR) as tx:
        for own in organisation.numbers:
            add_number(tx, own.number, location=own.location, label=own.holder, state=NumberState(own.state))
        make_papers(tx, organisation)
        return [
            {
                "organisation": organisation.name,
                "name": person.name,
                "role": person.role,
                "email": person.email,
                "password": add_person(tx, person.name, person.email, ROLES[person.role]),
            }
            for person in organisation.people
        ]


def write_logins(settings: Settings, logins: list[Login]) -> None:
    """In the data folder, readable by its owner alone."""
    descriptor = os.open(settings.data / LOGINS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(logins, file, indent=1)
