"""What a number of the organisation's can be."""

from enum import StrEnum


class NumberState(StrEnum):
    """New and ported numbers start unauthorised; only an authorised one can be registered on a campaign."""

    UNAUTHORISED = "unauthorised"
    LOA_REQUIRED = "loa_required"
    AUTHORISED = "authorised"
    REGISTERED = "registered"
    SUSPENDED = "suspended"
    RELEASED = "released"

    @property
    def authorised(self) -> bool:
        return self in _AUTHORISED


_AUTHORISED = frozenset({NumberState.AUTHORISED, NumberState.REGISTERED})
