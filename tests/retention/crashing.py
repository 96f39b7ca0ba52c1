"""An archive that dies at a given point: before or after any commit, any call to index, vault or copy of the keys.

A crash inside a transaction is one before its commit: nothing of it is there. So these are all the points that differ.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from archive.core.actor import Actor
from archive.tx import Transactions, Tx
from archive.wiring import Archive


class Crash(BaseException):
    """Nothing catches it, as nothing catches the power going off."""


@dataclass
class Points:
    """Counts the points that are passed, and ends everything at one of them (0: never)."""

    end_at: int = 0
    passed: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        self.passed.append(name)
        if len(self.passed) == self.end_at:
            raise Crash(name)


class MortalTransactions(Transactions):
    def __init__(self, like: Transactions, point: Callable[[str], None]) -> None:
        super().__init__(like.engine, like.keyring, like.clock)
        self.point = point

    @contextmanager
    def write(self, org_id: int, actor: Actor) -> Iterator[Tx]:
        with super().write(org_id, actor) as tx:
            yield tx
            self.point("before a commit")
        self.point("after a commit")

    @contextmanager
    def across(self) -> Iterator[Session]:
        with super().across() as session:
            yield session
            self.point("before a commit")
        self.point("after a commit")


class Mortal:
    """Something that is called: a port with a point before and after each call."""

    def __init__(self, port: object, point: Callable[[str], None]) -> None:
        self._port = port
        self._point = point

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **more: Any) -> Any:
            self._point(f"before {name}")
            result = found(*arguments, **more)
            self._point(f"after {name}")
            return result

        return call


def mortal(archive: Archive, point: Callable[[str], None]) -> Archive:
    return replace(
        archive,
        transactions=MortalTransactions(archive.transactions, point),
        index=Mortal(archive.index, point),
        vault=Mortal(archive.vault, point),
        keys_backup=Mortal(archive.keys_backup, point),
    )
