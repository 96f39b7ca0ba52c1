"""A run: page after page of an account's list, until all that is planned is listed, or somebody stops it.

How far it has got is written with each page, so a run that is killed loses nothing, and the next one brings nothing
twice.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from archive.asking import AskedToWait, Asker, NotAccepted, Refused, Sleep
from archive.core.actor import Actor
from archive.core.errors import ArchiveError, NotReady
from archive.providers.credentials import forget_token
from archive.providers.listed.frame import Credentials, Page, Slice, Unlisted, Wanted, page_of
from archive.providers.said import Item
from archive.pulling.asked import Reading, name_of, open_asker
from archive.pulling.counting import Tally
from archive.pulling.model import LEASE, Brought, Ended, Plan, Run, next_slice
from archive.pulling.sharing import lacking
from archive.pulling.store import PullRow, pull_of, renew
from archive.pulling.taking import take_page
from archive.pulling.turns import Turn, TurnLost, begin_slice, give_back, held, take
from archive.tx import Tx

MOST_PAGES: Final = 2_000
"""Of one slice. A list that goes on after that goes on for ever."""

Progress = Callable[[datetime, datetime, datetime, Brought], None]
"""Told of where the list begins, how far it is read, where it ends, and what it has brought so far."""


def silently(_since: datetime, _reached: datetime, _until: datetime, _brought: Brought) -> None:
    return


def _never(_brought: Brought) -> bool:
    return False


@dataclass(slots=True)
class Puller:
    """One run of one account. `enough`, asked before each page, says whether it is to pause."""

    archive: Reading
    org_id: int
    actor: Actor
    enough: Callable[[Brought], bool] = _never
    sleep: Sleep = time.sleep
    progress: Progress = silently
    brought: Brought = field(default_factory=Brought)

    def run(self, provider: str, account: str, wanted: Plan | None = None) -> Run:
        """Raises `Conflict` when somebody is at it, `NotFound` without credentials. What goes wrong later is in the
        run, and in the ledger."""
        with self._write() as tx:
            turn = take(tx, provider, account, wanted)
        ended, wait = Ended.FAILED, 0.0
        why: ArchiveError | None = None
        try:
            ended = self._read_on(turn)
        except TurnLost:
            raise
        except AskedToWait as problem:
            why, wait = problem, problem.seconds
        except ArchiveError as problem:
            why = problem
        except BaseException:
            self._give_back(turn, ended, NotReady("The run broke off.", "The next one goes on there."), 0.0)
            raise
        return self._give_back(turn, ended, why, wait)

    def _read_on(self, turn: Turn) -> Ended:
        asker, kept = open_asker(self.archive, self.org_id, self.actor, turn.reader, turn.account, self.sleep)
        while True:
            with self.archive.transactions.read(self.org_id, self.actor) as tx:
                row = _row(tx, turn)
            part = next_slice(turn.plan, row.slice_at or turn.plan.since, turn.reader.longest)
            if part is None:
                return Ended.DONE
            if self.enough(self.brought):
                return Ended.PAUSED
            self._take_one(turn, part, row, asker, kept)

    def _take_one(self, turn: Turn, part: Slice, row: PullRow, asker: Asker, kept: Credentials) -> None:
        where = row.cursor or turn.reader.first(turn.account, kept, part)
        if row.pages >= MOST_PAGES:
            self._begin_slice_anew(turn, part)
            raise Unlisted(f"The list of {name_of(turn.reader)} doesn't end.", "Try again later.")
        try:
            answer = asker.get(where)
        except Refused:
            if row.cursor is None or self.brought.pages:
                raise
            self._begin_slice_anew(turn, part)  # A page that was to come next is not kept for ever.
            return
        page = page_of(turn.reader, name_of(turn.reader), answer.body, where, answer.link)
        if page.next is not None:
            asker.address(page.next)  # One that leads elsewhere must not be what the next run goes on with.
        completed = self._completed(turn, page, asker)
        with self._write() as tx:
            self.brought += take_page(tx, turn, part, page, completed)
        self.progress(turn.plan.since, part.since, turn.plan.until, self.brought)

    def _begin_slice_anew(self, turn: Turn, part: Slice) -> None:
        with self._write() as tx:
            row = held(tx, turn)
            begin_slice(row, part.since)
            row.tally = Tally.read(row.tally).without_present().written()

    def _completed(self, turn: Turn, page: Page, asker: Asker) -> list[Item]:
        """The items of texts whose list says too little, of those that are not here."""
        if not page.wanted:
            return []
        with self.archive.transactions.read(self.org_id, self.actor) as tx:
            wanted = lacking(tx, turn, page.wanted)
        return [item for one in wanted for item in self._complete(turn, one, asker)]

    def _complete(self, turn: Turn, one: Wanted, asker: Asker) -> list[Item]:
        self._keep(turn)
        try:
            said = asker.decoded(asker.get(one.where), one.where)
        except Refused:
            said = None
        try:
            return list(turn.reader.complete(one, said))
        except ValueError:
            raise Unlisted(f"What {name_of(turn.reader)} answers about a text is none.", "Try again later.") from None

    def _keep(self, turn: Turn) -> None:
        """A page whose texts are asked for one by one takes its time."""
        with self.archive.transactions.across() as session:
            until = self.archive.transactions.clock() + LEASE
            renew(session, self.org_id, turn.provider, turn.account, turn.number, until)

    def _give_back(self, turn: Turn, ended: Ended, why: ArchiveError | None, wait: float) -> Run:
        with self._write() as tx:
            row = held(tx, turn)
            run = Run(
                started_at=turn.started_at,
                ended_at=tx.now,
                since=turn.plan.since,
                until=turn.plan.until,
                reached=min(row.slice_at or turn.plan.since, turn.plan.until),
                ended=ended,
                brought=self.brought,
                why=why.message if why else "",
                next_step=why.next_step if why else "",
            )
            if isinstance(why, NotAccepted) and turn.reader.tokens:
                forget_token(tx, turn.provider, turn.account)
            give_back(tx, turn, run, wait)
        return run

    def _write(self) -> AbstractContextManager[Tx]:
        return self.archive.transactions.write(self.org_id, self.actor)


def _row(tx: Tx, turn: Turn) -> PullRow:
    row = pull_of(tx, turn.provider, turn.account)
    assert row is not None
    return row
