"""The conditions of eligibility, asked of a number by whoever authorises it, and of all numbers together."""

from collections import Counter
from dataclasses import dataclass

from archive.core import phone
from archive.core.errors import Conflict
from archive.eligibility.actions import check_eligible, facts_of
from archive.eligibility.model import (
    LOCATION,
    PRIMARY_NUMBER,
    Finding,
    Holder,
    Place,
    Standing,
    judge,
    judge_holder,
    judge_number,
    judge_place,
)
from archive.locations.model import Pstn, key_of
from archive.locations.store import LocationRow, all_locations, location_by_name
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers
from archive.tx import Tx
from archive.users.store import UserRow, all_users, user_by_id


@dataclass(frozen=True, slots=True)
class Subject:
    """A location or a user (or nobody: `id` is empty) by whom a condition isn't met, and for how many numbers."""

    id: str
    finding: Finding
    numbers: int


@dataclass(frozen=True, slots=True)
class Overall:
    """How all numbers together stand with one condition. `subjects`: those by whom it isn't met, broken ones first."""

    rule: str
    standing: Standing
    numbers: int
    subjects: list[Subject]


def findings_of(tx: Tx, row: NumberRow) -> list[Finding]:
    """Every condition for authorising a number, the organisation's included."""
    return [*judge(facts_of(tx)), *_of_number(tx, row.location, row.user_id)]


def check_number(tx: Tx, e164: str, location: str, user_id: str | None) -> None:
    """Raises `Conflict` with the reason if it is known that a number there, in these hands, can't be authorised."""
    check_eligible(tx)
    for finding in _of_number(tx, location, user_id):
        if finding.standing is Standing.BROKEN:
            raise Conflict(f"{phone.display(e164)} can't be authorised: {finding.because}", finding.next_step)


def overall(tx: Tx) -> list[Overall]:
    """The conditions that are asked of each number, over all that are not released."""
    rows = [row for row in all_numbers(tx) if row.state != NumberState.RELEASED]
    places = {key_of(row.name): row for row in all_locations(tx)}
    users = {row.id: row for row in all_users(tx)}
    found = [(places.get(key_of(row.location)), users.get(row.user_id or "")) for row in rows]
    return [
        _summed(LOCATION, [(place.id if place else "", judge_place(_place(place))) for place, _ in found]),
        _summed(PRIMARY_NUMBER, [(user.id if user else "", judge_holder(_holder(user))) for _, user in found]),
    ]


def _summed(rule: str, judged: list[tuple[str, Finding]]) -> Overall:
    """`judged`: of each number, by whom it is so, and what."""
    counted = Counter(judged)
    subjects = [Subject(one, finding, count) for (one, finding), count in counted.items()]
    wrong = [subject for subject in subjects if subject.finding.standing is not Standing.MET]
    wrong.sort(key=lambda subject: (subject.finding.standing is Standing.OPEN, subject.finding.because))
    standing = wrong[0].finding.standing if wrong else Standing.MET if judged else Standing.OPEN
    return Overall(rule, standing, len(judged), wrong)


def _of_number(tx: Tx, location: str, user_id: str | None) -> list[Finding]:
    user = user_by_id(tx, user_id) if user_id else None
    place = _place(location_by_name(tx, location)) or Place(location) if location else None
    return judge_number(place, _holder(user))


def _place(row: LocationRow | None) -> Place | None:
    return Place(row.name, row.country, row.pstn == Pstn.PROVIDER if row.pstn else None) if row else None


def _holder(row: UserRow | None) -> Holder | None:
    return Holder(row.name, bool(row.primary_number)) if row else None
