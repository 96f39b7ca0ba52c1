"""Who is meant by an address of a mail that was made of a text, and which side of it is ours."""

from collections.abc import Iterable

from archive.core import phone
from archive.intake.files.mail import Named
from archive.intake.files.model import NoText, Options

_MOST = 500


def party_of(who: Named) -> str:
    """The number in front of the @, or in the name; else the address itself, which tells people apart all the same."""
    name, address = who
    for written in (address.partition("@")[0], name.lstrip("@")):
        number = phone.parse(written).e164
        if number:
            return number
    return address or name


def ours_among(parties: Iterable[str], options: Options) -> set[str]:
    ours = {options.own_number} if options.own_number else options.own_numbers
    return {party for party in parties if party in ours}


def sides(sender: str, recipients: list[str], options: Options) -> str:
    """The direction. NoText if both sides are ours, or neither."""
    if len(recipients) > _MOST:
        raise NoText(f"More than {_MOST} people are in this mail.")
    sent, received = ours_among([sender], options), ours_among(recipients, options)
    if bool(sent) == bool(received):
        which = "both sides of it are" if sent else "neither side of it is"
        raise NoText(f"This mail doesn't say whether its text came in or went out: {which} ours.")
    return "outbound" if sent else "inbound"
