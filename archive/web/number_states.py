"""The states of a number, for people."""

from archive.http.translation import _
from archive.numbers.model import NumberState


def state_label(state: NumberState) -> str:
    return {
        NumberState.UNAUTHORISED: _("Not authorised"),
        NumberState.LOA_REQUIRED: _("Letter required"),
        NumberState.AUTHORISED: _("Authorised"),
        NumberState.REGISTERED: _("Registered"),
        NumberState.SUSPENDED: _("Suspended"),
        NumberState.RELEASED: _("Released"),
    }[state]
