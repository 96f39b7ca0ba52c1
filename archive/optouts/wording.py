"""What a reply says about texting: a keyword and nothing else, or words that a person has to read.

A keyword counts only as the whole message, as it does with carriers. Anything freer is a suspicion, never an opt-out:
the FCC takes "any reasonable means" for a revocation (47 CFR 64.1200(a)(10)), and which these are no rule can tell.
"""

import re
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from archive.optouts.suspicious import is_suspicious


class Said(StrEnum):
    OPT_OUT = "opt-out"
    OPT_IN = "opt-in"
    HELP = "help"
    AGREES = "agrees"
    """A bare YES: Twilio sends again to somebody who said it after a stop; to all others it answers a question."""
    SUSPICION = "suspicion"


_OPT_OUT: Final = (
    # The FCC's seven, those that carriers add, and what they take for Spanish and French.
    *("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"),
    *("optout", "stopall", "stop all", "remove"),
    *("alto", "baja", "cancelar", "detener", "parar", "pare"),
    *("arret", "arreter", "annuler", "desabonner", "desabonnement", "desinscrire"),
)

# Fewer words than for the way out: to text somebody who had said stop is worse than not to.
KEYWORDS: Final = {
    **dict.fromkeys(_OPT_OUT, Said.OPT_OUT),
    **dict.fromkeys(("start", "unstop"), Said.OPT_IN),
    **dict.fromkeys(("help", "info", "aide", "ayuda"), Said.HELP),
    "yes": Said.AGREES,
}
"""Folded keyword → what it says."""

LONGEST_REPLY: Final = 320
"""Of a longer text only so many characters are read: who wants to be left alone does not begin on the second page."""

_OF_PROVIDERS: Final = {said.value: said for said in (Said.OPT_OUT, Said.OPT_IN, Said.HELP)}
_ASCII: Final = 128
_LONGEST_KEYWORD: Final = 60
_letters: Final = bytes(ord(chr(code).lower()) if code < _ASCII and chr(code).isalnum() else 32 for code in range(256))
_apostrophes: Final = str.maketrans("", "", "\u2018\u2019\u02bc`\u00b4")
_marks: Final = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]+")


def read_reply(text: str) -> Said | None:
    """None for what is neither a keyword nor suspicious, which is nearly everything."""
    words = fold(text[:LONGEST_REPLY])
    if len(text) <= _LONGEST_KEYWORD and (said := KEYWORDS.get(" ".join(words))) and not _has_other_letters(text):
        return said
    return Said.SUSPICION if is_suspicious(words) else None


def taken_for(text: str, provider_says: object) -> Said | None:
    """What a reply says by its words, and by what its provider takes it for; whoever hears an opt-out is right."""
    ours, theirs = read_reply(text), _OF_PROVIDERS.get(provider_says) if isinstance(provider_says, str) else None
    if Said.OPT_OUT in (ours, theirs):
        return Said.OPT_OUT
    return ours if ours is Said.SUSPICION else theirs or ours


def fold(text: str) -> list[str]:
    """Lower-case words of ASCII: without accents and apostrophes; whatever else is no letter or digit parts them."""
    plain = text if text.isascii() else _without_accents(text)
    # Bytes, since every text that comes in passes here: this is three times as quick as a regular expression.
    return plain.encode("ascii", "replace").translate(_letters, b"'").decode().split()


def _without_accents(text: str) -> str:
    # Apostrophes go first: decomposing turns one of them into a space and an accent.
    return _marks.sub("", normalize("NFKD", text.translate(_apostrophes)))


def _has_other_letters(text: str) -> bool:
    """Whether words of another script were folded away: a stop in two languages is more than one word."""
    return not text.isascii() and any(letter.isalpha() and not letter.isascii() for letter in _without_accents(text))
