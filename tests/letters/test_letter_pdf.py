"""The letter on paper: the same bytes each time, for archives and for screen readers, and nothing in it breaks it."""

import re
import zlib

import pytest

from archive.access.organisations import OrganisationRow
from archive.letters.letter_pdf import letter_pdf
from archive.letters.model import Evidence, Signature, Signer, Subscriber
from archive.letters.reading import row_of, take_pdf
from archive.wiring import Archive
from tests.letters.signing import DANA, NEEDS, OTHER_NEEDS, sign

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
Numbers = tuple[str, str, str]


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for packed in _STREAM.findall(pdf):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            found.append(packed)
    return found


def pages(pdf: bytes) -> int:
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf + b"".join(streams(pdf))))


def test_the_same_letter_gives_the_same_bytes(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS, signature=Signature("Dana Whitfield", "M0 0L100 100"))
    assert letter.evidence
    with archive.transactions.read(organisation.id, DANA) as tx:
        kept, again = take_pdf(tx, letter.id), letter_pdf(row_of(tx, letter.id), letter.evidence)
    assert kept == again


def test_it_is_for_archives_and_for_screen_readers_and_has_nothing_attached(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS)
    with archive.transactions.read(organisation.id, DANA) as tx:
        pdf = take_pdf(tx, letter.id)
    (about,) = [each for each in streams(pdf) if b"pdfaid" in each]
    assert b"<pdfaid:part>2<" in about and b"<pdfaid:conformance>A<" in about
    assert b"<pdfuaid:part>1<" in about
    assert f"Letter of Authorization {letter.id}".encode() in about
    assert b"EmbeddedFile" not in pdf + b"".join(streams(pdf))


@pytest.mark.parametrize(
    "name",
    [
        "漏水 Ltd",
        "Firm 🏡👨‍👩‍👧‍👦",
        "عقارات",
        '#import "x" *b* $x$ `c` @ref <l> \\',
        "\u202etxt",
        "Ünïted & Söns: a. b",
    ],
)
def test_no_name_breaks_it(archive: Archive, organisation: OrganisationRow, numbers: Numbers, name: str) -> None:
    letter = sign(
        archive,
        organisation,
        NEEDS,
        OTHER_NEEDS,
        subscriber=Subscriber(name),
        signer=Signer(name, name, name, "x@y.example"),
        signature=Signature(drawn="M0 0L100 100"),
    )
    evidence: Evidence | None = letter.evidence
    assert evidence
    with archive.transactions.read(organisation.id, DANA) as tx:
        pdf = take_pdf(tx, letter.id)
    assert pages(pdf) == 2
    assert f"Letter of Authorization {letter.id}".encode() in b"".join(streams(pdf)), (
        "what has letters is left as it is"
    )
