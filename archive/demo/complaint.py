"""Somebody in the demo complains about the newest text that went out to one person."""

from datetime import datetime, timedelta

from archive.demo.model import Message, Organisation
from archive.spam.model import Claim, NewReport, Said, Source
from archive.spam.recording import take_report
from archive.tx import Tx

MINUTE = timedelta(minutes=1)


def make_complaint(tx: Tx, organisation: Organisation) -> None:
    text = next(text for text in reversed(organisation.texts) if _to_one(text, organisation))
    sent_at = datetime.fromisoformat(str(text["sent_at"]))
    (reporter,) = _recipients(text)
    said = Said(reporter=reporter, words=str(text["text"]))
    take_report(tx, NewReport(Source.PUBLIC, str(text["from"]), said, Claim(sent_at, sent_at + MINUTE)))


def _to_one(text: Message, organisation: Organisation) -> bool:
    known = {own.number for own in organisation.numbers}
    return text["direction"] == "outbound" and text["from"] in known and len(_recipients(text)) == 1


def _recipients(text: Message) -> list[str]:
    assert isinstance(text["to"], list)
    return text["to"]
