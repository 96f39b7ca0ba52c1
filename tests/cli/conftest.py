import pytest

from archive.access.organisations import OrganisationRow
from archive.settings import Settings
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.items import line, own_number, take_in


@pytest.fixture
def terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(settings, monkeypatch, capsys)


@pytest.fixture
def serials(archive: Archive, organisation: OrganisationRow) -> list[int]:
    """Three texts, the second with half a surrogate pair."""
    own_number(archive, organisation.id)
    lines = [line(f"SM{at}", text=words) for at, words in enumerate(("Hello 🙂", "lost \ud83d half", "Friday"))]
    return [outcome.serial or 0 for outcome in take_in(archive, organisation.id, *lines)]
