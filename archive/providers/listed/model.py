"""Whose lists can be read. Another provider's is one file beside this one, and a line here."""

from typing import Final

from archive.providers.listed import bandwidth, telnyx, twilio, webex
from archive.providers.listed.frame import Reader

READERS: Final[dict[str, Reader]] = {file.READER.provider: file.READER for file in (bandwidth, telnyx, twilio, webex)}
