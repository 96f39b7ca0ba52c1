"""Puts the demo together. Every choice hangs on the seed alone and only dates on `until`, so the texts
stay the same."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from archive.demo.blanks import fill_in
from archive.demo.broken import broken_for
from archive.demo.calendar import WORKING_DAYS, moment, saturday_before, working_days
from archive.demo.cast import ABROAD, FIRMS, SHORT_CODE, STRANGERS, Firm
from archive.demo.model import Contact, Demo, Message, Organisation, OwnNumber
from archive.demo.provider_ids import provider_id

OPENS, LAST_START, EVENING = 8 * 60 + 20, 15 * 60, 20 * 60
"""Minutes of the day. The longest thread takes three hours, so an office day ends by six."""
SLOWEST_ANSWER = 19
BUSIER_OVER_TIME = 0.8
"""Under 1, later days get more conversations than earlier ones."""
SAYS_THANKS, ON_A_SATURDAY = 0.3, 0.07
UNAUTHORISED_EVERY = 33
GROUP_EVERY, LARGEST_GROUP = 60, 3
"""A group chat after so many others, and how many people are in it."""
LINE = re.compile(r"(?P<way>[<>])(?P<who>[23]?) (?P<media>\+?)(?P<text>.+)")
THANKS = ("👍", "Thanks!", "ok thx", "Perfect 🙏", "❤️", "Got it", "🙌🏽", "You too, have a great day ☀️")


@dataclass(frozen=True, slots=True)
class Chat:
    """One thread that takes place: who, with which number of ours, on which working day (0 is the oldest).

    `contacts` are several in a group.
    """

    label: str
    contacts: tuple[Contact, ...]
    own: OwnNumber
    thread: str
    day: int
    on_saturday: bool


def generate(until: datetime, seed: int = 1) -> Demo:
    """About 2,000 texts in the sixty weeks before the UTC date of `until` (aware). Equal for equal dates
    and seeds."""
    days = working_days(until)
    return Demo(tuple(_organisation(firm, days, seed) for firm in FIRMS))


def _organisation(firm: Firm, days: Sequence[date], seed: int) -> Organisation:
    texts = [text for chat in _chats(firm, seed) for text in _texts(chat, days)]
    texts.sort(key=lambda text: (str(text["sent_at"]), str(text["provider_id"])))
    broken = broken_for(firm.numbers[0].number, firm.contacts[0].number)
    return Organisation(firm.name, firm.country, firm.people, firm.numbers, tuple(texts), broken)


def _chats(firm: Firm, seed: int) -> Iterator[Chat]:
    choose = _chooser(f"{seed}/{firm.name}")
    decks = {language: _endless(choose, threads) for language, threads in firm.threads.items()}
    for number in range(firm.chats):
        contacts = _contacts(choose, firm, number)
        thread = next(decks["group" if len(contacts) > 1 else contacts[0].language])
        own = _own_number(firm, contacts[0], number)
        last = WORKING_DAYS - 1 - thread.count("~")
        day = min(last, int(WORKING_DAYS * choose.random() ** BUSIER_OVER_TIME))
        on_saturday = choose.random() < ON_A_SATURDAY
        yield Chat(f"{seed}/{firm.name}/{number}", contacts, own, thread, day, on_saturday)


def _contacts(choose: random.Random, firm: Firm, number: int) -> tuple[Contact, ...]:
    """Mostly one; a group is of neighbours in the list, who understand each other."""
    if number % GROUP_EVERY != GROUP_EVERY - 1:
        return (_contact(choose, firm, number),)
    at = number // GROUP_EVERY * LARGEST_GROUP
    return firm.contacts[at : at + LARGEST_GROUP]


def _contact(choose: random.Random, firm: Firm, number: int) -> Contact:
    """Mostly people; now and then a code, spam, and somebody abroad."""
    if number % 40 == 0:
        return ABROAD
    if number % 14 == 0:
        return SHORT_CODE
    if number % 17 == 0:
        return choose.choice(STRANGERS)
    return choose.choice(firm.contacts)


def _own_number(firm: Firm, contact: Contact, number: int) -> OwnNumber:
    """A client has one adviser, and so always the same number, but for the chats that show what can be
    wrong."""
    if number == firm.chats // 2:
        return firm.unlisted
    authorised = [own for own in firm.numbers if own.state == "authorised"]
    others = [own for own in firm.numbers if own.state == "unauthorised"]
    if others and number % UNAUTHORISED_EVERY == 1:
        return others[0]
    desk = firm.desks.get(contact.language)
    spread = authorised[int(contact.number[-4:]) % len(authorised)]
    return next((own for own in authorised if own.number == desk), spread)


def _texts(chat: Chat, days: Sequence[date]) -> Iterator[Message]:
    choose = _chooser(chat.label)
    contact = chat.contacts[0]
    words = fill_in(choose, contact.language, contact.name, chat.own.holder)
    lines = [line for line in chat.thread.strip().splitlines() if line]
    in_the_evening = lines[0] == "!" and chat.day < WORKING_DAYS - 1
    if contact.language == "en" and choose.random() < SAYS_THANKS:
        lines.append("< " + choose.choice(THANKS))
    day, minute = chat.day, EVENING if in_the_evening else choose.randint(OPENS, LAST_START)
    for turn, line in enumerate(lines):
        if line == "~":
            day, minute = day + 1, choose.randint(OPENS, LAST_START)
        elif line != "!":
            minute += choose.randint(1, SLOWEST_ANSWER)
            second = choose.randrange(60)
            on = saturday_before(days[day]) if chat.on_saturday and "~" not in lines else days[day]
            sent_at = moment(on, minute).replace(second=second).astimezone(UTC)
            yield _message(choose, chat, f"{chat.label}/{turn}", line.format_map(words), sent_at)


def _message(choose: random.Random, chat: Chat, label: str, line: str, sent_at: datetime) -> Message:
    read = LINE.fullmatch(line)
    assert read, f"This is no line of a thread: {line}"
    own, others = chat.own, [contact.number for contact in chat.contacts]
    outbound, has_media = read["way"] == ">", bool(read["media"])
    sender = own.number if outbound else others[int(read["who"] or 1) - 1]
    message: Message = {
        "provider": own.provider,
        "account": own.account,
        "provider_id": provider_id(own.provider, label, is_mms=has_media or len(others) > 1),
        "direction": "outbound" if outbound else "inbound",
        "from": sender,
        "to": [number for number in (own.number, *others) if number != sender],
        "text": read["text"],
        "sent_at": sent_at.isoformat().replace("+00:00", "Z"),
        "status": choose.choices(("delivered", "failed"), (60, 1))[0] if outbound else "received",
    }
    if has_media:
        name = "".join(choose.choices("0123456789abcdef", k=12))
        message["media"] = [{"url": f"https://media.example/{name}.jpg", "content_type": "image/jpeg"}]
    if own.campaign and outbound:
        message["campaign"] = own.campaign
    return message


def _endless(choose: random.Random, threads: Sequence[str]) -> Iterator[str]:
    """Each thread once in random order, then all of them again: nothing is told twice in a row."""
    while True:
        yield from choose.sample(threads, len(threads))


def _chooser(label: str) -> random.Random:
    return random.Random(label)  # noqa: S311 - the demo has to be the same each time.
