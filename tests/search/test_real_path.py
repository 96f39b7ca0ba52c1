"""The whole way: texts through the door, followed in pieces, searched as people do; compared with the oracle.

What the oracle is told of a text comes from what was sent, not from what the archive made of it.
"""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR, Actor
from archive.core.clock import from_micros, rfc3339, to_micros
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.search.actions import count_hits, search
from archive.search.follower import catch_up, rebuild
from archive.search.index import IndexedText, Order
from archive.search.query.parse import parse
from archive.search.scrubbing import problems
from archive.wiring import Archive, build
from tests.conftest import StandingClock
from tests.raw_bytes import spellings, where_found
from tests.search import corpus
from tests.search.oracle import Oracle

DANA = Actor("person", "usr_dana")
KNOWN_NUMBER = corpus.OWN[0]


@dataclass(frozen=True)
class Sent:
    """What a provider sends, and what follows from that for whoever searches."""

    item: dict[str, Any]
    known: IndexedText


def make_sent(dice: random.Random, number: int) -> Sent:
    text = corpus.make_text(dice, 0)
    media = [{"url": "https://media.example/1.jpg"}] if dice.random() < 0.1 else []
    own_is_known = text.own_number == KNOWN_NUMBER
    item = {
        "provider": text.provider,
        "provider_id": f"SM{number}",
        "direction": "inbound" if text.direction == "in" else "outbound",
        "from": text.sender,
        "to": list(text.recipients),
        "text": text.text,
        "media": media,
        **({"account": text.account} if text.account else {}),
        **({"campaign": text.campaign} if text.campaign else {}),
        **({} if dice.random() < 0.2 else {"sent_at": rfc3339(from_micros(text.at))}),
    }
    flags = [*([] if own_is_known else ["unknown-number"]), *(["mms"] if media else [])]
    return Sent(item, replace(text, flags=tuple(flags), has=has_of(text.text, bool(media))))


def has_of(text: str, media: bool) -> tuple[str, ...]:
    link = any(address in text for address in corpus.ADDRESSES)
    pictures = [picture for picture in corpus.PICTURES if picture in text]
    bare = re.compile(r"(?<![\d-])(4155550188|14155550188|2125550123)")
    number = any(spelling in bare.sub("", text.replace("+1", "+2")) for spelling in SPACED)
    parts = {"link": link, "media": media, "emoji": bool(pictures), "number": number}
    return tuple(name for name, there in parts.items() if there)


SPACED = [spelling.replace("+1", "+2") for spelling in corpus.TELEPHONES if not spelling.isdigit()]


class Organisation:
    """Takes texts in, and remembers what it was sent."""

    def __init__(self, archive: Archive, row: OrganisationRow, clock: StandingClock) -> None:
        self.archive, self.row, self.clock = archive, row, clock
        self.oracle = Oracle()
        with archive.transactions.write(row.id, OPERATOR) as tx:
            add_number(tx, KNOWN_NUMBER, state=NumberState.AUTHORISED)

    def take_in(self, several: Sequence[Sent]) -> None:
        with self.archive.transactions.write(self.row.id, OPERATOR) as tx:
            outcomes = receive(tx, [arrival(json.dumps(sent.item).encode(), tx.now, "api") for sent in several])
            received = tx.now
        self.oracle.add(
            [
                replace(sent.known, serial=outcome.serial or 0, at=moment(sent.item, received))
                for sent, outcome in zip(several, outcomes, strict=True)
            ]
        )

    def follow(self, batch: int = 4_000) -> None:
        catch_up(self.archive.transactions, self.archive.index, self.row.id, batch)

    def destroy(self, serials: Sequence[int]) -> None:
        """As a purge will: first in the database, then in the index."""
        with self.archive.engine.begin() as connection:
            for serial in serials:
                connection.execute(
                    sql("DELETE FROM message WHERE org_id = :org AND seq = :seq"), {"org": self.row.id, "seq": serial}
                )
        self.archive.index.purge(self.row.id, serials)
        self.oracle.remove(serials)

    def all_pages(self, line: str, limit: int, order: Order) -> list[tuple[int, int]]:
        hits: list[tuple[int, int]] = []
        cursor = None
        while True:
            found = search(self.archive, self.row.id, DANA, line, limit=limit, cursor=cursor, order=order)
            assert found.coverage.complete
            for hit in found.hits:
                assert hit.message.content.text == self.oracle.known[hit.message.serial].text.text
                hits.append((hit.message.serial, to_micros(hit.message.at)))
            if (cursor := found.next) is None:
                assert found.count == len(hits)
                return hits

    def expect_oracle(self, lines: Sequence[str], dice: random.Random) -> None:
        for line in lines:
            expected = self.oracle.hits(parse(line))
            order: Order = dice.choice(["newest", "oldest"])
            wanted = expected if order == "newest" else expected[::-1]
            assert self.all_pages(line, dice.choice([40, 500]), order) == wanted, line
            assert count_hits(self.archive, self.row.id, DANA, line).count == len(expected), line


