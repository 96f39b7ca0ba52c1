"""What is in force, and what was sent in spite of it."""

from datetime import UTC, datetime, timedelta

from archive.optouts.model import EVERY_NUMBER, Change, History, Sent, moment_of, violations
from archive.optouts.wording import Said

DANA = 7
MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)


def change(entry: int, said: Said, days: float = 0, own: str = "A") -> Change:
    return Change(entry, own, DANA, said, MONDAY + timedelta(days=days), "text", entry)


def sent(serial: int, days: float, own: str = "A") -> Sent:
    return Sent(serial, own, DANA, MONDAY + timedelta(days=days))


def test_of_several_stops_in_a_row_the_first_runs_the_clock() -> None:
    history = History([change(3, Said.OPT_OUT, 2), change(1, Said.OPT_OUT), change(2, Said.HELP, 1)], everywhere=False)
    standing = history.standing("A", DANA)
    assert standing is not None
    assert standing.entry == 1


def test_what_is_said_to_every_number_holds_for_each_until_one_is_told_otherwise() -> None:
    changes = [change(1, Said.OPT_OUT, own=EVERY_NUMBER), change(2, Said.OPT_IN, 1, own="B")]
    history = History(changes, everywhere=False)
    assert history.standing("A", DANA) is not None
    assert history.standing("B", DANA) is None
    assert [one.entry for one in history.in_force()] == [1]


def test_everywhere_a_stop_to_one_number_is_one_to_all_and_listed_once() -> None:
    history = History([change(1, Said.OPT_OUT), change(2, Said.OPT_OUT, 1, own="B")], everywhere=True)
    assert history.standing("C", DANA) is not None
    assert [one.entry for one in history.in_force()] == [1]


def test_one_confirmation_within_five_minutes_is_no_violation() -> None:
    history = History([change(1, Said.OPT_OUT)], everywhere=False)
    minute = 1 / 24 / 60
    found = violations(
        history, [sent(9, minute * 6), sent(3, minute * 2), sent(2, minute), sent(1, -1), sent(8, 0, "B")]
    )
    assert [one.sent.serial for one in found] == [9, 3]
    assert [one.sent.serial for one in violations(history, [sent(4, minute * 6)])] == [4], "after the five minutes"


def test_business_days_are_counted_and_after_ten_it_is_late() -> None:
    history = History([change(1, Said.OPT_OUT)], everywhere=False)
    found = violations(history, [sent(2, 14), sent(3, 15), sent(4, 1)])
    assert [(one.sent.serial, one.days, one.late) for one in found] == [(3, 11, True), (2, 10, False), (4, 1, False)]


def test_what_was_sent_before_a_stop_that_was_taken_back_later_stays_a_violation() -> None:
    history = History([change(1, Said.OPT_OUT), change(2, Said.OPT_IN, 5)], everywhere=False)
    assert [one.sent.serial for one in violations(history, [sent(3, 1), sent(4, 6)])] == [3]


def test_a_time_of_sending_counts_unless_it_is_still_to_come() -> None:
    later = MONDAY + timedelta(hours=1)
    assert moment_of(MONDAY, later) == MONDAY
    assert moment_of(later, MONDAY) == MONDAY
    assert moment_of(None, MONDAY) == MONDAY
