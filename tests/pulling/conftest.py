"""One archive for each module, an organisation of its own for each test, and one server that lists what it is given."""

from collections.abc import Iterator

import pytest

from tests.one_archive import archive, clock, organisation
from tests.pulling.fake_lists import FakeLists, fake_lists

__all__ = ["archive", "clock", "organisation"]


@pytest.fixture(scope="module")
def lists_server() -> Iterator[FakeLists]:
    with fake_lists() as server:
        yield server


@pytest.fixture
def lists(lists_server: FakeLists) -> FakeLists:
    lists_server.forget()
    return lists_server
