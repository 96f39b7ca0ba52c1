"""An explanation in plain English, for programs and the command line; pages have their own words."""

from archive.core.clock import rfc3339
from archive.retention.explaining import Explanation

_FROM = {"received": "after it was received", "sent": "after it was sent"}


def in_words(why: Explanation, *, named: bool = True) -> str:
    """One or two sentences: why it is here, and when it will go. `named`: with the names of the matters."""
    verdict = why.verdict
    if verdict.because == "held":
        names = ", ".join(f"{hold.matter.name} ({hold.id})" if named else hold.id for hold in why.holds)
        return f"It stays until released, because it is held for {names}. Without that {_time(why)}"
    if verdict.because is None:
        batch = f"; the purge batch of {why.due_on} looks at it" if why.due_on else ""
        return f"It may go since {rfc3339(verdict.due_at)}: nothing keeps it any more{batch}."
    return f"It goes on {verdict.due_at:%Y-%m-%d}, because {_reason(why)}"


def _reason(why: Explanation) -> str:
    verdict = why.verdict
    if verdict.because == "residency":
        return "an imported text stays at least 30 days after it came in, however old it is."
    return f"policy version {verdict.policy.version} keeps a text for {verdict.policy.period} {_FROM[verdict.anchor]}."


def _time(why: Explanation) -> str:
    return f"it could go from {why.verdict.due_at:%Y-%m-%d} on, by policy version {why.verdict.policy.version}."
