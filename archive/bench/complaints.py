"""Spam reports under load, beside a trivial page of the same server in the same run.

Taking in    reports one after the other in transactions of 500, as a carrier's list is taken in.
Comparing    each with the texts it may be about, as the job does it.
Pages        of a person who is signed in, with all the reports in the queue; one request after the other.
Flood        the public form, so many times a second from one address, which is soon told to wait; meanwhile others
             report from addresses of their own, and open the form.
"""

import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from archive.access.people import list_people
from archive.access.sessions import open_session
from archive.bench.corpus import OWN_NUMBERS, Corpus
from archive.bench.intake import fresh_settings
from archive.bench.servers import free_port, running
from archive.core.actor import OPERATOR
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.setting_up import set_up_organisation
from archive.settings import Settings
from archive.spam.finding import compare_new
from archive.spam.model import Claim, NewReport, Said, Source
from archive.spam.reading import list_reports
from archive.spam.recording import take_report
from archive.spam.store import Wanted
from archive.wiring import Archive, build

AT_ONCE = 500
EACH = 60
"""Requests of each page."""
A_SECOND = 50
FLOODER = "203.0.113.7"
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Measured:
    """`rates` a second; `times`: what was asked → seconds of each request; `statuses` of the flood."""

    rates: dict[str, float] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)

    def median(self, name: str) -> float:
        return statistics.median(self.times[name])

    def slow(self, name: str) -> float:
        """Of twenty requests the slowest but one."""
        return statistics.quantiles(self.times[name], n=20)[-1]


def measure_complaints(
    folder: Path, messages: int, reports: int, seconds: float, say: Callable[[str], None]
) -> Measured:
    settings, measured = fresh_settings(folder / "archive"), Measured()
    archive = build(settings)
    say(f"{messages:,} texts and {reports:,} reports")
    cookie, report_id = _filled(archive, messages, reports, measured)
    archive.engine.dispose()
    say("a trivial page")
    _trivial(measured)
    with _serving(settings) as connection:
        say("pages with all reports in the queue")
        _pages(connection, cookie, report_id, measured)
        say(f"the form, {A_SECOND} times a second from one address")
        _flood(connection, seconds, measured)
    return measured


def _filled(archive: Archive, messages: int, reports: int, measured: Measured) -> tuple[str, str]:
    """(cookie of somebody who is signed in, one of the reports)."""
    made = set_up_organisation(archive, "Bench", "bench@example.com")
    org_id, corpus = made.row.id, Corpus()
    with archive.transactions.write(org_id, OPERATOR) as tx:
        for number in OWN_NUMBERS:
            add_number(tx, number, state=NumberState.AUTHORISED)
        token = open_session(tx, list_people(tx)[0].id, address="", agent="")
        list_people(tx)[0].must_change_password = False
    for start in range(0, messages, AT_ONCE):
        with archive.transactions.write(org_id, OPERATOR) as tx:
            receive(tx, [arrival(line, tx.now, "bench") for line in corpus.lines(min(AT_ONCE, messages - start))])
    begin = time.perf_counter()
    for start in range(0, reports, AT_ONCE):
        with archive.transactions.write(org_id, OPERATOR) as tx:
            for count in range(start, min(start + AT_ONCE, reports)):
                take_report(tx, _report(count, Claim(tx.now - timedelta(hours=2), tx.now)))
    measured.rates["taking reports in"] = reports / (time.perf_counter() - begin)
    begin = time.perf_counter()
    compare_new(archive.transactions, org_id)
    measured.rates["comparing them with texts"] = reports / (time.perf_counter() - begin)
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return f"session={token}", list_reports(tx, Wanted(), 1)[0].id


def _report(number: int, claim: Claim) -> NewReport:
    words = f"Your parcel {number} is waiting, pay the small fee today"
    said = Said(f"+1415{number % 10_000_000:07}", words=words)
    return NewReport(Source.API, OWN_NUMBERS[number % len(OWN_NUMBERS)], said, claim)


