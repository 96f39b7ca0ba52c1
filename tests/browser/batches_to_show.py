"""An organisation whose oldest texts have had their time: batches that are certified, that wait, that are planned."""

from dataclasses import dataclass
from datetime import timedelta

from archive.access.organisations import create_organisation
from archive.access.roles import FIRST_PERSON
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, day_of, system_clock
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.proving import sign_and_keep
from archive.retention.beginning import begin
from archive.retention.changing import set_policy
from archive.retention.model import Scope
from archive.retention.period import Period
from archive.safekeeping import keep_up
from archive.setting_up import add_person
from archive.settings import Settings
from archive.wiring import build
from tests.conftest import StandingClock
from tests.holds.ordering import texts
from tests.retention.purging import plan, purge_time, run

KEPT = 400 * DAY


@dataclass(frozen=True, slots=True)
class Batches:
    """Ids of batches, by what is special about them, and who may see them."""

    ids: dict[str, str]
    login: tuple[str, str]


def make_batches(settings: Settings) -> Batches:
    now = system_clock()
    clock = StandingClock(now - 6 * DAY - KEPT)
    archive = build(settings, clock=clock)
    try:
        row = create_organisation(archive.transactions, "Ripe Harbour", OPERATOR, settings.public_url)
        days = {}
        for name, ago in (("certified", 6), ("running", 5), ("waiting", 3), ("approved", 2), ("planned", -2)):
            clock.now = now - ago * DAY - KEPT
            texts(archive, row, {"text": f"ripe {name}"}, {"text": "wire"}, {"text": f"ripe {name} too"})
            days[name] = day_of(clock.now + KEPT)
        place_hold(archive, row.id, OPERATOR, HoldOrder("A matter", Predicate("wire"), "Counsel"))
        for back in range(14, 4, -1):
            clock.now = now - back * DAY
            plan(archive, row)
        clock.now = max(clock.now, purge_time(days["certified"]))
        assert [done.id for done in run(archive, row).certified] == [days["certified"].isoformat()]
        # Begun, and then nobody goes on with it: a test does.
        clock.now = max(clock.now, purge_time(days["running"]))
        with archive.transactions.write(row.id, OPERATOR) as tx:
            assert begin(tx, days["running"].isoformat(), ())
        with archive.transactions.write(row.id, OPERATOR) as tx:
            set_policy(tx, Scope(number="+12125559999"), Period(years=3))
        clock.now = now - DAY + timedelta(minutes=10)
        for name in ("waiting", "approved"):
            with archive.transactions.write(row.id, OPERATOR) as tx:
                assert not begin(tx, days[name].isoformat(), ())
        clock.now = now
        sign_and_keep(archive.transactions, archive.vault, row)
        keep_up(archive.transactions, archive.vault, archive.keys_backup, row)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            login = "first@ripe.example", add_person(tx, "First Person", "first@ripe.example", FIRST_PERSON)
        return Batches({f"batch {name}": day.isoformat() for name, day in days.items()}, login)
    finally:
        archive.engine.dispose()
