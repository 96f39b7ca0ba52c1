"""The demo's last weeks, night by night: the oldest texts have had their time, are planned, destroyed and certified.

All of it as in earnest. A hold keeps some of them; a policy that is changed late leaves a batch waiting for somebody.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.clock import DAY
from archive.demo.model import Organisation
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.retention.batch import SETTLING
from archive.retention.batches import open_batches
from archive.retention.changing import set_policy
from archive.retention.model import Scope
from archive.retention.period import FLOOR_DAYS, Period
from archive.retention.planning import plan_batches
from archive.retention.purge import Clocks, run_due
from archive.safekeeping import keep_up
from archive.search.follower import catch_up
from archive.wiring import Archive

NIGHTS = 30
"""So many before the end it begins: more than a week before the first text goes, so that all plans are in time."""

POLICY_BEFORE = 5
"""Nights before the end at which the policy is changed."""

RESCUED_BEFORE = 12
"""Nights before the end at which a hold rescues something of what is planned."""

KEPT = FLOOR_DAYS * DAY
LONGER = Period(years=3)
COMPLAINT = HoldOrder(
    matter="Fee complaint",
    reference="2026-118",
    predicate=Predicate("refund* OR complaint* OR overcharged"),
    reason="A client has complained about fees; counsel asked us to keep what was said.",
)
PAYMENTS = HoldOrder(
    matter="Payment instructions",
    reference="2026-131",
    predicate=Predicate("wire* OR facture*"),
    reason="The insurer asks for everything that was said about payments.",
    standing=False,
)


class Ageing:
    """Of one organisation, up to `until`. `officer`: whoever looks after compliance."""

    def __init__(
        self,
        archive: Archive,
        row: OrganisationRow,
        organisation: Organisation,
        officer: Actor,
        until: datetime,
        set_clock: Callable[[datetime], None],
    ) -> None:
        self._archive, self._row, self._officer, self._set_clock = archive, row, officer, set_clock
        self._number = organisation.numbers[0].number
        self._in_vault = False
        midnight = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._nights = [midnight - DAY * back + 2 * SETTLING for back in reversed(range(NIGHTS))]

    def nights(self, before: datetime) -> None:
        """Those that have come and have not been lived through yet."""
        if not self._in_vault and before >= self._nights[-1] - KEPT:
            # What goes was in the vault long before. The rest is put there when the scheduled work begins.
            keep_up(self._archive.transactions, self._archive.vault, self._archive.keys_backup, self._row)
            self._in_vault = True
        while self._nights and self._nights[0] <= before:
            self._set_clock(self._nights[0])
            self._night(self._nights.pop(0))

    def _night(self, now: datetime) -> None:
        left = len(self._nights)
        if left == NIGHTS - 1:
            self._hold()
        if left == RESCUED_BEFORE:
            self._rescue()
        if left == POLICY_BEFORE:
            self._change_policy()
        plan_batches(self._archive.transactions, self._row.id)
        run_due(self._archive, self._row, Clocks(now))

    def _change_policy(self) -> None:
        """After plans were made: nothing goes by them until somebody has looked at them again."""
        with self._archive.transactions.write(self._row.id, self._officer) as tx:
            if open_batches(tx):
                set_policy(tx, Scope(number=self._number), LONGER)

    def _hold(self) -> None:
        """So that there is something to look at."""
        catch_up(self._archive.transactions, self._archive.index, self._row.id)
        place_hold(self._archive, self._row.id, self._officer, COMPLAINT)

    def _rescue(self) -> None:
        """A hold in the week of the plans: some of what they take stays."""
        with self._archive.transactions.read(self._row.id, self._officer) as tx:
            planned = open_batches(tx)
        if planned:
            place_hold(self._archive, self._row.id, self._officer, PAYMENTS)
