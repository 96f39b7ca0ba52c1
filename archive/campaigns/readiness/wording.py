"""Whether a text says what it has to: how to stop, how to get help, how often, at what rates. In linear time.

These look for words that stand for a meaning. They are generous: what they find missing a reviewer will miss as well.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from archive.campaigns.readiness.submission import any_of, folded

STOP_WORDS: Final = frozenset({"stop", "end", "quit", "cancel", "unsubscribe", "stopall", "revoke", "optout", "arret"})
_HELP_WORDS: Final = frozenset({"help", "info", "aide"})
_ASKED: Final = frozenset({"reply", "text", "send", "txt", "respond", "type", "replying", "texting", "sending"})
_NEAR: Final = 7
"""So many words before a keyword may stand what to do with it: Reply HELP for help or STOP."""

FREQUENCY: Final = (
    *("message frequency", "msg frequency", "messaging frequency", "frequency varies", "frequency may vary"),
    *("messages per", "msgs per", "msg per", "message per", "texts per", "text per", "messages a", "msgs a"),
    *("texts a", "messages each", "msgs each", "messages every", "recurring", "per month", "a month", "per week"),
    *("per day", "msgs month", "msgs mo", "messages month", "one message", "one text", "one time", "single message"),
)
RATES: Final = ("data rates may apply", "data rates apply", "message rates may apply", "standard rates apply")
OPTED_IN: Final = (
    *("opted in", "opt in", "subscribed", "signed up", "sign up", "enrolled", "joined", "joining", "welcome"),
    *("subscribing", "you will receive", "you ll receive", "confirm"),
)
CONFIRMED: Final = (
    *("no more messages", "no further messages", "no more texts", "no further texts", "unsubscribed", "opted out"),
    *("will not receive", "won t receive", "not receive any", "have been removed", "removed from", "stopped"),
    *("no longer receive", "no more msgs", "no further communication"),
)
METHODS: Final = (
    *(
        "website",
        "web site",
        "form",
        "online",
        "keyword",
        "box",
        "checkbox",
        "check box",
        "verbal",
        "verbally",
        "orally",
    ),
    *("paper", "in person", "point of sale", "qr code", "sign up", "signing up", "register", "registering", "checkout"),
    *("account", "by phone", "by telephone", "call", "calling", "text", "texting", "app", "email", "contract"),
)
SHORTENERS: Final = frozenset(
    {
        *("bit.ly", "goo.gl", "tinyurl.com", "tiny.cc", "lc.chat", "is.gd", "soo.gd", "s2r.co", "budurl.com"),
        *("bc.vc", "t.co", "ow.ly", "rebrand.ly"),
    }
)
"""The last three are general knowledge."""

_TOP_LEVEL: Final = frozenset(
    {
        *("com", "net", "org", "io", "co", "us", "ca", "gov", "edu", "info", "biz", "ly", "gl", "me", "app", "link"),
        *("cc", "gd", "vc", "chat", "dev", "shop", "store", "online", "site", "health", "law", "bank", "example"),
    }
)
_phone: Final = re.compile(
    r"(?<!\d)(?:\+?1[\s.()-]{0,3})?\(?[2-9]\d{2}[\s.()-]{0,3}\d{3}[\s.-]{0,3}\d{4}(?!\d)|(?<!\d)\+\d{9,15}(?!\d)"
)
_other_field: Final = re.compile(r"\{[^{}]{1,40}\}|<[^<>]{1,40}>|%\w{1,40}%|\bX{4,}\b")
_EDGES: Final = "()[]{}<>\"'.,;:!?“”’"


def says_stop(text: str) -> bool:
    """How not to get any more: a keyword, and what to do with it."""
    return _asks_for(text, STOP_WORDS)


def says_help(text: str) -> bool:
    return _asks_for(text, _HELP_WORDS)


def says_frequency(text: str) -> bool:
    return any_of(text, FREQUENCY)


def says_rates(text: str) -> bool:
    return any_of(text, RATES)


def links(text: str) -> list[str]:
    """Hosts of the addresses in a text, with or without https://; e-mail addresses are none."""
    hosts = (_host(word.strip(_EDGES)) for word in text.split() if "." in word and "@" not in word)
    return [host for host in hosts if host]


def shortened(text: str) -> list[str]:
    """Public shorteners among the links of a text."""
    return [host for host in links(text) if host.removeprefix("www.") in SHORTENERS]


def mails(text: str) -> list[str]:
    words = (word.strip(_EDGES).casefold() for word in text.split() if "@" in word)
    return [word for word in words if "." in word.rpartition("@")[2]]


def has_phone(text: str) -> bool:
    """Without its links, which may hold digits."""
    plain = " ".join(word for word in text.split() if "/" not in word)
    return _phone.search(plain) is not None


def foreign_fields(text: str) -> list[str]:
    """What varies, written in another way than in [brackets]."""
    return [found[0] for found in _other_field.finditer(text)]


def _host(word: str) -> str:
    try:
        host = (urlsplit(word if "://" in word else f"//{word}").hostname or "").strip(".")
    except ValueError:
        return ""
    schemed = word.casefold().startswith(("http://", "https://", "www."))
    return host if "." in host and (schemed or host.rpartition(".")[2] in _TOP_LEVEL) else ""


def _asks_for(text: str, keywords: frozenset[str]) -> bool:
    words = folded(text).split()
    for at, word in enumerate(words):
        if word in keywords:
            after = words[at + 1 : at + 2]
            if after in (["to"], ["for"], ["2"]) or _ASKED.intersection(words[max(0, at - _NEAR) : at]):
                return True
    return False
