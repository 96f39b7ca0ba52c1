"""What people read of a purge batch: its standing, its steps, and what each breaker means."""

from dataclasses import dataclass

from archive.http.translation import _
from archive.retention.batch import Standing, Step
from archive.retention.breakers import Breaker


@dataclass(frozen=True, slots=True)
class BreakerWords:
    """`stops`: when it stops a batch; `look`: what to find out before allowing one."""

    label: str
    stops: str
    look: str


def standing_label(standing: Standing) -> str:
    return {
        Standing.PLANNED: _("Planned"),
        Standing.WAITING: _("Waits for approval"),
        Standing.APPROVED: _("Approved"),
        Standing.SHREDDING: _("Being destroyed"),
        Standing.CERTIFIED: _("Certified"),
    }[standing]


def breaker_words() -> dict[Breaker, BreakerWords]:
    """In the order in which they are explained."""
    return {
        Breaker.POLICY: BreakerWords(
            _("Policy changed"),
            _("A retention policy was set after the plan was made."),
            _("See under Policies what was changed. Whatever the new policy keeps is left out when the batch goes."),
        ),
        Breaker.SIZE: BreakerWords(
            _("Unusually large"),
            _("More than 100 texts, and more than twice what batches of the days around it take."),
            _("Was there a first import on that day, or a campaign? If nobody knows why, stop and ask."),
        ),
        Breaker.SHARE: BreakerWords(
            _("A large share"),
            _("More than 100 texts, and more than 2 % of all that are here."),
            _("A policy or a clock that is wrong looks like this. Compare the day with when these texts came in."),
        ),
        Breaker.YOUNG: BreakerWords(
            _("Dated too early"),
            _("Our clock stood behind when some of it came in, so its dates are too early."),
            _("Wait until the moment that is named; then nothing goes too soon."),
        ),
        Breaker.WEEK: BreakerWords(
            _("Planned late"),
            _("People could not see the plan for a whole week."),
            _("It goes by itself when its week is over. Approve it only if it may not wait."),
        ),
        Breaker.CLOCKS: BreakerWords(
            _("Clocks in doubt"),
            _("The clocks of this machine, the database and the vault differ, or the time has jumped."),
            _("Have the operator put the clock right and confirm it. Approving trusts the clock for 72 hours."),
        ),
    }


def step_label(step: Step) -> str:
    return {
        Step.INDEX: _("Taken out of the search index"),
        Step.SEALING: _("What stays sealed under another key"),
        Step.VAULT: _("Objects in the vault deleted, every version"),
        Step.KEYS: _("Keys destroyed"),
        Step.COPIES: _("Copy of the keys replaced"),
        Step.ROWS: _("Rows removed from the database"),
        Step.LOG: _("Log of the database emptied"),
        Step.CHECKED: _("Looked for everywhere, and nothing found"),
    }[step]


def kept_label(why: str) -> str:
    return {
        "held": _("under a hold"),
        "longer": _("kept by a longer policy"),
        "later": _("in the plan of a later day"),
        "unplanned": _("not in the plan, so left for the next"),
        "items": _("in quarantine"),
    }.get(why, why)


def found_label(what: str) -> str:
    """Of what a check looks for."""
    return {
        "rows": _("rows in the database"),
        "indexed": _("texts in the search index"),
        "objects": _("objects in the vault"),
        "keys": _("keys that still open"),
        "found": _("sealed texts in the files of the database"),
    }.get(what, what)
