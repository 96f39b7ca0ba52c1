"""No file of the database holds a text, or the number of somebody outside, in a form that can be read.

The search index is left out: it is a cache of words in the clear, as docs/evidence.md says.
"""

import json
import random
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.actions import receive
from archive.intake.files.model import Mapping
from archive.intake.files.source import named
from archive.intake.import_runs import ImportOptions
from archive.intake.imports import import_file
from archive.intake.looking_at_imports import open_fates
from archive.intake.parse import arrival
from archive.intake.profiles.actions import rename_profile, save_profile
from archive.numbers.actions import add_number
from archive.proving import sign_and_keep
from archive.safekeeping import keep_up
from archive.search.actions import search
from archive.search.certify import certify
from archive.search.saved.actions import change_saved, delete_saved, save_search
from archive.spam.finding import compare_new
from archive.spam.inbox import Filed, Inbox
from archive.spam.packing import pack
from archive.spam.reading import list_reports
from archive.spam.sorting import sort_inbox
from archive.spam.store import Wanted
from archive.spam.triage import add_note
from archive.wiring import Archive
from tests.intake.making_mails import sms_mail
from tests.raw_bytes import database_folder, other_databases, spellings, where_found

OWN_NUMBER = "+12125550123"
_choose = random.Random(20261123)
WORDS = ["".join(_choose.choices("0123456789abcdefghjkmnpqrstvwxyz", k=24)) for _ in range(200)]
STRANGERS = [f"+1415{_choose.randrange(10**7):07}" for _ in range(200)]
CONTROL = "positivecontrol0123456789"

SECRETS = {
    needle: f"{what}, {spelling}"
    for what, secrets in (("a text", WORDS), ("a number", [number[2:] for number in STRANGERS]))
    for secret in secrets
    for needle, spelling in spellings(secret).items()
}

CONTROLS = {needle: f"control, {spelling}" for needle, spelling in spellings(CONTROL).items()}
# The organisation's own numbers stand in the clear on purpose.
CONTROLS[OWN_NUMBER.encode()] = "own number"


def _items() -> list[bytes]:
    """160 texts in both directions, with the secret in many places, and 40 items that end in quarantine."""
    items = []
    for at, (word, stranger) in enumerate(zip(WORDS, STRANGERS, strict=True)):
        outbound = at % 2 == 0
        item = {
            "provider": "twilio",
            "provider_id": f"SM{at:032}",
            "direction": "outbound" if outbound else "inbound",
            "from": OWN_NUMBER if outbound else stranger,
            "to": [stranger if outbound else OWN_NUMBER],
            "text": f"The word is {word}, {'and so on ' * (at % 30)}",
            "media": [{"url": f"https://media.example/{word}.jpg"}] if at % 7 == 0 else [],
            "contact_name": f"Somebody {word}",
        }
        if at % 5 == 0:
            del item["provider_id"]
        body = json.dumps(item).encode()
        items.append(body[:-3] if at % 10 == 0 else body)
    return items


def _take_in(archive: Archive, organisation: OrganisationRow, items: Sequence[bytes]) -> dict[str, int]:
    counts: dict[str, int] = {}
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, OWN_NUMBER)
        for outcome in receive(tx, [arrival(item, tx.now, "test") for item in items]):
            counts[outcome.status] = counts.get(outcome.status, 0) + 1
    sign_and_keep(archive.transactions, archive.vault, organisation)
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)
    return counts


def _search(archive: Archive, organisation: OrganisationRow) -> None:
    """What people look for names texts and strangers too: searched, certified, saved, renamed and deleted."""
    lines = [f"{word} OR with:{stranger}" for word, stranger in zip(WORDS[:10], STRANGERS[:10], strict=True)]
    for line in lines[:3]:
        search(archive, organisation.id, OPERATOR, line)
        certify(archive, organisation.id, OPERATOR, line)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        saved = [save_search(tx, name=f"About {word}", query=line) for word, line in zip(WORDS, lines, strict=False)]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        change_saved(tx, saved[0].id, name=f"No more about {WORDS[-1]}")
        delete_saved(tx, saved[1].id)


