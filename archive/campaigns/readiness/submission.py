"""What is looked at: a campaign with its brand, and what of the organisation's others matters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from archive.campaigns.campaign_fields import SAMPLES

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_LONGEST: Final = 5_000
"""What is longer than any field may be is not read further: a file that is checked may hold anything."""


@dataclass(frozen=True)
class Submission:
    """`fields` and `brand` by the registry's names. `other_eins`: of the organisation's other brands. `campaigns`: how
    many the brand has, this one included. `known_brand`: whether it is registered, None where that is not asked."""

    fields: Mapping[str, Any]
    brand: Mapping[str, Any]
    other_eins: frozenset[str] = frozenset()
    campaigns: int = 1
    known_brand: bool | None = None

    def text(self, name: str) -> str:
        return _text(self.fields.get(name))

    def of_brand(self, name: str) -> str:
        return _text(self.brand.get(name))

    def flag(self, name: str) -> bool:
        return self.fields.get(name) is True

    @property
    def usecase(self) -> str:
        return self.text("usecase")

    @property
    def parts(self) -> list[str]:
        parts = self.fields.get("subUsecases")
        return [_text(part) for part in parts] if isinstance(parts, list) else []

    @cached_property
    def samples(self) -> dict[str, str]:
        """Those that are written, by their field."""
        return {name: text for name in SAMPLES if (text := self.text(name))}

    @cached_property
    def everything(self) -> str:
        """All that describes content, in one."""
        return "\n".join([self.text("description"), *self.samples.values()])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the brand is called, folded for comparing; its legal name without its legal form."""
        called = (folded(self.of_brand(name)).split() for name in ("displayName", "companyName"))
        plain = (" ".join(words[:-1] if words[-1:] and words[-1] in _LEGAL_FORMS else words) for words in called)
        return tuple(dict.fromkeys(name for name in plain if name))

    def names_brand(self, text: str) -> bool:
        """Whether a text says who sends; that its addresses are on the brand's domain does not."""
        words = (word for word in text.split() if "@" not in word and "." not in word.strip(_POINTS))
        return any_of(" ".join(words), self.names)

    @cached_property
    def website(self) -> str:
        return domain_of(self.of_brand("website"))

    @cached_property
    def mail_domain(self) -> str:
        return registrable(self.of_brand("email").rpartition("@")[2].casefold())


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Words without marks and case, one space between them. Remembered: dozens of checks ask it of the same fields."""
    return " ".join(_NOT_LETTERS.sub(" ", text.casefold()).split())


def domain_of(address: str) -> str:
    """`www.shop.example.com/x` and `https://shop.example.com` are both of example.com."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return registrable(host)


def registrable(host: str) -> str:
    """The last two labels, or three below a country's com, co, org, net, gov or edu."""
    labels = host.strip(".").split(".")
    below = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL  # noqa: PLR2004
    return ".".join(labels[-3 if below else -2 :])


_POINTS: Final = ".,;:!?()\"'“”"
_LEGAL_FORMS: Final = frozenset(
    {"llc", "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llp", "lp", "pllc", "pc"}
)
_SECOND_LEVEL: Final = frozenset({"com", "co", "org", "net", "gov", "edu", "ac", "gc"})


def first_of(text: str, words: Iterable[str]) -> str | None:
    """The first of these words or phrases that stands in a text, as words of their own."""
    said = f" {folded(text)} "
    return next((word for word in words if f" {word} " in said), None)


def any_of(text: str, words: Iterable[str]) -> bool:
    return first_of(text, words) is not None


def _text(value: Any) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
