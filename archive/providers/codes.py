"""What the codes mean by which providers say why a text did not arrive, in one vocabulary.

The categories are facts about the providers' published lists. A code that isn't here has no category, and its text is
undelivered for a reason that only the provider knows.
"""

from typing import Final, Literal, get_args

Status = Literal["queued", "sent", "delivered", "undelivered", "blocked", "failed"]
"""`blocked`: somebody refused it. `undelivered`: it went out and did not arrive. `failed`: it never went out."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)

BLOCKING: Final = frozenset(
    {
        "blocked",
        "campaign_inactive",
        "campaign_suspended",
        "carrier_rejected",
        "compliance_block",
        "filtered_content_url",
        "filtered_spam",
        "opted_out",
        "region_blocked",
        "unregistered",
    }
)
"""Categories of which a person has to know that somebody refused to carry the text, and not that something broke."""

_BY_CATEGORY: Final = {
    "twilio": {
        "account": "30002 30037",
        "blocked": "30004 30450",
        "campaign_suspended": "21729 30033",
        "compliance_block": "30610 30640",
        "content": "30011 30019",
        "expired": "30036",
        "filtered_spam": "30007 30038",
        "inbound_incomplete": "30009",
        "invalid_number": "21614 30005 30006",
        "invalid_route": "21612",
        "opted_out": "21610",
        "price": "30010",
        "region_blocked": "21408 30043",
        "unknown": "30008",
        "unreachable": "30003",
        "unregistered": "30024 30032 30034 30035 30040 30041 30125",
        "volume": "21611 30001 30022 30023 30027 30454",
        "volume_warning": "30026",
    },
    "bandwidth": {
        "blocked": "4481 4482 4772 4790 4791",
        "campaign_inactive": "4773",
        "carrier_rejected": "4750",
        "client_error": (
            "4001 4301 4302 4350 4401 4408 4409 4410 4411 4412 4420 4431 4433 4434 4435 4451 4452 4492 4700 "
            "4711 4712 4730 4751 4752 4753 4793"
        ),
        "expired": "4360",
        "filtered_content_url": "4771",
        "filtered_spam": "4470 4770",
        "invalid_number": "4303 4404 4406 4720 4721",
        "opted_out": "4775",
        "region_blocked": "4421 4432",
        "sender_not_enabled": "4403 4405 4407 4493 4740",
        "server_temp": "5100 5101 5106 5111 5201 5211 5220 5231 5500 5501 5600 5610 5620 5630 5650 5999",
        "unknown": "9999",
        "unknown_no_dlr": "9902",
        "unreachable": "4701 4702",
        "unregistered": "4774 4792 4795",
        "volume": "4780 4781 4785",
    },
    "telnyx": {
        "account": "40333",
        "blocked": "40003 40315",
        "carrier_rejected": "40004 40008",
        "client_error": "40007 40301 40304",
        "content": "40009 40302 40328",
        "expired": "40005 40014",
        "filtered_spam": "40002 40015 40017 40322",
        "invalid_number": "40001 40012 40310",
        "opted_out": "40300",
        "region_blocked": "40309",
        "sender_not_enabled": "40013 40100 40305 40306 40308 40321",
        "unreachable": "40006",
        "unregistered": "40010 40150 40151 40329",
        "volume": "40011 40016 40018",
    },
    "ringcentral": {
        "blocked": "SMS-UP-431",
        "carrier_rejected": "SMS-CAR-431",
        "client_error": (
            "SMS-CAR-400 SMS-CAR-412 SMS-CAR-432 SMS-CAR-433 SMS-CAR-434 SMS-CAR-460 SMS-UP-432 SMS-UP-433"
        ),
        "expired": "SMS-CAR-410",
        "filtered_content_url": "SMS-CAR-435",
        "filtered_spam": "SMS-CAR-430 SMS-RC-430 SMS-UP-430",
        "invalid_number": "SMS-CAR-411 SMS-RC-410 SMS-UP-410",
        "opted_out": "SMS-CAR-413 SMS-RC-413 SMS-UP-413",
        "sender_not_enabled": "SMS-CAR-414 SMS-UP-414",
        "server_temp": "SMS-CAR-500 SMS-RC-500 SMS-RC-501 SMS-RC-503 SMS-RC-504 SMS-UP-500",
        "unknown_no_dlr": "SMS-CAR-104 SMS-CAR-199",
        "unregistered": "SMS-CAR-461",
        "volume": "SMS-CAR-450 SMS-CAR-451 SMS-CAR-452 SMS-RC-403",
    },
    "sinch": {
        "campaign_inactive": "60",
        "carrier_rejected": "321 349",
        "client_error": "332 334",
        "filtered_spam": "15 62",
        "invalid_number": "300",
        "sender_not_enabled": "310",
        "unknown": "399",
        "unreachable": "152",
        "volume": "64",
    },
}

CATEGORIES: Final[dict[str, dict[str, str]]] = {
    provider: {code: category for category, codes in categories.items() for code in codes.split()}
    for provider, categories in _BY_CATEGORY.items()
}
"""Provider → code → category."""

MEANINGS: Final = tuple(sorted({category for codes in CATEGORIES.values() for category in codes.values()}))
"""All categories, each once."""

MISSED: Final[tuple[Status, ...]] = ("undelivered", "blocked", "failed")
"""Statuses of a text that did not arrive, of which a category is the reason."""

SAME_CODES: Final = {"signalwire": "twilio"}
"""Providers that took over the codes of another."""


def category_of(provider: str, code: str | None) -> str | None:
    known = CATEGORIES.get(SAME_CODES.get(provider, provider), {})
    return known.get(code) if code else None


def settled(status: Status, category: str | None) -> Status:
    """A text that did not arrive because somebody refused to carry it is blocked, however the provider puts it."""
    return "blocked" if status in ("undelivered", "failed") and category in BLOCKING else status
