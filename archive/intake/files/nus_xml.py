"""The NUS SMS Corpus (National University of Singapore, 2015.03.09): English and Chinese texts for research.

The corpus has contributors and hashes where a provider has numbers, and often no time. What it doesn't say is
not made up:

============= ======================================================================================
`provider`    "nus"
`account`     the language: `messageProfile/@language`, else from the file's name (…_en_…), else "und"
`provider_id` "10120@2003/4": the message's id and the time of its collection. The id alone is not
              unique: 10,117 English ids stand for two different texts, one of 2003/4 and one of 2011.
              English and Chinese ids overlap too; `account` keeps them apart
`direction`   "outbound" for `messageProfile/@type` "send": a contributor sent it, and the importing
              organisation stands in for the contributor. "inbound" for everything else ("unknown" in
              the part of 2003/4): nothing says that our side sent it, so the archive doesn't claim it
`from`, `to`  our side is `own_number`, or "unknown" when nobody says which one it is. The other
              party is the corpus's own word with "nus:" before
              it, so that "51" isn't taken for a short code: `destNumber` of what was sent,
              `srcNumber` of what was received; "unknown" stays "unknown"
`sent_at`     `messageProfile/@time` where it is a whole date with a time (`times.read_nus_time`) and
              somebody says in which zone: the corpus doesn't. `time_as_received` is the string itself
`source`      everything else as nested objects: numbers as received, phone, country, city, age,
              collection …
============= ======================================================================================
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element  # Only holds what xml_stream built.

from archive.intake.files.model import Line, Message, Options, Progress, Source
from archive.intake.files.own_number import own_number
from archive.intake.files.times import read_nus_time, times_of
from archive.intake.files.xml_documents import documents
from archive.intake.files.xml_stream import Found, elements

UNKNOWN = "unknown"
LANGUAGE_IN_NAME = re.compile(r"_([a-z]{2})_")


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """Every <message> of a plain .xml, or of every .xml in a .zip."""
    own = own_number(options) or options.first_number or UNKNOWN
    offset = 0
    for name, document in documents(source, progress):
        language = _language(name)
        for found in elements(document, root="smsCorpus", tags=("message",)):
            yield _line(found, name, offset, language, own, options)
            offset += 1


def _line(found: Found, name: str, offset: int, language: str, own: str, options: Options) -> Line:
    message, problem, label = None, found.problem, ""
    if found.element is not None:
        label = f"#{found.element.get('id', '')}"
        message = _message(found.element, language, own, options)
        if "text" not in message:
            message, problem = None, "This message has no <text>."
    return Line(f"{name}{label}, line {found.line}", offset, found.raw, message, problem)


def _message(element: Element, language: str, own_number: str, options: Options) -> Message:
    profile = _attributes(element.find("messageProfile"))
    collected = _attributes(element.find("collectionMethod")).get("time", "")
    message: Message = {
        "provider": "nus",
        "account": profile.get("language") or language,
        "provider_id": f"{element.get('id', '')}@{collected}",
    }
    if profile.get("type") == "send":
        to = _party(element.findtext("destination/destNumber"))
        message |= {"direction": "outbound", "from": own_number, "to": [to]}
    else:
        sender = _party(element.findtext("source/srcNumber"))
        message |= {"direction": "inbound", "from": sender, "to": [own_number]}
    text = element.find("text")
    if text is not None:
        message["text"] = "".join(text.itertext())
    time = profile.get("time", "")
    message |= times_of(time, read_nus_time(time), options.zone)
    message["source"] = {child.tag: _as_received(child) for child in element if child.tag != "text"}
    return message


def _party(identifier: str | None) -> str:
    known = identifier and identifier != UNKNOWN
    return f"nus:{identifier}" if known else UNKNOWN


def _attributes(element: Element | None) -> dict[str, str]:
    return {} if element is None else dict(element.attrib)


def _as_received(element: Element) -> str | dict[str, object]:
    """The text of a leaf; for all else its attributes and children by name."""
    if not len(element) and not element.attrib:
        return element.text or ""
    return {**element.attrib, **{child.tag: _as_received(child) for child in element}}


def _language(name: str) -> str:
    found = LANGUAGE_IN_NAME.search(name)
    return found[1] if found else "und"
