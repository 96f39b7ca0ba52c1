"""What people read for the states and levels of a campaign, and how each looks."""

from archive.campaigns.active import carrier_name
from archive.campaigns.levels import Level, State
from archive.http.translation import _

TONES = {
    **dict.fromkeys((State.RUNNING, State.ACTIVE, State.ACCEPTED, State.COMPLETE, State.APPROVED), "ok"),
    **dict.fromkeys((State.PAUSED, State.SUSPENDED, State.EXPIRED, State.REJECTED, State.DECLINED), "bad"),
    **dict.fromkeys((State.SUBMITTED, State.PENDING, State.REVIEW), "warn"),
    **dict.fromkeys((State.DRAFT, State.OPEN), ""),
}


def level_label(level: Level, carrier: str = "") -> str:
    if carrier:
        return carrier_name(carrier)
    return {
        Level.OWN: _("We"),
        Level.REGISTRY: _("Registry"),
        Level.PROVIDER: _("Provider"),
        Level.DCA: _("Aggregator (DCA)"),
        Level.CARRIER: _("Carrier"),
    }[level]


def campaign_state_label(state: State) -> str:
    return {
        State.RUNNING: _("Let it run"),
        State.PAUSED: _("Paused"),
        State.DRAFT: _("Draft"),
        State.SUBMITTED: _("Submitted"),
        State.ACTIVE: _("Active"),
        State.SUSPENDED: _("Suspended"),
        State.EXPIRED: _("Ended"),
        State.OPEN: _("Nothing said yet"),
        State.PENDING: _("With them"),
        State.ACCEPTED: _("Accepted"),
        State.COMPLETE: _("Elected"),
        State.REVIEW: _("In review"),
        State.APPROVED: _("Approved"),
        State.REJECTED: _("Rejected"),
        State.DECLINED: _("Declined"),
    }[state]
