"""What is filled in for a letter: read from a form, and put into it again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
from flask import request
from msgspec import Meta

from archive.core import phone
from archive.core.errors import BadInput
from archive.http.current import caller, signed_in_person
from archive.http.forms import read_form
from archive.letters.drafting import TEXT_LENGTH, Prepared, numbers_of
from archive.letters.drawing import HEIGHT, LONGEST, WIDTH
from archive.letters.model import Address, Draft, Origin, Signature, Signer, Subscriber
from archive.letters.reading import list_letters
from archive.letters.wording import runs
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers
from archive.tx import Tx
from archive.web.number_states import state_label

ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
PROVIDERS = ("Webex (Cisco Systems)", "Twilio", "Bandwidth", "Telnyx", "SignalWire")

Short = Annotated[str, Meta(max_length=TEXT_LENGTH, pattern=ONE_LINE, description="One line of up to 200 characters.")]


def _named(what: str) -> Meta:
    return Meta(max_length=TEXT_LENGTH, pattern=ONE_LINE, description=f"{what}, in one line of up to 200 characters.")


class LetterForm(msgspec.Struct, kw_only=True):
    """All fields are shown with the names that they have here."""

    numbers: Annotated[list[str], Meta(min_length=1, description="Choose at least one number.")]
    legal_name: Annotated[str, _named("Say whose numbers they are")]
    provider: Annotated[str, _named("Name who is to enable text messaging on them")]
    first_name: Annotated[str, _named("Give the first name of who signs")]
    last_name: Annotated[str, _named("Give the last name of who signs")]
    title: Annotated[str, _named("Say what who signs is at the organisation")]
    email: Annotated[
        str, Meta(max_length=TEXT_LENGTH, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="Like name@example.com.")
    ]
    trading_name: Short = ""
    street: Short = ""
    city: Short = ""
    state: Short = ""
    postal_code: Short = ""
    country: Short = ""
    carrier: Short = ""
    phone: Short = ""
    supersedes: Annotated[str, Meta(pattern=r"^(loa_[0-9a-z]{26})?$", description="There is no such letter.")] = ""

    def draft(self) -> Draft:
        address = Address(self.street, self.city, self.state, self.postal_code, self.country)
        return Draft(
            provider=self.provider,
            subscriber=Subscriber(self.legal_name, self.trading_name, address, self.carrier),
            signer=Signer(self.first_name, self.last_name, self.title, self.email, self.phone),
            numbers=numbers_of(self.numbers),
        )


class PaperForm(msgspec.Struct, kw_only=True):
    """What is read in a letter on paper; the other fields are those of `LetterForm`."""

    signed_on: Annotated[date, Meta(description="Choose the day on which it was signed.")]


class SignForm(msgspec.Struct, kw_only=True):
    """`seen`: the digest of what the page showed. Checkboxes that are not ticked are not sent."""

    seen: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="Read the letter again.")]
    authority: Annotated[str, Meta(pattern="^yes$", description="A letter needs this declaration.")]
    consent: Annotated[str, Meta(pattern="^yes$", description="Without this, sign the letter on paper.")]
    typed: Annotated[str, Meta(max_length=2 * TEXT_LENGTH, pattern=ONE_LINE, description="Type your name.")] = ""
    drawn: Annotated[str, Meta(max_length=LONGEST, description="Draw it again, or type your name.")] = ""

    def signature(self) -> Signature:
        return Signature(self.typed, self.drawn)


FIELDS = tuple(name for name in LetterForm.__struct_fields__ if name != "numbers")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page puts into the fields of a letter; `numbers` are the chosen ones."""

    values: Mapping[str, str]
    numbers: frozenset[str]
    errors: Mapping[str, str]


def read_letter_form() -> LetterForm:
    return read_form(LetterForm)


def fields_sent() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


def as_typed(errors: Mapping[str, str]) -> Typed:
    """What was sent, to be shown again."""
    return Typed(fields_sent(), frozenset(numbers_of(request.form.getlist("numbers"))), errors)


def draft_from(fields: Mapping[str, str], numbers: Collection[str]) -> Draft:
    """Of fields that were kept, for these numbers; raises `BadInput` if they are not all filled in rightly."""
    given = {name: value.strip() for name, value in fields.items() if value.strip() and name in FIELDS}
    try:
        return msgspec.convert({**given, "numbers": sorted(numbers), "supersedes": ""}, LetterForm).draft()
    except msgspec.ValidationError:
        raise BadInput("The letter is not filled in yet.", "Fill in what is missing.") from None


def suggested(tx: Tx, numbers: Sequence[str], supersedes: str) -> Typed:
    """As the newest letter says it, so that nobody types an address twice; who signs is whoever is signed in."""
    me, _session = signed_in_person()
    first, _space, last = me.name.partition(" ")
    known = next((letter.evidence for letter in list_letters(tx) if letter.evidence), None)
    values = {"legal_name": caller().organisation, "provider": PROVIDERS[0], "country": "US"}
    if known:
        subscriber, address = known.subscriber, known.subscriber.address
        values |= {name: str(getattr(address, name)) for name in Address.__struct_fields__}
        values |= {name: str(getattr(subscriber, name)) for name in ("legal_name", "trading_name", "carrier")}
        values |= {"provider": known.provider}
    if known and known.signer.email == me.email:
        values |= {name: str(getattr(known.signer, name)) for name in Signer.__struct_fields__}
    else:
        values |= {"first_name": first, "last_name": last, "email": me.email}
    chosen = numbers_of([one for some in numbers for one in some.split(",")])
    return Typed({**values, "supersedes": supersedes}, frozenset(chosen), {})


def origin_of_signature() -> Origin:
    """The account that signs, from the session and the request themselves."""
    me, session = signed_in_person()
    return Origin(
        account=str(caller().actor),
        account_email=me.email,
        method="password",
        signed_in_at=session.created_at,
        address=request.remote_addr or "",
        agent=request.headers.get("User-Agent", "")[:500],
    )


def choices(tx: Tx, chosen: frozenset[str]) -> list[dict[str, Any]]:
    """The numbers that a letter may cover; first those that need one."""
    rows = [row for row in all_numbers(tx) if row.state != NumberState.RELEASED]
    rows.sort(key=lambda row: (row.state != NumberState.LOA_REQUIRED, row.e164 not in chosen, row.e164))
    return [_choice(row, chosen) for row in rows]


def _choice(row: NumberRow, chosen: frozenset[str]) -> dict[str, Any]:
    state = NumberState(row.state)
    return {
        "number": row.e164,
        "location": row.location,
        "assigned_to": row.label or None,
        "state": state.value,
        "state_label": state_label(state),
        "letter": row.letter,
        "chosen": row.e164 in chosen,
    }


def shown_letter(ready: Prepared) -> dict[str, Any]:
    """What the page for reading and signing shows."""
    return {
        "runs": runs(ready.text),
        "authority": ready.authority.strip(),
        "consent": ready.consent.strip(),
        "seen": ready.seen,
        "version": ready.version,
        "signer": ready.draft.signer.name,
        "numbers": [phone.display(number) for number in ready.draft.numbers],
        "width": WIDTH,
        "height": HEIGHT,
        "given": {name: request.form.get(name, "") for name in ("authority", "consent", "typed", "drawn")},
    }


def sent_along(ready: Prepared) -> list[tuple[str, str]]:
    """All that was filled in, which the page for signing carries hidden."""
    fields = [(name, request.form.get(name, "")) for name in FIELDS]
    return [*fields, *(("numbers", number) for number in ready.draft.numbers)]
