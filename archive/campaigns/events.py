"""What the ledger says about brands and campaigns. What may name a person is sealed."""

from typing import Any

from archive.ledger.entry import Event


class BrandAdded(Event, frozen=True, kw_only=True):
    kind = "brand.added"
    private = frozenset({"fields"})
    fields: dict[str, Any]


class BrandChanged(Event, frozen=True, kw_only=True):
    """`fields`: all of them, as they are from then on."""

    kind = "brand.changed"
    private = frozenset({"fields"})
    fields: dict[str, Any]


class BrandRegistered(Event, frozen=True, kw_only=True):
    """What the registry says that it is: by hand, or by its webhook."""

    kind = "brand.registered"
    identity: str
    registry_id: str | None = None
    score: int | None = None


class CampaignDrafted(Event, frozen=True, kw_only=True):
    kind = "campaign.drafted"
    private = frozenset({"fields"})
    brand: str
    name: str
    fields: dict[str, Any]


class CampaignChanged(Event, frozen=True, kw_only=True):
    kind = "campaign.changed"
    private = frozenset({"fields"})
    name: str
    fields: dict[str, Any]
    message_class: str | None = None


class CampaignRegistered(Event, frozen=True, kw_only=True):
    """It has an id at the registry."""

    kind = "campaign.registered"
    registry_id: str


class CampaignNamed(Event, frozen=True, kw_only=True):
    """What a provider calls it: `theirs` is its own id for it."""

    kind = "campaign.named"
    provider: str
    theirs: str


class CampaignStateEntered(Event, frozen=True, kw_only=True):
    """By hand. `state`: what `level` (of `carrier`) is from then on."""

    kind = "campaign.state-entered"
    private = frozenset({"reason"})
    level: str
    state: str
    carrier: str | None = None
    reason: str | None = None


class CampaignMoved(Event, frozen=True, kw_only=True):
    """A level went from one state into another, whatever the cause: the entry before says it."""

    kind = "campaign.moved"
    level: str
    before: str
    after: str
    carrier: str | None = None


class CampaignActivityChanged(Event, frozen=True, kw_only=True):
    """Whether its numbers may text from then on, and why."""

    kind = "campaign.activity-changed"
    active: bool
    because: str


class RegistryEventReceived(Event, frozen=True, kw_only=True):
    """The registry said something, signed, or a provider said something about registration (`provider`, `theirs`: its
    own id of the campaign). `fingerprint`: SHA-256 of all of it, which is kept sealed."""

    kind = "registry.event-received"
    private = frozenset({"description"})
    event: str
    account: str
    fingerprint: str
    campaign: str | None = None
    brand: str | None = None
    carrier: str | None = None
    mock: bool | None = None
    provider: str | None = None
    theirs: str | None = None
    description: str | None = None
