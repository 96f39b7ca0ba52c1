"""After a purge no byte of what was purged is readable in any file, sealed or not, and nobody can open an old copy.

500 random words and numbers are planted: in texts, as numbers of other parties, in providers' fields, in what ended in
quarantine. They are found before, by opening and by searching; after, they are looked for in every file there is.
"""

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import select

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import day_of, system_clock
from archive.core.errors import ArchiveError
from archive.intake.quarantine import QuarantineRow, open_serials, read_item
from archive.keys.keyring import DataKeyRow, Keyring
from archive.keys.local_kms import make_master_key
from archive.ledger.entry import place
from archive.messages.actions import read_messages
from archive.messages.store import MessageRow
from archive.retention.approving import approve_batch
from archive.retention.batch import end_of
from archive.safekeeping import keep_up
from archive.search.actions import search
from archive.search.follower import catch_up
from archive.segments import names
from archive.settings import Settings, read_settings
from archive.wiring import Archive
from tests.conftest import StandingClock, new_database
from tests.items import take_in
from tests.object_store import ObjectStore
from tests.raw_bytes import database_folder, found_in, other_databases, spellings, where_found
from tests.retention.purging import clock_of, plan, run, verified
from tests.segments.conftest import COLUMNS, bucket_settings

OWN_NUMBER = "+12125550123"
_choose = random.Random(20261125)
WORDS = ["".join(_choose.choices("0123456789abcdefghjkmnpqrstvwxyz", k=24)) for _ in range(250)]
STRANGERS = [f"+1415{_choose.randrange(10**7):07}" for _ in range(250)]
TOKENS = [*WORDS, *(number[2:] for number in STRANGERS)]
NEEDLES = {needle: token for token in TOKENS for needle in spellings(token)}
STAYS = "thisonestaysforanotherday"

CAME_IN = system_clock().replace(microsecond=0) - timedelta(days=403)
"""So that the day is over for an object store as well, whose clock nobody moves."""

DAY = day_of(CAME_IN + timedelta(days=400))


@pytest.fixture(params=COLUMNS, ids="+".join)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    database, kind = request.param
    with new_database(request, database, tmp_path) as address:
        environment = {"TEXTARCHIVE_DATA": str(tmp_path / "data"), "TEXTARCHIVE_DATABASE_URL": address}
        if kind == "s3":
            store: ObjectStore = request.getfixturevalue("object_store")
            environment |= bucket_settings(store, store.new_bucket())
        made = read_settings(environment)
        make_master_key(made.master_key_file)
        yield made


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(CAME_IN)


@dataclass(frozen=True)
class Copies:
    """What somebody may have copied before: envelopes by their place, and wrapped keys."""

    sealed: dict[bytes, tuple[int, bytes]]
    wrapped: list[bytes]


def _items() -> list[bytes]:
    """200 texts in both directions and 50 broken ones, each with a word and a number, in every place that there is."""
    items = []
    for at, (word, stranger) in enumerate(zip(WORDS, STRANGERS, strict=True)):
        outbound = at % 2 == 0
        item = {
            "provider": "twilio",
            "provider_id": f"SM{at:032}",
            "direction": "outbound" if outbound else "inbound",
            "from": OWN_NUMBER if outbound else stranger,
            "to": [stranger if outbound else OWN_NUMBER],
            "text": "something else" if at % 4 == 0 else f"The word is {word}",
            "media": [{"url": f"https://media.example/{word}.jpg"}] if at % 4 == 0 else [],
            "contact_name": f"Somebody {word}",
        }
        body = json.dumps(item).encode()
        items.append(body[:-3] if at % 5 == 0 else body)
    return items