def _trivial(measured: Measured) -> None:
    port = free_port()
    with running(["archive.bench.trivial", str(port)], {}, port) as address:
        connection = HTTPConnection(*address)
        headers = {"Content-Type": "application/json"}
        for _ in range(2 * EACH):
            _timed(measured, "a trivial page", connection, "POST", "/", b"{}", headers)


@contextmanager
def _serving(settings: Settings) -> Iterator[Callable[[], HTTPConnection]]:
    """Makes connections to the server, which takes the address of who asks from a header, as behind a proxy."""
    port = free_port()
    environment = {"TEXTARCHIVE_DATA": str(settings.data), "TEXTARCHIVE_TRUSTED_PROXIES": "1"}
    with running(["archive", "serve", "--no-jobs", "--port", str(port)], environment, port) as address:
        yield lambda: HTTPConnection(*address)


def _pages(connect: Callable[[], HTTPConnection], cookie: str, report_id: str, measured: Measured) -> None:
    connection, headers = connect(), {"Cookie": cookie}
    pages = {
        "the queue, due first": "/spam-reports",
        "the queue, newest first, all": "/spam-reports?state=all&order=newest",
        "one report": f"/spam-reports/{report_id}",
    }
    for name, path in pages.items():
        for _ in range(EACH):
            _timed(measured, name, connection, "GET", path, None, headers)


def _flood(connect: Callable[[], HTTPConnection], seconds: float, measured: Measured) -> None:
    """One address sends at its pace in a thread of its own, and two others as people do."""
    end = time.perf_counter() + seconds
    flooder = threading.Thread(target=_send_often, args=(connect(), end, measured))
    others = threading.Thread(target=_send_seldom, args=(connect(), end, measured))
    flooder.start()
    others.start()
    reader = connect()
    while time.perf_counter() < end:
        _timed(measured, "opening the form meanwhile", reader, "GET", "/report-spam", None, {})
        time.sleep(0.1)
    flooder.join()
    others.join()


def _send_often(connection: HTTPConnection, end: float, measured: Measured) -> None:
    body, headers = _form(connection, FLOODER)
    due = time.perf_counter()
    while due < end:
        time.sleep(max(0.0, due - time.perf_counter()))
        due += 1 / A_SECOND
        begin = time.perf_counter()
        status = _ask(connection, "POST", "/report-spam", body, headers)
        name = "the form, refused (429)" if status == 429 else "the form, taken"  # noqa: PLR2004
        measured.times.setdefault(name, []).append(time.perf_counter() - begin)
        measured.statuses[status] = measured.statuses.get(status, 0) + 1


def _send_seldom(connection: HTTPConnection, end: float, measured: Measured) -> None:
    number = 0
    body, headers = _form(connection, FLOODER)
    while time.perf_counter() < end:
        number += 1
        mine = {**headers, "X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}"}
        _timed(measured, "a report of somebody else meanwhile", connection, "POST", "/report-spam", body, mine)
        time.sleep(0.1)


def _form(connection: HTTPConnection, address: str) -> tuple[bytes, dict[str, str]]:
    """(a report, headers) as a browser sends them."""
    connection.request("GET", "/report-spam")
    answer = connection.getresponse()
    cookie, found = answer.getheader("Set-Cookie", "").partition(";")[0], _TOKEN.search(answer.read())
    assert found
    fields = {"csrf_token": found[1].decode(), "own_number": OWN_NUMBERS[0], "words": "Your parcel is waiting"}
    headers = {"Cookie": cookie, "X-Forwarded-For": address, "Content-Type": "application/x-www-form-urlencoded"}
    return urlencode(fields).encode(), headers


def _timed(
    measured: Measured,
    name: str,
    connection: HTTPConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
) -> None:
    begin = time.perf_counter()
    status = _ask(connection, method, path, body, headers)
    measured.times.setdefault(name, []).append(time.perf_counter() - begin)
    assert status in {200, 201, 303}, f"{method} {path} was answered with {status}"


def _ask(connection: HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> int:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status