def moment(item: dict[str, Any], received: datetime) -> int:
    return to_micros(datetime.fromisoformat(item["sent_at"]) if "sent_at" in item else received)


@pytest.fixture
def ours(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> Organisation:
    return Organisation(archive, organisation, clock)


@pytest.mark.tampers
@pytest.mark.parametrize("seed", range(2))
def test_what_came_through_the_door_is_found_as_the_oracle_finds_it(ours: Organisation, seed: int) -> None:
    dice, number = random.Random(seed), 0
    for _ in range(8):
        batch = [make_sent(dice, number + at) for at in range(dice.choice([1, 5, 40]))]
        number += len(batch)
        ours.take_in(batch)
        ours.clock.advance(days=dice.choice([0, 0, 10]))
        if dice.random() < 0.6:
            ours.follow(dice.choice([1, 7, 4_000]))
        if dice.random() < 0.4:
            ours.follow()
            ours.destroy(dice.sample(sorted(ours.oracle.known), len(ours.oracle.known) // 5))
    ours.follow()
    lines = dice.sample(list(corpus.make_lines(dice, 40)), 25)
    ours.expect_oracle(lines, dice)
    assert problems(ours.archive.transactions, ours.archive.index, ours.row.id) == []

    rebuild(ours.archive.transactions, ours.archive.index, ours.row.id)
    ours.expect_oracle(dice.sample(lines, 5), dice)


def test_another_process_finds_the_same_and_two_organisations_never_mix(
    archive: Archive, ours: Organisation, clock: StandingClock
) -> None:
    from archive.access.organisations import create_organisation

    dice = random.Random(5)
    row = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    theirs = Organisation(archive, row, clock)
    for each in (ours, theirs):
        each.take_in([make_sent(dice, number) for number in range(40)])
        each.follow()
    fresh = build(archive.settings, clock=clock)
    for each in (ours, theirs):
        each.archive = fresh
        each.expect_oracle(dice.sample(list(corpus.make_lines(dice, 20)), 8), dice)
    fresh.engine.dispose()


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_stay_whole_while_texts_arrive_late_and_are_sent_at_the_same_moment(
    ours: Organisation, order: Order
) -> None:
    dice = random.Random(6)
    ours.take_in([make_sent(dice, number) for number in range(60)])
    ours.follow()
    first = {serial for serial, _ in ours.oracle.hits(parse(""))}
    seen: list[tuple[int, int]] = []
    cursor, number = None, 60
    while True:
        found = search(ours.archive, ours.row.id, DANA, "", limit=7, cursor=cursor, order=order)
        seen += [(to_micros(hit.message.at), hit.message.serial) for hit in found.hits]
        if (cursor := found.next) is None:
            break
        ours.take_in([make_sent(dice, number + at) for at in range(4)])
        ours.clock.advance(seconds=1)
        number += 4
        ours.follow()
    assert seen == sorted(set(seen), reverse=order == "newest")
    assert {serial for _, serial in seen} >= first


def test_texts_without_a_time_of_sending_stand_at_the_moment_at_which_they_came(ours: Organisation) -> None:
    dice = random.Random(7)
    several = [make_sent(dice, number) for number in range(6)]
    for sent in several:
        sent.item.pop("sent_at", None)
        ours.take_in([sent])
        ours.clock.advance(seconds=1)
    ours.follow()
    day = f"on:{(ours.clock.now - timedelta(seconds=1)):%Y-%m-%d}"
    assert ours.all_pages(day, 25, "newest") == ours.oracle.hits(parse(day))
    assert len(ours.oracle.hits(parse(day))) == 6


@pytest.mark.tampers
def test_what_was_destroyed_is_in_no_file_of_the_index_and_what_is_held_beside_it_is_found(ours: Organisation) -> None:
    dice = random.Random(8)
    words = {number: f"zqword{number:02}" + "".join(dice.choices("bcdfghjk", k=10)) for number in range(30)}
    for number, word in words.items():
        sent = make_sent(dice, number)
        sent.item["text"] += f" {word}"
        ours.take_in([replace(sent, known=replace(sent.known, text=sent.item["text"]))])
        ours.follow()
    serials = {number: ours.oracle.hits(parse(word))[0][0] for number, word in words.items()}
    gone = [number for number in words if number % 3]
    ours.destroy([serials[number] for number in gone])
    needles = {needle: word for word in words.values() for needle in spellings(word)}
    left = {word for number, word in words.items() if number not in gone}
    assert set(where_found(needles, ours.archive.settings.index)) == left
    for number, word in words.items():
        found = search(ours.archive, ours.row.id, DANA, word)
        assert [hit.message.serial for hit in found.hits] == ([] if number in gone else [serials[number]])
        assert found.coverage.complete
