"""A mail that is the transcript of a conversation, as Mattermost writes it for Global Relay.

Its part of text/html has `li.message` for each text, with spans `sent_time`, `username`, `email`, `message` and, by
version, `post_id`, `usertype`, `update_type`. The part of text/plain has the same without what would tell one text from
the next. Source: mattermost/mattermost server/templates/globalrelay_compliance_export_message.html.

============= ======================================================================================
`provider`    what the import says, else "mattermost"
`provider_id` "mail:" and a name made of who, when and what: an edit and a file have the id of their post
`direction`   by which side is ours
`from`, `to`  the sender; everybody else in the conversation. The number in front of the @ or as the name
              is the address, else the mail address
`sent_at`     `sent_time`
`source`      everything else, and the conversation's headers
============= ======================================================================================
"""

from collections.abc import Iterator
from typing import Final

from archive.intake.files.eml_people import ours_among, party_of, sides
from archive.intake.files.eml_text import source_of
from archive.intake.files.html_tokens import Tag, tokens
from archive.intake.files.mail import Mail
from archive.intake.files.model import Message, NoText, Options
from archive.intake.files.times import time_of

PROVIDER: Final = "mattermost"
TYPE: Final = "x-globalrelay-msgtype"
MESSAGE: Final = "message"
_NEEDED: Final = ("sent_time", "email", MESSAGE)
_USED: Final = frozenset((*_NEEDED, "username"))
_NOT_APART: Final = "The texts of this transcript can't be told apart."

Said = dict[str, str]


def is_transcript(mail: Mail) -> bool:
    """By its header, or by what is in it."""
    said = mail.headers.get(TYPE, "").strip().casefold()
    return said == PROVIDER or bool(mail.html and 'class="message"' in mail.html and 'class="sent_time"' in mail.html)


def read_transcript(mail: Mail, options: Options) -> Iterator[tuple[bytes, Message]]:
    """(what stands in the mail, the text) of each. NoText if one of them can't be told from the others."""
    if mail.html is None:
        raise NoText("This transcript has no HTML, without which its texts can't be told apart.")
    said = list(_said_in(mail.html))
    if not said or any(name not in one for one in said for name in _NEEDED):
        raise NoText(_NOT_APART)
    people = [*mail.senders, *mail.recipients]
    senders = [_sender(one) for one in said]
    everybody = list(dict.fromkeys([*map(party_of, people), *senders]))
    if not ours_among(everybody, options):
        raise NoText("None of the numbers in this transcript is ours, so nothing tells what came in and what went out.")
    source = source_of(mail)
    for one, sender in zip(said, senders, strict=True):
        yield "\n".join(one.values()).encode("utf-8", "surrogatepass"), _text(one, sender, everybody, source, options)


def _text(one: Said, sender: str, everybody: list[str], source: Message, options: Options) -> Message:
    recipients = [party for party in everybody if party != sender]
    if not recipients:
        raise NoText("Only one person is in this transcript.")
    name = options.name_of("\0".join(("mail", sender, *sorted(recipients), one["sent_time"], one[MESSAGE])))
    return {
        "provider": options.default_provider or PROVIDER,
        "provider_id": f"mail:{name}",
        "direction": sides(sender, recipients, options),
        "from": sender,
        "to": recipients,
        "text": one[MESSAGE],
        **time_of(one["sent_time"], options.zone),
        "source": source | {"said": {name: value for name, value in one.items() if name not in _USED and value}},
    }


def _sender(one: Said) -> str:
    return party_of((one.get("username", ""), one["email"].strip().strip("():")))


def _said_in(html: str) -> Iterator[Said]:
    """The spans of each `li.message` by their classes."""
    one: Said | None = None
    inside = ""
    for token in tokens(html):
        if inside and one is not None:
            inside = _within(one, inside, token)
        elif isinstance(token, str):
            continue
        elif token.name == "li":
            if one is not None:
                yield one
            one = {} if _begins(token) else None
        elif token.name == "span" and one is not None and not token.ends:
            inside = next(iter(token.classes), "")
            if inside in one:
                raise NoText(_NOT_APART)
            one |= {inside: ""} if inside else {}
    if one is not None:
        yield one


def _within(one: Said, inside: str, token: Tag | str) -> str:
    """What is inside after the token. Somebody's own tags come escaped, so that any other makes all of it doubtful."""
    if isinstance(token, Tag) and token.name == "span" and token.ends:
        return ""
    if isinstance(token, Tag) and token.name != "br":
        raise NoText(_NOT_APART)
    one[inside] += token if isinstance(token, str) else "\n"
    return inside


def _begins(tag: Tag) -> bool:
    return not tag.ends and MESSAGE in tag.classes
