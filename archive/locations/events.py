"""What the ledger says about locations. An office may be somebody's home, so addresses are sealed."""

from typing import Any

from archive.ledger.entry import Event
from archive.locations.model import Location

_ADDRESS = frozenset({"street", "city", "region", "postal_code"})


class LocationAdded(Event, frozen=True, kw_only=True):
    kind = "location.added"
    private = _ADDRESS
    name: str
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    pstn: str | None = None
    main_number: str | None = None
    source_id: str | None = None


class LocationChanged(LocationAdded, frozen=True, kw_only=True):
    """All that is known from then on. `before`: what it was called until then, where it has another name now."""

    kind = "location.changed"
    before: str | None = None


def told(location: Location) -> dict[str, Any]:
    """The details of an event; what is not known is left out of it."""
    return {
        "name": location.name,
        "street": location.street or None,
        "city": location.city or None,
        "region": location.region or None,
        "postal_code": location.postal_code or None,
        "country": location.country or None,
        "pstn": location.pstn,
        "main_number": location.main_number or None,
    }
