"""Follows the ledger into the vault: every entry once, every record once, whatever is interrupted.

A stretch of the ledger is put first, under the number it begins with, and names the segments of its records; those are
put next; then the position moves on. The first step is a decision that nobody can take twice, since a name is written
once: whoever comes after a crash, or runs at the same time, finds the stretch and does the rest of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.ledger import store as ledger
from archive.segments import names, store
from archive.segments.days import LIMITS, Finished, Limits
from archive.segments.layout import Entry, read_segment
from archive.segments.source import Contents
from archive.segments.state import copied, keep_copy, make_state_key
from archive.segments.vault import Vault, stored_versions
from archive.segments.window import Window, cut
from archive.tx import Transactions

ACTOR = Actor("job", "segments")
MARGIN = timedelta(minutes=2)
"""The job runs each minute, and may take one: what is to be in the vault after five is begun after three."""


@dataclass(frozen=True, slots=True)
class Follower:
    """One organisation's way into the vault."""

    transactions: Transactions
    vault: Vault
    organisation: OrganisationRow
    contents: Contents
    limits: Limits = LIMITS

    def catch_up(self, delay: timedelta = timedelta(0)) -> int:
        """Put everything once the oldest of it has waited for `delay`; how many objects were put.

        A vault that is not the one that was written last (it is new, or has lost its newest segment) is walked through
        from the first entry on, and gets back what it lacks. Raises `Damaged` when it holds another ledger than the
        database.
        """
        make_state_key(self.transactions, self.organisation.id)
        position, put = self._position(), 0
        upto = self._due(position, delay)
        while position < upto:  # What comes in meanwhile waits for its own turn.
            name = names.ledger_name(self.organisation.public_id, position + 1)
            if self.vault.has(name) or (window := self._put_new(position)) is None:
                window, added = self._complete(name, position)
            else:
                added = 1 + len(window.parts)
            position, put = window.last, put + added
        return put

    def walk(self) -> int:
        """Look at every segment from the first entry on; how many had to be put back."""
        self._forget()
        return self.catch_up()

    def _position(self) -> int:
        with self.transactions.glance() as session:
            row = store.position(session, self.organisation.id)
        if row is None or row.segment is None:
            return 0
        if self.vault.has(row.segment):
            return row.through
        self._forget()
        return 0

    def _forget(self) -> None:
        with self.transactions.across() as session:
            store.forget(session, self.organisation.id)

    def _due(self, position: int, delay: timedelta) -> int:
        """Up to which entry everything is to be put now; 0 if it may wait."""
        with self.transactions.read(self.organisation.id, ACTOR) as tx:
            if position == tx.ledger_size:
                self._demand_nothing_behind(position)
                return 0
            (oldest,) = ledger.moments(tx, position, position + 1)
            is_due = tx.now - oldest >= delay - MARGIN or tx.ledger_size - position >= self.limits.waiting
            return tx.ledger_size if is_due else 0

    def _demand_nothing_behind(self, position: int) -> None:
        folder = names.ledger_folder(self.organisation.public_id)
        if self.vault.names(folder, after=names.ledger_name(self.organisation.public_id, position)):
            raise _other_ledger(position + 1)

    def _put_new(self, position: int) -> Window | None:
        """The next stretch, cut and put; None if somebody else was quicker."""
        through = self._end_of_hole(position)
        with self.transactions.read(self.organisation.id, ACTOR) as tx:
            window = cut(tx, self.organisation, self.contents, position, through, self.limits)
            copy = copied(tx, self.contents.tables) if window.last == tx.ledger_size else None
        # First the rows of the same moment: no stretch is the newest one without those that belong to it.
        if copy:
            keep_copy(self.transactions, self.vault, self.organisation, copy, self.limits)
        if not self._put(window.ledger):
            return None
        held = self._held_days()
        for part in window.parts:
            self._put(part, held=part.day in held)
        self._hold_newly_held(window.parts, held)
        self._advance(window, window.parts)
        return window

    def _complete(self, name: str, position: int) -> tuple[Window, int]:
        """A stretch that was decided before: put what is missing of it, and how much that was."""
        window = self._as_decided(name, position)
        there = [part for part in window.parts if self.vault.has(part.name)]
        # What may be on its way to being purged must not come back.
        now = self.transactions.clock()
        missing = [part for part in window.parts if part not in there and (part.held or part.keep_until > now)]
        for part in missing:
            self._put(part)
        self._lengthen([window.ledger, *there])
        self._hold_newly_held([*there, *missing], set())
        self._advance(window, [*there, *missing])
        return window, len(missing)

    def _end_of_hole(self, position: int) -> int | None:
        """Should a segment have been lost from among others, it ends where the next of those begins."""
        folder = names.ledger_folder(self.organisation.public_id)
        later = self.vault.names(folder, after=names.ledger_name(self.organisation.public_id, position + 1))
        return names.first_of(later[0]) - 1 if later else None

    def _as_decided(self, name: str, position: int) -> Window:
        there = read_segment(name, self.vault.get(name))
        commits = [line.commit for line in there if isinstance(line, Entry)]
        with self.transactions.read(self.organisation.id, ACTOR) as tx:
            if there.header.last > tx.ledger_size:
                raise _other_ledger(tx.ledger_size + 1)
            window = cut(tx, self.organisation, self.contents, position, there.header.last, self.limits)
        for seq, (kept, stored) in enumerate(zip_longest(commits, window.commits), start=position + 1):
            if kept != stored:
                raise _other_ledger(seq)
        return window

    def _put(self, finished: Finished, *, held: bool = False) -> bool:
        until = None if finished.held else finished.keep_until
        return self.vault.put_new(finished.name, finished.content, until, held=held or finished.held)

    def _held_days(self) -> set[str]:
        with self.transactions.glance() as session:
            return store.held_days(session, self.organisation.id)

    def _hold_newly_held(self, parts: Sequence[Finished], held: Collection[str]) -> None:
        """A hold that was placed while its objects were being put has seen only some of them."""
        now_held = self._held_days()
        for part in parts:
            if part.day in now_held and part.day not in held:
                for version in stored_versions(self.vault, part.name):
                    self.vault.set_hold(version, held=True)

    def _lengthen(self, objects: Sequence[Finished]) -> None:
        for finished in objects:
            for version in stored_versions(self.vault, finished.name):
                self.vault.extend(version, finished.keep_until)

    def _advance(self, window: Window, parts: Sequence[Finished]) -> None:
        longest = self.transactions.clock() + self.vault.longest
        with self.transactions.across() as session:
            store.advance(session, self.organisation.id, window.last, window.ledger, parts, longest)


def _other_ledger(seq: int) -> Damaged:
    return Damaged(
        f"The vault holds another ledger than the database, from entry {seq} on: the database is an older copy, or was"
        " changed.",
        "Nothing was written. Compare with `textarchive verify`, and restore the database from the vault.",
    )
