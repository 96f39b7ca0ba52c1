"""Whether an account works, as far as it can be told from here."""

from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from archive.providers.accounts import Account


class Finding(StrEnum):
    """`NOT_SAFE`: the webhook's address is not https. `NOT_REACHABLE`: it names this machine or this network."""

    NOT_SAFE = "not-safe"
    NOT_REACHABLE = "not-reachable"
    NOTHING_YET = "nothing-yet"
    ONLY_REFUSED = "only-refused"
    LAST_REFUSED = "last-refused"
    WORKS = "works"


def look_into(account: Account, public_url: str) -> list[Finding]:
    """All that is wrong with it, or `WORKS`."""
    traffic = _traffic(account)
    address = [] if traffic is Finding.WORKS else _address(public_url)
    return [*address, traffic]


def _address(public_url: str) -> list[Finding]:
    """What has come in shows that the address is good, so this is asked only where nothing has."""
    parts = urlsplit(public_url)
    found = [] if parts.scheme == "https" else [Finding.NOT_SAFE]
    return [*found, Finding.NOT_REACHABLE] if _is_near(parts.hostname or "") else found


def _is_near(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host


def _traffic(account: Account) -> Finding:
    accepted, rejected = account.accepted_at, account.rejected_at
    if accepted is None:
        return Finding.ONLY_REFUSED if rejected else Finding.NOTHING_YET
    return Finding.LAST_REFUSED if rejected and rejected > accepted else Finding.WORKS
