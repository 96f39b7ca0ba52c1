"""A certificate on paper: the signed file is in it, it is the same each time, and nothing in it can break it."""

import re
import zlib
from typing import Any

import msgspec
import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.pdf import Attachment, write_pdf
from archive.retention.certificate import Certificate
from archive.retention.certificate_pdf import certificate_pdf
from archive.retention.reviewing import Certified, read_certificate
from archive.wiring import Archive
from tests.holds.ordering import texts
from tests.retention.purging import batch, purged

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@pytest.fixture
def certified(archive: Archive, organisation: OrganisationRow) -> Certified:
    texts(archive, organisation, {"text": "first"}, {"text": "second"})
    assert purged(archive, organisation).certified
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read_certificate(tx, batch(archive, organisation))


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for packed in _STREAM.findall(pdf):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            found.append(packed)
    return found


def pages(pdf: bytes) -> int:
    counts = re.findall(rb"/Count (\d+)", pdf + b"".join(streams(pdf)))
    return max(int(count) for count in counts)


def of(made: Certificate, **changed: Any) -> Certificate:
    return msgspec.structs.replace(made, **changed)


def named(made: Certificate, name: str) -> Certificate:
    return of(made, organisation=msgspec.structs.replace(made.organisation, name=name))


def test_the_same_certificate_gives_the_same_bytes(certified: Certified) -> None:
    first = certificate_pdf(certified.text, certified.made)
    assert first.startswith(b"%PDF-1.7")
    assert first == certificate_pdf(certified.text, certified.made)
    assert first != certificate_pdf(certified.text, named(certified.made, "Another"))


def test_the_signed_file_is_in_it_byte_for_byte(certified: Certified) -> None:
    assert certified.text.encode() in streams(certificate_pdf(certified.text, certified.made))


def test_it_is_for_archives_and_for_screen_readers(certified: Certified) -> None:
    pdf = certificate_pdf(certified.text, certified.made)
    (about,) = [each for each in streams(pdf) if b"pdfaid" in each]
    assert b"<pdfaid:part>3<" in about and b"<pdfaid:conformance>A<" in about
    assert b"<pdfuaid:part>1<" in about
    assert f"Certificate of destruction {certified.made.batch}".encode() in about


@pytest.mark.parametrize(
    "name",
    ["漏水 Ltd", "Firm 🏡👨‍👩‍👧‍👦", "عقارات", '#import "x" *b* $x$ `c` @ref <l> \\', "\u202etxt", "Ünïted & Söns"],
)
def test_no_name_breaks_it(certified: Certified, name: str) -> None:
    assert pages(certificate_pdf(certified.text, named(certified.made, name))) in (2, 3)


def test_thousands_of_ranges_and_keys_stay_on_few_pages(certified: Certified) -> None:
    made = certified.made
    ranges = tuple((first, first + 1) for first in range(1, 30_000, 3))
    key = made.keys[0] if made.keys else None
    assert key is not None
    many = of(made, destroyed=msgspec.structs.replace(made.destroyed, ranges=ranges), keys=(key,) * 500)
    assert pages(certificate_pdf(certified.text, many)) <= 4


def test_what_else_is_wrong_with_a_template_is_said(certified: Certified) -> None:
    source = Attachment("x.json", "{}", "application/json", "x")
    with pytest.raises(RuntimeError, match="unknown variable"):
        write_pdf(b"= Hello #nothing", {}, source, certified.made.certified_at)
