"""The client of Webex: it comes with everything or says why not, and hands its token to nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest

from archive.asking import ATTEMPTS, AskedToWait, Refused
from archive.core.errors import BadInput, NotReady
from archive.webex.client import WebexClient
from tests.webex.fake_webex import TOKEN, FakeWebex, fake_webex


@pytest.fixture
def webex() -> Iterator[FakeWebex]:
    with fake_webex() as server:
        server.lists["/v1/locations"] = [{"id": str(at)} for at in range(5)]
        yield server


@pytest.fixture
def waits() -> list[float]:
    """The seconds for which the client would have slept."""
    return []


@pytest.fixture
def client(webex: FakeWebex, waits: list[float]) -> WebexClient:
    return WebexClient(webex.url, TOKEN, waits.append, patience=0.2, chance=lambda: 0.0)


def listed(client: WebexClient) -> list[str]:
    return [one["id"] for one in client.listed("/locations", "items", max=1_000)]


def test_all_pages_are_read(client: WebexClient, webex: FakeWebex, waits: list[float]) -> None:
    assert listed(client) == list("01234")
    assert webex.asked == ["/v1/locations?max=1000"] + [f"/v1/locations?max=1000&start={start}" for start in (2, 4)]
    assert waits == []


def test_it_comes_back_when_it_is_told_to(client: WebexClient, webex: FakeWebex, waits: list[float]) -> None:
    webex.faults = [(429, 7), (429, None)]
    assert listed(client) == list("01234")
    assert waits == [7, 2]
    webex.faults = [(429, 100_000)]
    with pytest.raises(AskedToWait, match="left alone for 100,000 seconds"):
        listed(client)
    assert waits == [7, 2], "nobody waits for as long as that"


@pytest.mark.parametrize("fault", [500, 503, "cut", "hang up", "hang"])
def test_what_fails_once_is_asked_again(client: WebexClient, webex: FakeWebex, waits: list[float], fault: Any) -> None:
    webex.faults = [fault]
    assert listed(client) == list("01234")
    assert waits == [1]


@pytest.mark.parametrize("fault", [502, "cut", "hang up", (429, 1)])
def test_what_goes_on_failing_is_given_up(
    client: WebexClient, webex: FakeWebex, waits: list[float], fault: Any
) -> None:
    webex.faults = [fault] * 50
    with pytest.raises(NotReady, match="did not answer /locations"):
        listed(client)
    assert len(webex.asked) == ATTEMPTS
    assert len(waits) == ATTEMPTS - 1


def test_a_list_that_is_cut_off_between_its_pages_is_no_list(client: WebexClient, webex: FakeWebex) -> None:
    assert client.listed("/locations", "items", max=1_000)
    webex.faults = []
    whole = webex.lists["/v1/locations"]
    webex.lists["/v1/locations"] = whole[:3]
    webex.elsewhere = "http://127.0.0.1:9"
    with pytest.raises(NotReady, match="lead in a circle, or elsewhere"):
        listed(client)


def test_the_token_follows_no_link_and_no_redirect(client: WebexClient, webex: FakeWebex) -> None:
    with fake_webex() as thief:
        webex.elsewhere = thief.url.removesuffix("/v1")
        with pytest.raises(NotReady):
            listed(client)
        webex.faults = [302]
        with pytest.raises(Refused):
            listed(client)
        assert thief.asked == []


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"other": []}', b'{"items": {}}', b"\xff"])
def test_an_answer_of_something_else_is_refused(client: WebexClient, webex: FakeWebex, body: bytes) -> None:
    webex.faults = [body]
    with pytest.raises(NotReady, match="What Webex answers to /locations"):
        listed(client)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_what_is_refused_is_not_asked_again(client: WebexClient, webex: FakeWebex, status: int) -> None:
    webex.faults = [status]
    with pytest.raises(Refused) as problem:
        client.one("/locations/x")
    assert problem.value.status == status
    assert len(webex.asked) == 1


def test_a_token_that_is_not_accepted_is_no_fault_of_the_network(webex: FakeWebex, waits: list[float]) -> None:
    with pytest.raises(NotReady, match="doesn't accept the token") as problem:
        listed(WebexClient(webex.url, "another-token", waits.append))
    assert "another-token" not in str(problem.value)
    assert waits == []


def test_a_server_that_is_not_there_is_told(waits: list[float]) -> None:
    with pytest.raises(NotReady, match="did not answer") as problem:
        listed(WebexClient("http://127.0.0.1:9/v1", TOKEN, waits.append))
    assert TOKEN not in str(problem.value)


def test_a_token_is_sent_over_tls_only(waits: list[float]) -> None:
    with pytest.raises(BadInput, match="not https"):
        WebexClient("http://webex.example/v1", TOKEN, waits.append)
