"""The archive and the caller of the request that is being answered."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request

from archive.access.api_keys import ApiKeyRow
from archive.access.key_door import KeyDoor
from archive.access.people import PersonRow
from archive.access.roles import Permission
from archive.access.sessions import SessionRow
from archive.access.sign_in import Whence
from archive.core.actor import Actor
from archive.core.errors import NotPermitted
from archive.http.refusals import Refusals
from archive.retention.horizon import HorizonMemory
from archive.spam.inbox import Inbox
from archive.tx import Tx
from archive.wiring import Archive


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person with their session, or a program with its key."""

    org_id: int
    actor: Actor
    permissions: frozenset[Permission]
    person: PersonRow | None = None
    session: SessionRow | None = None
    organisation: str = ""
    key: ApiKeyRow | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def current_archive() -> Archive:
    return cast(Archive, current_app.extensions["archive"])


def key_door() -> KeyDoor:
    return cast(KeyDoor, current_app.extensions["key_door"])


def horizon_memory() -> HorizonMemory:
    return cast(HorizonMemory, current_app.extensions["horizon"])


def spam_inbox() -> Inbox:
    return cast(Inbox, current_app.extensions["spam_inbox"])


def refusals() -> Refusals:
    return cast(Refusals, current_app.extensions["refusals"])


def caller() -> Caller:
    """Only in views that ask for a permission or a signed-in person; others use `cookies.caller_or_nobody`."""
    return cast(Caller, g.caller)


def demand(permission: Permission) -> None:
    """For a page that changes nothing itself but is of use only to those who may; raises `NotPermitted`."""
    if not caller().may(permission):
        next_step = "Ask an administrator of your organisation for it."
        raise NotPermitted(f"Your role does not include {permission}.", next_step)


def signed_in_person() -> tuple[PersonRow, SessionRow]:
    """The person of a page, and the session that they use."""
    me = caller()
    assert me.person is not None
    assert me.session is not None
    return me.person, me.session


def writing() -> AbstractContextManager[Tx]:
    """A transaction of the caller's organisation, in the caller's name; committed when the block ends."""
    me = caller()
    return current_archive().transactions.write(me.org_id, me.actor)


def reading() -> AbstractContextManager[Tx]:
    """One consistent view of the caller's organisation."""
    me = caller()
    return current_archive().transactions.read(me.org_id, me.actor)


def whence() -> Whence:
    return Whence(request.remote_addr or "", request.headers.get("User-Agent", ""))
