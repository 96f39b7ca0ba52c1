"""A new archive, and a new organisation in it with somebody who can sign in."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.access.api_keys import ANY_SCOPE, make_key
from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.people import create_person
from archive.access.roles import FIRST_PERSON, Role
from archive.core.actor import OPERATOR
from archive.keys.local_kms import make_master_key
from archive.settings import Settings
from archive.tx import Tx
from archive.wiring import Archive


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """The secrets are in here and nowhere else: shown once."""

    row: OrganisationRow
    email: str
    password: str
    api_key: str


def prepare(settings: Settings) -> bool:
    """The data folder and, unless keys come from elsewhere, the master key; whether one was made."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.master_key or settings.kms_key_id or settings.master_key_file.exists():
        return False
    make_master_key(settings.master_key_file)
    return True


def set_up_organisation(archive: Archive, name: str, email: str, person: str = "Administrator") -> NewOrganisation:
    """An organisation with a first person, who may do everything, and an API key for everything."""
    row = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    with archive.transactions.write(row.id, OPERATOR) as tx:
        password = add_person(tx, person, email, FIRST_PERSON)
        _, api_key = make_key(tx, name="made by init", scopes=[ANY_SCOPE])
    return NewOrganisation(row, email, password, api_key)


def add_person(tx: Tx, name: str, email: str, roles: Iterable[Role]) -> str:
    """A person whose password the operator hands over; since it is random, it need not be changed at once."""
    person, password = create_person(tx, name=name, email=email, roles=roles)
    person.must_change_password = False
    return password
