"""Guesses about content, by its words. They warn and no more: a pharmacy speaks of drugs, a church of hate."""

from collections.abc import Callable
from typing import Final

from archive.campaigns.readiness.finding import Check, Code, Found
from archive.campaigns.readiness.samples import ALCOHOL, LENDING
from archive.campaigns.readiness.submission import Submission, any_of, folded

CANNABIS: Final = ("cannabis", "marijuana", "weed", "cbd", "thc", "dispensary", "hemp", "edibles", "kratom")
GUNS: Final = ("gun", "guns", "firearm", "firearms", "ammo", "ammunition", "rifle", "rifles", "pistol", "handgun")
EXPLICIT: Final = ("sex", "sexual", "porn", "xxx", "escort", "escorts", "nude", "nudes", "adult content", "onlyfans")
GAMBLING: Final = ("casino", "betting", "gambling", "poker", "jackpot", "slots", "sportsbook", "lottery", "wager")
HATE: Final = ("hate", "kill all", "exterminate", "white power", "racial purity", "subhuman")
TOBACCO: Final = (
    "tobacco",
    "vape",
    "vapes",
    "vaping",
    "cigar",
    "cigars",
    "cigarette",
    "cigarettes",
    "e cigarette",
    "hookah",
)
HIGH_RISK: Final = (
    *("payday", "cash advance", "crypto", "bitcoin", "cryptocurrency", "debt relief", "debt collection"),
    *("credit repair", "credit score", "stock alert", "stock alerts", "short term loan", "student loan forgiveness"),
)
FRAUD: Final = (
    *("get rich", "make money fast", "work from home", "guaranteed income", "double your money", "risk free"),
    *("free money", "passive income", "pyramid", "multi level", "act now", "you have won", "claim your prize"),
)
DISALLOWED: Final = (
    *LENDING,
    *GAMBLING,
    *HIGH_RISK,
    *("sweepstakes", "sweepstake", "giveaway", "contest", "raffle", "illegal", "drugs", "tax relief"),
)
PERSONAL: Final = (
    "my friends",
    "my family",
    "friends and family",
    "personal use",
    "my personal",
    "my wife",
    "my husband",
)
PERSON_TO_PERSON: Final = (
    *(
        "person to person",
        "p2p",
        "peer to peer",
        "one on one chat",
        "employees text each other",
        "private conversations",
    ),
)
SPOKEN_OF: Final = {
    "2FA": ("code", "codes", "verify", "verification", "passcode", "otp", "authentication", "log in", "login"),
    "DELIVERY_NOTIFICATION": ("delivery", "delivered", "shipped", "order", "package", "arrives", "arriving", "pickup"),
    "FRAUD_ALERT": ("fraud", "suspicious", "unusual", "unauthorized", "unauthorised", "transaction", "charge"),
    "SECURITY_ALERT": ("security", "breach", "compromised", "password", "suspicious", "sign in", "outage"),
    "MARKETING": ("offer", "sale", "off", "discount", "deal", "save", "new", "shop", "event", "promotion", "exclusive"),
    "POLLING_VOTING": ("survey", "poll", "vote", "rate", "feedback", "opinion", "question"),
    "ACCOUNT_NOTIFICATION": ("account", "balance", "payment", "statement", "bill", "due", "invoice", "subscription"),
    "HIGHER_EDUCATION": ("class", "campus", "student", "semester", "course", "school", "university", "college", "exam"),
    "CHARITY": ("donate", "donation", "gift", "fund", "help", "give", "support"),
}
_ENGLISH: Final = frozenset(
    {
        *("a", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "has", "have", "if", "in", "is", "it"),
        *("may", "not", "of", "on", "or", "our", "that", "the", "their", "they", "this", "to", "was", "we", "what"),
        *("when", "which", "who", "will", "with", "you", "your"),
    }
)
_ENOUGH_WORDS: Final = 8
_SHARE: Final = 0.08


def _speaks_of(words: tuple[str, ...], because: str) -> Callable[[Submission], Found]:
    def look(of: Submission) -> Found:
        said = next((word for word in words if any_of(of.everything, [word])), None)
        if said:
            yield (
                "description",
                f"{because} (“{said}”).",
                "Make sure that it is none, or reword it; if it is, don't submit it.",
            )

    return look


def shaft(of: Submission) -> Found:
    gated = of.flag("ageGated")
    words = (*EXPLICIT, *HATE, *GUNS, *TOBACCO, *CANNABIS, *(() if gated else ALCOHOL))
    yield from _speaks_of(words, "It may be about sex, hate, alcohol, firearms, tobacco or cannabis")(of)


def other_use_case(of: Submission) -> Found:
    for case in of.parts or [of.usecase]:
        wanted = SPOKEN_OF.get(case)
        if wanted and of.samples and not any(any_of(text, wanted) for text in of.samples.values()):
            yield "sample1", f"No sample reads like {case}.", "Write one that a reviewer will know as that."


def not_english(of: Submission) -> Found:
    words = folded(f"{of.text('description')} {of.text('messageFlow')}").split()
    if len(words) >= _ENOUGH_WORDS and sum(word in _ENGLISH for word in words) < _SHARE * len(words):
        yield (
            "description",
            "It does not read like English.",
            "Describe the campaign in English; texts may be in any language.",
        )


def _guess(system: str, code: str, title: str, look: Callable[[Submission], Found], again: bool | None = None) -> Check:
    return Check(Code("twilio" if system == "twilio" else "dca2", code, title, again), look, guess=True)


CHECKS = (
    _guess("twilio", "30883", "SHAFT content", shaft, False),
    _guess("twilio", "30885", "High risk / fraud", _speaks_of(FRAUD, "It may promise too much"), False),
    _guess(
        "twilio",
        "30897",
        "Disallowed content category",
        _speaks_of(DISALLOWED, "It may be of a refused category"),
        False,
    ),
    _guess("twilio", "30532", "Personal use", _speaks_of(PERSONAL, "It may be for personal use")),
    _guess("twilio", "30533", "P2P not supported", _speaks_of(PERSON_TO_PERSON, "It may be between persons")),
    _guess("dca2", "506", "Not in English", not_english),
    _guess("dca2", "602", "Sample does not match use case", other_use_case),
    _guess("dca2", "701", "Cannabis", _speaks_of(CANNABIS, "It may be about cannabis")),
    _guess("dca2", "702", "Guns", _speaks_of(GUNS, "It may be about guns")),
    _guess("dca2", "703", "Explicit content", _speaks_of(EXPLICIT, "It may be explicit")),
    _guess("dca2", "704", "Gambling", _speaks_of(GAMBLING, "It may be about gambling")),
    _guess("dca2", "705", "Hate", _speaks_of(HATE, "It may be hateful")),
    _guess("dca2", "707", "Tobacco/vape", _speaks_of(TOBACCO, "It may be about tobacco")),
    _guess("dca2", "709", "High-risk financial", _speaks_of(HIGH_RISK, "It may be high-risk finance")),
)