def _import_files(archive: Archive, organisation: OrganisationRow) -> None:
    """Files, what is in them, and what their tables are called name texts and strangers; so do Message-IDs."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as bundle:
        for word, stranger in zip(WORDS[:10], STRANGERS[:10], strict=True):
            mail = sms_mail(word, From=f"{word} <{stranger[1:]}@x.example>", Message_ID=f"<1.{stranger}@x.example>")
            bundle.writestr(f"{word} {stranger}.eml", mail)
            bundle.writestr(f"{stranger}.eml", f"Subject: {word}")
    mapping = Mapping({"from": WORDS[0], "to": "To", "text": STRANGERS[0]}, {"provider": "acme"})
    table = f"{WORDS[0]},To,{STRANGERS[0]}\n{STRANGERS[1]},{OWN_NUMBER},{WORDS[1]}\n".encode()
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        profile = save_profile(tx, f"Of {WORDS[0]}", mapping)
        rename_profile(tx, profile.id or "", f"Of {WORDS[1]}")
    for content, options in ((held.getvalue(), ImportOptions()), (table, ImportOptions(profile=profile))):
        stream = named(BytesIO(content), f"{WORDS[2]} {STRANGERS[2]}")
        done = import_file(archive.transactions, organisation.id, OPERATOR, stream, options, lambda *_: None)
        assert done.counts["stored"] in (1, 10)
        open_fates(archive, organisation.id, OPERATOR, done.id or "")
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)


def _complain(archive: Archive, organisation: OrganisationRow) -> None:
    """Strangers complain on the public page and by a program, and what is found out about it is noted and packed."""
    box = Inbox(archive.transactions, archive.keyring)
    for at, (word, stranger) in enumerate(zip(WORDS[:10], STRANGERS[:10], strict=True)):
        box.put(Filed(OWN_NUMBER, stranger, f"{word}@example.com", f"The word is {word}"), f"203.0.113.{at}")
    sort_inbox(archive.transactions, box)
    box.put(Filed("+12025550199", STRANGERS[11], WORDS[11], WORDS[11]), "203.0.113.99")  # Waits, and is about nobody.
    compare_new(archive.transactions, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        reports = list_reports(tx, Wanted(), 10)
        assert len(reports) == 10
        add_note(tx, reports[0].id, f"{STRANGERS[0]} says {WORDS[0]}")
    pack(archive.transactions, organisation, OPERATOR, reports[0].id).zip()
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)


def _plant_control(archive: Archive) -> None:
    """One word in the clear and in every spelling that is looked for, where no sealing happens."""
    with archive.engine.begin() as connection:
        connection.execute(text("CREATE TABLE scratch_control (number INTEGER, content TEXT)"))
        for number, needle in enumerate(spellings(CONTROL)):
            statement = text("INSERT INTO scratch_control VALUES (:number, :content)")
            connection.execute(statement, {"number": number, "content": needle.decode()})


def test_no_planted_text_or_number_is_readable_in_any_file(archive: Archive, organisation: OrganisationRow) -> None:
    counts = _take_in(archive, organisation, _items())
    assert counts == {"stored": 160, "quarantined": 40}
    _search(archive, organisation)
    _import_files(archive, organisation)
    _complain(archive, organisation)
    _plant_control(archive)
    folder = database_folder(archive)
    found = where_found(SECRETS | CONTROLS, folder, without=[archive.settings.index, *other_databases(archive, folder)])
    assert set(found) == set(CONTROLS.values()), "what is in the clear is found, and nothing else is"
    assert where_found(SECRETS, archive.settings.vault) == {}
    assert where_found(SECRETS, archive.settings.keys_backup) == {}
    assert archive.vault.names(f"{organisation.public_id}/days/"), "the texts are there all the same"


def test_the_write_ahead_log_was_among_the_files(archive: Archive, organisation: OrganisationRow) -> None:
    """Otherwise the test above would prove little: what was just committed stands there first."""
    _take_in(archive, organisation, _items())
    names = {path.name for path in database_folder(archive).rglob("*") if path.stat().st_size}
    if archive.engine.dialect.name == "sqlite":
        assert {"archive.db", "archive.db-wal"} <= names
    else:
        assert "pg_wal" in names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", range(3))
def test_the_search_finds_every_spelling(tmp_path: Path, encoding: str, before: int) -> None:
    word = WORDS[0]
    (tmp_path / "clear").write_bytes(b"\x00\xff" + ("." * before + word).encode(encoding) + b"\xff")
    assert list(where_found(spellings(word), tmp_path)) == ["as it is (UTF-8 or UTF-16)"]


@pytest.mark.parametrize("before", range(4))
def test_the_search_finds_a_word_inside_longer_base64_and_hex(tmp_path: Path, before: int) -> None:
    import base64

    around = b"x" * before + WORDS[0].encode() + b"yy"
    (tmp_path / "coded").write_bytes(base64.b64encode(around) + b"\n" + around.hex().encode())
    assert set(where_found(spellings(WORDS[0]), tmp_path)) == {"base64", "hex"}
