"""The one client for other people's servers, before one that misbehaves in every way that we could think of."""

from typing import Any

import pytest

from archive.asking import ATTEMPTS, AskedToWait, Asker, NotAccepted, Refused, Server
from archive.core.errors import BadInput, NotReady
from tests.pulling.fake_lists import FakeLists, fake_lists

SECRET = "Basic c2VjcmV0"


@pytest.fixture
def waits() -> list[float]:
    """The seconds for which it would have slept."""
    return []


def server_of(base: str, pace: float = 0) -> Server:
    return Server("Twilio", base, {"Authorization": SECRET}, "credentials", "Login.", "Access.", "Address.", pace)


def asker(lists: FakeLists, waits: list[float], **more: Any) -> Asker:
    lists.answers["/v2/list"] = lambda query: (200, {"messages": [], **query})
    return Asker(server_of(f"{lists.url}/v2"), waits.append, patience=0.2, chance=lambda: 0.5, **more)


@pytest.mark.parametrize("fault", [500, 503, 408, "cut", "hang", (429, {})])
def test_what_fails_once_is_asked_again_a_little_later(lists: FakeLists, waits: list[float], fault: Any) -> None:
    ready = asker(lists, waits)
    lists.faults = [fault, fault]
    assert ready.get("/list?a=1").body == b'{"messages": [], "a": "1"}'
    assert waits == [1.25, 2.5], "scattered, so that not all come at once"


def test_it_comes_back_when_it_is_told_to_in_seconds_or_by_the_servers_clock(
    lists: FakeLists, waits: list[float]
) -> None:
    ready = asker(lists, waits)
    at = {"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    past = {**at, "Retry-After": "Wed, 21 Oct 2026 07:00:00 GMT"}
    lists.faults = [(429, {"Retry-After": "7"}), (503, at), (429, past), (429, {"Retry-After": "soon"})]
    assert ready.get("/list")
    # The server sends a Date of its own before ours; where two disagree nothing is believed.
    assert waits[0] == 7
    assert len(waits) == 4
    lists.faults = [(429, {"Retry-After": "86400"})]
    with pytest.raises(AskedToWait) as problem:
        ready.get("/list")
    assert problem.value.seconds == 86_400


@pytest.mark.parametrize("fault", [502, "cut", "hang"])
def test_what_goes_on_failing_is_given_up_without_a_word_of_what_was_asked(
    lists: FakeLists, waits: list[float], fault: Any
) -> None:
    ready = asker(lists, waits)
    lists.faults = [fault] * 50
    with pytest.raises(NotReady, match="Twilio did not answer /list after") as problem:
        ready.get("/list?to=%2B14155550188")
    assert len(lists.asked) == ATTEMPTS
    assert "4155550188" not in str(problem.value)
    assert SECRET not in str(problem.value)


def test_an_answer_that_comes_byte_by_byte_is_given_up_as_well(lists: FakeLists, waits: list[float]) -> None:
    seconds = iter(range(0, 100_000, 20))
    ready = asker(lists, waits, timer=lambda: float(next(seconds)))
    lists.faults = ["drip"] * ATTEMPTS
    with pytest.raises(NotReady, match="ReadTimeoutError"):
        ready.get("/list")


def test_an_answer_has_a_size_that_it_can_have(lists: FakeLists, waits: list[float]) -> None:
    ready = asker(lists, waits)
    lists.faults = ["huge"]
    with pytest.raises(NotReady, match="larger than 20 MB"):
        ready.get("/list")
    assert ready.get("/list").body, "and the next answer is not the rest of that one"


@pytest.mark.parametrize(("fault", "error"), [(401, NotAccepted), (400, Refused), (403, Refused), (404, Refused)])
def test_what_is_refused_is_not_asked_again(
    lists: FakeLists, waits: list[float], fault: int, error: type[NotReady]
) -> None:
    ready = asker(lists, waits)
    lists.faults = [fault]
    with pytest.raises(error):
        ready.get("/list")
    assert (len(lists.asked), waits) == (1, [])


def test_credentials_follow_no_redirect_and_no_address_of_somebody_else(lists: FakeLists, waits: list[float]) -> None:
    ready = asker(lists, waits)
    with fake_lists() as thief:
        lists.faults = [(302, {"Location": f"{thief.url}/v2/list"})]
        with pytest.raises(Refused):
            ready.get("/list")
        for elsewhere in (f"{thief.url}/v2/list", "https://[", "//evil.example/", "file:///etc/passwd", "list"):
            with pytest.raises(NotReady):
                ready.get(elsewhere)
        assert thief.asked == []
    assert ready.get(f"{lists.url}/v2/list").body
    assert set(lists.presented) == {SECRET}


def test_what_must_not_be_read_on_its_way_is_sent_over_tls_only(waits: list[float]) -> None:
    with pytest.raises(BadInput, match="not https"):
        Asker(server_of("http://api.twilio.example"), waits.append)


def test_requests_keep_their_distance(lists: FakeLists, waits: list[float]) -> None:
    lists.answers["/list"] = lambda _: (200, {})
    ready = Asker(server_of(lists.url, pace=0.5), waits.append, timer=lambda: 100.0)
    ready.get("/list")
    ready.get("/list")
    assert waits == [0.5]


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000, b'{"a": NaN}'])
def test_an_answer_of_something_else_is_no_json(lists: FakeLists, waits: list[float], body: bytes) -> None:
    ready = asker(lists, waits)
    lists.faults = [body]
    with pytest.raises(NotReady, match="is no JSON"):
        ready.decoded(ready.get("/list"), "/list")
