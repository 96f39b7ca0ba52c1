"""Which reports ask for a person's attention. Pure."""

from typing import Final

from archive.alerts.model import Cause
from archive.numbers.model import NumberState
from archive.providers.codes import BLOCKING

OPTED_OUT: Final = "opted_out"
FILTERED: Final = frozenset({"filtered_spam", "filtered_content_url"})
_STOPPED: Final = frozenset({"campaign_suspended", "campaign_inactive"})

NUMBER_UNREGISTERED: Final = "number-unregistered"
CAMPAIGN_STOPPED: Final = "campaign-stopped"
TEXTS_FILTERED: Final = "texts-filtered"

WATCHED: Final = FILTERED | _STOPPED | {OPTED_OUT, "unregistered"}
assert WATCHED <= BLOCKING

FILTERED_AT_LEAST: Final = 10
FILTERED_PERCENT: Final = 5


def cause_of(category: str, own_number: str, state: NumberState | None, campaign: str | None) -> Cause | None:
    """What a report says against what we hold: that our number is registered, on a campaign that is active. Of a number
    that we do not hold as registered nobody is surprised; its texts are flagged as they come in."""
    if state is not NumberState.REGISTERED:
        return None
    if category == "unregistered":
        return Cause(NUMBER_UNREGISTERED, f"number:{own_number}")
    if category in _STOPPED:
        return Cause(CAMPAIGN_STOPPED, f"campaign:{campaign}" if campaign else f"number:{own_number}")
    return None


def are_too_many(filtered: int, reported: int) -> bool:
    """Of the texts of one number and day on which there are reports: a few are chance, many of many are a pattern."""
    return filtered >= FILTERED_AT_LEAST and filtered * 100 >= FILTERED_PERCENT * reported
