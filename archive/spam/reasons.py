"""Why a text is taken for the one that is meant, in words. Pure."""

from archive.spam.store import SpamMatchRow

_SPANS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def reason(match: SpamMatchRow) -> str:
    """`same parties, 3 minutes apart, 92 % of the words`."""
    parts = []
    if match.same_party is not None:
        parts.append("same parties" if match.same_party else "sent to another number")
    if match.apart is not None:
        parts.append(f"{span_of(match.apart)} apart" if match.apart else "at the time that was named")
    if match.share is not None:
        parts.append(f"{match.share} % of the words")
    return ", ".join(parts)


def span_of(seconds: int) -> str:
    """`3 minutes`, `1 hour`, `2 days`; less than a minute as seconds."""
    for unit, length in _SPANS:
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{seconds} second{'s' if seconds > 1 else ''}"
