"""The fields of providers' forms, filled from a letter, with what a form asks for and the letter doesn't say.

Sources: Webex Calling, "Authorize Business Texting"; Twilio hosted numbers, AuthorizationDocument; Bandwidth,
ImportTnOrder; Telnyx and SignalWire, hosted messaging; 47 CFR 64.1130 as the closest rule of the law.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.core.errors import NotFound
from archive.letters.model import Evidence, Letter, LetterState
from archive.letters.reading import state_of

_HOUSE = re.compile(r"(\d+[A-Za-z]?(?:[-/]\d+)?)\s+(.+)")


class ProviderForm(StrEnum):
    WEBEX = "webex_business_texting"
    TWILIO = "twilio_hosted"
    BANDWIDTH = "bandwidth_import"
    TELNYX = "telnyx_hosted"
    SIGNALWIRE = "signalwire_hosted"
    FCC = "fcc_64_1130_analog"


@dataclass(frozen=True, slots=True)
class Field:
    """`value` is empty when `missing` says why it is, and what to do."""

    name: str
    value: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form. `obstacles`: why the provider would not take this letter at all."""

    form: ProviderForm
    fields: tuple[Field, ...]
    obstacles: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.obstacles and not any(field.missing for field in self.fields)


def form_named(name: str) -> ProviderForm:
    if name not in list(ProviderForm):
        raise NotFound(f"There is no form {name!r}.", f"Known are: {', '.join(ProviderForm)}.")
    return ProviderForm(name)


def fill_form(letter: Letter, form: ProviderForm, now: datetime) -> Filled:
    if letter.evidence is None:
        raise NotFound(f"The letter {letter.id} is destroyed.", "Sign another one.")
    return Filled(form, tuple(_FORMS[form](letter, letter.evidence)), tuple(_obstacles(letter, form, now)))


def _obstacles(letter: Letter, form: ProviderForm, now: datetime) -> list[str]:
    state = state_of(letter, now)
    if not state.counts:
        return [f"The letter is {state}. Sign another one."]
    if state is not LetterState.FRESH and form in _WANT_FRESH:
        return ["The letter was signed more than 30 days ago. Sign one in its place."]
    return []


def _webex(_letter: Letter, said: Evidence) -> list[Field]:
    return [
        _field("first name", said.signer.first_name, _SIGNER),
        _field("last name", said.signer.last_name, _SIGNER),
        _field("title/position", said.signer.title, _SIGNER),
        _field("authorised signature", _signature(said), "It stands on the paper: copy it from the file."),
    ]


def _twilio(letter: Letter, said: Evidence) -> list[Field]:
    return [
        _other("address_sid", f"Make an Address at Twilio for: {_address(said) or 'the service address'}."),
        _field("email", said.signer.email, _SIGNER),
        _other("cc_emails", "Whoever else is to have a copy; may stay empty."),
        _field("contact_title", said.signer.title, _SIGNER),
        _field("contact_phone_number", said.signer.phone, _PHONE),
        _other("hosted_number_order_sids", f"One order at Twilio for each of: {', '.join(letter.numbers)}."),
        Field("status", "opened"),
    ]


def _bandwidth(letter: Letter, said: Evidence) -> list[Field]:
    address = said.subscriber.address
    house = _HOUSE.fullmatch(address.street)
    number, street = (house[1], house[2]) if house else ("", address.street)
    return [
        Field("CustomerOrderId", letter.id),
        _field("SubscriberName", said.subscriber.legal_name, _SIGNER),
        _field(
            "ServiceAddress/HouseNumber", number, f"{_ADDRESS} The street has to begin with the number of the house."
        ),
        _field("ServiceAddress/StreetName", street, _ADDRESS),
        _field("ServiceAddress/City", address.city, _ADDRESS),
        _field("ServiceAddress/StateCode", address.state, _ADDRESS),
        _field("ServiceAddress/Zip", address.postal_code, _ADDRESS),
        _other("ServiceAddress/County", "No letter has it; look it up for the address."),
        Field("LoaAuthorizingPerson", said.signer.name),
        Field("TelephoneNumbers", ", ".join(number.removeprefix("+1") for number in letter.numbers)),
        _file(letter),
    ]


def _telnyx(letter: Letter, said: Evidence) -> list[Field]:
    return [
        Field("phone_numbers", ", ".join(letter.numbers)),
        _file(letter),
        _other("bill", "The bill of the last month for these numbers, as PDF of up to 5 MB."),
    ]


def _signalwire(letter: Letter, said: Evidence) -> list[Field]:
    return [
        Field("phone_numbers", ", ".join(letter.numbers)),
        _file(letter),
        _other("invoice", "A recent invoice of the carrier for these numbers."),
        _other("campaign", "An active campaign that the numbers are to be put on."),
    ]


def _fcc(letter: Letter, said: Evidence) -> list[Field]:
    return [
        _field("subscriber billing name", said.subscriber.legal_name, _SIGNER),
        _field("billing address", _address(said), _ADDRESS),
        Field("each telephone number covered", ", ".join(letter.numbers)),
        Field("decision to change/enable", f"Enable text messaging with {said.provider}; the voice service stays."),
        Field("designation of the agent", said.provider),
        Field("separate document", f"{letter.id}.pdf"),
        Field("only one provider per number", said.provider),
    ]


_SIGNER = "The letter doesn't say it. Sign one that does."
_PHONE = "The letter has no telephone of its signer. Sign one that has, or enter it there."
_ADDRESS = "The letter has no whole service address. Sign one that has, or enter it there."

_HOUSE_NUMBER = f"{_ADDRESS} The street has to begin with the number of the house."

_FORMS: dict[ProviderForm, Callable[[Letter, Evidence], list[Field]]] = {
    ProviderForm.WEBEX: _webex,
    ProviderForm.TWILIO: _twilio,
    ProviderForm.BANDWIDTH: _bandwidth,
    ProviderForm.TELNYX: _telnyx,
    ProviderForm.SIGNALWIRE: _signalwire,
    ProviderForm.FCC: _fcc,
}
_WANT_FRESH = frozenset({ProviderForm.TWILIO, ProviderForm.TELNYX, ProviderForm.SIGNALWIRE})


def _field(name: str, value: str, otherwise: str) -> Field:
    return Field(name, value, "" if value else otherwise)


def _other(name: str, where_from: str) -> Field:
    """What no letter can say."""
    return Field(name, "", where_from)


def _file(letter: Letter) -> Field:
    return Field("LOA", f"{letter.id}.pdf, SHA-256 {letter.pdf_sha256}")


def _address(said: Evidence) -> str:
    address = said.subscriber.address
    return str(address) if address.street and address.city else ""


def _signature(said: Evidence) -> str:
    return said.signature.typed or (said.signer.name if said.signature.drawn else "")
