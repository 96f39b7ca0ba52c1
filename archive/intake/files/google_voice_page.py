"""One page of Google Voice as Takeout writes it: who was in the conversation, and what was said.

`div.message` holds `abbr.dt[title]` (when), `cite.sender` with `a.tel[href]` and `.fn` (who; an `abbr.fn` is the
account's owner, whatever "Me" is called in their language), and `q` (what). Pages are nearly XHTML, but not always,
so they are read as HTML.
"""

from dataclasses import dataclass, field

from archive.intake.files.html_tokens import Tag, tokens

CHAT = "hChatLog"
TEL = "tel:"


@dataclass(slots=True)
class Person:
    number: str = ""
    names: list[str] = field(default_factory=list)
    is_owner: bool = False

    @property
    def name(self) -> str:
        return "".join(self.names).strip()

    @property
    def address(self) -> str:
        return self.number or self.name or "unknown"


@dataclass(slots=True)
class Said:
    """`begins` is the place of its tag in the page. `words` is None if there was no <q>; `files` are names."""

    begins: int
    at: str = ""
    sender: Person = field(default_factory=Person)
    words: list[str] | None = None
    files: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words or [])


@dataclass(slots=True)
class Page:
    """`participants` are the others of a group, empty for a conversation of two."""

    participants: list[Person] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def owner(self) -> str | None:
        return next((each.sender.number for each in self.said if each.sender.is_owner and each.sender.number), None)

    @property
    def others(self) -> list[str]:
        """Their addresses, each once: of the group, or else of who said something here."""
        senders = [each.sender for each in self.said if not each.sender.is_owner]
        return list(dict.fromkeys(person.address for person in self.participants or senders))


def understand_page(html: str) -> Page:
    """Never raises."""
    reading = _Reading()
    for token in tokens(html):
        if isinstance(token, str):
            reading.text(token)
        elif token.ends:
            reading.end(token)
        else:
            reading.start(token)
    return reading.page


class _Reading:
    def __init__(self) -> None:
        self.page = Page()
        self._person = Person()
        self._inside = ""
        """The tag whose text is being collected, in `_words`."""
        self._words: list[str] = []

    def start(self, tag: Tag) -> None:
        if tag.name == "div" and "message" in tag.classes:
            self.page.said.append(Said(tag.begins))
        elif tag.name == "cite" and "sender" in tag.classes:
            self._meet()
        elif tag.name == "a" and "tel" in tag.classes:
            self._person.number = tag.attributes.get("href", "").removeprefix(TEL).strip()
        elif "fn" in tag.classes:
            self._person.is_owner = tag.name == "abbr"
            self._inside, self._words = tag.name, self._person.names
        elif self.page.said:
            self._in_message(tag, self.page.said[-1])

    def end(self, tag: Tag) -> None:
        if tag.name == self._inside:
            self._inside = ""

    def text(self, text: str) -> None:
        if self._inside:
            self._words.append(text)

    def _meet(self) -> None:
        self._person = Person()
        if self.page.said:
            self.page.said[-1].sender = self._person
        else:
            self.page.participants.append(self._person)

    def _in_message(self, tag: Tag, said: Said) -> None:
        if tag.name == "abbr" and "dt" in tag.classes:
            said.at = tag.attributes.get("title", "").strip()
        elif tag.name == "q":
            said.words = said.words or []
            self._inside, self._words = tag.name, said.words
        elif tag.name == "br" and self._inside == "q":
            self._words.append("\n")
        elif file := _file(tag):
            said.files.append(file)


def _file(tag: Tag) -> str:
    if tag.name == "img":
        return tag.attributes.get("src", "")
    return tag.attributes.get("href", "") if tag.name == "a" and {"video", "audio"} & set(tag.classes) else ""
