"""Texts and queries by the dice: several scripts, pictures, addresses, amounts, telephone numbers in all spellings."""

import random
import unicodedata
from collections.abc import Iterator

from archive.search.index import IndexedText

WORDS = [
    *("the", "a", "you", "please", "call", "back", "about", "your", "account", "closing", "date", "wire"),
    *("transfer", "refund", "refunds", "refunded", "delivery", "delivered", "appointment", "tomorrow"),
    *("tonight", "dinner", "lunch", "meeting", "contract", "invoice", "overdue", "colour", "color", "Café"),
    *("café", "naïve", "Zürich", "straße", "señor", "résumé", "O'Brien", "O’Brien", "D'Angelo", "don't"),
    *("İstanbul", "ﬁne", "Ærø", "привет", "встреча", "завтра", "договор", "O'Brien's", "rock’n’roll", "ＡＢＣ"),
]
RIGHT_TO_LEFT = ["שלום", "שָׁלוֹם", "פגישה", "מחר", "مرحبا", "مَرْحَبًا", "مرحبـــا", "غدا", "العقد"]
HAN = ["明天见", "对不起", "我们", "明天", "你好吗", "合同", "ありがとう", "东京", "见面", "한국어", "안녕하세요"]
PICTURES = ["😊", "😀", "\u2764\ufe0f", "\u2764", "👍🏽", "👍", "👩\u200d👧", "🇨🇦", "🇺🇸", "\u260e\ufe0f"]
ADDRESSES = ["https://example.com/pay?id=77", "www.harbour-wealth.com", "http://example.org/refund", "ops@example.com"]
AMOUNTS = ["$1,250.00", "€1.250,00", "1250", "19.99", "19,99", "3.50", "$1,500", "1,250,000", "42", "2027"]
TELEPHONES = [
    *("+1 415 555 0188", "(415) 555-0188", "415-555-0188", "415.555.0188", "4155550188", "+14155550188"),
    *("14155550188", "555-0188", "(212) 555-0123", "+1 212 555 0123", "2125550123", "555-0123"),
    *("1-415-555-0188", "+1 (415) 555-0188", "415 - 555 - 0188", "415\xa0555\xa00188", "(415)555-0188"),
    *("+1.212.555.0123", "212 555 0123", "+44 20 7946 0958", "+44-20-7946-0958", "+442079460958"),
]
OWN = ["+14155550100", "+12125550100"]
PARTIES = ["+14155550188", "+12125550123", "+16045550111", "72975", "Harbour", "+14155550199"]
PERIODS = ["2027-11", "2027-12", "2028-01"]
CAMPAIGNS = [None, "C8K2L9", "CABC12"]
FLAGS = ["international", "unknown-number", "conflict"]
START = 1_764_000_000_000_000
HOUR = 3_600_000_000


def make_text(dice: random.Random, serial: int, text: str | None = None) -> IndexedText:
    own, other = dice.choice(OWN), dice.choice(PARTIES)
    third = dice.choice([(), (), (dice.choice(PARTIES),)])
    inbound = dice.random() < 0.5
    others = tuple(dict.fromkeys((other, *third)))
    # Few different moments, and in no order: ties and late arrivals are the rule here.
    at = START + dice.randrange(40) * 9 * HOUR
    return IndexedText(
        serial=serial,
        at=at,
        period=dice.choice(PERIODS),
        text=make_words(dice) if text is None else text,
        sender=other if inbound else own,
        recipients=(own, *third) if inbound else others,
        own_number=own,
        others=others,
        direction="in" if inbound else "out",
        provider=dice.choice(["twilio", "telnyx"]),
        account=dice.choice([None, "AC1", "AC2"]),
        campaign=dice.choice(CAMPAIGNS),
        flags=tuple(flag for flag in FLAGS if dice.random() < 0.1),
        has=tuple(name for name in ("link", "media", "emoji", "number") if dice.random() < 0.2),
    )


def make_words(dice: random.Random) -> str:
    """A number is always followed by a word, so that it is clear where it ends."""
    written: list[str] = []
    for _ in range(dice.choice([0, 1, 2, 5, 8, 12, 20, 40])):
        kind = dice.random()
        if kind < 0.66:
            word = dice.choice(WORDS)
            written.append(dice.choice([word, word, word.upper(), unicodedata.normalize("NFD", word)]))
        elif kind < 0.78:
            word = dice.choice(RIGHT_TO_LEFT + HAN)
            written.append(dice.choice([word, word, unicodedata.normalize("NFD", word)]))
        elif kind < 0.88:
            written.append(dice.choice(PICTURES + ADDRESSES))
        else:
            written += [dice.choice(AMOUNTS + TELEPHONES), dice.choice(["thanks", "please", "ok"])]
    return dice.choice([" ", " ", ", "]).join(written)


def make_lines(dice: random.Random, count: int) -> Iterator[str]:
    """Queries as people type them."""
    yield from ("", "-refund", "O'Brien", "obrien", "brien", '"closing date"', "明", "明天见")
    yield from ("4155550188", '"(415) 555-0188"', "5550188", "415", "1250", '"$1,250.00"', "3.5", "example.com")
    yield from ("+442079460958", '"+44 20 7946 0958"', '"€1.250,00"', '"19,99"', "한국", "مرحبا", "rock'n'roll", "abc")
    for _ in range(count):
        parts = [make_part(dice) for _ in range(dice.choice([1, 1, 1, 2, 2, 3]))]
        parts = [("-" if dice.random() < 0.15 else "") + part for part in parts]
        yield dice.choice([" ", " ", " OR "]).join(f"({part})" if " NEAR" in part else part for part in parts)


def make_part(dice: random.Random) -> str:
    word = dice.choice(WORDS)
    return dice.choice(
        [
            dice.choice(WORDS),
            dice.choice(HAN + PICTURES + RIGHT_TO_LEFT),
            f'"{dice.choice(WORDS)} {dice.choice(WORDS)}"',
            f'"{dice.choice(TELEPHONES)}"',
            f'"{dice.choice(AMOUNTS)}"',
            f"{word[: dice.randrange(1, len(word) + 1)].rstrip(chr(39) + '’')}*",
            f"{dice.choice(HAN)[: dice.randrange(1, 3)]}*",
            dice.choice(["colour~", "delivry~", "refnud~", "apointmnt~2", "cafe~", "meetings~", "zurich~2"]),
            f"{dice.choice(WORDS[:25])} NEAR/{dice.randrange(1, 6)} {dice.choice(WORDS[:25])}",
            f'"{dice.choice(WORDS[:9])} {dice.choice(WORDS[:9])}" NEAR {dice.choice(WORDS[:25])}',
            f"{dice.choice(['from', 'to', 'with', 'number'])}:{dice.choice(PARTIES + OWN)}",
            f"direction:{dice.choice(['in', 'out'])}",
            f"campaign:{dice.choice(['C8K2L9', 'c8k2l9', 'CABC12', 'CNONE'])}",
            f"flag:{dice.choice(FLAGS)}",
            f"has:{dice.choice(['link', 'media', 'emoji', 'number'])}",
            f"provider:{dice.choice(['twilio', 'bandwidth'])}",
            f"account:{dice.choice(['AC1', 'AC3'])}",
            f"{dice.choice(['after', 'before', 'on'])}:2025-{dice.choice(['11', '11-26', '12-01', '12'])}",
            f"serial:{dice.randrange(1, 50)}..{dice.randrange(50, 300)}",
        ]
    )
