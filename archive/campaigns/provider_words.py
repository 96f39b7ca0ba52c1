"""What providers' own words about campaigns and numbers say of our levels. A word that isn't here moves nothing."""

from typing import Final

from archive.campaigns.levels import Level, State

Statement = tuple[Level, State]

_PASSED: Final[tuple[Statement, ...]] = (
    (Level.REGISTRY, State.ACTIVE),
    (Level.PROVIDER, State.ACCEPTED),
    (Level.DCA, State.COMPLETE),
)
"""Of a provider that is the aggregator itself: what it approves the registry has, and it has elected."""

STATED: Final[dict[str, tuple[Statement, ...]]] = {
    "telnyx.campaign.registration.accepted": ((Level.REGISTRY, State.ACTIVE),),
    "telnyx.campaign.registration.rejected": ((Level.REGISTRY, State.REJECTED),),
    "telnyx.campaign.telnyx_review.accepted": ((Level.PROVIDER, State.ACCEPTED),),
    "telnyx.campaign.telnyx_review.rejected": ((Level.PROVIDER, State.DECLINED),),
    "telnyx.campaign.mno_review.accepted": ((Level.CARRIER, State.APPROVED),),
    "telnyx.campaign.mno_review.rejected": ((Level.CARRIER, State.REJECTED),),
    "twilio.campaign-registration.campaign-submitted": (
        (Level.REGISTRY, State.SUBMITTED),
        (Level.PROVIDER, State.PENDING),
    ),
    "twilio.campaign-registration.campaign-approved": _PASSED,
    "twilio.campaign-registration.campaign-failed": ((Level.PROVIDER, State.DECLINED),),
    "twilio.campaign-registration.campaign-failure": ((Level.PROVIDER, State.DECLINED),),
    "signalwire.campaign.pending": ((Level.PROVIDER, State.PENDING),),
    "signalwire.campaign.active": _PASSED,
    "signalwire.campaign.failed": ((Level.PROVIDER, State.DECLINED),),
    "signalwire.campaign.declined": ((Level.PROVIDER, State.DECLINED),),
    "signalwire.campaign.rejected": ((Level.PROVIDER, State.DECLINED),),
}
"""A carrier's review that names no carrier is one of all that the campaign is for."""

ASSIGNED: Final[dict[str, bool]] = {
    "telnyx.number.assignment.accepted": True,
    "telnyx.number.assignment.rejected": False,
    "signalwire.number_assignment.activated": True,
    "signalwire.number_assignment.active": True,
    "signalwire.number_assignment.failed": False,
}
"""Whether a number is on its campaign at the provider, and with the carriers."""
