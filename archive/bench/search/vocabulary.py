"""The words of the made-up texts: those that everybody uses, many that few use, and those planted at known shares."""

import random
from collections.abc import Iterator

EVERYDAY = """
the to you i a and is in it of for me my on that your we be have are so just at do can get this with not what up
if all out no will was now know good like but go when time see how need or from there love they our ok day got
want work one think today back here tomorrow about let home am did him he she her his had them an yeah thanks
call sorry hey hi hello morning night later soon maybe still right great going come make take well too really
some much more who where why could would should been has then than off over down way thing people week month
year meeting office team car house store number phone text send sent email address pick up lunch dinner coffee
late early ready done don't it's i'm can't we'll that's start end help sure fine nice happy new old next last
first
"""

TWENTY_PERCENT = ("please", "reply", "message")
FIVE_PERCENT = ("appointment", "delivery", "account", "invoice", "schedule")
ONE_PERCENT = ("refund", "warranty", "technician", "insurance", "pharmacy", "shipment", "mortgage", "overdue")
PHRASES = (
    *("payment received", "see you there", "out of stock", "please confirm receipt", "technician on the way"),
)  # fmt: skip
MISSPELLED = ("apointment", "delivry", "tecnician", "insurence", "shedule")
RARE = (
    *("escrow", "affidavit", "subpoena", "arbitration", "fiduciary", "whistle", "kickback", "embargo", "spreadsheet"),
    *("chargeback", "injunction", "deposition", "notarized", "encryption", "blacklist", "offshore", "trust"),
    *("shredder", "burner", "umbrella"),
)

PLANTED: tuple[tuple[str, float], ...] = (
    *((word, 0.20) for word in TWENTY_PERCENT),
    *((word, 0.05) for word in FIVE_PERCENT),
    *((word, 0.01) for word in ONE_PERCENT),
    *((phrase, 0.003) for phrase in PHRASES),
    *((word, 0.0005) for word in MISSPELLED),
    *((word, 1 / 50_000) for word in RARE),
)
"""(words, share of the texts that have them)."""

_CONSONANTS = ("b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w")
_VOWELS = ("a", "e", "i", "o", "u")
_ENDINGS = ("", "", "n", "r", "s", "t", "l", "m")
_ACCENTS = str.maketrans({"e": "é", "a": "á", "o": "ö", "u": "ü"})
_ACCENTED_SHARE = 0.02
_SYLLABLES = ((200, 1), (4_000, 2), (25_000, 3))
"""Up to this rank so many: what is used often is short."""


def made_up_words(dice: random.Random, count: int) -> list[str]:
    """Everyday words first, then so many more that no two are alike.

    Consonant and vowel take turns in those, so that none of them is one letter from a planted word.
    """
    words = dict.fromkeys(EVERYDAY.split())
    for word in _syllable_words(dice):
        if len(words) >= count:
            return list(words)
        if word not in _RESERVED:
            words.setdefault(word)
    raise AssertionError


_RESERVED = frozenset(word for planted, _ in PLANTED for word in planted.split())


def _syllable_words(dice: random.Random) -> Iterator[str]:
    made = 0
    while True:
        many = next((syllables for rank, syllables in _SYLLABLES if made < rank), 4)
        syllables = (dice.choice(_CONSONANTS) + dice.choice(_VOWELS) for _ in range(many))
        word = "".join(syllables) + dice.choice(_ENDINGS)
        yield word.translate(_ACCENTS) if dice.random() < _ACCENTED_SHARE else word
        made += 1
