"""Every implementation of the port: whoever writes another adds it here, and the conformance tests run on it too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.search.index import SearchIndex
from archive.search.whoosh.engine import WhooshIndex

ENGINES: dict[str, Callable[[Path], SearchIndex]] = {"whoosh": WhooshIndex}


@pytest.fixture(params=ENGINES)
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], SearchIndex]:
    """Opens the same index as another process would."""
    return lambda: ENGINES[request.param](tmp_path / "index")


@pytest.fixture
def index(reopen: Callable[[], SearchIndex]) -> SearchIndex:
    return reopen()
