import time

import pytest

from archive.access.throttle import RetryLater
from archive.http.addresses import safe_address
from archive.http.buckets import Buckets
from tests.browsing import Browser


@pytest.mark.parametrize("own", ["/", "/search?q=a%20b", "/messages/17#m17"])
def test_an_address_of_ours_is_followed(own: str) -> None:
    assert safe_address(own, "/x") == own


@pytest.mark.parametrize(
    "other",
    [None, "", "search", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil", "/a\nb", "/ b"],
)
def test_any_other_address_is_not(other: str | None) -> None:
    assert safe_address(other, "/x") == "/x"


def test_a_bucket_empties_and_fills_again_and_is_one_key_s_own() -> None:
    now = [0.0]
    buckets = Buckets(a_second=2, at_once=3, timer=lambda: now[0])
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(RetryLater) as refused:
        buckets.take("a")
    assert refused.value.seconds == 1
    buckets.take("b")
    now[0] = 0.5
    buckets.take("a")
    with pytest.raises(RetryLater):
        buckets.take("a")


def test_a_bucket_costs_microseconds() -> None:
    buckets = Buckets(at_once=1e9)
    best = min(_seconds_of_a_thousand(buckets) for _ in range(5))
    assert best / 1000 < 20e-6  # A busy machine; on a quiet one it is below one.


def _seconds_of_a_thousand(buckets: Buckets) -> float:
    begun = time.perf_counter()
    for _ in range(1000):
        buckets.take("a")
    return time.perf_counter() - begun


def test_health_is_one_word(browser: Browser) -> None:
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
