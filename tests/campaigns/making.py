"""A brand and a campaign in which no reviewer finds anything, and short ways to bring them along."""

import itertools
from typing import Any

from sqlalchemy import select

from archive.campaigns.brands import add_brand
from archive.campaigns.drafting import draft_campaign, note_campaign_id
from archive.campaigns.hearing import hear
from archive.campaigns.levels import Level, State
from archive.campaigns.steering import enter_state
from archive.campaigns.store import RegistryEventRow
from archive.core.jcs import jcs
from archive.providers.tcr import RegistryEvent, parse
from archive.tx import Tx

ATT, TMOBILE = "10017", "10035"
_numbers = itertools.count(1)

BRAND: dict[str, Any] = {
    "entityType": "PRIVATE_PROFIT",
    "displayName": "Quillbrook",
    "companyName": "Quillbrook Wealth Advisors LLC",
    "ein": "123456789",
    "einIssuingCountry": "US",
    "phone": "+15125550100",
    "street": "100 Congress Avenue",
    "city": "Austin",
    "state": "TX",
    "postalCode": "78701",
    "country": "US",
    "email": "support@quillbrook.example",
    "website": "https://www.quillbrook.example",
    "vertical": "FINANCIAL",
    "brandRelationship": "BASIC_ACCOUNT",
}

CAMPAIGN: dict[str, Any] = {
    "usecase": "CUSTOMER_CARE",
    "description": (
        "Quillbrook sends its own clients answers to their questions, and reminders of the appointments that they have "
        "made with their adviser."
    ),
    "messageFlow": (
        "Clients of Quillbrook opt in on the form https://www.quillbrook.example/texts by ticking an empty box "
        "beside which stands: I agree to receive customer care texts from Quillbrook about my questions and "
        "appointments. Message frequency varies, up to 6 messages a month. Message and data rates may apply. Reply "
        "STOP to opt out, HELP for help. Terms: https://www.quillbrook.example/terms Privacy policy: "
        "https://www.quillbrook.example/privacy"
    ),
    "sample1": "Quillbrook: Hello [name], your appointment is on [date] at [time]. Reply STOP to opt out.",
    "sample2": "Quillbrook: Hello [name], here is the answer to your question of [date]: [answer]",
    "optinMessage": (
        "Quillbrook: You are opted in to customer care texts. Message frequency varies. Message and data rates may "
        "apply. Reply HELP for help, STOP to opt out."
    ),
    "optoutMessage": "Quillbrook: You are unsubscribed and will receive no further messages.",
    "helpMessage": "Quillbrook: For help write to support@quillbrook.example. Reply STOP to opt out.",
    "optoutKeywords": "STOP,QUIT",
    "helpKeywords": "HELP",
    "privacyPolicyLink": "https://www.quillbrook.example/privacy",
    "termsAndConditionsLink": "https://www.quillbrook.example/terms",
    "subscriberOptin": True,
    "subscriberOptout": True,
    "subscriberHelp": True,
    "autoRenewal": True,
    "termsAndConditions": True,
}


def brand(tx: Tx, **changes: Any) -> str:
    return add_brand(tx, {**BRAND, **changes}).id


def draft(tx: Tx, name: str = "Care", **changes: Any) -> str:
    return draft_campaign(tx, brand(tx), name, {**CAMPAIGN, **changes}).id


def registry_id() -> str:
    """Another one each time."""
    return f"C{next(_numbers):06X}"


def registered(tx: Tx, **changes: Any) -> tuple[str, str]:
    """(our id, the registry's) of one that is submitted and has an id, and about which nothing else was said."""
    campaign_id, theirs = draft(tx, **changes), registry_id()
    enter_state(tx, campaign_id, Level.REGISTRY, State.SUBMITTED)
    note_campaign_id(tx, campaign_id, theirs)
    return campaign_id, theirs


def active_campaign(tx: Tx, **changes: Any) -> str:
    campaign_id, theirs = registered(tx, **changes)
    tell(tx, "CAMPAIGN_ADD", theirs)
    tell(tx, "CAMPAIGN_DCA_COMPLETE", theirs)
    return campaign_id


def event(kind: str, campaign: str, carrier: str = "", **more: Any) -> RegistryEvent:
    """As it comes through the door."""
    body: dict[str, Any] = {"cspId": "SBJAF5P", "eventType": kind, "campaignId": campaign, "mock": False, **more}
    if carrier:
        body["mnoId"] = int(carrier)
    return parse(jcs(body))[0]


def newest_events(tx: Tx, event: str | None = None) -> list[RegistryEventRow]:
    """All that was said, or all that was called so."""
    rows = tx.session.scalars(select(RegistryEventRow).order_by(RegistryEventRow.entry.desc())).all()
    return [row for row in rows if event in (None, row.event)]


def tell(tx: Tx, kind: str, campaign: str, carrier: str = "", **more: Any) -> int:
    return len(hear(tx, "SBJAF5P", [event(kind, campaign, carrier, **more)]))
