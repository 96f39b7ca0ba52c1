"""What Webex says, in the archive's words. Pure; what else it says is left alone, and what can't be read is told.

Source: developer.webex.com: List Locations, Get Phone Numbers for an Organization, List People (callingData), Retrieve
PSTN Connection for a Location.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from archive.core import phone
from archive.locations.model import Pstn

Shape = TypeVar("Shape")

PEOPLE = "PEOPLE"
PSTN = {
    "CISCO_PSTN": Pstn.PROVIDER,
    "LOCAL_GATEWAY": Pstn.LOCAL_GATEWAY,
    "INTEGRATED_CCP": Pstn.OTHER,
    "NON_INTEGRATED_CCP": Pstn.OTHER,
}
"""Webex's name of a connection → ours. Only Cisco's own is the provider's."""


class Address(msgspec.Struct):
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    postalCode: str | None = None
    country: str | None = None


class Place(msgspec.Struct):
    id: str
    name: str
    address: Address | None = None


class Owner(msgspec.Struct):
    id: str | None = None
    type: str | None = None
    firstName: str | None = None
    lastName: str | None = None


class Reference(msgspec.Struct):
    id: str


class Number(msgspec.Struct):
    phoneNumber: str | None = None
    mainNumber: bool = False
    phoneNumberType: str | None = None
    location: Reference | None = None
    owner: Owner | None = None


class Person(msgspec.Struct):
    id: str
    displayName: str | None = None
    firstName: str | None = None
    lastName: str | None = None
    emails: list[str] = []
    extension: str | None = None
    locationId: str | None = None


@dataclass(frozen=True, slots=True)
class SaidLocation:
    """`known`: fields of a `Location` of which Webex says something."""

    source_id: str
    name: str
    known: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """`user`: source id of whom it belongs to. `holder`: the name of what else it belongs to, such as a hunt group."""

    e164: str
    location: str | None
    user: str | None
    holder: str
    primary: bool


@dataclass(frozen=True, slots=True)
class SaidUser:
    """`location`: its source id."""

    source_id: str
    name: str
    email: str
    extension: str
    location: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """`unreadable`: (kind, why) of each item that is not what it should be."""

    locations: Sequence[SaidLocation]
    numbers: Sequence[SaidNumber]
    users: Sequence[SaidUser]
    unreadable: Sequence[tuple[str, str]] = ()


def understood(
    locations: Sequence[Any], numbers: Sequence[Any], people: Sequence[Any], connections: Mapping[str, str | None]
) -> Said:
    """`connections`: id of a location → Webex's name of its PSTN connection, where it has one."""
    wrong: list[tuple[str, str]] = []
    places = _read("location", locations, Place, wrong)
    telephones = [one for one in _read("number", numbers, Number, wrong) if one.phoneNumber]
    persons = [one for one in _read("user", people, Person, wrong) if one.locationId or one.extension]
    main = {one.location.id: one.phoneNumber or "" for one in telephones if one.mainNumber and one.location}
    return Said(
        [_location(one, connections.get(one.id), main.get(one.id, "")) for one in places],
        [_number(one) for one in telephones],
        [_user(one) for one in persons],
        wrong,
    )


def _read(kind: str, items: Sequence[Any], shape: type[Shape], wrong: list[tuple[str, str]]) -> list[Shape]:
    found = []
    for item in items:
        try:
            found.append(msgspec.convert(item, shape))
        except msgspec.ValidationError as problem:
            wrong.append((kind, str(problem)))
    return found


def _location(one: Place, connection: str | None, main_number: str) -> SaidLocation:
    address = one.address or Address()
    known = {
        "street": ", ".join(part for part in (address.address1, address.address2) if part),
        "city": address.city,
        "region": address.state,
        "postal_code": address.postalCode,
        "country": address.country,
        "pstn": PSTN.get(connection or "", Pstn.OTHER) if connection else None,
        "main_number": main_number,
    }
    return SaidLocation(one.id, one.name, {name: value for name, value in known.items() if value})


def _number(one: Number) -> SaidNumber:
    owner = one.owner or Owner()
    name = " ".join(part for part in (owner.firstName, owner.lastName) if part and part != ".")
    return SaidNumber(
        phone.parse(one.phoneNumber or "").address,
        one.location.id if one.location else None,
        owner.id if owner.type == PEOPLE else None,
        "" if owner.type == PEOPLE else name,
        one.phoneNumberType in (None, "PRIMARY"),
    )


def _user(one: Person) -> SaidUser:
    name = one.displayName or " ".join(part for part in (one.firstName, one.lastName) if part)
    email = one.emails[0] if one.emails else ""
    return SaidUser(one.id, name or email, email, one.extension or "", one.locationId)
