"""What is wrong with the registration itself: the brand, its use case, its number of campaigns."""

from typing import Final

from archive.campaigns.brand_fields import PUBLIC, SOLE_PROPRIETOR
from archive.campaigns.readiness.finding import Check, Code, Found
from archive.campaigns.readiness.samples import without_brand
from archive.campaigns.readiness.submission import Submission
from archive.campaigns.usecases import parts_problem, use_case

MOST_CAMPAIGNS: Final = 100
FREE_MAIL: Final = frozenset(
    {
        *("gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "aol.com", "icloud.com", "live.com", "msn.com"),
        *("protonmail.com", "proton.me", "gmx.com", "mail.com"),
    }
)


def unknown_brand(of: Submission) -> Found:
    if of.known_brand is False:
        yield "brandId", "The registry does not have the brand yet.", "Register the brand first, and enter its id."


def ineligible(of: Submission) -> Found:
    case = use_case(of.usecase)
    if case is None:
        yield "usecase", "No use case is chosen that the registry knows.", "Choose one from the list."
    elif problem := parts_problem(of.usecase, len(of.parts)):
        yield "subUsecases", problem, "Choose as many as it has to have."
    elif case.entity and of.of_brand("entityType") != case.entity:
        yield "usecase", f"{case.code} is for brands of the kind {case.entity} only.", "Choose another use case."
    if of.of_brand("entityType") == SOLE_PROPRIETOR and of.usecase != SOLE_PROPRIETOR:
        yield "usecase", "A sole proprietor's campaign has its own use case.", f"Choose {SOLE_PROPRIETOR}."
    if of.of_brand("entityType") == PUBLIC and not of.of_brand("businessContactEmail"):
        change = "Enter the address that gets the two-factor mail, and confirm that."
        yield "businessContactEmail", "A public company needs Auth+ before it has a campaign.", change


def too_many(of: Submission) -> Found:
    if of.campaigns > MOST_CAMPAIGNS:
        because = f"It would be campaign {of.campaigns} of the brand; a brand has up to {MOST_CAMPAIGNS}."
        yield "brandId", because, "End one that is not used."


def other_domains(of: Submission) -> Found:
    if of.website and of.mail_domain and of.website != of.mail_domain:
        because = f"The e-mail is at {of.mail_domain[:60]} and the website at {of.website[:60]}."
        yield "email", because, "Use an address on the website's domain."


def inconsistent(of: Submission) -> Found:
    yield from without_brand(of)
    yield from other_domains(of)


def affiliate(of: Submission) -> Found:
    if of.flag("affiliateMarketing"):
        yield "affiliateMarketing", "Affiliate marketing is refused.", "Send for the brand alone, and say so."


def repeated_tax_number(of: Submission) -> Found:
    ein = "".join(character for character in of.of_brand("ein") if character.isalnum()).casefold()
    if ein and ein in of.other_eins:
        yield "ein", "Another brand has the same tax number.", "Use one brand for one tax number."


def free_mail(of: Submission) -> Found:
    if of.mail_domain in FREE_MAIL:
        yield "email", f"{of.mail_domain} is nobody's own domain.", "Use an address on the business's own domain."


CHECKS = (
    Check(Code("twilio", "30702", "Brand not found", True), unknown_brand),
    Check(
        Code("twilio", "30900", "Use case ineligible / sub-usecase bounds / public brand lacks Auth+", True), ineligible
    ),
    Check(Code("twilio", "30930", "Brand campaign limit of 100", True), too_many),
    Check(Code("dca2", "603", "Website, brand, sample inconsistent"), inconsistent),
    Check(Code("dca2", "708", "Lead-gen/affiliate"), affiliate),
    Check(Code("dca2", "711", "Repeated EIN"), repeated_tax_number),
    Check(Code("dca2", "713", "Non-official e-mail domain"), free_mail),
)
