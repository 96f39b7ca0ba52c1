"""Texts that an archive hands out, and that come back to it or go to another."""

from pathlib import Path
from typing import Any

from archive.access.organisations import OrganisationRow, create_organisation
from archive.api.shapes import message_body
from archive.core.actor import OPERATOR
from archive.intake.fates import Fate
from archive.intake.files.own_export import as_it_came, is_our_own
from archive.intake.imports import ImportOptions, import_file
from archive.intake.looking_at_imports import open_fates
from archive.ledger.entry import encode
from archive.messages.model import Message
from archive.wiring import Archive
from tests.intake.test_imports import quiet, write
from tests.items import line, read_back, take_in
from tests.retention.purging import purged

ODD = {
    "text": "half \ud83d, nothing \u0000, \r\n and e\u0301",
    "account": "AC1",
    "sent_at": "2026-11-20T12:00:00.123456Z",
    "to": ["+1 (212) 555-0123", "+14155550199"],
    "media": [{"url": "https://files.example/1", "odd": None}],
    "campaign": "C8K2L9",
    "status": "received",
    "unknown": {"of": ["the provider", 1.5]},
}


def exported(messages: list[Message]) -> list[dict[str, object] | bytes]:
    return [encode(message_body(message, [], None)) for message in messages]


def bring_in(archive: Archive, organisation: OrganisationRow, path: Path) -> list[Fate]:
    done = import_file(archive.transactions, organisation.id, OPERATOR, path, ImportOptions(), quiet)
    return list(open_fates(archive, organisation.id, OPERATOR, done.id or "").fates)


def test_a_text_goes_to_another_archive_as_it_is_and_comes_back_as_the_same(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    lines = [line("SM1"), line("SM2", **ODD), line("SM3", sent_at="yesterday at noon", **{"from": "(415) 555-0188"})]
    here = take_in(archive, organisation.id, *lines)
    kept = [read_back(archive, organisation.id, outcome.serial) for outcome in here]
    path = write(tmp_path / "export.jsonl", exported(kept))
    assert [one.status for one in bring_in(archive, organisation, path)] == ["duplicate"] * 3
    other = create_organisation(archive.transactions, "Another", OPERATOR, "https://other.example")
    for before, arrived in zip(kept, bring_in(archive, other, path), strict=True):
        assert arrived.status == "stored"
        _same(before, read_back(archive, other.id, arrived.serial))


def _same(before: Message, after: Message) -> None:
    names = ("provider", "account", "provider_id", "direction", "own_number", "campaign", "sent_at", "flags")
    assert [getattr(after.clear, name) for name in names] == [getattr(before.clear, name) for name in names]
    told: dict[str, Any] = dict(after.content.extra or {})
    assert told.pop("exported")["serial"] == before.serial
    assert told == (before.content.extra or {})
    names = ("as_received", "sender", "to", "text", "media", "status", "encoding", "segments")
    assert [getattr(after.content, name) for name in names] == [getattr(before.content, name) for name in names]


def test_what_was_destroyed_does_not_come_back_by_its_export(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    (outcome,) = take_in(archive, organisation.id, line("SM1", **ODD))
    path = write(tmp_path / "export.jsonl", exported([read_back(archive, organisation.id, outcome.serial)]))
    purged(archive, organisation)
    assert [(one.status, one.serial) for one in bring_in(archive, organisation, path)] == [
        ("duplicate", outcome.serial)
    ]


def test_only_what_an_archive_says_makes_a_line_its_own() -> None:
    assert not is_our_own({"serial": 1, "provider": "twilio", "text": "a serial of the provider's"})
    twice = as_it_came(
        {"serial": 2, "extra": {"exported": {"serial": 1}, "note": "x"}, "as_received": None, "media": []}
    )
    assert twice == {"exported": {"serial": 2, "before": {"serial": 1}}, "note": "x"}
