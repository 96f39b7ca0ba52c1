"""What people read about spam reports: names of states and sources, why a text is taken for the one that is meant."""

from archive.http.translation import _, ngettext
from archive.ledger.trail import TrailEntry
from archive.spam.acting import OPTED_OUT, PAUSED, SUSPENDED
from archive.spam.model import FeeTier, Source, State
from archive.spam.store import SpamMatchRow
from archive.web.kinds import kind_label

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60

TONES = {State.NEW: "warn", State.INVESTIGATING: "warn", State.CONFIRMED: "bad", State.DISMISSED: ""}


def state_labels() -> dict[State, str]:
    return {
        State.NEW: _("New"),
        State.INVESTIGATING: _("Investigating"),
        State.CONFIRMED: _("Confirmed"),
        State.DISMISSED: _("Dismissed"),
    }


def source_labels() -> dict[Source, str]:
    return {
        Source.PUBLIC: _("Public page"),
        Source.API: _("Program"),
        Source.CARRIER: _("Carrier"),
        Source.PERSON: _("Entered here"),
    }


def tier_labels() -> dict[FeeTier, str]:
    return {FeeTier.TIER_1: _("Tier 1"), FeeTier.TIER_2: _("Tier 2"), FeeTier.TIER_3: _("Tier 3")}


def verb_labels() -> dict[tuple[State, State], str]:
    return {
        (State.NEW, State.INVESTIGATING): _("Take it up"),
        (State.INVESTIGATING, State.CONFIRMED): _("Confirm: it is spam"),
        (State.INVESTIGATING, State.DISMISSED): _("Dismiss"),
        (State.CONFIRMED, State.INVESTIGATING): _("Open it again"),
        (State.DISMISSED, State.INVESTIGATING): _("Open it again"),
    }


def why(match: SpamMatchRow) -> list[str]:
    """`Same parties`, `3 minutes apart`, `92 % of the words`."""
    parts = []
    if match.same_party is not None:
        parts.append(_("Same parties") if match.same_party else _("Sent to another number"))
    if match.apart is not None:
        parts.append(_("%(span)s apart", span=_span(match.apart)) if match.apart else _("At the time that was named"))
    if match.share is not None:
        parts.append(_("%(share)s\N{NO-BREAK SPACE}%% of the words", share=match.share))
    return parts


def action_labels() -> dict[str, str]:
    return {
        SUSPENDED: _("Number suspended"),
        PAUSED: _("Campaign paused"),
        OPTED_OUT: _("Complainant opted out"),
    }


def step_label(entry: TrailEntry) -> str:
    """What a step in a report's history was."""
    detail = entry.detail
    if entry.kind == "spam.moved":
        return state_labels()[State(detail["after"])]
    if entry.kind == "spam.acted":
        return action_labels()[detail["action"]]
    if entry.kind == "spam.changed":
        return _changed(detail)
    if entry.kind == "spam.matched":
        count = len(detail["texts"])
        return ngettext("%(num)d text is like it", "%(num)d texts are like it", count) if count else _("No text found")
    return kind_label(entry.kind)


def _changed(detail: dict[str, str]) -> str:
    if "assignee" in detail:
        return _("Given to somebody") if detail["assignee"] else _("Given to nobody")
    if "due_on" in detail:
        return _("Due on %(day)s", day=detail["due_on"])
    return _("Fee: %(tier)s", tier=detail["fee_tier"])


def _span(seconds: int) -> str:
    if seconds >= _DAY:
        return ngettext("%(num)d day", "%(num)d days", seconds // _DAY)
    if seconds >= _HOUR:
        return ngettext("%(num)d hour", "%(num)d hours", seconds // _HOUR)
    if seconds >= _MINUTE:
        return ngettext("%(num)d minute", "%(num)d minutes", seconds // _MINUTE)
    return ngettext("%(num)d second", "%(num)d seconds", seconds)
