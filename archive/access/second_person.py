"""What one person asks for another one allows. Nobody is two people, not even through their own API key."""

from sqlalchemy import select

from archive.access.api_keys import ApiKeyRow
from archive.core.errors import NotPermitted
from archive.tx import Tx


def demand_second_person(tx: Tx, first: str) -> None:
    """`first`: the actor who asked, as it was written down. Raises `NotPermitted`.

    The operator at the command line counts as one person. A program allows nothing.
    """
    if tx.actor.kind == "key":
        raise NotPermitted(
            "A program can't stand for a second person.", "Allow it on the page, or at the command line."
        )
    if _person_behind(tx, first) == str(tx.actor):
        raise NotPermitted(
            "Whoever asked for it can't allow it.",
            "Another person does that on the page, or the operator at the command line.",
        )


def _person_behind(tx: Tx, actor: str) -> str:
    """Whoever made the key, if it is one."""
    kind, _, name = actor.partition(":")
    if kind != "key":
        return actor
    made_by = tx.session.scalar(select(ApiKeyRow.created_by).where(ApiKeyRow.id == name))
    return made_by or actor
