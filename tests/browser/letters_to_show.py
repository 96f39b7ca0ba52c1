"""Letters in every state that a page shows, and a number that waits for one."""

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.letters.ending import revoke_letter
from archive.letters.model import Signature
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.letters.signing import sign

COVERED = tuple(f"+1212555{number}" for number in range(4410, 4418))
REVOKED, WAITING = "+12125554420", "+12125554430"
DRAWN = "M40 110L70 40L95 120L130 60M150 100L210 96L260 70L300 120"


def make_letters(archive: Archive, row: OrganisationRow) -> dict[str, str]:
    with archive.transactions.write(row.id, OPERATOR) as tx:
        for number in (*COVERED, REVOKED):
            add_number(tx, number, location="Austin", state=NumberState.LOA_REQUIRED)
        waiting = add_number(tx, WAITING, location="Austin", label="Front desk", state=NumberState.LOA_REQUIRED)
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
