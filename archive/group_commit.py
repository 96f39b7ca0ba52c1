"""Many small changes, one commit.

A thread that has something to write puts it into its organisation's queue and then asks for the lead. Whoever gets it
commits for everybody waiting; the others find their work done. No extra process, and nobody gets an answer before the
commit that holds their change.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Any

from archive.core.actor import Actor
from archive.ledger.entry import Event
from archive.tx import Transactions, Tx

MOST_AT_ONCE = 500
LONGEST_GATHERING = 0.020
GATHERING_STEP = 0.0005

Work = Callable[[Tx, Sequence[Any]], Sequence[Any]]
"""Does something with many items in one transaction; as many results, in order."""


class _Ticket:
    __slots__ = ("done", "item", "problem", "result", "work")

    def __init__(self, work: Work, item: Any) -> None:
        self.work = work
        self.item = item
        self.done = False
        self.result: Any = None
        self.problem: BaseException | None = None


class _Queue:
    def __init__(self) -> None:
        self.lead = threading.Lock()
        self.waiting: deque[_Ticket] = deque()
        self.expected = 1


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
        queue.waiting.append(ticket)
        while not ticket.done:
            with queue.lead:
                if not ticket.done:
                    _gather(queue)
                    tickets = _take(queue)
                    self._commit(org_id, tickets)
                    queue.expected = min(len(tickets) + len(queue.waiting), MOST_AT_ONCE)
        if ticket.problem:
            raise ticket.problem
        return ticket.result

    def record(self, org_id: int, actor: Actor, event: Event) -> int:
        """One ledger entry that belongs to no other change: a view, a search."""
        seq: int = self.submit(org_id, record_events, (event, actor))
        return seq

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


def _gather(queue: _Queue) -> None:
    """Wait a moment for those who were here the last time: a commit costs much the same for one as for thirty.

    Whoever was alone is not kept waiting.
    """
    end = time.monotonic() + LONGEST_GATHERING
    while len(queue.waiting) < queue.expected and time.monotonic() < end:
        time.sleep(GATHERING_STEP)


def _take(queue: _Queue) -> list[_Ticket]:
    count = min(len(queue.waiting), MOST_AT_ONCE)
    return [queue.waiting.popleft() for _ in range(count)]
