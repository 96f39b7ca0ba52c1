"""What is signed, for whoever remembers it outside this archive."""

from datetime import datetime

import msgspec
from flask import Blueprint, Response

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import reading
from archive.ledger.standing import read_checkpoint, standing

blueprint = Blueprint("integrity", __name__)

TEXT = "text/plain"


class CheckpointBody(msgspec.Struct):
    """`root` is hexadecimal, `note` the signed note (C2SP tlog-checkpoint)."""

    size: int
    root: str
    signed_at: datetime
    note: str


class IntegrityBody(msgspec.Struct):
    """`size`: entries in the ledger. `public_key` (C2SP verifier key) is what checkpoints are signed with."""

    origin: str
    public_key: str
    size: int
    checkpoint: CheckpointBody | None


@blueprint.get("/integrity")
@requires(Permission.INTEGRITY_READ)
@described("Origin, public key, size and newest checkpoint of the ledger", IntegrityBody)
def index() -> Answer:
    with reading() as tx:
        now = standing(tx, this_organisation(tx).origin)
    row = now.newest
    newest = CheckpointBody(row.size, row.root.hex(), row.signed_at, row.note) if row else None
    return json_answer(IntegrityBody(now.origin, now.public_key, now.size, newest))


@blueprint.get("/checkpoints/<serial:size>")
@requires(Permission.INTEGRITY_READ)
@described("The signed note of a checkpoint", str, media=TEXT)
def checkpoint(size: int) -> Answer:
    with reading() as tx:
        row = read_checkpoint(tx, size)
    return Response(row.note, mimetype=TEXT)
