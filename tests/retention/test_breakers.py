"""What stops a batch, case by case."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from archive.retention import breakers
from archive.retention.batch import WEEK
from archive.retention.breakers import Breaker, Trip, tripped

NOW = datetime(2027, 12, 29, 0, 5, tzinfo=UTC)
USUAL = [100, 120, 90, 110, 130]


@pytest.mark.parametrize(
    ("case", "texts", "others", "trips"),
    [
        ("a day like the others goes", 120, USUAL, False),
        ("a quiet day goes", 101, [500] * 14, False),
        ("exactly twice the usual goes", 220, USUAL, False),
        ("one more than twice the usual is stopped", 221, USUAL, True),
        ("a lump that was imported on one day is stopped", 50_000, USUAL, True),
        ("one busy day among fourteen does not make busy usual", 5_000, [*[100] * 13, 9_000], True),
        ("quiet week-ends do not make a working day look large", 150, [110, 120, 100, 130, 110, 10, 5], False),
        ("a hundred texts are too few to say anything", 100, [1] * 14, False),
        ("a hundred and one are not", 101, [1] * 14, True),
        ("an archive without a past has nothing that is usual", 50_000, [10, 10, 10, 10], False),
        ("five days are a past", 50_000, [10] * 5, True),
        ("next to days without any text everything is large", 101, [0] * 5, True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_size(case: str, texts: int, others: list[int], trips: bool) -> None:
    trip = breakers.size(texts, others)
    assert (trip is not None) == trips
    if trip:
        assert trip.breaker is Breaker.SIZE
        assert f"{texts:,} texts" in trip.because


@pytest.mark.parametrize(
    ("case", "texts", "live", "trips"),
    [
        ("a day of four hundred goes", 2_500, 1_000_000, False),
        ("exactly a fiftieth goes", 200, 10_000, False),
        ("one more is stopped", 201, 10_000, True),
        ("everything at once is stopped", 10_000, 10_000, True),
        ("a busy day of a small archive goes", 60, 2_000, False),
        ("the last texts of an archive that nobody uses any more go", 100, 100, False),
        ("but not a thousand of them", 1_000, 1_000, True),
        ("more than there is, which can't be, is stopped", 101, 0, True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_share(case: str, texts: int, live: int, trips: bool) -> None:
    trip = breakers.share(texts, live)
    assert (trip is not None) == trips
    if trip:
        assert trip.breaker is Breaker.SHARE


@pytest.mark.parametrize(
    ("look", "breaker", "because"),
    [
        (
            lambda: breakers.size(50_000, USUAL),
            Breaker.SIZE,
            "It takes 50,000 texts; usual are 110, and twice that is the limit.",
        ),
        (
            lambda: breakers.share(201, 10_000),
            Breaker.SHARE,
            "It takes 2.0 % of the 10,000 texts that are here; 2 % is the limit.",
        ),
        (
            lambda: breakers.share(1_000, 1_000),
            Breaker.SHARE,
            "It takes 100.0 % of the 1,000 texts that are here; 2 % is the limit.",
        ),
        (lambda: breakers.share(101, 0), Breaker.SHARE, "It takes all of the 0 texts that are here; 2 % is the limit."),
        (
            lambda: breakers.young(NOW + timedelta(days=1), NOW),
            Breaker.YOUNG,
            "Our clock stood behind when some of it came in: by the entries before it in the ledger it may not all go"
            " before 2027-12-30 00:05 UTC.",
        ),
        (
            lambda: breakers.policy(17, 40),
            Breaker.POLICY,
            "The retention policy was changed since the plan was made (entry #40).",
        ),
        (
            lambda: breakers.week(NOW - timedelta(days=2), NOW, WEEK),
            Breaker.WEEK,
            "Its plan was made late and has been there for 2 days instead of 7. It goes by itself on 2028-01-03;"
            " to go sooner it has to be allowed.",
        ),
    ],
)
def test_each_says_in_a_sentence_what_stopped_it(
    look: Callable[[], Trip | None], breaker: Breaker, because: str
) -> None:
    assert look() == Trip(breaker, because)


@pytest.mark.parametrize(
    ("case", "not_before", "trips"),
    [
        ("nothing goes that has an age", None, False),
        ("all of it is old enough", NOW - timedelta(seconds=1), False),
        ("it is old enough at this very moment", NOW, False),
        ("a text came in while the clock stood behind", NOW + timedelta(microseconds=1), True),
        ("by a year", NOW + timedelta(days=365), True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_young(case: str, not_before: datetime | None, trips: bool) -> None:
    trip = breakers.young(not_before, NOW)
    assert (trip is not None) == trips
    if trip and not_before:
        assert f"{not_before:%Y-%m-%d %H:%M}" in trip.because


@pytest.mark.parametrize(
    ("case", "planned_with", "newest", "trips"),
    [
        ("nobody has ever set a policy", 0, 0, False),
        ("it is the one that the plan was made with", 17, 17, False),
        ("the first one was set since", 0, 17, True),
        ("another one was set since", 17, 40, True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_policy(case: str, planned_with: int, newest: int, trips: bool) -> None:
    trip = breakers.policy(planned_with, newest)
    assert (trip is not None) == trips
    if trip:
        assert f"#{newest}" in trip.because


@pytest.mark.parametrize(
    ("case", "age", "trips"),
    [
        ("a plan of seven days and some hours goes", timedelta(days=7, hours=12), False),
        ("exactly a week goes", timedelta(days=7), False),
        ("a moment less is stopped", timedelta(days=7) - timedelta(microseconds=1), True),
        ("a plan that was made just now is stopped", timedelta(0), True),
        ("one that was made by a clock ahead is stopped", timedelta(days=-400), True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_week(case: str, age: timedelta, trips: bool) -> None:
    trip = breakers.week(NOW - age, NOW, WEEK)
    assert (trip is not None) == trips
    if trip:
        assert f"{max(0, age.days)} days instead of 7" in trip.because


def test_clocks() -> None:
    assert breakers.clocks([]) is None
    trip = breakers.clocks(["The database's is behind.", "It jumped."])
    assert trip == Trip(Breaker.CLOCKS, "The database's is behind. It jumped.")


def test_only_what_is_about_the_moment_is_gone_with_it() -> None:
    assert {breaker for breaker in Breaker if breaker.is_momentary} == {Breaker.CLOCKS, Breaker.WEEK}


def test_all_that_have_tripped_are_named_in_order() -> None:
    trip = breakers.share(201, 10_000)
    assert tripped(None, trip, None) == (trip,)
    assert tripped() == ()
