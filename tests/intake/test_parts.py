"""A long text that comes in pieces is archived as its writer wrote it, whatever becomes of the pieces on their way."""

from datetime import UTC, datetime, timedelta

from archive.core.actor import OPERATOR
from archive.intake.parts.model import MISSING, Piece, gather, is_late, put_together
from archive.intake.parts.store import TextPartRow
from archive.ledger.trail import entries_about
from archive.providers import vonage
from archive.providers.said import Part, Text
from jobs import parts as job
from tests.intake.pieces import said, tell, texts
from tests.items import ledger_size
from tests.raw_bytes import spellings, where_found
from tests.retention.purging import verified

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def piece(number: int, at: float = 0, *, settled: bool = False, alone: bool = False, digest: int = 0) -> Piece:
    moment = NOON + timedelta(minutes=at)
    return Piece(digest or number, 1, number, 3, moment, moment, number, settled=settled, alone=alone)


def numbers(pieces: list[Piece]) -> list[int]:
    return [one.digest for one in pieces]


def test_pieces_of_one_text_are_those_that_wait_and_lie_near_each_other() -> None:
    assert numbers(gather(piece(2), [piece(3), piece(1)])) == [1, 2, 3]
    assert numbers(gather(piece(2), [piece(3, 61), piece(1, -60)])) == [1, 2]
    assert numbers(gather(piece(2), [piece(1, 9, digest=8), piece(1, -5, digest=9)])) == [9, 2], "the nearest"
    assert numbers(gather(piece(2), [piece(1, settled=True), piece(2, digest=7)])) == [2]


def test_a_piece_is_late_where_its_text_is_archived_without_it() -> None:
    gone = piece(1, settled=True, alone=True)
    assert is_late(piece(2), [gone]) and is_late(piece(3), [gone, piece(2, settled=True, alone=True)])
    assert not is_late(piece(1, digest=9), [gone]), "the reference is used again"
    assert not is_late(piece(2, 90), [gone])
    assert not is_late(piece(2), [piece(1, settled=True), piece(3)])


def test_what_is_missing_is_marked_once_for_each_gap() -> None:
    item = {"payload": 1, "provider_id": "a", "sent_at": "2026-11-23T12:00:05Z"}
    cases = {(1, 2, 3, 4): "1234", (1, 4): f"1{MISSING}4", (2,): f"{MISSING}2{MISSING}", (3, 4): f"{MISSING}34"}
    for there, expected in cases.items():
        whole = put_together([(number, {**item, "text": str(number)}) for number in there], 4)
        assert (whole["text"], len(whole["payload"])) == (expected, len(there))
    earlier = {**item, "text": "", "sent_at": "2026-11-23T12:00:04Z"}
    assert put_together([(1, {**item, "text": ""}), (2, earlier)], 2)["sent_at"] == "2026-11-23T12:00:04Z"


def test_what_is_no_piece_is_a_text_as_it_is() -> None:
    for changed in (
        {"concat": "false"},
        {"concat-part": "4"},
        {"concat-total": "1"},
        {"concat-part": "x"},
        {"text": 5},
    ):
        (item,) = vonage.read({**said(2), **changed})
        assert isinstance(item, Text), changed
    (item,) = vonage.read(said(2))
    assert isinstance(item, Part)
    assert (item.number, item.total, item.reference) == (2, 3, "7")


def test_in_any_order_repeated_and_between_others_it_is_one_text(archive, organisation, clock) -> None:
    short = {"concat": None, "messageId": "V9", "text": "Yes"}
    other = {"concat-ref": "8", "concat-total": "2", "text": "other "}
    assert tell(archive, organisation, said(3), said(1, **other, messageId="W1")) == [1, 1]
    clock.advance(hours=3)
    assert tell(archive, organisation, said(1), said(1), said(2, **short), said(3)) == [1, 0, 1, 0]
    assert [text.content.text for text in texts(archive, organisation)] == ["Yes"]
    assert tell(archive, organisation, said(2), said(2, **other, messageId="W2")) == [1, 1]
    before = ledger_size(archive, organisation.id)
    assert tell(archive, organisation, said(2), said(1), said(3), said(2, **short)) == [0, 0, 0, 0]
    assert ledger_size(archive, organisation.id) == before, "the same again, signed anew, brings nothing"
    _, whole, second = texts(archive, organisation)
    assert whole.content.text == "The closing is on Friday; wire $250,000 to 🙂 and nobody else. "
    assert (whole.clear.provider_id, str(whole.clear.sent_at)) == ("V1", "2026-11-23 08:00:01+00:00")
    assert [one["concat-part"] for one in whole.content.extra["payload"]] == ["1", "2", "3"]
    assert (second.content.text, second.clear.flags) == ("other other ", "unknown-number")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [entry.kind for entry in entries_about(tx, f"message:{whole.serial}")] == ["part.joined"]
    assert verified(archive, organisation).good


def test_what_is_missing_is_waited_for_a_day_and_what_comes_later_stands_alone(archive, organisation, clock) -> None:
    tell(archive, organisation, said(1), said(2))
    assert where_found(spellings("The closing is on"), archive.settings.data) == {}, "pieces wait sealed"
    clock.advance(hours=23)
    assert not job.has_work(archive)
    clock.advance(hours=1)
    assert job.has_work(archive)
    assert job.run(archive) == {"incomplete_texts": 1}
    assert (job.has_work(archive), job.run(archive)) == (False, {})
    assert tell(archive, organisation, said(2), said(3), said(3)) == [0, 1, 0]
    first, late = texts(archive, organisation)
    assert first.content.text == f"The closing is on Friday; wire $250,000 to \ud83d{MISSING}"
    assert late.content.text == f"{MISSING}\ude42 and nobody else. "
    assert {text.clear.flags for text in (first, late)} == {"incomplete unknown-number"}
    assert late.clear.provider_id == "V3"
    clock.advance(hours=73)
    assert job.has_work(archive)
    assert job.run(archive) == {}
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert tx.session.query(TextPartRow).count() == 0
    assert tell(archive, organisation, said(1), said(2), said(3)) == [1, 1, 1]
    assert len(texts(archive, organisation)) == 3, "by then a signature of that time is refused at the door"
    assert verified(archive, organisation).good
