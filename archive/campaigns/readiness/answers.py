"""The three answers that a subscriber gets by itself: to opting in, to STOP, to HELP."""

from collections.abc import Callable

from archive.campaigns.readiness.finding import Check, Code, Found
from archive.campaigns.readiness.submission import Submission, any_of
from archive.campaigns.readiness.wording import (
    CONFIRMED,
    OPTED_IN,
    has_phone,
    links,
    mails,
    says_frequency,
    says_help,
    says_rates,
    says_stop,
)

OPT_IN, OPT_OUT, HELP = "optinMessage", "optoutMessage", "helpMessage"
Look = Callable[[Submission], Found]


def _lacks(name: str, says: Callable[[str], bool], because: str, change: str) -> Look:
    def look(of: Submission) -> Found:
        if not says(of.text(name)):
            yield name, because, change

    return look


def _nameless(name: str) -> Look:
    def look(of: Submission) -> Found:
        if not of.names_brand(of.text(name)):
            yield name, "It does not say who sends.", "Begin it with the brand's name."

    return look


def _contact(text: str) -> bool:
    return bool(mails(text) or links(text)) or has_phone(text)


def other_mail(of: Submission) -> Found:
    given, ours = mails(of.text(HELP)), of.of_brand("email").casefold()
    if given and ours and ours not in given:
        yield (
            HELP,
            f"It gives {given[0][:60]}, and the brand's e-mail is another.",
            f"Give {ours[:60]}, or change the brand's.",
        )


def _of(name: str, code: str, look: Look) -> Check:
    return Check(Code("microsoft-teams", f"{name}.{code}", code), look)


CHECKS = (
    _of(
        "OptInMessage",
        "MissingMandatoryMessageTerminology",
        _lacks(
            OPT_IN,
            lambda text: any_of(text, OPTED_IN),
            "It does not say that one has opted in.",
            "Say: You are opted in to … texts.",
        ),
    ),
    _of("OptInMessage", "MissingBrandName", _nameless(OPT_IN)),
    _of(
        "OptInMessage",
        "MissingDataRatesDisclosure",
        _lacks(OPT_IN, says_rates, "It says nothing of rates.", "Say: Message and data rates may apply."),
    ),
    _of(
        "OptInMessage",
        "MissingHelpInstructions",
        _lacks(OPT_IN, says_help, "It does not say how to get help.", "Say: Reply HELP for help."),
    ),
    _of(
        "OptInMessage",
        "MissingMessageFrequency",
        _lacks(OPT_IN, says_frequency, "It does not say how often texts come.", "Say: Message frequency varies."),
    ),
    _of(
        "OptInMessage",
        "MissingOptOutInstructions",
        _lacks(OPT_IN, says_stop, "It does not say how to stop.", "Say: Reply STOP to opt out."),
    ),
    _of("OptOutMessage", "MissingBrandName", _nameless(OPT_OUT)),
    _of(
        "OptOutMessage",
        "MissingConfirmation",
        _lacks(
            OPT_OUT,
            lambda text: any_of(text, CONFIRMED),
            "It does not confirm that no more texts will come.",
            "Say: You will receive no further messages.",
        ),
    ),
    _of("HelpMessage", "MissingBrandName", _nameless(HELP)),
    _of(
        "HelpMessage",
        "MissingSupportContact",
        _lacks(HELP, _contact, "It says nowhere to turn.", "Give an e-mail address, a number or a page."),
    ),
    _of("HelpMessage", "NotMatchingBrandSupportContactEmail", other_mail),
)
