"""Letters on paper: which files are taken, and what becomes of one that is."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict
from archive.letters.keeping import LetterPolicy, set_policy
from archive.letters.model import Form, Letter, LetterState
from archive.letters.paper_check import MOST_BYTES, BadPaper, check_paper
from archive.letters.reading import read_letter, state_of, take_pdf
from archive.letters.uploading import upload_letter
from archive.numbers.model import NumberState
from archive.proving import verify_organisation
from archive.wiring import Archive
from tests.letters import papers
from tests.letters.signing import DANA, NEEDS, ORIGIN, OTHER_NEEDS, SIGNER, draft, sign, standing

Numbers = tuple[str, str, str]
NOVEMBER_20 = date(2026, 11, 20)


def upload(
    archive: Archive, organisation: OrganisationRow, raw: bytes, signed_on: date = NOVEMBER_20, *numbers: str
) -> Letter:
    with archive.transactions.write(organisation.id, DANA) as tx:
        return upload_letter(tx, draft(*(numbers or (NEEDS,))), raw, signed_on=signed_on, origin=ORIGIN)


@pytest.mark.parametrize("pages", [1, 50])
def test_a_scan_is_taken(pages: int) -> None:
    assert check_paper(papers.scan(pages)) == pages


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (papers.with_script, "holds scripts"),
        (papers.packed, "holds scripts"),
        (papers.with_file, "holds other files"),
        (papers.encrypted, "is encrypted"),
        (lambda: papers.with_action("/Launch"), "does something when"),
        (lambda: papers.with_action("/SubmitForm"), "does something when"),
        (lambda: papers.with_action("/GoTo", "/AA"), "does something when"),
        (lambda: papers.with_annotation("/FileAttachment"), "holds other files"),
        (lambda: papers.with_annotation("/Movie"), "holds sound, films"),
        (lambda: papers.scan(51), "51 pages"),
        (lambda: b"%PDF-1.7\n" + b"0" * MOST_BYTES, "larger than 5 MB"),
        (lambda: b"", "is no PDF"),
        (lambda: b"PK\x03\x04 a document", "is no PDF"),
        (lambda: b"%PDF-1.7\nnothing else", "can't be read"),
        (lambda: papers.scan()[:300], "can't be read"),
        (lambda: papers.scan() + b"\n9 0 obj << /S /JavaScript >> endobj\n", "holds scripts"),
    ],
)
def test_what_is_no_harmless_scan_is_refused_with_the_reason(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(BadPaper, match=words) as refused:
        check_paper(make())
    assert refused.value.next_step


def test_a_letter_of_our_own_making_passes(archive: Archive, organisation: OrganisationRow, numbers: Numbers) -> None:
    letter = sign(archive, organisation, NEEDS)
    with archive.transactions.read(organisation.id, DANA) as tx:
        assert check_paper(take_pdf(tx, letter.id)) == 2


def test_a_letter_on_paper_is_kept_as_it_is_and_authorises_its_numbers(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    raw = papers.scan()
    letter = upload(archive, organisation, raw)
    assert (letter.form, letter.wording, letter.text_sha256) == (Form.PAPER, None, None)
    assert letter.signed_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert letter.pdf_sha256 == sha256(raw).hexdigest()
    assert letter.evidence
    assert (letter.evidence.signer, letter.evidence.origin, letter.evidence.text) == (SIGNER, ORIGIN, "")
    assert standing(archive, organisation, NEEDS) == (NumberState.AUTHORISED, letter.id)
    with archive.transactions.read(organisation.id, DANA) as tx:
        assert take_pdf(tx, letter.id) == raw
        assert state_of(read_letter(tx, letter.id), tx.now) is LetterState.FRESH
    with archive.engine.connect() as connection:
        sealed = connection.exec_driver_sql("SELECT sealed FROM letter_paper WHERE part = 'pdf'").scalars()
        assert all(b"%PDF" not in bytes(part) for part in sealed)
    assert verify_organisation(archive.transactions, archive.vault, organisation).faults == []


def test_one_that_was_signed_long_ago_is_in_force_and_not_fresh(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = upload(archive, organisation, papers.scan(), date(2025, 1, 2))
    with archive.transactions.read(organisation.id, DANA) as tx:
        assert state_of(letter, tx.now) is LetterState.IN_FORCE
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_policy(tx, LetterPolicy(365, 4))
    with pytest.raises(BadInput, match="would have ended on 2026-01-02"):
        upload(archive, organisation, papers.scan(Title="Another"), date(2025, 1, 2), OTHER_NEEDS)


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(1980, 1, 1)])
def test_the_day_of_the_signature_is_one_that_was(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers, day: date
) -> None:
    with pytest.raises(BadInput, match="still to come, or too long ago"):
        upload(archive, organisation, papers.scan(), day)


def test_the_same_file_is_taken_once(archive: Archive, organisation: OrganisationRow, numbers: Numbers) -> None:
    letter = upload(archive, organisation, papers.scan())
    with pytest.raises(Conflict, match=f"is the letter {letter.id} already"):
        upload(archive, organisation, papers.scan(), NOVEMBER_20, OTHER_NEEDS)
