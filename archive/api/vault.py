"""The vault, for programs that watch over it."""

from datetime import datetime, timedelta

import msgspec
from flask import Blueprint

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.api.health import FindingBody
from archive.health.actions import is_alone
from archive.health.vault import VaultView, look_at_vault
from archive.http.access import requires
from archive.http.current import current_archive, reading

blueprint = Blueprint("vault", __name__)


class VaultBody(msgspec.Struct):
    """`good`: nothing is broken. `place` is null where other organisations share the installation. `immutable`: what
    came of trying to break a lock, null before that. `bytes` are of all segments; `behind` counts entries of the
    ledger, the oldest of which has waited for `seconds_behind`. `locked` segments can't be deleted now.
    """

    good: bool
    findings: list[FindingBody]
    kind: str
    place: str | None
    immutable: bool | None
    because: str | None
    segments: int
    texts: int
    bytes: int
    through: int
    behind: int
    seconds_behind: int
    ran_at: datetime | None
    failing: bool
    last_error: str | None
    last_error_at: datetime | None
    locked: int
    locked_until: datetime | None
    keys_keep_history: bool | None


@blueprint.get("/vault")
@requires(Permission.HEALTH_READ)
@described("What is in the vault, what guards it, and how far it is behind", VaultBody)
def index() -> Answer:
    with reading() as tx:
        organisation, alone = this_organisation(tx), is_alone(tx.session)
    return json_answer(_body(look_at_vault(current_archive(), organisation), alone=alone))


def _body(seen: VaultView, *, alone: bool) -> VaultBody:
    standing = seen.standing
    return VaultBody(
        good=all(found.state != "broken" for found in seen.findings),
        findings=[FindingBody(found.part, found.state, found.what, found.next_step) for found in seen.findings],
        kind=seen.kind,
        place=seen.place if alone else None,
        immutable=standing.immutable,
        because=standing.because,
        segments=standing.segments,
        texts=standing.texts,
        bytes=standing.size,
        through=standing.through,
        behind=standing.behind,
        seconds_behind=standing.waiting // timedelta(seconds=1),
        ran_at=standing.ran_at,
        failing=standing.failing,
        last_error=standing.error,
        last_error_at=standing.error_at,
        locked=seen.locks.locked,
        locked_until=seen.locks.last,
        keys_keep_history=seen.keeps_history,
    )
