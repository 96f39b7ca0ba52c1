"""Which doors there are. A new provider is one file beside this one, and a line here."""

import re
from typing import Final

from archive.providers import (
    bandwidth,
    plivo,
    ringcentral,
    signalwire,
    sinch,
    tcr,
    telnyx,
    twilio,
    vonage,
    webex,
)
from archive.providers.frame import Door

_ALL: Final = (bandwidth, plivo, ringcentral, signalwire, sinch, tcr, telnyx, twilio, vonage, webex)

DOORS: Final[dict[str, Door]] = {file.DOOR.provider: file.DOOR for file in _ALL}

is_account: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}").fullmatch
"""What stands in the webhook's address, so nothing that would have to be escaped there."""

SECRET_LENGTHS: Final = (8, 500)


def hook_path(provider: str, account: str) -> str:
    return f"/hooks/{provider}/{account}"
