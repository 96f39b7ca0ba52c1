"""The one decision: never early, never under a hold, and the same answer for the purge as for whoever asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.retention.decide import Dated, Verdict, anchor_of, decide, due
from archive.retention.model import DEFAULT, EVERYTHING, Policy, Scope, in_force, longest
from archive.retention.period import MINIMUM_RESIDENCY, Period, dated, first_plannable

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OURS, CAMPAIGN = "+12125550123", "C8K2L9"
ONE_NUMBER, ONE_CAMPAIGN = Scope(number=OURS), Scope(campaign=CAMPAIGN)
DAYS_400, DAYS_500, YEARS_3, YEARS_6 = Period(days=400), Period(days=500), Period(years=3), Period(years=6)


def record(serial: int = 10, policy: Policy = DEFAULT, sent_at: datetime | None = None, **changes: object) -> Dated:
    """Received now, and dated by a policy: from sending where `sent_at` is given."""
    expires_at = dated(sent_at or NOW, NOW, policy.period)
    made = Dated(serial, OURS, CAMPAIGN, policy.version, NOW, sent_at, expires_at)
    return replace(made, **changes)  # type: ignore[arg-type]


def version(number: int, period: Period, entry: int, scope: Scope = EVERYTHING, *, existing: bool = False) -> Policy:
    return Policy(number, scope, period, entry, existing)


@pytest.mark.parametrize(
    ("what", "policies", "expected"),
    [
        ("nothing was ever decided", [], DAYS_400),
        ("a longer one came later", [version(2, YEARS_3, 20)], YEARS_3),
        (
            "a longer one came later, and a shorter one after it",
            [version(2, YEARS_3, 20), version(3, DAYS_400, 30)],
            YEARS_3,
        ),
        ("a longer one for our number came later", [version(2, YEARS_3, 20, ONE_NUMBER)], YEARS_3),
        ("a longer one for our campaign came later", [version(2, YEARS_6, 20, ONE_CAMPAIGN)], YEARS_6),
        ("a longer one for another number came later", [version(2, YEARS_6, 20, Scope(number="+1"))], DAYS_400),
        ("a longer one for another campaign came later", [version(2, YEARS_6, 20, Scope(campaign="C"))], DAYS_400),
        ("a re-dating to a longer one came later", [version(2, YEARS_3, 20, existing=True)], YEARS_3),
        (
            "a longer one came and was taken back for all that was there",
            [version(2, YEARS_3, 20), version(3, DAYS_500, 30, existing=True)],
            DAYS_500,
        ),
        (
            "it was taken back and then made longer again",
            [version(2, YEARS_6, 20), version(3, DAYS_500, 30, existing=True), version(4, YEARS_3, 40)],
            YEARS_3,
        ),
        (
            "it was taken back for everything, but not for our number",
            [version(2, YEARS_3, 20, ONE_NUMBER), version(3, DAYS_500, 30, existing=True)],
            YEARS_3,
        ),
        (
            "it was taken back for our number, but not for everything",
            [version(2, YEARS_3, 20, ONE_NUMBER), version(3, DAYS_500, 30, ONE_NUMBER, existing=True)],
            DAYS_500,
        ),
        ("one that was over before it came in", [version(2, YEARS_6, 3), version(3, DAYS_400, 5)], DAYS_400),
        ("a re-dating of what was there before it came in", [version(2, DAYS_500, 5, existing=True)], DAYS_500),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_of_all_that_applied_since_a_text_came_in_the_longest_keeps_it(
    what: str, policies: list[Policy], expected: Period
) -> None:
    assert due(record(), [DEFAULT, *policies])[0] == expected.after(NOW)


def test_what_a_text_was_dated_by_keeps_it_though_a_shorter_one_follows() -> None:
    long, short = version(2, YEARS_6, 5), version(3, DAYS_400, 20)
    text = record(policy=long)
    assert due(text, [DEFAULT, long, short]) == (text.expires_at, long)


def test_a_reviewed_redating_shortens_what_was_there_and_never_below_the_residency() -> None:
    long, short = version(2, YEARS_6, 5), version(3, DAYS_400, 20, existing=True)
    assert due(record(policy=long), [DEFAULT, long, short]) == (DAYS_400.after(NOW), short)
    old = record(policy=long, sent_at=NOW - timedelta(days=1_000))
    assert due(old, [DEFAULT, long, short]) == (NOW + MINIMUM_RESIDENCY, short)
    later = record(serial=30, policy=long)
    assert due(later, [DEFAULT, long, short])[0] == later.expires_at


def test_it_may_go_at_its_moment_and_not_before() -> None:
    text = record()
    before = decide(text, [DEFAULT], [], text.expires_at - timedelta(microseconds=1))
    assert (before.may_go, before.because, before.until) == (False, "policy", text.expires_at)
    after = decide(text, [DEFAULT], [], text.expires_at)
    assert (after.may_go, after.because, after.due_at) == (True, None, text.expires_at)


def test_the_answer_names_the_policy_and_what_its_time_counts_from() -> None:
    long, sent = version(2, YEARS_6, 5), NOW - timedelta(days=100)
    text = record(policy=long, sent_at=sent)
    assert decide(text, [DEFAULT, long], [], NOW) == Verdict("policy", text.expires_at, long, "sent", sent, ())
    assert decide(record(), [DEFAULT], ["hld_1"], NOW) == Verdict(
        "held", DAYS_400.after(NOW), DEFAULT, "received", NOW, ("hld_1",)
    )


def test_a_hold_is_named_first_and_has_no_end() -> None:
    for now in (NOW, NOW + timedelta(days=10_000)):
        verdict = decide(record(), [DEFAULT], ["hld_1", "hld_2"], now)
        assert (verdict.may_go, verdict.because, verdict.until) == (False, "held", None)
        assert (verdict.holds, verdict.due_at) == (("hld_1", "hld_2"), DAYS_400.after(NOW))


def test_an_old_import_stays_a_month() -> None:
    text = record(sent_at=NOW - timedelta(days=5_000))
    verdict = decide(text, [DEFAULT], [], NOW)
    assert (verdict.because, verdict.anchor, verdict.until) == ("residency", "sent", NOW + timedelta(days=30))


def test_what_a_text_counts_from_shows_in_its_date() -> None:
    sent = NOW - timedelta(days=100)
    assert anchor_of(record(sent_at=sent), [DEFAULT]) == ("sent", sent)
    assert anchor_of(replace(record(), sent_at=sent), [DEFAULT]) == ("received", NOW)
    assert due(record(sent_at=sent), [DEFAULT, version(2, YEARS_3, 20)])[0] == YEARS_3.after(sent)


def test_a_text_of_an_unknown_version_keeps_its_own_date_whatever_is_dated_anew() -> None:
    text = record(policy=version(9, YEARS_6, 5))
    for policies in ([DEFAULT], [DEFAULT, version(2, DAYS_500, 20, existing=True)]):
        assert due(text, policies)[0] == text.expires_at


def test_the_date_that_a_text_has_stands_unless_its_own_scope_is_dated_anew() -> None:
    # It was dated by a version that a later one of its scope had replaced by then: the date says more than the table.
    text = record(policy=version(2, YEARS_6, 3))
    policies = [DEFAULT, version(2, YEARS_6, 3), version(3, DAYS_400, 5)]
    assert due(text, policies)[0] == text.expires_at
    assert due(text, [*policies, version(4, DAYS_400, 20, ONE_NUMBER, existing=True)])[0] == text.expires_at
    assert due(text, [*policies, version(4, DAYS_500, 20, existing=True)])[0] == DAYS_500.after(NOW)


def test_what_was_in_force_when_a_text_came_in_is_told_from_the_entry_right_after_it() -> None:
    long = version(2, YEARS_6, 8)
    ours, shorter = version(3, YEARS_3, 9, ONE_NUMBER), version(4, DAYS_500, 11, ONE_NUMBER)
    redated = version(5, DAYS_400, 12, existing=True)
    assert due(record(serial=10, policy=long), [DEFAULT, long, ours, shorter, redated]) == (YEARS_3.after(NOW), ours)


def test_of_policies_that_keep_a_text_equally_long_the_oldest_is_named() -> None:
    again = [version(2, DAYS_400, 20), version(3, DAYS_400, 30, ONE_NUMBER)]
    assert due(record(), [DEFAULT, *again])[1] == DEFAULT
    assert longest([*again[::-1], DEFAULT], OURS, CAMPAIGN, NOW, NOW) == (DAYS_400.after(NOW), DEFAULT)


def test_the_longest_of_those_that_apply_dates_a_new_text() -> None:
    policies = [DEFAULT, version(2, YEARS_3, 2, ONE_NUMBER), version(3, YEARS_6, 3, Scope(campaign="COTHER"))]
    assert longest(policies, OURS, CAMPAIGN, NOW, NOW) == (YEARS_3.after(NOW), policies[1])
    assert longest(policies, "+1", None, NOW, NOW) == (DAYS_400.after(NOW), DEFAULT)
    assert longest(policies, OURS, "COTHER", NOW, NOW) == (YEARS_6.after(NOW), policies[2])


@pytest.mark.parametrize(
    ("one", "other", "never_shorter"),
    [
        (YEARS_3, Period(days=1_095), True),
        (YEARS_3, Period(days=1_096), False),
        (Period(days=1_095), YEARS_3, False),
        (Period(days=1_096), YEARS_3, True),
        # From March 2097 four years have no leap day at all, since 2100 has none.
        (Period(years=4), Period(days=1_461), False),
        (Period(years=4), Period(days=1_460), True),
        (Period(days=1_460), Period(years=4), False),
        (Period(days=1_461), Period(years=4), True),
        # Eight, from March 2096, have one of two, and a century is allowed to lack two of its twenty-five.
        (Period(years=8), Period(days=2_921), True),
        (Period(years=8), Period(days=2_922), False),
        (Period(years=100), Period(days=36_523), True),
        (Period(years=100), Period(days=36_524), False),
        (Period(days=1_826), Period(years=5), False),
        (Period(days=1_827), Period(years=5), True),
        (DAYS_400, DAYS_400, True),
        (YEARS_3, YEARS_3, True),
    ],
)
def test_days_and_years_are_compared_by_the_worst_case(one: Period, other: Period, never_shorter: bool) -> None:
    assert one.never_shorter_than(other) == never_shorter


@pytest.mark.parametrize(
    ("anchor", "years", "over"),
    [
        ("2024-02-29T12:00:00", 3, "2027-03-01T12:00:00"),
        ("2024-02-29T12:00:00", 4, "2028-02-29T12:00:00"),
        ("2096-02-29T12:00:00", 4, "2100-03-01T12:00:00"),
        ("1996-02-29T12:00:00", 4, "2000-02-29T12:00:00"),
        ("2026-11-23T09:00:00", 5, "2031-11-23T09:00:00"),
        ("2026-12-31T23:59:59", 6, "2032-12-31T23:59:59"),
    ],
)
def test_years_are_years_of_the_calendar(anchor: str, years: int, over: str) -> None:
    begin, end = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (anchor, over))
    assert Period(years=years).after(begin) == end


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        ({}, "A period is either days or years."),
        ({"days": 400, "years": 3}, "A period is either days or years."),
        ({"days": 399}, "A period has 400 to 36,600 days."),
        ({"days": 0}, "A period has 400 to 36,600 days."),
        ({"days": 36_601}, "A period has 400 to 36,600 days."),
        ({"years": 1}, "A period has 2 to 100 years."),
        ({"years": 101}, "A period has 2 to 100 years."),
    ],
)
def test_no_period_is_below_the_floor_or_without_reason(wrong: dict[str, int], because: str) -> None:
    with pytest.raises(ValueError) as raised:
        Period(**wrong)
    assert str(raised.value) == because
    for allowed in ({"days": 400}, {"days": 36_600}, {"years": 2}, {"years": 100}):
        assert Period(**allowed).never_shorter_than(DAYS_400)


def test_a_scope_is_one_number_or_one_campaign_or_everything() -> None:
    with pytest.raises(ValueError) as raised:
        Scope(number=OURS, campaign=CAMPAIGN)
    assert str(raised.value) == "A policy is for a number or for a campaign, not for both."
    covered = [scope.covers(OURS, CAMPAIGN) for scope in (EVERYTHING, ONE_NUMBER, ONE_CAMPAIGN)]
    assert (covered, ONE_CAMPAIGN.covers(OURS, None), ONE_NUMBER.covers("+1", None)) == ([True] * 3, False, False)


def test_the_newest_version_for_each_scope_is_in_force() -> None:
    old, ours, new = version(2, YEARS_3, 20), version(3, YEARS_6, 30, ONE_NUMBER), version(4, DAYS_500, 40)
    assert in_force([new, ours, DEFAULT, old]) == [new, ours]
    assert in_force([]) == []


def test_the_first_day_that_nobody_can_have_planned_is_the_one_after_the_week_ahead() -> None:
    assert first_plannable(date(2026, 11, 23)) == date(2026, 12, 1)


def test_a_period_says_how_long_it_is() -> None:
    assert [str(period) for period in (DAYS_400, YEARS_3)] == ["400 days", "3 years"]


periods = st.one_of(st.builds(Period, days=st.integers(400, 4_000)), st.builds(Period, years=st.integers(2, 12)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(one=periods, other=periods, anchor=moments)
def test_never_shorter_means_never_shorter(one: Period, other: Period, anchor: datetime) -> None:
    if one.never_shorter_than(other):
        assert one.after(anchor) >= other.after(anchor)
    else:
        assert one != other
    assert one.never_shorter_than(one)


@given(period=periods, anchor=moments)
def test_no_period_is_over_before_the_floor(period: Period, anchor: datetime) -> None:
    assert period.after(anchor) >= anchor + timedelta(days=400)


# --- Random histories ---

scopes = st.sampled_from([EVERYTHING, ONE_NUMBER, ONE_CAMPAIGN, Scope(number="+12125550199"), Scope(campaign="COTHER")])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("policy"), scopes, periods, st.booleans()),
        st.tuples(
            st.just("text"),
            st.sampled_from([OURS, "+12125550199"]),
            st.sampled_from([None, CAMPAIGN, "COTHER"]),
            st.one_of(st.none(), st.integers(0, 3_000)),
        ),
        st.tuples(st.just("hold"), st.integers(0, 20)),
        st.tuples(st.just("release"), st.integers(0, 20)),
        st.tuples(st.just("wait"), st.integers(1, 700)),
    ),
    max_size=25,
)


class History:
    """What was decided and what came in, kept in the plainest way: for each text every date that it was promised."""

    def __init__(self) -> None:
        self.now, self.entry = NOW, 0
        self.policies = [DEFAULT]
        self.texts: list[tuple[Dated, datetime]] = []
        self.promised: list[dict[Scope, list[datetime]]] = []
        self.held: set[int] = set()

    def play(self, step: tuple) -> None:  # type: ignore[type-arg]
        self.entry += 1
        name, *values = step
        getattr(self, name)(*values)

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def policy(self, scope: Scope, period: Period, existing: bool) -> None:
        self.policies.append(Policy(len(self.policies) + 1, scope, period, self.entry, existing, self.now))
        for (text, anchor), promised in zip(self.texts, self.promised, strict=True):
            if scope.covers(text.own_number, text.campaign):
                if existing:
                    promised[scope] = []
                promised.setdefault(scope, []).append(dated(anchor, text.received_at, period))

    def text(self, number: str, campaign: str | None, age: int | None) -> None:
        sent_at = None if age is None else self.now - timedelta(days=age)
        anchor, policies = sent_at or self.now, in_force(self.policies)
        expires_at, policy = longest(policies, number, campaign, anchor, self.now)
        text = Dated(self.entry, number, campaign, policy.version, self.now, sent_at, expires_at)
        self.texts.append((text, anchor))
        applying = [policy for policy in policies if policy.scope.covers(number, campaign)]
        self.promised.append({one.scope: [dated(anchor, self.now, one.period)] for one in applying})

    def hold(self, which: int) -> None:
        self.held.add(which)

    def release(self, which: int) -> None:
        self.held.discard(which)


@given(history=steps)
def test_no_history_lets_anything_go_early_or_under_a_hold_or_keeps_it_for_ever(history: list) -> None:  # type: ignore[type-arg]
    world = History()
    for step in history:
        world.play(step)
        for number, ((text, anchor), promised) in enumerate(zip(world.texts, world.promised, strict=True)):
            holds = ["hld"] if number in world.held else []
            verdict = decide(text, world.policies, holds, world.now)
            until = max(max(dates) for dates in promised.values() if dates)
            assert verdict.due_at == until
            assert verdict.may_go == (not holds and world.now >= until)
            assert verdict.due_at >= max(anchor + timedelta(days=400), text.received_at + MINIMUM_RESIDENCY)
            assert anchor_of(text, world.policies)[1] == anchor
