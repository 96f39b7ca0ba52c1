"""A brand's fields, as The Campaign Registry has them (CSP API, brand), and which of them it asks of whom.

The names are the registry's own, so that what is exported there can be brought in here and the other way round.
"""

from typing import Final

from archive.campaigns.fields import Field, Shape, Values, short_of

SOLE_PROPRIETOR: Final = "SOLE_PROPRIETOR"
PUBLIC: Final = "PUBLIC_PROFIT"
ENTITY_TYPES: Final = ("PRIVATE_PROFIT", PUBLIC, "NON_PROFIT", "GOVERNMENT", SOLE_PROPRIETOR)
RELATIONSHIPS: Final = ("BASIC_ACCOUNT", "SMALL_ACCOUNT", "MEDIUM_ACCOUNT", "LARGE_ACCOUNT", "KEY_ACCOUNT")
BUSINESS_ID_TYPES: Final = ("NONE", "DUNS", "GIIN", "LEI")
VERTICALS: Final = (
    *("AGRICULTURE", "COMMUNICATION", "CONSTRUCTION", "EDUCATION", "ENERGY", "ENTERTAINMENT", "FINANCIAL"),
    *("GAMBLING", "GOVERNMENT", "HEALTHCARE", "HOSPITALITY", "HUMAN_RESOURCES", "INSURANCE", "LEGAL"),
    *("MANUFACTURING", "NGO", "POLITICAL", "POSTAL", "PROFESSIONAL", "REAL_ESTATE", "RETAIL", "TECHNOLOGY"),
    "TRANSPORTATION",
)
STOCK_EXCHANGES: Final = (
    *("NONE", "NASDAQ", "NYSE", "AMEX", "AMX", "ASX", "B3", "BME", "BSE", "FRA", "ICEX", "JPX", "JSE", "KRX"),
    *("LON", "NSE", "OMX", "SEHK", "SSE", "STO", "SWX", "SZSE", "TSX", "TWSE", "VSE"),
)

BRAND_FIELDS: Final = (
    Field("entityType", "Kind of entity", shape=Shape.CHOICE, choices=ENTITY_TYPES, required=True),
    Field("displayName", "Name that the public knows", "DBA or brand name", most=100, required=True, editable=True),
    Field("companyName", "Legal name", "Exactly as in the tax record", most=100),
    Field("ein", "Tax number", "US: EIN of nine digits; elsewhere the national tax number", most=21),
    Field("einIssuingCountry", "Country of the tax number", "Two letters", Shape.COUNTRY, most=2),
    Field("firstName", "First name", "Sole proprietors only", most=100),
    Field("lastName", "Last name", "Sole proprietors only", most=100),
    Field("phone", "Telephone", "The business's own", Shape.PHONE, most=40, required=True, editable=True),
    Field("mobilePhone", "Mobile telephone", "Sole proprietors: gets the one-time code", Shape.PHONE, most=40),
    Field("street", "Street", "As at the tax authority", most=100, required=True),
    Field("city", "City", most=100, required=True),
    Field("state", "State or province", "Two letters in the US and Canada", most=20, required=True),
    Field("postalCode", "Postal code", "US: five digits", most=10, required=True),
    Field("country", "Country", "Two letters", Shape.COUNTRY, most=2, required=True),
    Field(
        "email", "E-mail", "Of support, on the business's domain", Shape.EMAIL, most=100, required=True, editable=True
    ),
    Field(
        "businessContactEmail", "E-mail for Auth+", "Public companies: gets the two-factor mail", Shape.EMAIL, most=100
    ),
    Field("stockSymbol", "Stock symbol", "Public companies", most=10),
    Field("stockExchange", "Stock exchange", "Public companies", Shape.CHOICE, choices=STOCK_EXCHANGES),
    Field("website", "Website", "Of the brand, reachable", Shape.ADDRESS, most=100, required=True, editable=True),
    Field("vertical", "Line of business", shape=Shape.CHOICE, choices=VERTICALS),
    Field(
        "brandRelationship",
        "Relationship with the provider",
        shape=Shape.CHOICE,
        choices=RELATIONSHIPS,
        required=True,
        editable=True,
    ),
    Field("altBusinessId", "Other business number", most=50),
    Field("altBusinessIdType", "Kind of that number", shape=Shape.CHOICE, choices=BUSINESS_ID_TYPES),
    Field("isReseller", "Sends for others", shape=Shape.FLAG),
    Field("referenceId", "Our reference", "Unique; the registry repeats it in what it tells us", most=50),
    Field("tag", "Tags", shape=Shape.LIST, most=50, editable=True),
    Field("mock", "Test brand", "The registry deletes it after 30 days", Shape.FLAG),
)

_ALSO = {
    SOLE_PROPRIETOR: ("firstName", "lastName", "mobilePhone"),
    PUBLIC: ("companyName", "ein", "vertical", "stockSymbol", "stockExchange", "businessContactEmail"),
}
_ALSO_OF_OTHERS = ("companyName", "ein", "vertical")
_IN_THE_US = {
    "ein": (9, "An EIN has nine digits."),
    "postalCode": (5, "A ZIP code has five digits."),
}


def brand_gaps(values: Values) -> dict[str, str]:
    """Field → why the registry would not take the brand as it is."""
    gaps = {field.name: gap for field in BRAND_FIELDS if (gap := short_of(field, values))}
    also = _ALSO.get(str(values.get("entityType")), _ALSO_OF_OTHERS)
    gaps.update({name: "Fill this in." for name in also if not values.get(name)})
    return gaps | {name: why for name, why in _of_country(values).items() if name not in gaps}


def _of_country(values: Values) -> dict[str, str]:
    found = {}
    if values.get("country") == "US":
        for name, (digits, why) in _IN_THE_US.items():
            kept = [character for character in str(values.get(name, "")) if character not in " -"]
            if kept and (len(kept) != digits or not all(character in "0123456789" for character in kept)):
                found[name] = why
    state = str(values.get("state", ""))
    if values.get("country") in ("US", "CA") and state and not (len(state) == 2 and state.isalpha()):  # noqa: PLR2004
        found["state"] = "Two letters, like TX."
    return found
