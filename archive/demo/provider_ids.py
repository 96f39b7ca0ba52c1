"""Message ids in the shape that each provider gives them, always the same for the same text."""

from hashlib import sha256
from uuid import UUID


def provider_id(provider: str, label: str, *, is_mms: bool) -> str:
    """`label` names the text uniquely; the date is left out so that the id doesn't change with it.

    Group texts are MMS too.
    """
    digest = sha256(label.encode()).hexdigest()
    if provider == "twilio":
        return ("MM" if is_mms else "SM") + digest[:32]
    if provider == "telnyx":
        return str(UUID(hex=digest[:32], version=4))
    return f"{int(digest[:12], 16) % 10**13:013d}{digest[12:28]}"
