"""What happens to letters, as the ledger tells it. Who signed, and from where, is sealed."""

from typing import ClassVar

from archive.ledger.entry import Event


class LetterSigned(Event, frozen=True, kw_only=True):
    """`commit`: the commitment to everything in the letter that may name a person. `pdf_sha256`: of the whole file.

    `text_sha256`: of the exact words that were signed, made of the version `wording`; None on paper.
    """

    kind = "letter.signed"
    private: ClassVar[frozenset[str]] = frozenset({"signer", "title", "email", "address", "agent"})
    form: str
    wording: int | None
    text_sha256: str | None
    pdf_sha256: str
    signed_at: str
    last_day: str | None
    supersedes: str | None
    numbers: tuple[str, ...]
    commit: str
    signer: str
    title: str
    email: str
    address: str
    agent: str


class LetterRevoked(Event, frozen=True, kw_only=True):
    kind = "letter.revoked"
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str


class LetterSuperseded(Event, frozen=True, kw_only=True):
    kind = "letter.superseded"
    by: str


class LetterDestroyed(Event, frozen=True, kw_only=True):
    """Its words, its file and its key are gone, since the last of its numbers was released on `released_on`.

    What is left says that it was here: its row, its entries and the checksums in them.
    """

    kind = "letter.destroyed"
    released_on: str
    keep_years: int


class LetterOpened(Event, frozen=True, kw_only=True):
    """Somebody read the letter, or took its file."""

    kind = "letter.opened"
    part: str


class LetterPolicySet(Event, frozen=True, kw_only=True):
    """`valid_days`: None for letters that don't end by themselves."""

    kind = "letter.policy-set"
    valid_days: int | None
    keep_years: int
