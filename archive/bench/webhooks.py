"""Webhooks at a fixed pace, beside a trivial endpoint of the same server at the same pace.

A provider does not wait for an answer before it sends what comes next. So each request has its moment, and is as old
as that moment says, however long it stood in line before it could be sent.
"""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import msgspec

from archive.bench.corpus import OWN_NUMBERS, Corpus
from archive.bench.intake import fresh_settings
from archive.bench.load import http_request, seconds_to_answers
from archive.bench.servers import free_port, running
from archive.core.actor import OPERATOR
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.providers.accounts import connect
from archive.providers.model import hook_path
from archive.providers.signing import signed_base64
from archive.setting_up import set_up_organisation
from archive.settings import Settings
from archive.wiring import build

ACCOUNT, SECRET = "AC0123456789", "a secret for measuring"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds from when each request should have been sent until its answer was here."""

    seconds: list[float]

    def median(self) -> float:
        return statistics.median(self.seconds)

    def slow(self) -> float:
        """Of a hundred requests the slowest but one."""
        return statistics.quantiles(self.seconds, n=100)[-1]

    def slowest(self) -> float:
        return max(self.seconds)


def measure_webhooks(folder: Path, a_second: int, seconds: float) -> dict[str, Answered]:
    """A trivial endpoint first, then the webhook, of which each answer comes after the commit."""
    count = int(a_second * seconds)
    port = free_port()
    with running(["archive.bench.trivial", str(port)], {}, port) as address:
        trivial = Answered(seconds_to_answers(address, map(_posted, Corpus().lines(count)), a_second, 201))
    settings = fresh_settings(folder / "archive")
    _connect(settings)
    port = free_port()
    environment = {"TEXTARCHIVE_DATA": str(settings.data)}
    with running(["archive", "serve", "--no-jobs", "--port", str(port)], environment, port) as address:
        hooked = Answered(seconds_to_answers(address, _signed(settings.public_url, count), a_second, 200))
    return {"a trivial endpoint": trivial, "a webhook": hooked}


def _posted(body: bytes) -> bytes:
    return http_request("/", body)


def _connect(settings: Settings) -> None:
    archive = build(settings)
    made = set_up_organisation(archive, "Bench", "bench@example.com")
    with archive.transactions.write(made.row.id, OPERATOR) as tx:
        for number in OWN_NUMBERS:
            add_number(tx, number, state=NumberState.AUTHORISED)
        connect(tx, "twilio", ACCOUNT, SECRET)
    archive.engine.dispose()


def _signed(public_url: str, count: int) -> Iterator[bytes]:
    """Texts that come in, as forms that Twilio would sign."""
    path = hook_path("twilio", ACCOUNT)
    for line in Corpus().lines(count):
        text = msgspec.json.decode(line)
        form = {"Body": text["text"], "From": text["from"], "MessageSid": text["provider_id"], "To": text["to"][0]}
        signed = f"{public_url}{path}" + "".join(name + value for name, value in sorted(form.items()))
        signature = signed_base64(SECRET, signed.encode(), "sha1")
        yield http_request(path, urlencode(form).encode(), {"X-Twilio-Signature": signature}, FORM)
