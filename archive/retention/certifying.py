"""The last word on a batch: its certificate, in the ledger in one transaction with the batch's last state."""

from sqlalchemy import select

from archive.access.organisations import OrganisationRow
from archive.core.errors import Damaged
from archive.holds.events import digest_of
from archive.keys.keyring import DataKeyRow
from archive.ledger import store
from archive.ledger.checkpoints import bring_up, signer
from archive.retention.batch import Batch, State, Step
from archive.retention.batches import note_certified, read_batch
from archive.retention.certificate import (
    Approved,
    Certificate,
    Checks,
    Copies,
    Destroyed,
    Key,
    KeyCopy,
    Owner,
    Planned,
    StepDone,
    digest,
    sign,
)
from archive.retention.purge_events import PurgeCertified, subject_of
from archive.retention.serials import ranges_of
from archive.retention.steps import ACTOR, Work
from archive.tx import Tx


def certify(work: Work) -> Batch:
    """The checkpoint is signed before, so that the certificate can name one that covers all it speaks of."""
    transactions, organisation = work.means.transactions, work.organisation
    bring_up(transactions, organisation.id, organisation.origin)
    with transactions.write(organisation.id, ACTOR) as tx:
        batch = read_batch(tx, work.batch_id)
        if batch.state is not State.CERTIFIED:
            _certify(tx, organisation, batch)
        return read_batch(tx, work.batch_id)


def _certify(tx: Tx, organisation: OrganisationRow, batch: Batch) -> None:
    if batch.next_step is not None:
        raise Damaged(f"The batch {batch.id} is not through: {batch.next_step} is still to be done.")
    made = _certificate(tx, organisation, batch)
    note_certified(tx, batch.id, sign(made, signer(tx, organisation.origin)))
    tx.record(
        PurgeCertified(
            subject=subject_of(batch.id),
            day=batch.expires_on.isoformat(),
            texts=made.destroyed.texts,
            items=made.destroyed.items,
            digest=made.destroyed.digest,
            certificate=digest(made),
        )
    )


def _certificate(tx: Tx, organisation: OrganisationRow, batch: Batch) -> Certificate:
    checkpoint = store.newest_checkpoint(tx.session)
    assert checkpoint is not None
    checked = batch.steps[Step.CHECKED]
    return Certificate(
        organisation=Owner(organisation.public_id, organisation.name, organisation.origin),
        batch=batch.id,
        expired_on=batch.expires_on,
        planned=_planned(batch),
        approved=_approved(batch),
        destroyed=_destroyed(batch),
        kept=dict(batch.kept),
        keys=tuple(Key(**key) for key in batch.steps[Step.KEYS]["keys"]),
        copies=_copies(tx, batch),
        key_copy=KeyCopy(batch.done_at(Step.COPIES), batch.steps[Step.COPIES]["history"]),
        steps=tuple(StepDone(step.value, batch.done_at(step)) for step in Step),
        checks=Checks(**{name: checked[name] for name in Checks.__struct_fields__}),
        checkpoint=checkpoint.note,
        certified_at=tx.now,
    )


def _planned(batch: Batch) -> Planned:
    stopped_by = tuple(trip.breaker.value for trip in batch.trips)
    return Planned(batch.planned_at, batch.plan_entry, batch.texts, batch.items, digest_of(batch.serials), stopped_by)


def _approved(batch: Batch) -> Approved | None:
    approval = batch.approval
    return Approved(approval.by, approval.at, tuple(sorted(approval.breakers))) if approval else None


def _destroyed(batch: Batch) -> Destroyed:
    assert batch.begun_at is not None
    assert batch.begun_entry is not None
    serials, items = batch.destroyed, batch.destroyed_items
    ranges = tuple(ranges_of(serials))
    return Destroyed(batch.begun_at, batch.begun_entry, len(serials) - items, items, digest_of(serials), ranges)


def _copies(tx: Tx, batch: Batch) -> tuple[Copies, ...]:
    wanted = select(DataKeyRow.id, DataKeyRow.period).where(
        DataKeyRow.id.in_(batch.keys), DataKeyRow.destroyed_at.is_(None)
    )
    return tuple(Copies(period, batch.keys[key_id]) for key_id, period in tx.session.execute(wanted))
