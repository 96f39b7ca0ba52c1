"""A text as Twilio's API and its bulk exports list it: one JSON object with the names of the Messages resource.

It gets the names by which the webhook and the pullers bring it, so that it is the same text whichever way it came.
A bulk export leaves out where pictures are; how many there were stays with the text as `num_media`. Source:
twilio/twilio-oai@d50069b twilio_api_v2010.json; twilio.com/docs/usage/bulkexport/day.
"""

from typing import Final

from archive.intake.files.model import Message
from archive.intake.files.times import RFC_3339, read_export_time, times_of

PROVIDER: Final = "twilio"
_OURS: Final = frozenset(("sid", "account_sid", "body", "direction", "from", "to", "date_sent"))
_USED: Final = _OURS | {"status"}


def is_of_twilio(item: Message) -> bool:
    return item.keys() >= _OURS and "provider" not in item


def in_our_words(item: Message) -> Message:
    """What is missing or odd stays so, for the door to say."""
    direction = str(item["direction"] or "")
    message: Message = {
        "provider": PROVIDER,
        "account": item["account_sid"],
        "provider_id": item["sid"],
        "direction": direction.partition("-")[0],
        "from": item["from"],
        "to": [item["to"]],
        "text": item["body"],
        **_time(item["date_sent"]),
    }
    if direction.partition("-")[2]:
        message["direction_as_received"] = direction
    if item.get("status"):
        message["status"] = item["status"]
    return message | {name: value for name, value in item.items() if name not in _USED and name not in message}


def _time(written: object) -> Message:
    """The API writes RFC 2822, the bulk export ISO 8601."""
    if not isinstance(written, str):
        return {}
    if RFC_3339.fullmatch(written):
        return {"sent_at": written}
    return times_of(written, read_export_time(written), None)
