"""Letters that are signed as the page has them signed."""

from typing import Any

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.letters.drafting import prepare
from archive.letters.model import Address, Draft, Letter, Origin, Signature, Signer, Subscriber
from archive.letters.signing import sign_letter
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.tx import Tx
from archive.wiring import Archive

NEEDS, OTHER_NEEDS, PLAIN = "+12125550123", "+12125550124", "+12125550125"
DANA = Actor("person", "per_dana")
SIGNER = Signer("Dana", "Whitfield", "Chief Operating Officer", "dana@harbour.example", "+1 512 555 0100")
SUBSCRIBER = Subscriber("Harbour Wealth, LLC", "Harbour", Address("100 Congress Avenue", "Austin", "TX", "78701", "US"))
ORIGIN = Origin("person:per_dana", "dana@harbour.example", "password", None, "203.0.113.9", "Firefox")
TYPED = Signature("Dana Whitfield")


def draft(*numbers: str, **changed: Any) -> Draft:
    parts = {"provider": "Webex (Cisco Systems)", "subscriber": SUBSCRIBER, "signer": SIGNER, **changed}
    return Draft(**parts, numbers=tuple(sorted(numbers)))


def sign_in(
    tx: Tx, *numbers: str, signature: Signature = TYPED, supersedes: str | None = None, **changed: Any
) -> Letter:
    """In a transaction that is open: read, then signed as it stands."""
    wanted = draft(*numbers, **changed)
    seen = prepare(tx, wanted).seen
    return sign_letter(tx, wanted, seen=seen, signature=signature, origin=ORIGIN, supersedes=supersedes)


def sign(archive: Archive, organisation: OrganisationRow, *numbers: str, **more: Any) -> Letter:
    with archive.transactions.write(organisation.id, DANA) as tx:
        return sign_in(tx, *numbers, **more)


def standing(archive: Archive, organisation: OrganisationRow, number: str) -> tuple[NumberState, str | None]:
    """(state, letter that it rests on)."""
    with archive.transactions.read(organisation.id, DANA) as tx:
        row = number_by_e164(tx, number)
        assert row
        return NumberState(row.state), row.letter
