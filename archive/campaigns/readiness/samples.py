"""Samples: enough of them, saying who sends and how to stop, and flags that are true of them."""

from typing import Final

from archive.campaigns.readiness.finding import Check, Code, Found
from archive.campaigns.readiness.submission import Submission, any_of
from archive.campaigns.readiness.wording import foreign_fields, has_phone, links, says_stop, shortened

LEAST = 2
LENDING = ("loan", "loans", "lending", "lender", "mortgage", "refinance", "payday", "cash advance", "line of credit")
ALCOHOL = (
    *("alcohol", "alcoholic", "beer", "beers", "wine", "wines", "whiskey", "whisky", "vodka", "liquor", "brewery"),
    *("winery", "tequila", "bourbon", "cocktail", "cocktails"),
)


def too_few(of: Submission) -> Found:
    if len(of.samples) < LEAST:
        at = f"sample{len(of.samples) + 1}"
        there = "is one sample" if of.samples else "are no samples"
        yield at, f"There {there}.", f"Write at least {LEAST}, each as it will be sent."


def without_brand(of: Submission) -> Found:
    if of.samples and not any(of.names_brand(text) for text in of.samples.values()):
        yield "sample1", "No sample says who sends.", "Begin at least one with the brand's name."


def without_stop(of: Submission) -> Found:
    if of.samples and not any(says_stop(text) for text in of.samples.values()):
        yield "sample1", "No sample says how to stop.", "End at least one with: Reply STOP to opt out."


def with_other_fields(of: Submission) -> Found:
    for name, text in of.samples.items():
        for found in foreign_fields(text)[:3]:
            yield name, f"What varies is written {found}.", "Write it in [brackets]: Hello [name]."


def fewer_than_parts(of: Submission) -> Found:
    if len(of.samples) < len(of.parts):
        because = f"Of samples there are {len(of.samples)}, of sub-use-cases {len(of.parts)}."
        yield f"sample{len(of.samples) + 1}", because, "Write a sample for each sub-use-case."


def incomplete(of: Submission) -> Found:
    for look in (too_few, without_brand, without_stop, with_other_fields):
        yield from look(of)


def phone_flag(of: Submission) -> Found:
    there = any(has_phone(text) for text in of.samples.values())
    if there != of.flag("embeddedPhone"):
        yield "embeddedPhone", *_not_true_of("telephone number", there)


def link_flag(of: Submission) -> Found:
    there = any(links(text) for text in of.samples.values())
    if there != of.flag("embeddedLink"):
        yield "embeddedLink", *_not_true_of("link", there)


def with_shortener(of: Submission) -> Found:
    for name, text in [*of.samples.items(), ("embeddedLinkSample", of.text("embeddedLinkSample"))]:
        for host in shortened(text)[:3]:
            yield name, f"{host} is a public shortener, which carriers filter.", "Use a link of the brand's own domain."


def with_bad_links(of: Submission) -> Found:
    yield from with_shortener(of)
    yield from link_flag(of)


def alcohol_without_gate(of: Submission) -> Found:
    if any_of(of.everything, ALCOHOL) and not of.flag("ageGated"):
        yield "ageGated", "It speaks of alcohol, and is not age-gated.", "Gate it by age, and say so."


def lending_flag(of: Submission) -> Found:
    if any(any_of(text, LENDING) for text in of.samples.values()) and not of.flag("directLending"):
        yield (
            "directLending",
            "A sample speaks of lending, and the campaign says that it is none.",
            "Say so, or reword it.",
        )


def attributes(of: Submission) -> Found:
    for look in (link_flag, phone_flag, alcohol_without_gate, lending_flag):
        yield from look(of)


def _not_true_of(what: str, there: bool) -> tuple[str, str]:
    if there:
        return (
            f"A sample holds a {what}, and the campaign says that none does.",
            "Say that texts hold one, or leave it out.",
        )
    return f"The campaign says that texts hold a {what}, and no sample does.", "Put one into a sample, or don't say so."


TEAMS: Final = "microsoft-teams"
CHECKS = (
    Check(Code("twilio", "30889", "Embedded phone number flag", True), phone_flag),
    Check(Code("twilio", "30892", "Invalid sample message URL", True), with_bad_links),
    Check(Code("twilio", "30893", "Sample message vs use case", True), incomplete),
    Check(Code("twilio", "30538", "Sample missing for a selected use case", True), fewer_than_parts),
    Check(Code("dca2", "601", "Attributes do not match website/samples"), attributes),
    Check(Code("dca2", "706", "Alcohol without age gate"), alcohol_without_gate),
    Check(Code(TEAMS, "SampleMessage.ContainsPublicURLShortener", "ContainsPublicURLShortener"), with_shortener),
    Check(Code(TEAMS, "SampleMessage.Missing", "Missing"), too_few),
    Check(Code(TEAMS, "SampleMessage.MissingBrandName", "MissingBrandName"), without_brand),
    Check(Code(TEAMS, "SampleMessage.MissingOptOutInstructions", "MissingOptOutInstructions"), without_stop),
)
