"""One purge batch as its page shows it."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from archive.access.organisations import this_organisation
from archive.core.errors import Damaged
from archive.holds.events import digest_of
from archive.http.translation import _, ngettext
from archive.ledger.checkpoints import signer
from archive.ledger.trail import TrailEntry, entries_about
from archive.retention.batch import SETTLING, Batch, State, Step
from archive.retention.batches import read_batch
from archive.retention.breakers import Breaker
from archive.retention.certificate_pdf import certificate_pdf
from archive.retention.purge_events import PurgeStepDone, subject_of
from archive.retention.reviewing import PurgeReviewed, Review, read_certificate
from archive.retention.steps import LEFT
from archive.tx import Tx
from archive.web.kinds import kind_label
from archive.web.names import Names
from archive.web.purge_words import breaker_words, found_label, kept_label, standing_label, step_label


def listed(batch: Batch, now: datetime) -> dict[str, Any]:
    standing = batch.standing(now)
    stopped_by = batch.unapproved(now)
    return {
        "id": batch.id,
        "day": batch.expires_on,
        "href": f"/retention/batches/{batch.id}",
        "standing": standing.value,
        "label": standing_label(standing),
        "texts": batch.texts,
        "items": batch.items,
        "size": batch.size,
        "held": batch.held,
        "longer": batch.longer,
        "begins_at": batch.ends_at + SETTLING,
        "is_due": batch.is_ripe(now),
        "begun_at": batch.begun_at,
        "certified_at": batch.certified_at,
        "stopped_by": [breaker_words()[trip.breaker].label for trip in stopped_by],
    }


def batch_page(tx: Tx, batch_id: str, found: Review | None) -> dict[str, Any]:
    """Raises `NotFound`. `found`: what came of looking at it again just now."""
    batch, names = read_batch(tx, batch_id), Names(tx)
    return {
        "batch": {**listed(batch, tx.now), **_plan(batch), **_outcome(batch)},
        "trips": [_trip(batch, trip.breaker, trip.because, tx.now) for trip in batch.trips],
        "breakers": [_breaker(batch, breaker, tx.now) for breaker in breaker_words()],
        "steps": _steps(batch, names),
        "certificate": _certificate(tx, batch),
        "review": _review(found) if found else None,
        "history": [_entry(entry, names) for entry in _history(tx, batch)],
    }


def _plan(batch: Batch) -> dict[str, Any]:
    return {
        "planned_at": batch.planned_at,
        "plan_entry": batch.plan_entry,
        "policy": batch.policy,
        "digest": digest_of(batch.serials),
        "numbers": sorted(batch.numbers.items(), key=lambda pair: (-pair[1], pair[0])),
    }


def _outcome(batch: Batch) -> dict[str, Any]:
    """What it took in the end, and what of its day stays."""
    gone = len(batch.destroyed)
    return {
        "has_begun": batch.state is not State.PLANNED,
        "destroyed_texts": gone - batch.destroyed_items,
        "destroyed_items": batch.destroyed_items,
        "kept": [(kept_label(why), count) for why, count in batch.kept.items() if count],
        "stays": sum(batch.kept.values()),
    }


def _trip(batch: Batch, breaker: Breaker, because: str, now: datetime) -> dict[str, Any]:
    words = breaker_words()[breaker]
    stops = breaker in {trip.breaker for trip in batch.unapproved(now)}
    return {"label": words.label, "because": because, "look": words.look, "stops": stops}


def _breaker(batch: Batch, breaker: Breaker, now: datetime) -> dict[str, Any]:
    words = breaker_words()[breaker]
    tripped = {trip.breaker for trip in batch.trips}
    stopping = {trip.breaker for trip in batch.unapproved(now)}
    state = "stops" if breaker in stopping else "allowed" if breaker in tripped else "quiet"
    return {"label": words.label, "stops": words.stops, "state": state}


def _steps(batch: Batch, names: Names) -> list[dict[str, Any]]:
    """From the plan to the certificate: `at` is None for what is still to come."""
    approval = batch.approval
    approved = [_step(_("Approved by %(who)s", who=names.actor(approval.by)), approval.at)] if approval else []
    done = [_step(step_label(step), batch.done_at(step) if step in batch.steps else None) for step in Step]
    return [
        _step(_("Planned, and there to be seen"), batch.planned_at),
        *approved,
        _step(_("Begun: nobody reads it any more"), batch.begun_at),
        *done,
        _step(_("Certified"), batch.certified_at),
    ]


def _step(label: str, at: datetime | None) -> dict[str, Any]:
    return {"label": label, "at": at}


def _certificate(tx: Tx, batch: Batch) -> dict[str, Any] | None:
    if batch.certificate is None:
        return None
    href = f"/retention/batches/{batch.id}/certificate"
    try:
        found = read_certificate(tx, batch)
    except Damaged as problem:
        return {"problem": str(problem), "href": href}
    made = found.made
    return {
        "problem": None,
        "href": href,
        "digest": found.digest,
        "printed_digest": sha256(certificate_pdf(found.text, made)).hexdigest(),
        "keys": len(made.keys),
        "copies": [(copies.until, copies.texts) for copies in made.copies],
        "keeps_history": made.key_copy.keeps_history,
        "vkey": str(signer(tx, this_organisation(tx).origin).public),
    }


def _review(found: Review) -> dict[str, Any]:
    return {
        "good": found.good,
        "left": [(found_label(name), found.found[name]) for name in LEFT],
        "files": found.found["files"],
        "bytes": found.found["bytes"],
        "faults": found.faults,
    }


def _history(tx: Tx, batch: Batch) -> list[TrailEntry]:
    """What people and breakers did with it. The steps have a list of their own."""
    return [entry for entry in entries_about(tx, subject_of(batch.id)) if entry.kind != PurgeStepDone.kind]


def _entry(entry: TrailEntry, names: Names) -> dict[str, Any]:
    kind, _colon, name = entry.actor.partition(":")
    return {
        "what": kind_label(entry.kind),
        "who": _("the job %(name)s", name=name) if kind == "job" else names.actor(entry.actor),
        "at": entry.at,
        "seq": entry.seq,
        "said": _said(entry),
    }


def _said(entry: TrailEntry) -> str | None:
    if entry.kind == PurgeReviewed.kind:
        left = entry.detail["left"] + entry.detail["faults"]
        return ngettext("%(num)d thing left", "%(num)d things left", left) if left else _("all gone")
    trips = [breaker_words()[Breaker(name)].label for name in entry.detail.get("trips", ())]
    return ", ".join(trips) or None
