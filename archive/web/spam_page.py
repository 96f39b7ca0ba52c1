"""What the page of a spam report shows, and a line of the queue."""

from datetime import date, datetime
from typing import Any

from archive.access.people import list_people
from archive.access.roles import Permission, permissions_of
from archive.http.current import Caller
from archive.optouts.deadline import day_of_saying
from archive.spam import acting
from archive.spam.fees import FEES
from archive.spam.history import Step, history_of
from archive.spam.model import FeeTier, Source, State
from archive.spam.moves import moves_from
from archive.spam.reading import Report
from archive.spam.store import SpamReportRow
from archive.tx import Tx
from archive.web.names import Names
from archive.web.spam_words import TONES, source_labels, state_labels, step_label, tier_labels, verb_labels, why


def listed(row: SpamReportRow, names: Names, today: date) -> dict[str, Any]:
    state = State(row.state)
    return {
        "id": row.id,
        "received_at": row.received_at,
        "source": source_labels()[Source(row.source)],
        "own_number": row.own_number,
        "campaign": row.campaign,
        "state": state_labels()[state],
        "tone": TONES[state],
        "due_on": row.due_on,
        "overdue": state.open and today > row.due_on,
        "decided": not state.open,
        "assignee": names.people.get(row.assignee or "", ""),
        "fee_tier": tier_labels()[FeeTier(row.fee_tier)] if row.fee_tier else "",
        "serial": row.serial,
        "score": row.score,
        "waits": row.compared_through is None,
    }


def shown(tx: Tx, report: Report, me: Caller) -> dict[str, Any]:
    """The context of `spam/show.html` but for its form."""
    names, row = Names(tx), report.row
    may_manage = me.may(Permission.SPAM_MANAGE)
    return {
        "report": listed(row, names, day_of_saying(tx.now)),
        "said": report.said,
        "claim": report.claim,
        "texts": [
            {"serial": one.serial, "score": one.score, "why": why(one), "likely": one.serial == row.serial}
            for one in report.matches
        ],
        "moves": _moves(report.state) if may_manage else [],
        "actions": acting.possible(tx, report) if may_manage else [],
        "people": _people(tx),
        "tiers": {tier.value: (tier_labels()[tier], fee) for tier, fee in FEES.items()},
        "handling": {"assignee": row.assignee or "", "due_on": row.due_on.isoformat(), "fee_tier": row.fee_tier or ""},
        "history": [_step(step, names) for step in history_of(tx, row.id)],
        "may_manage": may_manage,
        "may_read": me.may(Permission.MESSAGES_READ),
    }


def _moves(state: State) -> list[dict[str, Any]]:
    labels = verb_labels()
    return [
        {"state": move.after.value, "label": labels[move.before, move.after], "needs_note": move.needs_note}
        for move in moves_from(state)
    ]


def _people(tx: Tx) -> list[tuple[str, str]]:
    """(id, name) of those who may see to a report."""
    return [
        (one.id, one.name)
        for one in list_people(tx)
        if not one.disabled_at and Permission.SPAM_MANAGE in permissions_of(one.role_set)
    ]


def _step(step: Step, names: Names) -> dict[str, str | datetime]:
    entry = step.entry
    return {"at": entry.at, "who": names.actor(entry.actor), "what": step_label(entry), "note": step.note}