def _opened(archive: Archive, organisation: OrganisationRow) -> str:
    """Everything that can be read of the organisation's texts and quarantined items."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        messages = read_messages(tx, list(tx.session.scalars(select(MessageRow.seq))))
        raw = [read_item(tx, seq).raw.decode() for seq in open_serials(tx, 1_000)]
    return "\n".join([*(str(message) for message in messages), *raw])


def _copies(archive: Archive, organisation: OrganisationRow) -> Copies:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        rows = [
            *tx.session.execute(select(MessageRow.seq, MessageRow.key_id, MessageRow.sealed)),
            *tx.session.execute(select(QuarantineRow.seq, QuarantineRow.key_id, QuarantineRow.sealed)),
        ]
        key = select(DataKeyRow.wrapped).where(DataKeyRow.period == DAY.isoformat())
        wrapped = [bytes(one) for one in tx.session.scalars(key) if one]
    return Copies({place(organisation.id, seq): (key_id, sealed) for seq, key_id, sealed in rows}, wrapped)


def _files(archive: Archive, store: Path | None) -> list[Path]:
    """Every file that the archive, its database and its object store have, with everything written to them."""
    database = database_folder(archive)
    others = other_databases(archive, database)
    folders = {archive.settings.data, database, *([store] if store else [])}
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if not any(path.is_relative_to(other) for other in others)]


def _own(archive: Archive, files: list[Path]) -> list[Path]:
    """Those that hold nothing sealed any more. The log and free pages of PostgreSQL keep it until they are used again,
    and an object store packs what it stores.
    """
    return [path for path in files if archive.settings.data in path.parents]


def _holding(files: list[Path], wanted: list[bytes]) -> set[str]:
    contents = {path.name: path.read_bytes() for path in files if path.exists()}
    return {name for name, content in contents.items() if any(one in content for one in wanted)}


def _beginnings(copies: Copies) -> list[bytes]:
    """Of the envelopes, as they are and as the vault writes them (base64, of which nine bytes are twelve letters)."""
    return [spelled for _, sealed in copies.sealed.values() for spelled in (sealed[:18], b64encode(sealed[:18]))]


def test_of_500_words_and_numbers_nothing_is_left(
    request: pytest.FixtureRequest,
    archive: Archive,
    organisation: OrganisationRow,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = request.getfixturevalue("object_store") if archive.vault.kind == "s3" else None
    day = names.day_folder(organisation.public_id, DAY.isoformat())
    take_in(archive, organisation.id, *_items())
    copies = _copies(archive, organisation)
    clock_of(archive).advance(days=1)
    later = {"provider": "twilio", "provider_id": "SMlater", "direction": "inbound", "from": STRANGERS[0]}
    take_in(archive, organisation.id, json.dumps({**later, "to": [OWN_NUMBER], "text": STAYS}).encode())
    catch_up(archive.transactions, archive.index, organisation.id)
    clock_of(archive).now = end_of(DAY) - timedelta(days=7, hours=12)
    (made,) = plan(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        approve_batch(tx, made.id, 250)  # Everything that there is, so a breaker has stopped it.
    clock_of(archive).now = system_clock()
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)

    opened = _opened(archive, organisation)
    assert [token for token in TOKENS if token not in opened] == [], "before, all of them are there"
    assert where_found(NEEDLES, archive.settings.index), "and the index has words in the clear"
    assert archive.vault.versions(day), "and the vault has it all"
    before = _own(archive, _files(archive, store and store.folder))
    assert store or _holding(before, _beginnings(copies)), "and sealed copies lie about"

    (done,) = run(archive, organisation).certified
    assert (len(done.destroyed), done.destroyed_items) == (250, 50)
    if store:
        urlopen(f"{store.master}/vol/vacuum?garbageThreshold=0.0000001").close()

    # The number of whoever wrote the text that stays is still needed for that one, sealed.
    left = _opened(archive, organisation)
    assert [token for token in TOKENS if token in left] == [STRANGERS[0][2:]]
    assert STAYS in left
    files = _files(archive, store and store.folder)
    needles = {needle: token for needle, token in NEEDLES.items() if token != STRANGERS[0][2:]}
    found = {token: path.name for path in files if path.exists() for token in _in_file(needles, path)}
    assert found == {}
    assert archive.vault.versions(day) == []
    assert _holding(_own(archive, files), _beginnings(copies)) == set()
    assert _holding(_key_files(archive, files), copies.wrapped) == set()
    assert not any(token in caplog.text for token in TOKENS)
    assert search(archive, organisation.id, OPERATOR, STAYS).count == 1
    assert all(search(archive, organisation.id, OPERATOR, word).count == 0 for word in WORDS[:20])
    _demand_unreadable(archive, organisation, copies)
    assert verified(archive, organisation).faults == []


def _in_file(needles: dict[bytes, str], path: Path) -> set[str]:
    return {needles[needle] for needle in found_in(needles, path.read_bytes())}


def _key_files(archive: Archive, files: list[Path]) -> list[Path]:
    """Of PostgreSQL without its log: see docs/evidence.md."""
    return [path for path in files if "pg_wal" not in path.parts]


def _demand_unreadable(archive: Archive, organisation: OrganisationRow, copies: Copies) -> None:
    """Whoever kept the envelopes can't open them with all keys that are left."""
    ring = Keyring(archive.keyring.wrapper)
    with archive.transactions.glance() as session:
        key_ids = session.scalars(select(DataKeyRow.id).where(DataKeyRow.org_id == organisation.id)).all()
        living = [key for key_id in key_ids if (key := ring.by_id(session, organisation.id, key_id))]
        for spot, (key_id, sealed) in copies.sealed.items():
            assert ring.by_id(session, organisation.id, key_id) is None
            for key in living:
                with pytest.raises(ArchiveError):
                    key.open(sealed, spot)
