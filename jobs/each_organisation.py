"""Doing something for every organisation, so that trouble with one keeps no other waiting."""

from collections import Counter
from collections.abc import Callable

from archive.access.organisations import OrganisationRow, list_organisations
from archive.runs.model import Counts, LeaseLost
from archive.wiring import Archive


def for_each_organisation(archive: Archive, work: Callable[[OrganisationRow], Counts]) -> Counts:
    """The sum of what `work` did. Where it failed, the first failure is raised once all have had their turn."""
    with archive.transactions.glance() as session:
        organisations = list_organisations(session)
    done: Counter[str] = Counter()
    failures: list[Exception] = []
    for organisation in organisations:
        try:
            done.update(work(organisation))
        except LeaseLost:
            raise
        except Exception as problem:  # noqa: BLE001 - raised below.
            failures.append(problem)
    if failures:
        raise failures[0]
    return done
