"""The index follows the ledger: nothing left out, nothing twice, whatever happens in between."""

import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.keys.local_kms import make_master_key
from archive.ledger.entry import Event
from archive.messages.actions import read_message
from archive.search.actions import search
from archive.search.contents import indexed
from archive.search.follower import catch_up, rebuild
from archive.search.index import IndexBusy
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from archive.search.scrubbing import problems
from archive.search.whoosh.disk import locked
from archive.settings import read_settings
from archive.wiring import Archive, build
from tests.search.storing import NOON, inbound, store


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"
    word: str


def note(archive: Archive, organisation: OrganisationRow, times: int) -> int:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return [tx.record(Noted(word="hello")) for _ in range(times)][-1]


def found(archive: Archive, organisation: OrganisationRow, line: str) -> list[int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        page = archive.index.page(organisation.id, resolve(tx, parse(line)), 1_000)
    return [serial for serial, _ in page.hits]


def follow(archive: Archive, organisation: OrganisationRow, batch: int = 4_000) -> int:
    return catch_up(archive.transactions, archive.index, organisation.id, batch)


def test_what_is_stored_is_found_once_the_index_has_caught_up(archive: Archive, organisation: OrganisationRow) -> None:
    serials = store(
        archive, organisation, [inbound(1, "wire the money"), inbound(2, "明天见 😊"), inbound(3, "O’Brien")]
    )
    assert found(archive, organisation, "wire") == []
    assert follow(archive, organisation) == 3
    for line, serial in (("wire", serials[0]), ("明天", serials[1]), ("😊", serials[1]), ("brien", serials[2])):
        assert found(archive, organisation, line) == [serial]
    assert follow(archive, organisation) == 0


@pytest.mark.parametrize("batch", [1, 2, 7, 1_000])
def test_the_position_reaches_the_end_over_entries_that_are_no_texts(
    archive: Archive, organisation: OrganisationRow, batch: int
) -> None:
    for number in range(5):
        store(archive, organisation, [inbound(2 * number, "hello"), inbound(2 * number + 1, "hello")])
        last = note(archive, organisation, 9)
    assert follow(archive, organisation, batch) == 10
    assert archive.index.position(organisation.id) == last
    assert len(found(archive, organisation, "hello")) == archive.index.texts(organisation.id) == 10


def test_texts_expiring_in_different_months_are_in_different_folders(
    archive: Archive, organisation: OrganisationRow
) -> None:
    store(archive, organisation, [inbound(n, "hello", received_at=NOON + timedelta(days=20 * n)) for n in range(4)])
    follow(archive, organisation)
    months = [path.name for path in (archive.settings.index / str(organisation.id)).iterdir() if path.is_dir()]
    assert sorted(months) == ["2027-12", "2028-01", "2028-02"]


def test_two_organisations_find_their_own_only(archive: Archive, organisation: OrganisationRow) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    ours = store(archive, organisation, [inbound(1, "ours hello")])
    theirs = store(archive, other, [inbound(1, "theirs hello")])
    for each in (organisation, other):
        follow(archive, each)
    assert (found(archive, organisation, "hello"), found(archive, other, "hello")) == (ours, theirs)
    assert found(archive, organisation, "theirs") == []


def test_a_rebuilt_index_gives_the_same_answers(archive: Archive, organisation: OrganisationRow) -> None:
    dice = random.Random(1)
    for start in range(0, 60, 12):
        texts = [inbound(start + n, dice.choice(["wire today", "refund tomorrow", "明天 wire"])) for n in range(12)]
        store(archive, organisation, texts)
        follow(archive, organisation)
    lines = ("", "wire", "refund", '"refund tomorrow"', "明天 OR refund", "-wire")
    before = [found(archive, organisation, line) for line in lines]
    assert rebuild(archive.transactions, archive.index, organisation.id) == 60
    assert [found(archive, organisation, line) for line in lines] == before
    assert archive.index.check(organisation.id) == []


def test_an_index_that_knows_more_than_the_database_is_built_again(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """As after the database was restored from a backup."""
    serials = store(archive, organisation, [inbound(1, "hello")])
    follow(archive, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        ahead = replace(indexed(read_message(tx, serials[0])), serial=9_999)
    archive.index.add(organisation.id, [ahead], 10_000)
    assert follow(archive, organisation) == 1
    assert archive.index.position(organisation.id) < 10_000


@pytest.mark.tampers
def test_an_index_of_entries_that_the_ledger_holds_no_more_is_built_again_though_the_ledger_has_grown_past_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """A backup is restored, and more texts come in than it lacks before anybody looks: equal serials, other texts."""
    store(archive, organisation, [inbound(n, "before") for n in range(3)])
    lost = store(archive, organisation, [inbound(n, "lost with the crash") for n in range(3, 6)])
    follow(archive, organisation)
    with archive.engine.begin() as connection:
        for table in ("message", "message_party", "message_identity", "ledger_entry"):
            connection.execute(sql(f"DELETE FROM {table} WHERE seq >= :seq"), {"seq": lost[0]})
        connection.execute(sql("UPDATE ledger_head SET size = :size"), {"size": lost[0] - 1})
    after = store(archive, organisation, [inbound(n, "after the restore") for n in range(6, 12)])
    assert set(after) > set(lost)
    assert follow(archive, organisation) == 9
    assert found(archive, organisation, "crash") == []
    assert found(archive, organisation, "restore") == after[::-1]
    assert follow(archive, organisation) == 0


@pytest.mark.tampers
def test_one_damaged_record_does_not_keep_the_others_from_being_found(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = store(archive, organisation, [inbound(n, "hello") for n in range(3)])
    with archive.engine.begin() as connection:
        connection.execute(sql("UPDATE message SET flags = 'forged' WHERE seq = :seq"), {"seq": serials[1]})
    assert follow(archive, organisation) == 2
    assert found(archive, organisation, "hello") == [serials[2], serials[0]]
    assert archive.index.state(organisation.id).unreadable == (serials[1],)
    coverage = search(archive, organisation.id, OPERATOR, "hello").coverage
    assert (coverage.indexed, coverage.of, coverage.complete) == (2, 3, False)
    assert problems(archive.transactions, archive.index, organisation.id) == []


def test_the_wrong_master_key_stops_the_follower_and_not_just_each_text(
    archive: Archive, organisation: OrganisationRow
) -> None:
    store(archive, organisation, [inbound(1, "hello")])
    archive.settings.master_key_file.unlink()
    make_master_key(archive.settings.master_key_file)
    wrong = build(archive.settings, clock=archive.clock)
    with pytest.raises(Damaged, match="master key"):
        follow(wrong, organisation)
    assert wrong.index.position(organisation.id) == 0
    wrong.engine.dispose()


def test_a_second_follower_is_told_that_the_index_is_busy(archive: Archive, organisation: OrganisationRow) -> None:
    store(archive, organisation, [inbound(1, "hello")])
    with locked(archive.settings.index / str(organisation.id)), pytest.raises(IndexBusy):
        follow(archive, organisation)
    assert follow(archive, organisation) == 1


CONTENTS = {
    "see https://example.com/x": ("link",),
    "www.example.com": ("link",),
    "go to example.com now": ("link",),
    "call 415-555-0188 now": ("number",),
    "mail me at noon, e.g. today.": (),
    "thanks 😊": ("emoji",),
    "it costs $1,250.00 → pay": (),
    "😊 https://x.co +1 415 555 0188": ("link", "emoji", "number"),
}


def test_what_a_text_has_is_seen_in_its_words(archive: Archive, organisation: OrganisationRow) -> None:
    serials = store(archive, organisation, [inbound(n, text) for n, text in enumerate(CONTENTS)])
    pictured = store(archive, organisation, [inbound(99, "look", media=({"url": "x"},))])
    follow(archive, organisation)
    for name in ("link", "emoji", "number"):
        expected = [serial for serial, has in zip(serials, CONTENTS.values(), strict=True) if name in has]
        assert found(archive, organisation, f"has:{name}") == expected[::-1], name
    assert found(archive, organisation, "has:media") == pictured


FOLLOWER = """
import sys
from pathlib import Path
from archive.search.follower import catch_up
from archive.search.whoosh.disk import Disk
from archive.search.whoosh.engine import WhooshIndex
from archive.settings import read_settings
from archive.wiring import build

class Telling(Disk):
    def sync(self, path):
        print("sync", flush=True)
        super().sync(path)
    def replace(self, path, content):
        print("replace", flush=True)
        super().replace(path, content)

settings = read_settings({"TEXTARCHIVE_DATA": sys.argv[1]})
archive = build(settings)
catch_up(archive.transactions, WhooshIndex(settings.index, Telling()), int(sys.argv[2]), 10)
print("done", flush=True)
"""


def test_a_follower_that_is_killed_at_any_write_loses_and_doubles_nothing(
    tmp_path: Path, sqlite_template: Path
) -> None:
    settings = read_settings({"TEXTARCHIVE_DATA": str(tmp_path)})
    make_master_key(settings.master_key_file)
    shutil.copy(sqlite_template, tmp_path / "archive.db")
    archive = build(settings)
    organisation = create_organisation(archive.transactions, "Killed", OPERATOR, settings.public_url)
    serials = store(
        archive,
        organisation,
        [inbound(n, f"hello word{n}", received_at=NOON + timedelta(days=n % 3 * 20)) for n in range(300)],
    )
    dice = random.Random(1)
    kills = 0
    for _ in range(5):
        command = [sys.executable, "-c", FOLLOWER, str(tmp_path), str(organisation.id)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for _ in range(dice.randrange(1, 60)):
                if process.stdout.readline() == "done\n":
                    break
            else:
                kills += 1
            process.kill()
        some = found(archive, organisation, "hello")
        assert set(some) <= set(serials) and len(some) == len(set(some)) == archive.index.texts(organisation.id)
    assert kills > 2
    follow(archive, organisation)
    assert found(archive, organisation, "hello") == serials[::-1]
    assert archive.index.check(organisation.id) == []
    archive.engine.dispose()
