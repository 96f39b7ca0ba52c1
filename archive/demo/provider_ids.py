"""Message ids in the shape that each provider gives them, always the same for the same text."""

from hashlib import sha256
from uuid import UUID


def provider_id(provider: str, label: str, *, has_media: bool) -> str:
    """`label` names the text uniquely; the date is left out so that the id doesn't change with it."""
    digest = sha256(label.encode()).hexdigest()
    if provider == "twilio":
        return ("MM" if has_media else "SM") + digest[:32]
    if provider == "telnyx":
        return str(UUID(hex=digest[:32], version=4))
    return f"{int(digest[:12], 16) % 10**13:013d}{digest[12:28]}"
