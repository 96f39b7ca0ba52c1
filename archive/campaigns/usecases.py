"""What a campaign may be for, with the registry's rules for each. Pure data, and one rule.

Source: TCR's enumeration of use cases as its partners document it (SignalWire, Bandwidth, Telnyx), 2026-11-22.
"""

from dataclasses import dataclass
from typing import Final

SUB_USE_CASES: Final = (
    *("2FA", "ACCOUNT_NOTIFICATION", "CUSTOMER_CARE", "DELIVERY_NOTIFICATION", "FRAUD_ALERT", "HIGHER_EDUCATION"),
    *("MARKETING", "POLLING_VOTING", "PUBLIC_SERVICE_ANNOUNCEMENT", "SECURITY_ALERT"),
)


@dataclass(frozen=True, slots=True)
class UseCase:
    """`special`: each carrier reviews it after registration. `parts`: how many sub-use-cases, at least and at most.

    `entity`: the only kind of brand that may have it.
    """

    code: str
    about: str
    special: bool = False
    parts: tuple[int, int] = (0, 0)
    entity: str | None = None


USE_CASES: Final = (
    UseCase("2FA", "Authentication, verification, one-time passcodes"),
    UseCase("ACCOUNT_NOTIFICATION", "Notifications about a user's account"),
    UseCase("CUSTOMER_CARE", "Customer care, account management and support"),
    UseCase("DELIVERY_NOTIFICATION", "How far the delivery of a product or service is"),
    UseCase("FRAUD_ALERT", "Potentially fraudulent activity"),
    UseCase("HIGHER_EDUCATION", "Colleges, universities and school districts"),
    UseCase("LOW_VOLUME", "Several use cases at very low throughput", parts=(1, 5)),
    UseCase("MARKETING", "Marketing and promotion"),
    UseCase("MIXED", "Two to five of the standard use cases", parts=(2, 5)),
    UseCase("POLLING_VOTING", "Surveys and polls that are not political"),
    UseCase("PUBLIC_SERVICE_ANNOUNCEMENT", "Information of public service"),
    UseCase("SECURITY_ALERT", "A system that may be compromised"),
    UseCase("AGENTS_FRANCHISES", "Many agents or offices, one local number each", special=True),
    UseCase("CARRIER_EXEMPT", "Exempt by a carrier", special=True),
    UseCase("CHARITY", "Registered charities, 501(c)(3) only", special=True, entity="NON_PROFIT"),
    UseCase("EMERGENCY", "Public safety and health", special=True),
    UseCase("K12_EDUCATION", "Platforms for schools", special=True),
    UseCase("M2M", "Machine to machine", special=True),
    UseCase("POLITICAL", "Political, vetted", special=True),
    UseCase("POLITICAL_SECTION_527", "Organisations under section 527", special=True),
    UseCase("PROXY", "Pooled numbers between two people of an app", special=True),
    UseCase("SOCIAL", "Closed communities", special=True),
    UseCase("SOLE_PROPRIETOR", "Sole proprietors only", special=True, parts=(1, 5), entity="SOLE_PROPRIETOR"),
    UseCase("SWEEPSTAKE", "Sweepstakes", special=True),
    UseCase("TRIAL", "Free trial of a provider", special=True),
    UseCase("UCAAS_HIGH", "Each number is an employee's; no automation; higher volume", special=True),
    UseCase("UCAAS_LOW", "Each number is an employee's; no automation; low volume", special=True),
)

ALIASES: Final = {
    "UCAAS_HIGH_VOLUME": "UCAAS_HIGH",
    "UCAAS_LOW_VOLUME": "UCAAS_LOW",
    "LOW_VOLUME_MIXED": "LOW_VOLUME",
    "PLATFORM_FREE_TRIAL": "TRIAL",
}
BY_CODE: Final = {case.code: case for case in USE_CASES}
CODES: Final = tuple(BY_CODE)


def use_case(code: str) -> UseCase | None:
    return BY_CODE.get(ALIASES.get(code, code))


def parts_problem(code: str, parts: int) -> str | None:
    """Why a use case can't have so many sub-use-cases, or None."""
    case = use_case(code)
    least, most = case.parts if case else (0, 0)
    if least <= parts <= most:
        return None
    if not most:
        return f"{code} has no sub-use-cases."
    return f"{code} has {least} to {most} sub-use-cases, and this one {parts}."
