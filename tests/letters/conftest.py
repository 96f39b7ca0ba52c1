"""One archive for each module, an organisation of its own for each test."""

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.letters.signing import NEEDS, OTHER_NEEDS, PLAIN
from tests.one_archive import archive, clock, organisation

__all__ = ["archive", "clock", "organisation"]


@pytest.fixture
def numbers(archive: Archive, organisation: OrganisationRow) -> tuple[str, str, str]:
    """Two that need a letter, and one that doesn't."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number in (NEEDS, OTHER_NEEDS):
            add_number(tx, number, location="Austin", state=NumberState.LOA_REQUIRED)
        add_number(tx, PLAIN, location="Austin")
    return NEEDS, OTHER_NEEDS, PLAIN
