"""A letter that somebody signed on paper: its file, and beside it who signed it, when, and for which numbers."""

from datetime import UTC, date, datetime, time
from hashlib import sha256

from archive.core.errors import BadInput, Conflict
from archive.core.ids import new_id
from archive.letters import store
from archive.letters.drafting import check_words, covered_numbers
from archive.letters.keeping import policy_of, today
from archive.letters.model import Draft, Evidence, Form, Letter, Origin
from archive.letters.paper_check import check_paper
from archive.letters.reading import states_of
from archive.letters.signing import keep_letter
from archive.letters.store import LetterRow
from archive.tx import Tx

EARLIEST = date(1990, 1, 1)


def upload_letter(
    tx: Tx, draft: Draft, raw: bytes, *, signed_on: date, origin: Origin, supersedes: str | None = None
) -> Letter:
    """What is said beside the file is what the uploader at `origin` read in it. Raises `BadPaper` for the file."""
    check_words(draft.subscriber, draft.signer, draft.provider)
    rows = covered_numbers(tx, draft.numbers)
    check_paper(raw)
    _check_new(tx, raw)
    last_day = policy_of(tx).last_day(signed_on)
    if not EARLIEST <= signed_on <= today(tx):
        raise BadInput("The day of the signature is still to come, or too long ago.", "Read it in the letter.")
    if last_day and last_day < today(tx):
        raise BadInput(f"The letter would have ended on {last_day}.", "Have a new one signed.")
    evidence = Evidence(draft.provider, draft.subscriber, draft.signer, draft.numbers, origin)
    row = LetterRow(
        org_id=tx.org_id,
        id=new_id("loa", tx.now),
        form=Form.PAPER.value,
        wording=None,
        text_sha256=None,
        signed_at=datetime.combine(signed_on, time(), UTC),
        last_day=last_day,
        supersedes=supersedes,
    )
    return keep_letter(tx, row, evidence, raw, rows)


def _check_new(tx: Tx, raw: bytes) -> None:
    """The same file twice is a slip of whoever uploads it."""
    digest = sha256(raw).hexdigest()
    same = [row for row in store.all_letters(tx) if row.pdf_sha256 == digest]
    for row in same:
        if states_of(tx, same)[row.id].counts:
            raise Conflict(f"This file is the letter {row.id} already.", "Look at that one.")
