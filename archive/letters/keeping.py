"""For how long letters are valid, and kept: a policy of their own, which only ever keeps longer."""

from dataclasses import dataclass
from datetime import date, timedelta

from archive.core.clock import day_of
from archive.core.errors import BadInput, Conflict
from archive.letters import store
from archive.letters.events import LetterPolicySet
from archive.letters.store import LetterPolicyRow
from archive.tx import Tx

LEAST_YEARS, MOST_YEARS = 4, 100
LEAST_VALID, MOST_VALID = 30, 3_650
FEBRUARY, LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True)
class LetterPolicy:
    """`valid_days`: how long after signing a letter ends by itself, None for never. `keep_years`: how long it is kept
    after the last of its numbers was released.
    """

    valid_days: int | None = None
    keep_years: int = LEAST_YEARS

    def last_day(self, signed_on: date) -> date | None:
        return None if self.valid_days is None else signed_on + timedelta(days=self.valid_days)


def policy_of(tx: Tx) -> LetterPolicy:
    row = store.policy_row(tx)
    return LetterPolicy(row.valid_days, max(row.keep_years, LEAST_YEARS)) if row else LetterPolicy()


def set_policy(tx: Tx, policy: LetterPolicy) -> None:
    """Letters that are signed already end when they said that they would; all are kept as long as this says.

    Raises `Conflict` for one that would keep them less long than now.
    """
    before = policy_of(tx)
    if not LEAST_YEARS <= policy.keep_years <= MOST_YEARS:
        raise BadInput(f"Letters are kept {LEAST_YEARS} to {MOST_YEARS} years.", "Choose a number of years.")
    if policy.valid_days is not None and not LEAST_VALID <= policy.valid_days <= MOST_VALID:
        raise BadInput(
            f"A letter is valid for {LEAST_VALID} to {MOST_VALID:,} days, or until it is revoked.",
            "Choose one of these.",
        )
    if policy.keep_years < before.keep_years:
        raise Conflict(
            f"Letters are kept for {before.keep_years} years, and that can't be made less.", "Choose as many or more."
        )
    if policy == before:
        return
    entry = tx.record(LetterPolicySet(valid_days=policy.valid_days, keep_years=policy.keep_years))
    row = store.policy_row(tx) or LetterPolicyRow(org_id=tx.org_id)
    row.valid_days, row.keep_years, row.set_at, row.entry = policy.valid_days, policy.keep_years, tx.now, entry
    tx.session.add(row)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; after a leap day the first of March."""
    if (day.month, day.day) == (FEBRUARY, LEAP_DAY):
        return date(day.year + years, FEBRUARY + 1, 1)
    return day.replace(year=day.year + years)


def today(tx: Tx) -> date:
    return day_of(tx.now)
