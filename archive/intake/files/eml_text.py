"""A mail that is one text, as archives exchange them.

============= ======================================================================================
`provider`    `X-Archive-Provider`, else what the import says, else "mail"
`provider_id` `X-Archive-Provider-Id`, else the Message-ID, or a name made of it if a party's number is in it
`account`, `campaign`, `status`  `X-Archive-Account`, `X-Archive-Campaign`, `X-Archive-Status`
`direction`   `X-Archive-Direction`, else by which side is ours
`from`, `to`  From; To and Cc. A number in front of the @ (14155550188@sms.invalid) or as the name is the
              address, else the mail address itself
`sent_at`     `X-Archive-Sent-At`, else Date
`text`        the part of text/plain, without the line end that closes it
`media`       attached files: name, type, size and SHA-256
`source`      subject, names, and all headers that begin with X-
============= ======================================================================================
"""

from typing import Final

from archive.intake.files.eml_people import party_of, sides
from archive.intake.files.mail import Mail
from archive.intake.files.model import Message, NoText, Options
from archive.intake.files.times import mail_time_of

PROVIDER: Final = "mail"
OURS: Final = "x-archive-"
_SIMPLE: Final = ("account", "campaign", "status", "direction")
_MOST_HEADERS: Final = 60
_LONGEST: Final = 1_000
_LONGEST_NAME: Final = 150


def read_text(mail: Mail, options: Options) -> Message:
    """NoText says why it is none."""
    if len(mail.senders) != 1 or not mail.recipients:
        raise NoText("This mail doesn't say from whom and to whom its text is.")
    sender, recipients = party_of(mail.senders[0]), list(dict.fromkeys(map(party_of, mail.recipients)))
    said = {name: mail.headers[OURS + name] for name in _SIMPLE if mail.headers.get(OURS + name)}
    if "direction" not in said:
        said["direction"] = sides(sender, recipients, options)
    if mail.plain is None:
        raise NoText("This mail has no part of plain words.")
    if not mail.plain and not mail.files:
        raise NoText("This mail has neither words nor files.")
    return {
        "provider": mail.headers.get(f"{OURS}provider") or options.default_provider or PROVIDER,
        "provider_id": _named(mail, [sender, *recipients], options),
        "from": sender,
        "to": recipients,
        "text": mail.plain,
        **said,
        **({"media": mail.files} if mail.files else {}),
        **mail_time_of(mail.headers.get(f"{OURS}sent-at", ""), mail.headers.get("date", ""), options.zone),
        "source": source_of(mail),
    }


def _named(mail: Mail, parties: list[str], options: Options) -> str:
    """A name is readable in the database, where a stranger's number may not be: then it is made of the Message-ID."""
    if exact := mail.headers.get(f"{OURS}provider-id"):
        return exact
    message_id = mail.headers.get("message-id", "").strip().strip("<>")
    if not message_id:
        raise NoText("This mail has no Message-ID, by which its text would be known again.")
    tells = len(message_id) > _LONGEST_NAME or any(party.removeprefix("+1") in message_id for party in parties)
    return f"mail:{options.name_of(message_id)}" if tells else message_id


def source_of(mail: Mail) -> Message:
    people = [*mail.senders, *mail.recipients]
    others = [name for name in mail.headers if name.startswith("x-") and not name.startswith(OURS)][:_MOST_HEADERS]
    return {
        "subject": mail.headers.get("subject", "")[:_LONGEST],
        "people": [f"{name} <{address}>" if name else address for name, address in people],
        "headers": {name: mail.headers[name][:_LONGEST] for name in others},
    }
