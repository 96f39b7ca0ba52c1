"""When a job is due, whose turn it is, and when it is late. Pure: the moment is an argument.

Due times are points of a fixed grid, so any number of schedulers know the same ones without asking each other. One that
was begun is carried through: if its run fails or breaks off, the next run is for the same due time. Those at which
nobody was there are not made up for: the newest stands for all of them.
"""

from datetime import datetime, timedelta

from archive.runs.model import JobState, Outcome

LEASE = timedelta(seconds=60)
RENEWED_EVERY = timedelta(seconds=15)
SIGN_OF_LIFE = timedelta(seconds=30)
"""A job that finds nothing to do is carried out at least this often, so that its standing still is noticed."""

MOST_APART = timedelta(seconds=120)
"""How far two clocks may disagree before one of them counts as wrong."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)


def due_time(state: JobState, now: datetime) -> datetime | None:
    """The due time for which a run may begin now; None when there is none, or somebody is at it.

    A due time further ahead than clocks may disagree was written by one that was wrong, and holds nobody up.
    """
    newest, last = state.duty.newest(now), state.due_at
    if is_held(state, now):
        return None
    if last is None or last > now + MOST_APART:
        return newest
    if state.leased_until is not None:
        return last
    if state.outcome is Outcome.FAILED:
        return None if _waits(state, now) else last
    return newest if newest > last else None


def is_held(state: JobState, now: datetime) -> bool:
    """Whether somebody carries it out at this moment. No true lease reaches further ahead than this believes."""
    return state.leased_until is not None and now < state.leased_until <= now + LEASE + MOST_APART


def next_due(state: JobState, now: datetime) -> datetime:
    """When it is carried out next: at the latest due time that nobody has come to, a retry, or the next of the grid."""
    ready = due_time(state, now)
    if ready is not None:
        return ready
    retry = retry_at(state)
    return retry if retry and retry > now else state.duty.after(now)


def retry_at(state: JobState) -> datetime | None:
    """A failed run is tried again after 5 s, and then after twice as long each time, up to 5 minutes."""
    if state.outcome is not Outcome.FAILED or state.ended_at is None:
        return None
    doubled = FIRST_WAIT * (1 << min(state.failures - 1, 10))
    return state.ended_at + min(doubled, LONGEST_WAIT)


def is_late(state: JobState, now: datetime) -> bool:
    """Not carried out with success for too long: the alarm."""
    return now - (state.good_at or state.known_at) > state.duty.late_after


def rested(state: JobState, now: datetime) -> bool:
    """Whether it was carried out with success so lately that it may pass over a due time with nothing to do."""
    return state.good_at is not None and state.good_at <= now < state.good_at + SIGN_OF_LIFE


def _waits(state: JobState, now: datetime) -> bool:
    retry = retry_at(state)
    return retry is not None and now < retry <= now + LONGEST_WAIT
