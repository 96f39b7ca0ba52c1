"""The audit trail, newest first. Looking at it is itself an entry."""

from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, render_template
from msgspec import Meta

from archive.access.roles import Permission
from archive.core.actor import OPERATOR
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import caller, current_archive, reading
from archive.http.forms import read_query
from archive.http.translation import _, ngettext
from archive.intake.import_runs import ImportRead
from archive.intake.quarantine import KEPT
from archive.ledger import trail
from archive.ledger.trail import TrailEntry, TrailViewed, Wanted
from archive.web.kinds import kind_label, kind_labels
from archive.web.names import Names, actor_kind

blueprint = Blueprint("audit", __name__)

AT_ONCE = 50
LISTED = 50
"""So many parts of one detail are shown."""

# Entries that are themselves the record that they are about.
KEPT_UNDER = {trail.TEXT_STORED: "message", KEPT: "quarantine"}

Kind = Annotated[str, Meta(pattern=r"^[a-z.-]{1,100}$")]
ActorName = Annotated[str, Meta(pattern=r"^[a-z]{1,20}:[A-Za-z0-9_-]{1,100}$")]


class AuditQuery(msgspec.Struct):
    kind: Annotated[Kind | None, Meta(description="Choose a kind from the list.")] = None
    actor: Annotated[ActorName | None, Meta(description="Choose somebody from the list.")] = None
    before: Annotated[SerialNumber | None, Meta(description="This is no sequence number.")] = None


@blueprint.get("/audit")
@requires(Permission.AUDIT_READ)
def index() -> str:
    query = read_query(AuditQuery)
    details = caller().may(Permission.AUDIT_DETAILS)
    viewed = TrailViewed(of_kind=query.kind, of_actor=query.actor, before=query.before, details=details)
    current_archive().group.record(caller().org_id, caller().actor, viewed)
    wanted = Wanted(query.kind, query.actor, query.before)
    with reading() as tx:
        names = Names(tx)
        entries = trail.read_trail(tx, wanted, AT_ONCE + 1, details=details)
        newer = trail.seqs_above(tx, wanted, entries[0].seq, AT_ONCE) if entries and query.before else []
        return render_template(
            "audit/index.html",
            entries=[_shown(entry, names) for entry in entries[:AT_ONCE]],
            kinds=[{"value": kind, "label": label} for kind, label in kind_labels().items()],
            kind=query.kind or "",
            actors=_actors(names, query.actor),
            actor=query.actor or "",
            size=tx.ledger_size,
            newer_href=_href(query, newer[-1] + 1 if len(newer) == AT_ONCE else None) if newer else None,
            older_href=_href(query, entries[AT_ONCE - 1].seq) if len(entries) > AT_ONCE else None,
        )


def _href(query: AuditQuery, before: int | None) -> str:
    parts = {"kind": query.kind, "actor": query.actor, "before": before}
    return f"/audit?{urlencode({name: value for name, value in parts.items() if value})}"


def _actors(names: Names, chosen: str | None) -> list[dict[str, str]]:
    offered = {
        **{f"person:{id_}": name for id_, name in names.people.items()},
        **{f"key:{id_}": _("%(name)s (API key)", name=name) for id_, name in names.keys.items()},
        str(OPERATOR): names.actor(str(OPERATOR)),
    }
    if chosen:
        offered.setdefault(chosen, names.actor(chosen))
    return [{"value": value, "label": label} for value, label in offered.items()]


def _shown(entry: TrailEntry, names: Names) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "what": kind_label(entry.kind),
        "who": names.actor(entry.actor),
        "who_kind": actor_kind(entry.actor),
        "subject": _subject(entry, names),
        "detail": detail_line({**_readable(entry), **entry.detail}),
        "detail_state": entry.state,
    }


def _readable(entry: TrailEntry) -> dict[str, Any]:
    """Fates of thousands of items are read on the page of their import."""
    return {} if entry.kind == ImportRead.kind else entry.private


def _subject(entry: TrailEntry, names: Names) -> dict[str, str | None] | None:
    subject = f"{KEPT_UNDER[entry.kind]}:{entry.seq}" if entry.kind in KEPT_UNDER else entry.subject
    if subject is None:
        return None
    kind, _colon, name = subject.partition(":")
    open_to_me = {
        "message": caller().may(Permission.MESSAGES_READ) and f"/messages/{name}",
        "quarantine": caller().may(Permission.QUARANTINE_READ) and f"/quarantine/{name}",
    }
    if subject.startswith("gap_") and caller().may(Permission.INTEGRITY_READ):
        return {"label": subject, "href": "/completeness"}
    if subject.startswith("hld_") and caller().may(Permission.HOLDS_READ):
        return {"label": subject, "href": f"/holds/{subject}"}
    return {"label": names.subject(subject), "href": open_to_me.get(kind) or None}


def detail_line(detail: dict[str, Any]) -> str:
    """`state: authorised · location: Austin`."""
    return " · ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in detail.items() if value != "")


def _value(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        more = len(value) - LISTED
        shown = ", ".join(map(_value, value[:LISTED]))
        return f"{shown} {ngettext('and %(num)d more', 'and %(num)d more', more)}" if more > 0 else shown
    return str(value)
