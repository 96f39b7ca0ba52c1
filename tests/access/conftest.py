"""People of the test organisation. A password costs some 30 ms, so tests make few of them."""

from collections.abc import Callable

import pytest

from archive.access.organisations import OrganisationRow
from archive.access.people import PersonRow, create_person
from archive.access.roles import FIRST_PERSON, Role
from archive.core.actor import OPERATOR
from archive.wiring import Archive

MakePerson = Callable[..., tuple[PersonRow, str]]


@pytest.fixture
def make_person(archive: Archive, organisation: OrganisationRow) -> MakePerson:
    def make(email: str = "dana@harbour.example", roles: frozenset[Role] = FIRST_PERSON) -> tuple[PersonRow, str]:
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            return create_person(tx, name=email.split("@", maxsplit=1)[0].title(), email=email, roles=roles)

    return make
