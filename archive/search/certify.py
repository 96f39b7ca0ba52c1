"""Certifying a search: counting what the ledger holds up to a checkpoint, and signing what came of it."""

import hashlib
import time
from typing import ClassVar

from archive.access.actors import known_actor
from archive.access.organisations import this_organisation
from archive.core.actor import Actor
from archive.core.clock import rfc3339
from archive.core.errors import Conflict, Damaged
from archive.core.ids import new_id
from archive.ledger.checkpoints import bring_up, signer
from archive.ledger.entry import Event
from archive.ledger.rows import CheckpointRow
from archive.messages.store import count_messages
from archive.search import plan
from archive.search.actions import Searchable
from archive.search.follower import BATCH, catch_up
from archive.search.index import IndexBusy, SearchIndex
from archive.search.plan import Plan
from archive.search.query.parse import parse
from archive.search.query.print import to_line
from archive.search.resolve import resolve
from archive.search.statement import FORMAT, By, Covered, Stated, Statement, Under, sign_statement
from archive.tx import Tx

PATIENCE_SECONDS = 3.0
_STEP_SECONDS = 0.05
_ATTEMPTS = 20


class SearchCertified(Event, frozen=True, kw_only=True):
    """`subject` is the statement's id, `size` that of its checkpoint, `sha256` of what was signed (hexadecimal)."""

    kind = "search.certified"
    private: ClassVar[frozenset[str]] = frozenset({"query"})
    query: str
    count: int
    complete: bool
    size: int
    sha256: str


def certify(archive: Searchable, org_id: int, actor: Actor, line: str, patience: float = PATIENCE_SECONDS) -> Statement:
    """A signed statement of how many texts the line finds, none included; recorded with its digest.

    It speaks of what a checkpoint covers that is signed for it, so that everybody can agree on what was there. Where
    the index is behind (after `patience` seconds of waiting for it), or texts can't be opened, it says how many are
    missing. Raises `QueryError`, `NotSearchable`.
    """
    query = parse(line)
    with archive.transactions.read(org_id, actor) as tx:
        origin = this_organisation(tx).origin
    checkpoint = bring_up(archive.transactions, org_id, origin)
    _bring_index_up(archive, org_id, checkpoint.size, patience)
    with archive.transactions.read(org_id, actor) as tx:
        count, coverage = _count(tx, archive.index, resolve(tx, query), checkpoint.size)
    with archive.transactions.write(org_id, actor) as tx:
        stated = _stated(tx, line, to_line(query), count, coverage, checkpoint)
        statement = sign_statement(stated, signer(tx, origin))
        tx.record(_recorded(statement))
    return statement


def _bring_index_up(archive: Searchable, org_id: int, through: int, patience: float) -> None:
    """Index what is missing, or wait a moment for the process that is at it. Nobody waits for a whole import."""
    end = time.monotonic() + patience
    while 0 < through - archive.index.position(org_id) <= BATCH and time.monotonic() < end:
        try:
            catch_up(archive.transactions, archive.index, org_id)
        except IndexBusy:
            time.sleep(_STEP_SECONDS)


def _count(tx: Tx, index: SearchIndex, wanted: Plan, through: int) -> tuple[int, Covered]:
    """Hits and coverage among the texts up to `through`, both from one state of the index.

    How many there are is asked of the database: what the index lost without noticing is missing as well.
    """
    everything = plan.Serials(0, through)
    for _ in range(_ATTEMPTS):
        state = index.state(tx.org_id)
        indexed = index.count(tx.org_id, everything)
        count = index.count(tx.org_id, plan.And((wanted, everything)))
        if index.state(tx.org_id) == state:
            break
    else:
        raise Conflict("The search index changes all the time.", "Try again in a moment.")
    of = count_messages(tx, through)
    if indexed > of:
        raise Damaged("The search index holds texts that the archive doesn't.", "Run `textarchive index rebuild`.")
    return count, Covered(complete=indexed == of, indexed=indexed, missing=of - indexed, of=of, through=through)


def _stated(tx: Tx, line: str, understood: str, count: int, coverage: Covered, checkpoint: CheckpointRow) -> Stated:
    organisation = this_organisation(tx)
    return Stated(
        at=rfc3339(tx.now),
        by=By(str(tx.actor), known_actor(tx, str(tx.actor)).name),
        checkpoint=Under(checkpoint.note, checkpoint.root.hex(), checkpoint.size),
        count=count,
        coverage=coverage,
        format=FORMAT,
        id=new_id("stm", tx.now),
        organisation=organisation.name,
        origin=organisation.origin,
        query=line,
        understood=understood,
    )


def _recorded(statement: Statement) -> SearchCertified:
    stated = statement.stated
    return SearchCertified(
        subject=stated.id,
        query=stated.query,
        count=stated.count,
        complete=stated.coverage.complete,
        size=stated.checkpoint.size,
        sha256=hashlib.sha256(statement.signed.encode()).hexdigest(),
    )
