"""Made-up texts, the same for the same seed, as lines of the messages API."""

import random
from collections.abc import Iterator

import msgspec

_SYLLABLES = (
    *("ba", "be", "bo", "ca", "ce", "co", "da", "de", "do", "fa", "fi", "go", "ha", "he", "ka", "ki", "la", "le", "lo"),
    *("ma", "me", "mi", "mo", "na", "ne", "no", "pa", "pe", "po", "ra", "re", "ri", "ro", "sa", "se"),
)
_WORDS = 20_000
_PARTIES = 20_000
OWN_NUMBERS = [f"+1212555{number:04}" for number in range(100, 150)]


class Corpus:
    """Words of a Zipf-like frequency, some 85 characters a text, 20,000 other parties, 50 own numbers."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing here is secret.
        self._words = ["".join(self._random.choices(_SYLLABLES, k=self._random.randint(1, 4))) for _ in range(_WORDS)]
        self._weights = [1 / (rank + 3) for rank in range(_WORDS)]
        self._cumulative = self._sum_up()
        self._count = 0

    def lines(self, count: int) -> list[bytes]:
        """`count` new texts, each with an id of its own."""
        return list(self._make(count))

    def _make(self, count: int) -> Iterator[bytes]:
        pick = self._random
        for _ in range(count):
            self._count += 1
            other = f"+1415{2_000_000 + pick.randrange(_PARTIES):07}"
            own = pick.choice(OWN_NUMBERS)
            inbound = pick.random() < 0.5  # noqa: PLR2004 - half of them.
            words = pick.choices(self._words, cum_weights=self._cumulative, k=pick.randint(4, 26))
            yield msgspec.json.encode(
                {
                    "provider": "twilio",
                    "account": "AC0123456789",
                    "provider_id": f"SM{pick.getrandbits(128):032x}",
                    "direction": "inbound" if inbound else "outbound",
                    "from": other if inbound else own,
                    "to": [own if inbound else other],
                    "text": " ".join(words),
                    "sent_at": f"2026-11-{1 + self._count % 20:02}T{self._count % 24:02}:{self._count % 60:02}:07Z",
                }
            )

    def _sum_up(self) -> list[float]:
        total, sums = 0.0, []
        for weight in self._weights:
            total += weight
            sums.append(total)
        return sums
