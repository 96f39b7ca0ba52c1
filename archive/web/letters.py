"""Letters of Authorization: all of them, one with its evidence, its file, revoking it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response as Redirect

from archive.access.roles import Permission
from archive.core import phone
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _, ngettext
from archive.ledger.trail import TrailEntry, entries_about
from archive.letters.destroying import keeping_of
from archive.letters.drawing import HEIGHT, WIDTH
from archive.letters.ending import REASON_LENGTH, revoke_letter
from archive.letters.events import LetterOpened
from archive.letters.forms import ProviderForm, fill_form
from archive.letters.keeping import (
    LEAST_VALID,
    LEAST_YEARS,
    MOST_VALID,
    MOST_YEARS,
    LetterPolicy,
    policy_of,
    set_policy,
)
from archive.letters.model import Form as SignedOn
from archive.letters.model import Letter, LetterState
from archive.letters.reading import list_letters, read_letter, state_of, take_pdf, take_text, view_letter
from archive.letters.states import fresh_until
from archive.letters.watching import due
from archive.letters.wording import runs
from archive.numbers.store import all_numbers
from archive.tx import Tx
from archive.web.kinds import kind_label
from archive.web.names import Names

blueprint = Blueprint("letters", __name__)

Page = str | Response | Redirect | tuple[str, int]
PDF = "application/pdf"


class NewPolicy(msgspec.Struct):
    """`valid_days` is left empty for letters that end when they are revoked."""

    keep_years: Annotated[
        int, Meta(ge=LEAST_YEARS, le=MOST_YEARS, description=f"From {LEAST_YEARS} to {MOST_YEARS} years.")
    ]
    valid_days: Annotated[
        Annotated[int, Meta(ge=LEAST_VALID, le=MOST_VALID)] | None,
        Meta(description=f"From {LEAST_VALID} to {MOST_VALID} days, or nothing."),
    ] = None


class Revocation(msgspec.Struct):
    reason: Annotated[str, Meta(max_length=REASON_LENGTH, description="Say why, in up to 500 characters.")]


@blueprint.get("/letters")
@requires(Permission.LETTERS_READ)
def index() -> Page:
    return _list(None)


@blueprint.post("/letters/policy")
@requires(Permission.RETENTION_MANAGE)
def enter_policy() -> Page:
    try:
        order = read_form(NewPolicy)
        with writing() as tx:
            set_policy(tx, LetterPolicy(order.valid_days, order.keep_years))
    except (BadFields, Conflict) as bad:
        errors = bad.fields if isinstance(bad, BadFields) else {"keep_years": str(bad)}
        return _list(typed_again(errors)), status_of(bad)[0]
    flash(_("The change is recorded."), "ok")
    return redirect("/letters", 303)


@blueprint.get("/letters/<letter_id>")
@requires(Permission.LETTERS_READ)
def show(letter_id: str) -> Page:
    with writing() as tx:
        view_letter(tx, letter_id)
    return _page(letter_id, Form())


@blueprint.get("/letters/<letter_id>/letter.pdf")
@requires(Permission.LETTERS_READ)
def pdf(letter_id: str) -> Response:
    with writing() as tx:
        content = take_pdf(tx, letter_id)
    headers = {"Content-Disposition": f'attachment; filename="{letter_id}.pdf"'}
    return Response(content, mimetype=PDF, headers=headers)


@blueprint.get("/letters/<letter_id>/letter.txt")
@requires(Permission.LETTERS_READ)
def text(letter_id: str) -> Response:
    """The exact words, over which the SHA-256 goes."""
    with writing() as tx:
        content = take_text(tx, letter_id)
    headers = {"Content-Disposition": f'attachment; filename="{letter_id}.txt"'}
    return Response(content, mimetype="text/plain", headers=headers)


@blueprint.post("/letters/<letter_id>/revoke")
@requires(Permission.LETTERS_MANAGE)
def revoke(letter_id: str) -> Page:
    try:
        order = read_form(Revocation)
        with writing() as tx:
            withdrawn = revoke_letter(tx, letter_id, order.reason)
    except (BadFields, BadInput) as bad:
        errors = bad.fields if isinstance(bad, BadFields) else {"reason": str(bad)}
        return _page(letter_id, typed_again(errors)), status_of(bad)[0]
    flash(
        ngettext(
            "The letter is revoked, and %(num)d number is withdrawn.",
            "The letter is revoked, and %(num)d numbers are withdrawn.",
            len(withdrawn),
        ),
        "ok",
    )
    return redirect(f"/letters/{letter_id}", 303)


def form_label(form: ProviderForm) -> str:
    return {
        ProviderForm.WEBEX: _("Webex, business texting"),
        ProviderForm.TWILIO: _("Twilio, hosted numbers"),
        ProviderForm.BANDWIDTH: _("Bandwidth, import of numbers"),
        ProviderForm.TELNYX: _("Telnyx, hosted messaging"),
        ProviderForm.SIGNALWIRE: _("SignalWire, hosted messaging"),
        ProviderForm.FCC: _("47 CFR 64.1130"),
    }[form]


def letter_state_label(state: LetterState) -> str:
    return {
        LetterState.FRESH: _("Fresh"),
        LetterState.IN_FORCE: _("In force"),
        LetterState.EXPIRED: _("Expired"),
        LetterState.SUPERSEDED: _("Superseded"),
        LetterState.REVOKED: _("Revoked"),
        LetterState.DESTROYED: _("Destroyed"),
    }[state]


def _list(form: Form | None) -> str:
    with reading() as tx:
        found = [_listed(letter, state_of(letter, tx.now)) for letter in list_letters(tx)]
        seen, policy = due(tx), policy_of(tx)
    typed = {"keep_years": f"{policy.keep_years}", "valid_days": f"{policy.valid_days or ''}"}
    return render_template(
        "letters/index.html",
        letters=found,
        waiting=seen.needing,
        ending=seen.ending,
        may_manage=caller().may(Permission.LETTERS_MANAGE),
        may_set=caller().may(Permission.RETENTION_MANAGE),
        policy=policy,
        form=form or Form(typed),
    )


def _listed(letter: Letter, state: LetterState) -> dict[str, Any]:
    return {
        "id": letter.id,
        "signer": letter.evidence.signer.name if letter.evidence else None,
        "title": letter.evidence.signer.title if letter.evidence else None,
        "provider": letter.evidence.provider if letter.evidence else None,
        "count": len(letter.numbers),
        "numbers": [phone.display(number) for number in letter.numbers],
        "on_paper": letter.form is SignedOn.PAPER,
        "signed_at": letter.signed_at,
        "fresh_until": fresh_until(letter.signed_at),
        "last_day": letter.last_day,
        "state": state.value,
        "state_label": letter_state_label(state),
    }


def _page(letter_id: str, form: Form) -> str:
    with reading() as tx:
        letter, names = read_letter(tx, letter_id), Names(tx)
        state = state_of(letter, tx.now)
        resting, history = _resting(tx, letter), entries_about(tx, letter_id)
        now = tx.now
        keeping, years = keeping_of(tx, letter_id), policy_of(tx).keep_years
    evidence = letter.evidence
    return render_template(
        "letters/show.html",
        letter={**_listed(letter, state), "evidence": evidence, "supersedes": letter.supersedes},
        counts=state.counts,
        may_revoke=state.counts and caller().may(Permission.LETTERS_MANAGE),
        may_manage=caller().may(Permission.LETTERS_MANAGE),
        account=names.actor(evidence.origin.account) if evidence else "",
        runs=runs(evidence.text) if evidence else [],
        wording=letter.wording,
        entry=letter.entry,
        checksums=(letter.text_sha256, letter.pdf_sha256),
        box=(WIDTH, HEIGHT),
        resting=resting,
        endings=[
            (letter_state_label(one.how), one.at, names.actor(one.by), one.reason, one.superseded_by)
            for one in letter.endings
        ],
        history=[
            (kind_label(one.kind), names.actor(one.actor), one.at, one.seq)
            for one in history
            if one.kind != LetterOpened.kind
        ],
        forms=[(form_label(form), fill_form(letter, form, now)) for form in ProviderForm] if evidence else [],
        keeping=keeping,
        years=years,
        form=form,
    )


def _step(entry: TrailEntry, names: Names) -> tuple[str, str, datetime, int]:
    return kind_label(entry.kind), names.actor(entry.actor), entry.at, entry.seq


def _resting(tx: Tx, letter: Letter) -> list[tuple[str, str, bool]]:
    """(id, number, whether its authorisation rests on this letter) of each that it covers."""
    covered = set(letter.numbers)
    return [(row.id, row.e164, row.letter == letter.id) for row in all_numbers(tx) if row.e164 in covered]
