"""The demo's papers: what each firm bought, where it is, the letter for its first office, its brand and campaigns."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from archive.campaigns.assigning import put_on
from archive.campaigns.brands import add_brand, note_brand_registration
from archive.campaigns.drafting import draft_campaign, note_campaign_id
from archive.campaigns.levels import Level, State
from archive.campaigns.model import Identity
from archive.campaigns.steering import enter_state
from archive.demo.model import Organisation
from archive.eligibility.actions import enter_facts
from archive.eligibility.model import CallingPlan, Facts, Plan
from archive.letters.drafting import prepare
from archive.letters.model import Address, Draft, Origin, Signature, Signer, Subscriber
from archive.letters.signing import sign_letter
from archive.locations.actions import change_location, found_by_name
from archive.locations.model import Pstn
from archive.tx import Tx

BRANDS: Mapping[str, Mapping[str, Any]] = {
    "Quillbrook Wealth Advisors": {
        "entityType": "PRIVATE_PROFIT",
        "displayName": "Quillbrook",
        "companyName": "Quillbrook Wealth Advisors LLC",
        "ein": "046550110",
        "einIssuingCountry": "US",
        "phone": "+16175550110",
        "street": "110 Federal Street",
        "city": "Boston",
        "state": "MA",
        "postalCode": "02110",
        "country": "US",
        "email": "texts@quillbrook.example",
        "website": "https://www.quillbrook.example",
        "vertical": "FINANCIAL",
        "brandRelationship": "BASIC_ACCOUNT",
    },
    "Tamarack Row Property Management": {
        "entityType": "PRIVATE_PROFIT",
        "displayName": "Tamarack Row",
        "companyName": "Tamarack Row Property Management Inc.",
        "ein": "815550150",
        "einIssuingCountry": "CA",
        "phone": "+14165550150",
        "street": "150 King Street West",
        "city": "Toronto",
        "state": "ON",
        "postalCode": "M5H 1J9",
        "country": "CA",
        "email": "texts@tamarackrow.example",
        "website": "https://www.tamarackrow.example",
        "vertical": "REAL_ESTATE",
        "brandRelationship": "BASIC_ACCOUNT",
    },
}

SCORE = 78
APPROVED = (
    (Level.REGISTRY, State.ACTIVE, ""),
    (Level.PROVIDER, State.ACCEPTED, ""),
    (Level.DCA, State.COMPLETE, ""),
    (Level.CARRIER, State.APPROVED, "10017"),
    (Level.CARRIER, State.APPROVED, "10035"),
    (Level.CARRIER, State.APPROVED, "10038"),
)


def make_papers(tx: Tx, organisation: Organisation) -> None:
    """Its numbers are there already; those that name a campaign may text from now on."""
    fields = BRANDS[organisation.name]
    enter_facts(tx, Facts(True, Plan.ENTERPRISE, CallingPlan(organisation.country)))
    for name in sorted({own.location for own in organisation.numbers}):
        city, region = name.split(", ")
        place = {"city": city, "region": region, "country": organisation.country, "pstn": Pstn.PROVIDER}
        change_location(tx, found_by_name(tx, name).id, **place)
    _sign(tx, organisation, fields)
    _register(tx, organisation, fields)


def _sign(tx: Tx, organisation: Organisation, brand: Mapping[str, Any]) -> None:
    """Its administrator signs for the numbers of the first office."""
    first = organisation.numbers[0].location
    person = next(person for person in organisation.people if person.role == "administrator")
    given, _, family = person.name.partition(" ")
    address = Address(brand["street"], brand["city"], brand["state"], brand["postalCode"], brand["country"])
    draft = Draft(
        provider="Webex (Cisco Systems)",
        subscriber=Subscriber(brand["companyName"], brand["displayName"], address),
        signer=Signer(given, family, "Chief Operating Officer", person.email),
        numbers=tuple(sorted(own.number for own in organisation.numbers if own.location == first)),
    )
    origin = Origin(str(tx.actor), person.email, "password", None, "192.0.2.10", "Demo")
    sign_letter(tx, draft, seen=prepare(tx, draft).seen, signature=Signature(person.name), origin=origin)


def _register(tx: Tx, organisation: Organisation, fields: Mapping[str, Any]) -> None:
    brand = add_brand(tx, fields)
    registry_id = f"B{organisation.numbers[0].number[-6:]}"
    note_brand_registration(tx, brand.id, registry_id=registry_id, identity=Identity.VETTED_VERIFIED, score=SCORE)
    on_campaigns = sorted((own.campaign, own.location, own.number) for own in organisation.numbers if own.campaign)
    for registered_as, numbers in groupby(on_campaigns, key=lambda own: own[0]):
        owns = list(numbers)
        places = " and ".join(dict.fromkeys(location.split(",")[0] for _, location, _ in owns))
        campaign = draft_campaign(tx, brand.id, f"Customer care, {places}", _campaign(fields, places))
        enter_state(tx, campaign.id, Level.REGISTRY, State.SUBMITTED)
        note_campaign_id(tx, campaign.id, registered_as)
        for level, state, carrier in APPROVED:
            enter_state(tx, campaign.id, level, state, carrier=carrier)
        put_on(tx, campaign.id, [number for _, _, number in owns])


def _campaign(brand: Mapping[str, Any], places: str) -> dict[str, Any]:
    name, site, email = brand["displayName"], brand["website"], brand["email"]
    return {
        "usecase": "CUSTOMER_CARE",
        "description": f"Staff of {name} in {places} answer questions of the firm's own clients and agree appointments "
        "with them, one to one and by hand.",
        "messageFlow": f"Clients of {name} opt in on the form {site}/texts by ticking an empty box beside which "
        f"stands: I agree to receive customer care texts from {name} about my questions and appointments. Message "
        "frequency varies, up to 6 messages a month. Message and data rates may apply. Reply STOP to opt out, "
        f"HELP for help. Terms: {site}/terms Privacy policy: {site}/privacy",
        "sample1": f"{name}: Hello [name], your appointment is on [date] at [time]. Reply STOP to opt out.",
        "sample2": f"{name}: Hello [name], here is the answer to your question of [date]: [answer]",
        "optinMessage": f"{name}: You are opted in to customer care texts. Message frequency varies. Message and data "
        "rates may apply. Reply HELP for help, STOP to opt out.",
        "optoutMessage": f"{name}: You are unsubscribed and will receive no further messages.",
        "helpMessage": f"{name}: For help write to {email}. Reply STOP to opt out.",
        "optoutKeywords": "STOP,QUIT",
        "helpKeywords": "HELP",
        "privacyPolicyLink": f"{site}/privacy",
        "termsAndConditionsLink": f"{site}/terms",
        "subscriberOptin": True,
        "subscriberOptout": True,
        "subscriberHelp": True,
        "autoRenewal": True,
        "termsAndConditions": True,
    }
