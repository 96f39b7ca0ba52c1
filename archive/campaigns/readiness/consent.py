"""How people opt in, and whether they are told what they agree to."""

from archive.campaigns.readiness.finding import Check, Code, Found
from archive.campaigns.readiness.submission import Submission, any_of
from archive.campaigns.readiness.wording import METHODS, STOP_WORDS, links, says_frequency, says_rates, says_stop

FLOW = "messageFlow"
PURPOSES = (
    *("customer care", "support", "service", "question", "questions", "reminder", "reminders", "appointment"),
    *("appointments", "notification", "notifications", "alert", "alerts", "update", "updates", "offer", "offers"),
    *("promotion", "promotions", "promotional", "marketing", "newsletter", "discount", "discounts", "sale", "sales"),
    *("delivery", "deliveries", "order", "orders", "shipping", "verification", "verify", "code", "codes", "passcode"),
    *("passcodes", "two factor", "survey", "surveys", "poll", "vote", "fraud", "security", "account", "billing"),
    *("payment", "payments", "emergency", "donation", "donations", "event", "events", "class", "classes", "news"),
    *("information about", "confirmations", "confirmation", "schedule", "scheduling", "booking", "bookings"),
)


def no_purpose(of: Submission) -> Found:
    if not any_of(of.text(FLOW), PURPOSES):
        yield FLOW, "It does not say what the texts will be about.", "Say it: customer care, reminders, offers …"


def no_frequency(of: Submission) -> Found:
    if not says_frequency(of.text(FLOW)):
        yield FLOW, "It does not say how often texts come.", "Say for example: Message frequency varies."


def no_rates(of: Submission) -> Found:
    if not says_rates(of.text(FLOW)):
        yield FLOW, "It does not say that texts may cost something.", "Say: Message and data rates may apply."


def no_stop(of: Submission) -> Found:
    if not says_stop(of.text(FLOW)):
        yield FLOW, "It does not say how to stop.", "Say: Reply STOP to opt out."


def no_brand(of: Submission) -> Found:
    if not of.names_brand(of.text(FLOW)):
        yield FLOW, "It does not say whose texts one agrees to.", "Name the brand as the registry has it."


def no_method(of: Submission) -> Found:
    if not any_of(of.text(FLOW), METHODS):
        yield FLOW, "It does not say how people agree.", "Name every way: a form, a keyword, a call, on paper …"


def no_policies(of: Submission) -> Found:
    flow = of.text(FLOW)
    for name, word in (("privacyPolicyLink", "privacy"), ("termsAndConditionsLink", "terms")):
        if not of.text(name) and not (word in flow.casefold() and links(flow)):
            yield name, f"Nothing links to the {word}.", "Give the address of the page, and name it beside the consent."


def unverifiable(of: Submission) -> Found:
    for look in (no_method, no_brand, no_frequency, no_rates, no_stop, no_policies):
        yield from look(of)


def not_told(of: Submission) -> Found:
    for look in (no_purpose, no_frequency, no_rates, no_stop):
        yield from look(of)


def no_stop_anywhere(of: Submission) -> Found:
    keywords = [word for word in of.text("optoutKeywords").casefold().split(",") if word]
    if keywords and not STOP_WORDS.intersection(keywords):
        yield "optoutKeywords", "STOP and its likes are not among the keywords.", "Put STOP among them."
    if not any(says_stop(text) for text in (*of.samples.values(), of.text("optinMessage"), of.text("optoutMessage"))):
        yield "optoutMessage", "Neither a sample nor an answer says how to stop.", "Say in one: Reply STOP to opt out."


def flags_not_set(of: Submission) -> Found:
    for name, what in (("subscriberHelp", "get help"), ("subscriberOptout", "opt out")):
        if not of.flag(name):
            yield (
                name,
                f"It does not say that subscribers can {what}.",
                "Every carrier asks for it: say that they can.",
            )


CHECKS = (
    Check(Code("twilio", "30909", "Message flow/CTA incomplete or unverifiable", True), unverifiable),
    Check(Code("twilio", "30924", "Consent language in opt-in flow missing", True), not_told),
    Check(Code("twilio", "30544", "CTA does not state message purpose", True), no_purpose),
    Check(Code("twilio", "30894", "Opt-out language", True), no_stop_anywhere),
    Check(Code("twilio", "30890", "Subscriber help / opt-out flags", True), flags_not_set),
)
