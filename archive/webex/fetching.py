"""Everything that Webex says of locations, numbers and users, fetched before anything is changed."""

from urllib.parse import quote

from archive.webex.client import FORBIDDEN, Refused, WebexClient
from archive.webex.model import Said, understood


def fetch(client: WebexClient) -> Said:
    """Raises `NotReady` unless all of it came."""
    locations = client.listed("/locations", "items", max=1_000)
    numbers = client.listed("/telephony/config/numbers", "phoneNumbers", max=1_000)
    people = client.listed("/people", "items", callingData="true", max=100)
    ids = [one["id"] for one in locations if isinstance(one, dict) and isinstance(one.get("id"), str)]
    return understood(locations, numbers, people, {one: _connection(client, one) for one in ids})


def _connection(client: WebexClient, location_id: str) -> str | None:
    """Webex's name of a location's PSTN connection; None where it has none."""
    try:
        answer = client.one(f"/telephony/pstn/locations/{quote(location_id, safe='')}/connection")
    except Refused as refused:
        if refused.status == FORBIDDEN:
            raise  # A scope is missing, which somebody can mend; a location without a connection is a 400 or 404.
        return None
    kind = answer.get("pstnConnectionType") if isinstance(answer, dict) else None
    return kind if isinstance(kind, str) else None
