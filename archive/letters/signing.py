"""Signing: the letter, its evidence, its file and the numbers that it authorises, in one transaction."""

import hmac
from collections.abc import Sequence
from hashlib import sha256

from archive.core.clock import day_of, rfc3339
from archive.core.errors import BadInput, Conflict
from archive.core.ids import new_id
from archive.letters.drafting import prepare
from archive.letters.drawing import check_drawing
from archive.letters.ending import supersede
from archive.letters.events import LetterSigned
from archive.letters.letter_pdf import letter_pdf
from archive.letters.model import Draft, Evidence, Form, Letter, Origin, Signature, Signer
from archive.letters.reading import read_letter, row_of
from archive.letters.sealing import EVIDENCE, PDF, own_key, salted, seal_part
from archive.letters.store import LetterNumberRow, LetterPaperRow, LetterRow
from archive.numbers.actions import RESTS, rest_on, set_state
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow
from archive.tx import Tx


def sign_letter(
    tx: Tx, draft: Draft, *, seen: str, signature: Signature, origin: Origin, supersedes: str | None = None
) -> Letter:
    """The person at `origin` signs what they were shown: `seen` is the digest of that, from `prepare`.

    `supersedes`: the letter whose place this one takes. Raises `Conflict` if what was shown is not so any more.
    """
    ready = prepare(tx, draft)
    if not hmac.compare_digest(ready.seen, seen):
        raise Conflict(
            "The letter, or one of its numbers, has changed since it was shown.", "Read it again, and sign it then."
        )
    evidence = Evidence(
        provider=draft.provider,
        subscriber=draft.subscriber,
        signer=draft.signer,
        numbers=draft.numbers,
        origin=origin,
        text=ready.text,
        authority=ready.authority,
        consent=ready.consent,
        signature=check_signature(signature, draft.signer),
    )
    letter_id = new_id("loa", tx.now)
    row = LetterRow(
        org_id=tx.org_id,
        id=letter_id,
        form=Form.ELECTRONIC.value,
        wording=ready.version,
        text_sha256=sha256(ready.text.encode()).hexdigest(),
        signed_at=tx.now,
        last_day=ready.policy.last_day(day_of(tx.now)),
        supersedes=supersedes,
    )
    pdf = letter_pdf(row, evidence)
    return keep_letter(tx, row, evidence, pdf, ready.rows)


def keep_letter(tx: Tx, row: LetterRow, evidence: Evidence, pdf: bytes, numbers: Sequence[NumberRow]) -> Letter:
    """Write down a letter that is signed, and authorise what it covers. `row` lacks its entry, key and checksum."""
    content, commit = salted(evidence)
    row.key_id, row.pdf_sha256 = own_key(tx, row.id).id, sha256(pdf).hexdigest()
    row.entry = tx.record(_signed(row, evidence, commit))
    tx.session.add(row)
    tx.session.flush()  # The letter before its parts, which refer to it.
    for part, clear in ((EVIDENCE, content), (PDF, pdf)):
        sealed = seal_part(tx, row.id, part, clear)
        tx.session.add(LetterPaperRow(org_id=tx.org_id, letter_id=row.id, part=part, sealed=sealed))
    for number in numbers:
        tx.session.add(LetterNumberRow(org_id=tx.org_id, letter_id=row.id, number_id=number.id))
        _authorise(tx, number, row.id)
    tx.session.flush()
    if row.supersedes:
        supersede(tx, row_of(tx, row.supersedes), by=row.id)
    return read_letter(tx, row.id)


def check_signature(signature: Signature, signer: Signer) -> Signature:
    """Typed it is the signer's name; drawn it is strokes. One of the two has to be there."""
    typed = " ".join(signature.typed.split())
    if signature.drawn:
        check_drawing(signature.drawn)
    elif not typed:
        raise BadInput("The signature is missing.", "Type your name, or draw your signature.")
    if typed and typed.casefold() != " ".join(signer.name.split()).casefold():
        raise BadInput("The typed signature is not the signer's name.", f"Type it as it stands above: {signer.name}.")
    return Signature(typed, signature.drawn)


def _authorise(tx: Tx, number: NumberRow, letter_id: str) -> None:
    """A suspended number stays so: a letter says nothing about why it was suspended."""
    because = f"Letter {letter_id}"
    if NumberState(number.state) in RESTS:
        rest_on(tx, number.id, letter_id, because)
    else:
        set_state(tx, number.id, NumberState.AUTHORISED, because, letter=letter_id)


def _signed(row: LetterRow, evidence: Evidence, commit: str) -> LetterSigned:
    return LetterSigned(
        subject=row.id,
        form=row.form,
        wording=row.wording,
        text_sha256=row.text_sha256,
        pdf_sha256=row.pdf_sha256,
        signed_at=rfc3339(row.signed_at),
        last_day=row.last_day.isoformat() if row.last_day else None,
        supersedes=row.supersedes,
        numbers=evidence.numbers,
        commit=commit,
        signer=evidence.signer.name,
        title=evidence.signer.title,
        email=evidence.signer.email,
        address=evidence.origin.address,
        agent=evidence.origin.agent,
    )
