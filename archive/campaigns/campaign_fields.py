"""A campaign's fields, as The Campaign Registry has them, with their limits and what may be changed after creation.

Source: Bandwidth's campaign API (2023) and Telnyx's types (4.189.0); a link's length is Webex Connect's.
"""

from typing import Final

from archive.campaigns.fields import Field, Shape, Values, short_of
from archive.campaigns.usecases import CODES, SUB_USE_CASES, parts_problem

CARRIERS: Final = {
    "10017": "AT&T",
    "10035": "T-Mobile",
    "10036": "US Cellular",
    "10037": "Interop",
    "10038": "Verizon",
    "10040": "ClearSky",
}
"""Mobile network operators by the registry's ids. No source at hand confirmed the last four."""

SAMPLES: Final = ("sample1", "sample2", "sample3", "sample4", "sample5")


def _sample(at: int) -> Field:
    about = "A text as it will be sent; what varies in [brackets]"
    return Field(f"sample{at}", f"Sample {at}", about, Shape.TEXT, least=20, most=1024, required=at == 1, editable=True)


def _flag(name: str, label: str, about: str = "", *, required: bool = False, editable: bool = False) -> Field:
    return Field(name, label, about, Shape.FLAG, required=required, editable=editable)


def _reply(name: str, label: str, about: str, *, required: bool) -> Field:
    return Field(name, label, about, Shape.TEXT, least=20, most=320, required=required, editable=True)


def _keywords(name: str, label: str, about: str) -> Field:
    return Field(name, label, about, Shape.KEYWORDS, most=320, editable=True)


CAMPAIGN_FIELDS: Final = (
    Field("usecase", "Use case", shape=Shape.CHOICE, choices=CODES, required=True),
    Field("subUsecases", "Sub-use-cases", "MIXED: 2 to 5; LOW_VOLUME: 1 to 5", Shape.MANY, choices=SUB_USE_CASES),
    Field(
        "description",
        "Description",
        "Who sends what to whom, and why",
        Shape.TEXT,
        least=40,
        most=4096,
        required=True,
    ),
    Field(
        "messageFlow",
        "How people opt in",
        "Every way to consent, what they get and how often, rates, STOP and HELP, links to terms and privacy",
        Shape.TEXT,
        least=40,
        most=2048,
        required=True,
        editable=True,
    ),
    *(_sample(at) for at in range(1, len(SAMPLES) + 1)),
    _reply("optinMessage", "Answer to an opt-in", "Names the brand, frequency, rates, HELP and STOP", required=False),
    _reply("optoutMessage", "Answer to STOP", "Names the brand and says that no more texts will come", required=True),
    _reply("helpMessage", "Answer to HELP", "Names the brand and how to reach it", required=True),
    _keywords("optinKeywords", "Keywords for opting in", "By commas without spaces: START,YES"),
    _keywords("optoutKeywords", "Keywords for opting out", "By commas without spaces; the registry assumes STOP"),
    _keywords("helpKeywords", "Keywords for help", "By commas without spaces; the registry assumes HELP"),
    Field("privacyPolicyLink", "Privacy policy", shape=Shape.ADDRESS),
    Field("termsAndConditionsLink", "Terms and conditions", shape=Shape.ADDRESS),
    _flag("embeddedLink", "Texts hold links"),
    Field("embeddedLinkSample", "Sample of such a link", shape=Shape.ADDRESS),
    _flag("embeddedPhone", "Texts hold telephone numbers"),
    _flag("numberPool", "Pool of numbers", "More than 49 numbers, by arrangement with T-Mobile"),
    _flag("ageGated", "Age-gated content"),
    _flag("directLending", "Direct lending"),
    _flag("subscriberOptin", "Subscribers opt in"),
    _flag("subscriberOptout", "Subscribers can opt out"),
    _flag("subscriberHelp", "Subscribers get help"),
    _flag("affiliateMarketing", "Affiliate marketing"),
    _flag("autoRenewal", "Renewed automatically", editable=True),
    _flag("termsAndConditions", "The registry's terms are accepted", required=True),
    Field("referenceId", "Our reference", "Unique; the registry repeats it in what it tells us", most=50),
    Field("resellerId", "Reseller", "Seven characters, R…", most=7, editable=True),
    Field("mnoIds", "Carriers", "None chosen: all of them", Shape.MANY, choices=tuple(CARRIERS)),
    Field("tag", "Tags", shape=Shape.LIST, most=50, editable=True),
)
EDITABLE: Final = frozenset(field.name for field in CAMPAIGN_FIELDS if field.editable)


def campaign_gaps(values: Values) -> dict[str, str]:
    """Field → why the registry would not take the campaign as it is."""
    gaps = {field.name: gap for field in CAMPAIGN_FIELDS if (gap := short_of(field, values))}
    if values.get("termsAndConditions") is False:
        gaps["termsAndConditions"] = "The registry takes no campaign without it."
    parts = values.get("subUsecases")
    if problem := parts_problem(str(values.get("usecase", "")), len(parts) if isinstance(parts, list) else 0):
        gaps["subUsecases"] = problem
    return gaps
