"""Letters in every state that a page shows, and a number that waits for one."""

from archive.access.organisations import OrganisationRow
from archive.authorising.model import Draft
from archive.authorising.ordering import place_order
from archive.core.actor import OPERATOR
from archive.letters.ending import revoke_letter
from archive.letters.model import Signature
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.letters.signing import sign

COVERED = tuple(f"+1212555{number}" for number in range(4410, 4418))
REVOKED, WAITING, ORDERED = "+12125554420", "+12125554430", "+12125554440"
WIZARD: dict[bool | str, tuple[str, ...]] = {
    True: ("Duluth", "+1 (212) 555-4510", "+1 (212) 555-4511"),
    False: ("Fargo", "+1 (212) 555-4520", "+1 (212) 555-4521"),
    "plain": ("Galena", "+1 (212) 555-4530"),
}
"""For the tests of the wizard: a location, a number there that needs a letter, one that doesn't."""

DRAWN = "M40 110L70 40L95 120L130 60M150 100L210 96L260 70L300 120"

_STATES = (NumberState.UNAUTHORISED, NumberState.LOA_REQUIRED)


def make_letters(archive: Archive, row: OrganisationRow) -> dict[str, str]:
    with archive.transactions.write(row.id, OPERATOR) as tx:
        for number in (*COVERED, REVOKED):
            add_number(tx, number, location="Austin", state=NumberState.LOA_REQUIRED)
        waiting = add_number(tx, WAITING, location="Austin", label="Front desk", state=NumberState.LOA_REQUIRED)
        plain = add_number(tx, ORDERED, location="Austin")
        place_order(tx, Draft("drf_shown", "Austin", (plain.e164,)))
        for location, *numbers in WIZARD.values():
            for number, state in zip(reversed(numbers), _STATES, strict=False):
                add_number(tx, number, location=location, state=state)
            add_number(tx, f"{numbers[0][:-1]}9", location=location, state=NumberState.AUTHORISED)
    letter = sign(archive, row, *COVERED)
    revoked = sign(archive, row, REVOKED, signature=Signature(drawn=DRAWN))
    with archive.transactions.write(row.id, OPERATOR) as tx:
        revoke_letter(tx, revoked.id, "The number was sold with the branch in Austin")
    return {
        "letter": letter.id,
        "letter revoked": revoked.id,
        "number that needs a letter": WAITING.replace("+", "%2B"),
        "id that needs a letter": waiting.id,
    }
