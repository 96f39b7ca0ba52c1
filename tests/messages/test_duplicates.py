"""The same again changes nothing; something else under the same name is kept beside the first and flagged."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.intake.actions import receive_from
from archive.intake.parse import arrival
from archive.messages.model import Outcome
from archive.wiring import Archive, build
from tests.items import item, ledger_size, line, read_back, take_in


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


@pytest.mark.parametrize("apart", [True, False], ids=["in two batches", "in one batch"])
def test_the_same_again_is_a_duplicate_of_the_first(
    archive: Archive, organisation: OrganisationRow, apart: bool
) -> None:
    if apart:
        outcomes = [*take_in(archive, organisation.id, line()), *take_in(archive, organisation.id, line())]
    else:
        outcomes = take_in(archive, organisation.id, line(), line())
    assert statuses(outcomes) == ["stored", "duplicate"]
    assert outcomes[0].serial == outcomes[1].serial


def test_a_duplicate_writes_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation.id, line())
    before = ledger_size(archive, organisation.id)
    take_in(archive, organisation.id, line(), line())
    assert ledger_size(archive, organisation.id) == before


@pytest.mark.parametrize("apart", [True, False], ids=["in two batches", "in one batch"])
def test_other_content_under_the_same_name_is_kept_and_flagged(
    archive: Archive, organisation: OrganisationRow, apart: bool
) -> None:
    first, second = line(), line(text="Something else")
    if apart:
        outcomes = [*take_in(archive, organisation.id, first), *take_in(archive, organisation.id, second)]
    else:
        outcomes = take_in(archive, organisation.id, first, second)
    assert statuses(outcomes) == ["stored", "conflict"]
    assert outcomes[0].serial != outcomes[1].serial
    assert outcomes[1].reason is not None
    assert "conflict" in outcomes[1].flags
    kept = read_back(archive, organisation.id, outcomes[1].serial)
    assert kept.content.text == "Something else"
    assert "conflict" in kept.flags
    assert "conflict" not in read_back(archive, organisation.id, outcomes[0].serial).flags


def test_a_conflict_that_is_sent_again_is_a_duplicate_of_itself(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second = line(), line(text="Something else")
    outcomes = take_in(archive, organisation.id, first, second, second, first)
    again = take_in(archive, organisation.id, second, first)
    assert statuses([*outcomes, *again]) == ["stored", "conflict", *["duplicate"] * 4]
    assert [outcome.serial for outcome in again] == [outcomes[1].serial, outcomes[0].serial]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "delivered"},
        {"attempt": 2},
        {"campaign": "C1"},
        {"from": "(415) 555-0188"},
        {"sent_at": "2026-11-20T10:00:00Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_differs_between_attempts_is_no_conflict(
    archive: Archive, organisation: OrganisationRow, change: dict[str, Any]
) -> None:
    base = {"sent_at": "2026-11-20T05:00:00-05:00"} if "sent_at" in change else {}
    outcomes = take_in(archive, organisation.id, line(**base), line(**{**base, **change}))
    assert statuses(outcomes) == ["stored", "duplicate"]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "is Friday at ten good for you?"},
        {"text": "Is Friday at ten good for you?\0"},
        {"from": "+14155550189"},
        {"direction": "outbound"},
        {"sent_at": "2026-11-20T10:00:00Z"},
        {"sent_at": "yesterday"},
        {"media": [{"url": "https://media.example/1"}]},
    ],
    ids=str,
)
def test_what_says_something_else_is_a_conflict(
    archive: Archive, organisation: OrganisationRow, change: dict[str, Any]
) -> None:
    assert statuses(take_in(archive, organisation.id, line(), line(**change))) == ["stored", "conflict"]


@pytest.mark.parametrize(
    "change",
    [{"to": ["+12125550124"]}, {"account": "AC2"}, {"provider": "telnyx"}, {"provider_id": "SM2"}],
    ids=lambda change: next(iter(change)),
)
def test_another_recipient_account_provider_or_id_is_another_text(
    archive: Archive, organisation: OrganisationRow, change: dict[str, Any]
) -> None:
    lines = [json.dumps(item() | extra).encode() for extra in ({}, change)]
    assert statuses(take_in(archive, organisation.id, *lines)) == ["stored", "stored"]


def test_parts_of_a_name_do_not_run_into_each_other(archive: Archive, organisation: OrganisationRow) -> None:
    names = [("ab", "c"), ("a", "bc"), ("abc", None)]
    lines = [
        json.dumps(item(provider_id="x") | {"provider": provider, "account": account}).encode()
        for provider, account in names
    ]
    assert statuses(take_in(archive, organisation.id, *lines)) == ["stored"] * 3


def test_the_same_text_in_two_organisations_is_two_texts(archive: Archive, organisation: OrganisationRow) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    assert statuses(take_in(archive, organisation.id, line())) == ["stored"]
    assert statuses(take_in(archive, other.id, line())) == ["stored"]


def test_a_mixed_batch_is_answered_in_its_order(archive: Archive, organisation: OrganisationRow) -> None:
    outcomes = take_in(
        archive, organisation.id, line("A"), b"nonsense", line("A"), line("B"), line("A", text="else"), b"nonsense"
    )
    expected = ["stored", "quarantined", "duplicate", "stored", "conflict", "quarantined"]
    assert statuses(outcomes) == expected
    assert outcomes[1].serial == outcomes[5].serial, "the same bytes are one item"
    assert read_back(archive, organisation.id, outcomes[3].serial).clear.provider_id == "B"


def test_the_same_text_through_the_group_commits_of_two_processes(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """Two archives on one database share nothing but the database, as two processes do."""
    other = build(archive.settings, clock=archive.clock)
    arrivals = [arrival(line(f"SM{at % 10}"), archive.clock(), "test") for at in range(60)]

    def send(at: int) -> Outcome:
        group = (archive, other)[at % 2].group
        outcome, _size = group.submit(organisation.id, receive_from, (arrivals[at], "key:1"))
        assert isinstance(outcome, Outcome)
        return outcome

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(send, range(60)))
    other.engine.dispose()
    assert sorted(statuses(outcomes)) == ["duplicate"] * 50 + ["stored"] * 10
    serials: dict[str, set[int | None]] = {}
    for at, outcome in enumerate(outcomes):
        serials.setdefault(f"SM{at % 10}", set()).add(outcome.serial)
    assert all(len(each) == 1 for each in serials.values())
