"""Letters of Authorization, for programs. They read and revoke; signing at the page is a person's."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import read_body, read_query
from archive.letters import reading as letters
from archive.letters.checking import faults_of
from archive.letters.drafting import numbers_of
from archive.letters.ending import revoke_letter
from archive.letters.forms import ProviderForm, fill_form
from archive.letters.keeping import LetterPolicy, policy_of, set_policy
from archive.letters.model import Draft, Evidence, Form, Letter, LetterState, Origin, Signer, Subscriber
from archive.letters.paper_check import MOST_BYTES
from archive.letters.states import fresh_until
from archive.letters.uploading import upload_letter

blueprint = Blueprint("letters", __name__)

PDF, TEXT = "application/pdf", "text/plain"


class EndingBody(msgspec.Struct):
    """`superseded_by`: the letter in its place. `reason`: what a person wrote when it was revoked."""

    how: LetterState
    entry: int
    at: datetime
    by: str
    reason: str
    superseded_by: str | None


class LetterBody(msgspec.Struct):
    """`numbers` are E.164. `text_sha256`: of the exact words, null on paper. `last_day`: null if it ends when revoked.

    `fresh_until`: providers take it until then. `evidence` is null in lists, and once the letter is destroyed.
    """

    id: str
    form: Form
    state: LetterState
    wording: int | None
    text_sha256: str | None
    pdf_sha256: str
    signed_at: datetime
    fresh_until: datetime
    last_day: date | None
    supersedes: str | None
    entry: int
    numbers: tuple[str, ...]
    endings: list[EndingBody]
    evidence: Evidence | None


class LettersBody(msgspec.Struct):
    letters: list[LetterBody]


class NewPaper(msgspec.Struct, forbid_unknown_fields=True):
    """`pdf`: the signed letter, in base 64. The rest is what stands in it; `numbers` in any usual spelling."""

    pdf: bytes
    signed_on: date
    numbers: list[str]
    signer: Signer
    subscriber: Subscriber
    provider: str
    supersedes: str | None = None


class Revocation(msgspec.Struct):
    reason: str


class RevokedBody(msgspec.Struct):
    """`withdrawn`: the numbers that rested on it alone, and need a letter anew."""

    letter: str
    withdrawn: list[str]


class PolicyBody(msgspec.Struct):
    """`valid_days`: how long after signing a letter ends, null for when it is revoked.

    `keep_years`: how long it is kept after the last of its numbers was released; only ever more.
    """

    valid_days: int | None
    keep_years: int


class FieldBody(msgspec.Struct):
    """`missing`: why `value` is empty, and where it is to be had; empty if nothing is missing."""

    name: str
    value: str
    missing: str


class FormBody(msgspec.Struct):
    """`obstacles`: why the provider would not take the letter. `complete`: neither those nor anything missing."""

    form: ProviderForm
    complete: bool
    obstacles: list[str]
    fields: list[FieldBody]


class WhichForm(msgspec.Struct):
    form: Annotated[ProviderForm, Meta(description="One of the forms that are known.")]


class VerifiedBody(msgspec.Struct):
    letter: str
    good: bool
    faults: list[str]


@blueprint.get("/letters")
@requires(Permission.LETTERS_READ)
@described("List the Letters of Authorization, newest first", LettersBody)
def index() -> Answer:
    with reading() as tx:
        found = [letter_body(one, tx.now, evidence=False) for one in letters.list_letters(tx)]
    return json_answer(LettersBody(found))


@blueprint.post("/letters")
@requires(Permission.LETTERS_MANAGE)
@described(
    "Hand in a letter that was signed on paper", LetterBody, status=(201,), body=NewPaper, problems=(404, 409, 413)
)
def upload() -> Answer:
    request.max_content_length = 2 * MOST_BYTES  # In base 64, and what is said beside it.
    order = read_body(NewPaper)
    draft = Draft(order.provider, order.subscriber, order.signer, numbers_of(order.numbers))
    origin = Origin(
        str(caller().actor), address=request.remote_addr or "", agent=request.headers.get("User-Agent", "")[:500]
    )
    with writing() as tx:
        letter = upload_letter(
            tx, draft, order.pdf, signed_on=order.signed_on, origin=origin, supersedes=order.supersedes
        )
        return json_answer(letter_body(letter, tx.now), 201)


@blueprint.get("/letters/policy")
@requires(Permission.LETTERS_READ)
@described("For how long letters are valid and kept", PolicyBody)
def policy() -> Answer:
    with reading() as tx:
        found = policy_of(tx)
    return json_answer(PolicyBody(found.valid_days, found.keep_years))


@blueprint.post("/letters/policy")
@requires(Permission.RETENTION_MANAGE)
@described("Set for how long letters are valid and kept", PolicyBody, body=PolicyBody, problems=(409,))
def enter_policy() -> Answer:
    order = read_body(PolicyBody)
    with writing() as tx:
        set_policy(tx, LetterPolicy(order.valid_days, order.keep_years))
    return json_answer(order)


@blueprint.get("/letters/<letter_id>")
@requires(Permission.LETTERS_READ)
@described("A letter with the evidence of its signature", LetterBody)
def show(letter_id: str) -> Answer:
    with writing() as tx:
        return json_answer(letter_body(letters.view_letter(tx, letter_id), tx.now))


@blueprint.get("/letters/<letter_id>/letter.pdf")
@requires(Permission.LETTERS_READ)
@described("The file of a letter: PDF/A, or what was uploaded", str, media=PDF)
def pdf(letter_id: str) -> Response:
    with writing() as tx:
        return Response(letters.take_pdf(tx, letter_id), mimetype=PDF)


@blueprint.get("/letters/<letter_id>/letter.txt")
@requires(Permission.LETTERS_READ)
@described("The exact words of a letter, over which its SHA-256 goes", str, media=TEXT)
def text(letter_id: str) -> Response:
    with writing() as tx:
        return Response(letters.take_text(tx, letter_id), mimetype=TEXT)


@blueprint.post("/letters/<letter_id>/revoke")
@requires(Permission.LETTERS_MANAGE)
@described(
    "Revoke a letter, and withdraw the numbers that rest on it alone", RevokedBody, body=Revocation, problems=(409,)
)
def revoke(letter_id: str) -> Answer:
    order = read_body(Revocation)
    with writing() as tx:
        return json_answer(RevokedBody(letter_id, revoke_letter(tx, letter_id, order.reason)))


@blueprint.get("/letters/<letter_id>/fields")
@requires(Permission.LETTERS_READ)
@described("The fields of a provider's form, filled from a letter", FormBody, query=WhichForm)
def fields(letter_id: str) -> Answer:
    wanted = read_query(WhichForm).form
    with writing() as tx:
        filled = fill_form(letters.view_letter(tx, letter_id), wanted, tx.now)
    found = [FieldBody(field.name, field.value, field.missing) for field in filled.fields]
    return json_answer(FormBody(wanted, filled.complete, list(filled.obstacles), found))


@blueprint.get("/letters/<letter_id>/verification")
@requires(Permission.LETTERS_READ)
@described("Compare a letter, its words and its file with the ledger", VerifiedBody)
def verify(letter_id: str) -> Answer:
    with reading() as tx:
        faults = [what for _entry, what in faults_of(tx, letter_id)]
    return json_answer(VerifiedBody(letter_id, not faults, faults))


def letter_body(one: Letter, now: datetime, *, evidence: bool = True) -> LetterBody:
    return LetterBody(
        id=one.id,
        form=one.form,
        state=letters.state_of(one, now),
        wording=one.wording,
        text_sha256=one.text_sha256,
        pdf_sha256=one.pdf_sha256,
        signed_at=one.signed_at,
        fresh_until=fresh_until(one.signed_at),
        last_day=one.last_day,
        supersedes=one.supersedes,
        entry=one.entry,
        numbers=one.numbers,
        endings=[msgspec.convert(ending, EndingBody, from_attributes=True) for ending in one.endings],
        evidence=one.evidence if evidence else None,
    )
