"""What the readable half of a text can answer of a plan, kind by kind, and what it leaves to the sealed half."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import event

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.holds.possible import Clear, Parties, is_number, known
from archive.messages.actions import hashes_of
from archive.search.plan import (
    Among,
    And,
    Everything,
    Exact,
    Field,
    Moments,
    Not,
    Nothing,
    Or,
    Plan,
    Serials,
    Words,
)
from archive.search.query.model import Word
from archive.search.query.terms import sought
from archive.wiring import Archive
from tests.holds.ordering import texts

OURS, PARTY, STRANGER = "+12125550123", "+14155550188", "+14155550177"
TEXT = Clear(7, "inbound", OURS, "Twilio", None, "C8K2L9", "mms conflict", 3, 1_000)

YES, NO, SEALED = Everything(), Nothing(), Words(sought(Word("refund")))


class TookPart:
    """`PARTY` took part in the text, and nobody else."""

    def has(self, value: str, serial: int) -> bool:
        return (value, serial) == (PARTY, TEXT.seq)


def answer(wanted: Plan, parties: Any = None) -> bool | None:
    return known(wanted, TEXT, parties)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (YES, True),
        (NO, False),
        (SEALED, None),
        (Among(np.array([7])), None),
        (Moments(1_000, None), True),
        (Moments(1_001, None), False),
        (Moments(None, 1_001), True),
        (Moments(None, 1_000), False),
        (Moments(900, 1_000), False),
        (Moments(None, None), True),
        (Serials(7, 7), True),
        (Serials(8, 9), False),
        (Serials(1, 6), False),
        (Not(YES), False),
        (Not(NO), True),
        (Not(SEALED), None),
    ],
    ids=str,
)
def test_dates_and_serials_are_known_and_words_are_not(wanted: Plan, expected: bool | None) -> None:
    assert answer(wanted) is expected


@pytest.mark.parametrize(
    ("parts", "all_of_them", "any_of_them"),
    [
        ((YES, YES), True, True),
        ((YES, NO), False, True),
        ((NO, NO), False, False),
        ((YES, SEALED), None, True),
        ((NO, SEALED), False, None),
        ((SEALED, SEALED), None, None),
    ],
)
def test_what_is_not_known_of_a_part_is_known_of_the_whole_only_where_it_makes_no_difference(
    parts: tuple[Plan, ...], all_of_them: bool | None, any_of_them: bool | None
) -> None:
    assert answer(And(parts)) is all_of_them
    assert answer(Or(parts)) is any_of_them


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("own", OURS, True),
        ("own", PARTY, False),
        ("direction", "in", True),
        ("direction", "out", False),
        ("provider", "twilio", True),
        ("provider", "telnyx", False),
        ("account", "ac1", False),
        ("campaign", "c8k2l9", True),
        ("campaign", "c8", False),
        ("flag", "mms", True),
        ("flag", "conflict", True),
        ("flag", "mms conflict", False),
        ("has", "link", None),
        ("with", PARTY, None),
        ("from", PARTY, None),
        ("to", PARTY, None),
    ],
)
def test_the_readable_columns_are_known_without_regard_to_case(field: Field, value: str, expected: bool | None) -> None:
    assert answer(Exact(field, (value,))) is expected
    assert answer(Exact(field, ("none", value))) is expected


def test_a_text_that_we_sent_goes_out_and_one_of_an_account_is_known_by_it() -> None:
    sent = TEXT._replace(direction="outbound", account="AC1")
    assert known(Exact("direction", ("out",)), sent, None) is True
    assert known(Exact("account", ("ac1",)), sent, None) is True


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("with", PARTY, True),
        ("with", STRANGER, False),
        ("with", "dana", None),
        ("from", PARTY, None),
        ("from", OURS, None),
        ("from", STRANGER, False),
        ("from", "dana", None),
        ("to", PARTY, None),
        ("to", OURS, None),
        ("to", STRANGER, False),
        ("has", "link", None),
        ("own", OURS, True),
    ],
)
def test_the_keyed_hashes_know_who_took_part_and_not_who_of_them_sent_it(
    field: Field, value: str, expected: bool | None
) -> None:
    assert answer(Exact(field, (value,)), TookPart()) is expected


def test_who_took_part_is_known_in_every_part_of_a_plan() -> None:
    took_part, did_not = Exact("with", (PARTY,)), Exact("with", (STRANGER,))
    assert answer(Not(took_part), TookPart()) is False
    assert answer(Not(did_not), TookPart()) is True
    assert answer(And((took_part, YES)), TookPart()) is True
    assert answer(Or((did_not, NO)), TookPart()) is False


def test_a_number_is_what_case_plays_no_part_in() -> None:
    assert [is_number(value) for value in ("+14155550188", "72345", "dana", "+", "1-800", "")] == [
        *(True, True),
        *(False, False, False, False),
    ]


def test_which_texts_a_party_took_part_in_is_asked_once(archive: Archive, organisation: OrganisationRow) -> None:
    first, second = texts(archive, organisation, {}, {"from": STRANGER})
    asked: list[str] = []

    def note(*details: Any) -> None:
        asked.append(details[2])

    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        parties = Parties(tx, hashes_of(tx))
        event.listen(archive.engine, "before_cursor_execute", note)
        answers = [parties.has(value, serial) for value in (PARTY, STRANGER) for serial in (first, second)]
        event.remove(archive.engine, "before_cursor_execute", note)
    assert answers == [True, False, False, True]
    assert len(asked) == 2
