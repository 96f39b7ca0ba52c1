"""An organisation whose provider says that it carried more than is here, on some days and for some numbers."""

from archive.access.organisations import create_organisation
from archive.access.roles import FIRST_PERSON
from archive.completeness.expecting import expect
from archive.completeness.gap_store import open_gaps
from archive.completeness.looking import look
from archive.completeness.model import Count
from archive.completeness.recording import acknowledge
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, day_of, rfc3339
from archive.search.follower import catch_up
from archive.setting_up import add_person
from archive.wiring import Archive
from tests.items import line, take_in

EMAIL = "first@gapwater.example"
OWN = ("+12125550123", "+12125550124", "+16135550177", "+17875550133")
DAYS = 26


def make_gaps(archive: Archive) -> tuple[str, str]:
    """E-mail address and password of its administrator."""
    row = create_organisation(archive.transactions, "Gapwater", OPERATOR, archive.settings.public_url)
    now, today = archive.clock(), day_of(archive.clock())
    for at, own in enumerate(OWN):
        lines = [
            line(f"SM{at}-{back}-{one}", account="AC1", to=[own], sent_at=rfc3339(now - back * DAY))
            for back in range(DAYS)
            for one in range(2 + (at + back) % 4)
        ]
        take_in(archive, row.id, *lines)
    counts = [
        Count(own, today - back * DAY, "inbound", 2 + (at + back) % 4 + _wrong(at, back))
        for at, own in enumerate(OWN[:3])
        for back in range(DAYS - at)
    ]
    with archive.transactions.write(row.id, OPERATOR) as tx:
        expect(tx, "twilio", "AC1", [*counts, Count(None, today - 3 * DAY, "outbound", 12)])
        login = EMAIL, add_person(tx, "First Person", EMAIL, FIRST_PERSON)
    catch_up(archive.transactions, archive.index, row.id)
    look(archive.transactions, archive.index, row.id)
    with archive.transactions.write(row.id, OPERATOR) as tx:
        acknowledge(tx, open_gaps(tx)[0].id, "The provider counted its own test texts.")
    return login


def _wrong(number: int, back: int) -> int:
    """More than came on a few days, and less on one."""
    return {(0, 5): 1, (0, 12): 3, (1, 5): 2, (1, 9): 1, (1, 4): -1}.get((number, back), 0)
