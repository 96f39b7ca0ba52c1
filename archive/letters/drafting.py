"""What a letter would say: checked, in its exact words, before anybody signs it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from archive.core import phone
from archive.core.errors import BadInput, Conflict, NotFound
from archive.letters.keeping import LetterPolicy, policy_of
from archive.letters.model import MOST_NUMBERS, Draft, Signer, Subscriber
from archive.letters.wording import NEWEST, fill, wording
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, numbers_among
from archive.tx import Tx

TEXT_LENGTH = 200

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft in its words. `seen`: SHA-256 of all that a signer is shown, and of how its numbers stand.

    Who signs sends it along: a text, or a number's standing, that has changed since is not what they signed.
    """

    draft: Draft
    rows: Sequence[NumberRow]
    version: int
    policy: LetterPolicy
    text: str
    authority: str
    consent: str
    seen: str


def prepare(tx: Tx, draft: Draft) -> Prepared:
    """Raises `BadInput`, `NotFound`, `Conflict` with what is wrong with it and what to do."""
    check_words(draft.subscriber, draft.signer, draft.provider)
    rows, policy, words = covered_numbers(tx, draft.numbers), policy_of(tx), wording(NEWEST)
    values = _values(draft, policy)
    text = fill(words.letter, values, tuple(phone.display(number) for number in draft.numbers))
    authority, consent = fill(words.authority, values), fill(words.consent, values)
    standing = "".join(f"{row.e164} {row.state} {row.letter or ''}\n" for row in rows)
    seen = sha256("\0".join((text, authority, consent, standing)).encode()).hexdigest()
    return Prepared(draft, rows, words.version, policy, text, authority, consent, seen)


def numbers_of(typed: Sequence[str]) -> tuple[str, ...]:
    """In E.164 and in order, each once; whatever is no number stays as it was typed, to be refused by name."""
    return tuple(sorted({phone.parse(number.strip()).address for number in typed if number.strip()}))


def covered_numbers(tx: Tx, numbers: tuple[str, ...]) -> Sequence[NumberRow]:
    """The rows of numbers that a letter may cover: own ones that are not released."""
    if not 1 <= len(numbers) <= MOST_NUMBERS:
        raise BadInput(f"A letter covers 1 to {MOST_NUMBERS} numbers, not {len(numbers):,}.", "Choose fewer, or some.")
    rows = numbers_among(tx, numbers)
    for missing in sorted(set(numbers) - {row.e164 for row in rows}):
        raise NotFound(f"{missing} is not one of the numbers.", "Add it first.")
    for row in rows:
        if row.state == NumberState.RELEASED:
            raise Conflict(f"{phone.display(row.e164)} is released.", "Add it again first.")
    return rows


def check_words(subscriber: Subscriber, signer: Signer, provider: str) -> None:
    address = subscriber.address
    parts = {
        "legal name": subscriber.legal_name,
        "provider": provider,
        "first name": signer.first_name,
        "last name": signer.last_name,
        "title": signer.title,
    }
    for name, value in parts.items():
        if not value.strip():
            raise BadInput(f"The {name} is missing.", "Fill it in.")
    others = [subscriber.trading_name, subscriber.carrier, signer.email, signer.phone]
    others += [str(getattr(address, part)) for part in address.__struct_fields__]
    for value in (*parts.values(), *others):
        if len(value) > TEXT_LENGTH or _CONTROL.search(value):
            raise BadInput(f"Everything in a letter is one line of up to {TEXT_LENGTH} characters.", "Shorten it.")
    if signer.email and not _EMAIL.fullmatch(signer.email):
        raise BadInput("The e-mail address can't be read.", "Type it like name@example.com.")


def _values(draft: Draft, policy: LetterPolicy) -> dict[str, str]:
    subscriber, signer = draft.subscriber, draft.signer
    return {
        "legal_name": subscriber.legal_name,
        "trading_name": subscriber.trading_name,
        "address": str(subscriber.address),
        "carrier": subscriber.carrier,
        "provider": draft.provider,
        "count": f"{len(draft.numbers)}",
        "valid_days": "" if policy.valid_days is None else f"{policy.valid_days}",
        **{name: getattr(signer, name) for name in ("first_name", "last_name", "title", "email", "phone")},
    }
