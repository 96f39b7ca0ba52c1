"""The flags that a record may carry: what a person should know of a text. They never refuse one."""

from typing import Final

AFTER_OPT_OUT: Final = "after-opt-out"
NOT_FOR_CARRIER: Final = "campaign-not-for-carrier"
CONFLICT: Final = "conflict"
INCOMPLETE: Final = "incomplete"
INTERNATIONAL: Final = "international"
MMS: Final = "mms"
NO_ACTIVE_CAMPAIGN: Final = "no-active-campaign"
OVER_THE_CAP: Final = "over-the-cap"
SENT_AT_IN_FUTURE: Final = "sent-at-in-future"
SENT_AT_UNREADABLE: Final = "sent-at-unreadable"
UNAUTHORISED_NUMBER: Final = "unauthorised-number"
UNKNOWN_NUMBER: Final = "unknown-number"
UNPARSED_ADDRESS: Final = "unparsed-address"

FLAGS: Final = {
    AFTER_OPT_OUT: "went out to somebody who had asked not to be texted",
    NOT_FOR_CARRIER: "went out to a carrier that the number's campaign is not for",
    CONFLICT: "the provider's id is here already with different content",
    INCOMPLETE: "a piece of a long text whose other pieces did not all come in time",
    INTERNATIONAL: "one of the parties is outside the US and Canada",
    MMS: "has media; only references to them are kept",
    NO_ACTIVE_CAMPAIGN: "went out while our number was on no active campaign",
    OVER_THE_CAP: "went out beyond what its brand may send in a day",
    SENT_AT_IN_FUTURE: "the provider says it was sent more than a day after we got it",
    SENT_AT_UNREADABLE: "the provider's time names no moment; it is kept as received",
    UNAUTHORISED_NUMBER: "our number was not authorised to text when this came in",
    UNKNOWN_NUMBER: "our side is not one of the organisation's numbers",
    UNPARSED_ADDRESS: "a party's address is neither a number, a short code nor a name",
}
"""Flag → why it is there. A flag that isn't named here can't be searched for."""
