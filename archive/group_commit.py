"""Many small changes, one commit.

A thread that has something to write puts it into its organisation's queue. Where nobody leads, it leads: it commits for
everybody waiting, wakes them, and hands the lead to the first of those who have come meanwhile. No extra process, and
nobody gets an answer before the commit that holds their change.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Any

from archive.core.actor import Actor
from archive.ledger.entry import Event
from archive.tx import Transactions, Tx

MOST_AT_ONCE = 500
LONGEST_GATHERING = 0.020

Work = Callable[[Tx, Sequence[Any]], Sequence[Any]]
"""Does something with many items in one transaction; as many results, in order."""


class _Ticket:
    """A change that waits. Its thread sleeps on `turn` until the change is done, or the lead is handed to it."""

    __slots__ = ("done", "item", "problem", "result", "turn", "work")

    def __init__(self, work: Work, item: Any) -> None:
        self.work = work
        self.item = item
        self.done = False
        self.result: Any = None
        self.problem: BaseException | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class _Queue:
    """Who waits, and whether somebody leads. Everybody is woken once, by name: none has to look and wait again."""

    def __init__(self) -> None:
        self.waiting: deque[_Ticket] = deque()
        self._guard = threading.Lock()
        self._enough = threading.Event()
        self._expected = 1
        self._led = False

    def join(self, ticket: _Ticket) -> bool:
        """Whether the ticket's thread is to lead, since nobody does."""
        with self._guard:
            self.waiting.append(ticket)
            self._see_whether_enough()
            leads, self._led = not self._led, True
        return leads

    def gather(self) -> list[_Ticket]:
        """Wait a moment for those who were here the last time: a commit costs much the same for one as for thirty.

        Whoever was alone is not kept waiting.
        """
        self._enough.wait(LONGEST_GATHERING)
        with self._guard:
            self._enough.clear()
            count = min(len(self.waiting), MOST_AT_ONCE)
            return [self.waiting.popleft() for _ in range(count)]

    def hand_on(self, done: Sequence[_Ticket]) -> None:
        """Wake those whose change is committed, and whoever is to lead next."""
        with self._guard:
            self._expected = min(len(done) + len(self.waiting), MOST_AT_ONCE)
            self._see_whether_enough()
            self._led = bool(self.waiting)
            following = [self.waiting[0]] if self.waiting else []
        for ticket in [*done, *following]:
            ticket.turn.release()

    def _see_whether_enough(self) -> None:
        if len(self.waiting) >= self._expected:
            self._enough.set()


class GroupCommit:
    """One for each process. Items of equal `work` that wait together are done in one call."""

    def __init__(self, transactions: Transactions, actor: Actor) -> None:
        self._transactions = transactions
        self._actor = actor
        self._queues: defaultdict[int, _Queue] = defaultdict(_Queue)

    def submit(self, org_id: int, work: Work, item: Any) -> Any:
        """The result of `work` for `item`, after it is committed; raises what `work` raised."""
        queue = self._queues[org_id]
        ticket = _Ticket(work, item)
        if not queue.join(ticket):
            ticket.turn.acquire()
        if not ticket.done:
            self._lead(org_id, queue)
        if ticket.problem:
            raise ticket.problem
        return ticket.result

    def record(self, org_id: int, actor: Actor, event: Event) -> int:
        """One ledger entry that belongs to no other change: a view, a search."""
        seq: int = self.submit(org_id, record_events, (event, actor))
        return seq

    def _lead(self, org_id: int, queue: _Queue) -> None:
        tickets = queue.gather()
        try:
            self._commit(org_id, tickets)
        finally:
            queue.hand_on(tickets)

    def _commit(self, org_id: int, tickets: list[_Ticket]) -> None:
        try:
            self._together(org_id, tickets)
        except Exception as problem:  # noqa: BLE001 - whatever it is, it goes to those who wait for it.
            if len(tickets) == 1:
                tickets[0].problem = problem
            else:
                for ticket in tickets:  # One of them is at fault; the others must not suffer for it.
                    self._commit(org_id, [ticket])
        except BaseException as problem:
            for ticket in tickets:
                ticket.problem = problem
            raise
        finally:
            for ticket in tickets:
                ticket.done = True

    def _together(self, org_id: int, tickets: list[_Ticket]) -> None:
        with self._transactions.write(org_id, self._actor) as tx:
            for work in dict.fromkeys(ticket.work for ticket in tickets):
                mine = [ticket for ticket in tickets if ticket.work is work]
                for ticket, result in zip(mine, work(tx, [ticket.item for ticket in mine]), strict=True):
                    ticket.result = result


def record_events(tx: Tx, items: Sequence[tuple[Event, Actor]]) -> list[int]:
    return [tx.record(event, actor) for event, actor in items]
