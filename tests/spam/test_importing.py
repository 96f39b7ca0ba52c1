import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, TooLarge
from archive.spam.importing import Fate, import_complaints
from archive.spam.model import FeeTier
from archive.spam.reading import list_reports, open_said
from archive.spam.store import Wanted
from archive.spam.table import read_table
from archive.wiring import Archive
from tests.taking_in import OTHER, own_number, trail

HEADER = "number,reporter,sent_at,text,reference,carrier,tier,campaign\n"
GOOD = '+1 212 555 0123,+14155550188,2026-11-20T12:00:00Z,"Pay, now",C-1,T-Mobile,tier-3,\n'


def run(archive: Archive, organisation: OrganisationRow, lines: str, *, keep: bool = True) -> list[Fate]:
    opening = archive.transactions.write if keep else archive.transactions.read
    with opening(organisation.id, OPERATOR) as tx:
        return import_complaints(tx, (HEADER + lines).encode())


@pytest.fixture(autouse=True)
def number(archive: Archive, organisation: OrganisationRow) -> str:
    return own_number(archive, organisation)


def test_each_line_has_its_fate_and_importing_again_changes_nothing(
    archive: Archive, organisation: OrganisationRow
) -> None:
    lines = GOOD + "+12125550199,,,x,,,,\n" + "+12125550123,nobody at all,,x,,,,\n" + ",,,y,C-2,,,CABC\n" + GOOD
    looked = run(archive, organisation, lines, keep=False)
    assert trail(archive, organisation, "spam.reported") == []
    fates = run(archive, organisation, lines)
    assert looked == fates
    assert [fate.outcome for fate in fates] == ["new", "refused", "refused", "new", "known"]
    assert "is not one of the organisation" in fates[1].why
    assert "is not a telephone number" in fates[2].why
    assert [fate.outcome for fate in run(archive, organisation, lines)] == [
        *("known", "refused", "refused", "known", "known")
    ]
    assert trail(archive, organisation, "spam.imported")[1].detail["counts"] == {"new": 2, "refused": 2, "known": 1}


def test_everything_of_a_line_is_kept(archive: Archive, organisation: OrganisationRow) -> None:
    run(archive, organisation, GOOD)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (row,) = list_reports(tx, Wanted(), 10)
        said = open_said(tx, row)
    assert (said.reporter, said.words, said.reference, said.carrier) == (OTHER, "Pay, now", "C-1", "T-Mobile")
    assert (row.source, row.fee_tier) == ("carrier", FeeTier.TIER_3)
    assert row.claimed_since_at
    assert row.claimed_since_at.isoformat() == "2026-11-20T12:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("+12125550123,,yesterday,x,,,,\n", "is no time"),
        ("+12125550123,,2026-11-20T12:00:00,x,,,,\n", "with its zone"),
        ("+12125550123,,0001-01-01T00:00:00+09:00,x,,,,\n", "is no time"),
        ("+12125550123,,,x,,,tier-9,\n", "There is no tier"),
        ("+12125550123,,,x\n", "It has 4 columns"),
        (",,,x,,,,\n", "Which number sent the text is not said"),
        (f"+12125550123,,,{'x' * 2_001},,,,\n", "more than 2,000 characters"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(
    archive: Archive, organisation: OrganisationRow, line: str, why: str
) -> None:
    (fate,) = run(archive, organisation, line)
    assert fate.outcome == "refused"
    assert why in fate.why


@pytest.mark.parametrize("raw", [b"", b"\xff", b"a,b\n1,2\n", b"number,number\n", b'number\n"x', b"number,cost\n1,2\n"])
def test_a_file_that_cannot_be_read_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read_table(raw)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_table(b"number\n" + b"1\n" * 20_001)
    with pytest.raises(TooLarge):
        read_table(b"number\n" + b"x" * 5_000_001)
