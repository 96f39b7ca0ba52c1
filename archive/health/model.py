"""What a figure means: in order, to be looked at, or broken; and what to do about it. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from archive.completeness.gap import Cause
from archive.letters.model import Due
from archive.pulling.model import Ended, Standing
from archive.runs.clocks import CONFIRM, ClockVerdict
from archive.runs.due import is_late
from archive.runs.model import JobState, Outcome

MOST_LAG = 10_000
CHECKPOINT_AGE = timedelta(minutes=5)
LIST_AGE = timedelta(days=1)
VAULT_GRACE = timedelta(minutes=5)
"""The vault may be behind for so much longer than it is configured to wait."""

SEE_JOBS = "See that jobs are running: `textarchive jobs`."

State = Literal["ok", "warning", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` says how a part is, in a sentence that begins small; `next_step` is empty where there is nothing to do."""

    part: str
    state: State
    what: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """One organisation in numbers, at one moment.

    `unsigned_seconds`: how long the oldest entry has waited for its checkpoint. `checkpoint_seconds`: the age of the
    newest one, None before the first. `sample_faults`: what the newest nightly sample has found.
    `alarms`: (gaps, texts missing) by how that is known.
    """

    texts: int
    entries: int
    index_lag: int
    unsigned_seconds: float
    checkpoint_seconds: float | None
    quarantine_open: int
    alerts_open: int
    sample_faults: int
    alarms: Mapping[Cause, tuple[int, int]]


def of_index(behind: int, rebuilding: Collection[str]) -> Finding:
    """`rebuilding`: months of expiry whose part of the index was damaged."""
    if rebuilding:
        what = f"texts that expire in {', '.join(sorted(rebuilding))} are being indexed again"
        return Finding("index", "warning", what, "Until then searches say that they are not whole.")
    what = f"{behind:,} entries behind"
    return Finding("index", "warning", what, SEE_JOBS) if behind > MOST_LAG else Finding("index", "ok", what)


def of_ledger(unsigned: int, since: datetime | None, now: datetime) -> Finding:
    if since is not None and now - since > CHECKPOINT_AGE:
        return Finding("ledger", "warning", f"{unsigned:,} entries wait for a checkpoint", SEE_JOBS)
    return Finding("ledger", "ok", f"{unsigned:,} entries since the last checkpoint")


def of_recovery(confirmed: bool) -> Iterator[Finding]:
    if not confirmed:
        yield Finding(
            "keys",
            "warning",
            "nobody has confirmed having a recovery copy of the master key",
            "Run `textarchive recovery show`, keep what it prints, then `textarchive recovery confirm`.",
        )


def of_scrub(looked_at: datetime, faults: int, first: str) -> Finding:
    """`first`: the first of the faults."""
    when = f"{looked_at:%Y-%m-%d}"
    if faults:
        what = f"faults in the sample of {when}: {faults:,}; the first: {first}"
        return Finding(
            "scrub", "broken", what, "Run `textarchive verify`, and `textarchive vault repair` for the vault."
        )
    return Finding("scrub", "ok", f"nothing was wrong in the sample of {when}")


def of_cases(late: int, soon: int) -> Iterator[Finding]:
    """Support cases of campaigns for which something is late, or due within three days."""
    if late:
        what = f"{late} support case{'s are' if late > 1 else ' is'} late"
        yield Finding("cases", "warning", what, "See the pages of their campaigns: answer, or ask the provider.")
    elif soon:
        what = f"something is due within three days for {soon} support case{'s' if soon > 1 else ''}"
        yield Finding("cases", "ok", what)


def of_gaps(alarms: Mapping[Cause, tuple[int, int]]) -> Iterator[Finding]:
    """`alarms`: (gaps, texts that are missing) by how that is known. Of a sender that keeps its
    own texts from the archive every report is about a text that never came: no fault of the archive's.
    """
    see = "See the page *Completeness*, or `textarchive completeness`: fetch what is missing, or say why it is not."
    for cause, (gaps, texts) in alarms.items():
        what = f"{_GAPS[cause]}: {texts:,}, in {gaps:,} gap{'s' if gaps > 1 else ''}"
        yield Finding("completeness", "warning" if cause is Cause.ONLY_REPORTED else "broken", what, see)
    if not alarms:
        yield Finding("completeness", "ok", "nothing is known to be missing")


_GAPS = {
    Cause.NOT_STORED: "texts that providers carried and that are not here",
    Cause.VANISHED: "texts that were stored and are gone without a purge",
    Cause.NOT_INDEXED: "texts that are stored and that no search can find",
    Cause.ONLY_REPORTED: "texts that were reported on and never came",
}


def of_lists(standings: Sequence[Standing], now: datetime) -> Iterator[Finding]:
    """Of the accounts whose lists are read; without any there is nothing."""
    amiss = [finding for standing in standings if (finding := _of_list(standing, now))]
    yield from amiss
    if standings and not amiss:
        yield Finding("lists", "ok", f"what {len(standings):,} accounts have carried is listed and here")


def _of_list(standing: Standing, now: datetime) -> Finding | None:
    """One that has brought nothing for a day is broken, whoever's fault that is."""
    last, since = standing.last, standing.through_at or standing.granted_at or now
    if last is not None and last.ended is Ended.FAILED:
        state: State = "broken" if now - since > LIST_AGE else "warning"
        return Finding("lists", state, f"{standing.account}: {last.why.rstrip('.')}", last.next_step)
    if now - since > LIST_AGE:
        return Finding("lists", "broken", f"{standing.account} was last listed {since:%Y-%m-%d %H:%M} UTC", SEE_JOBS)
    return None


def of_letters(due: Due, today: date) -> Iterator[Finding]:
    """`today`: a letter that ended before it is dealt with by the job's next run. Without letters there is nothing."""
    sign = "Sign a new letter in its place, on the page of letters."
    for letter, last_day, numbers in due.ending:
        word = "ended" if last_day < today else "ends"
        yield Finding("letters", "warning", f"{numbers:,} numbers rest on {letter}, which {word} on {last_day}", sign)
    if not due.ending and (due.needing or due.fresh):
        fresh = f", {due.fresh:,} fresh letters, the next until {due.fresh_until}" if due.fresh else ""
        yield Finding("letters", "ok", f"{due.needing:,} numbers need a letter{fresh}")


def of_clocks(verdict: ClockVerdict, now: datetime) -> Iterator[Finding]:
    for problem in verdict.problems:
        yield Finding("clock", "broken", problem, CONFIRM)
    if verdict.agree:
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC, the database agrees")


def of_jobs(states: Sequence[JobState], now: datetime) -> Iterator[Finding]:
    """One for each job that needs somebody, or one that says that none does."""
    if not states:
        start = "`textarchive serve` does it, or `textarchive jobs start` on a machine of its own."
        yield Finding("jobs", "warning", "no scheduler has run here yet", start)
        return
    amiss = [finding for state in states if (finding := _of_job(state, now))]
    yield from amiss
    if not amiss:
        yield Finding("jobs", "ok", f"{len(states)} jobs in time")


def _of_job(state: JobState, now: datetime) -> Finding | None:
    see = f"`textarchive jobs` shows why; `textarchive jobs run {state.job}` tries it now."
    if is_late(state, now):
        since = f"since {state.good_at:%Y-%m-%d %H:%M} UTC" if state.good_at else "at all"
        return Finding("jobs", "broken", f"the job {state.job} is late: it has not succeeded {since}", see)
    if state.outcome is Outcome.FAILED:
        return Finding("jobs", "warning", f"the job {state.job} failed, and is tried again", see)
    return None
