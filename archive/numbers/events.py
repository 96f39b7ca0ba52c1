"""What the ledger says about numbers. Holders and reasons may name people, so they are sealed."""

from archive.ledger.entry import Event


class NumberAdded(Event, frozen=True, kw_only=True):
    kind = "number.added"
    private = frozenset({"holder", "reason"})
    e164: str
    state: str
    location: str
    holder: str | None = None
    user_id: str | None = None
    reason: str | None = None


class NumberStateChanged(Event, frozen=True, kw_only=True):
    """`letter`: the Letter of Authorization that authorises it."""

    kind = "number.state-changed"
    private = frozenset({"reason"})
    e164: str
    before: str
    after: str
    reason: str | None = None
    letter: str | None = None


class NumberCampaignChanged(Event, frozen=True, kw_only=True):
    """Put on a campaign, taken off it, or the campaign became active or stopped being so.

    `campaign`: the one that it is on from then on, none if it is left out; `state`: what it is then.
    """

    kind = "number.campaign-changed"
    private = frozenset({"reason"})
    e164: str
    before: str
    state: str
    campaign: str | None = None
    reason: str | None = None


class NumberAssigned(Event, frozen=True, kw_only=True):
    """To another location or holder. `state` is what it is from then on."""

    kind = "number.assigned"
    private = frozenset({"holder", "reason"})
    e164: str
    state: str
    location: str
    holder: str | None = None
    user_id: str | None = None
    reason: str | None = None


class NumberLetterChanged(Event, frozen=True, kw_only=True):
    """Its authorisation stays, and rests on another Letter of Authorization from then on."""

    kind = "number.letter-changed"
    private = frozenset({"reason"})
    e164: str
    letter: str
    reason: str | None = None
