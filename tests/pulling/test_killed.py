"""A run in a process of its own that is killed with SIGKILL while it waits for a page."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from archive.access.organisations import create_organisation
from archive.core.actor import OPERATOR
from archive.core.clock import system_clock
from archive.core.errors import Conflict
from archive.keys.local_kms import make_master_key
from archive.messages.actions import read_messages
from archive.settings import read_settings
from archive.wiring import build
from tests.pulling.fake_lists import Answer, FakeLists, Query
from tests.pulling.listing import ACCOUNT, LIST_OF_TWILIO, list_twilio, of_twilio, pull, readable

PROJECT = Path(__file__).parents[2]


def test_what_was_taken_in_is_there_and_the_next_run_brings_the_rest(lists: FakeLists, tmp_path: Path) -> None:
    environment = {"TEXTARCHIVE_DATA": str(tmp_path / "data"), "TEXTARCHIVE_PROVIDER_URLS": f"twilio={lists.url}"}
    settings = read_settings(environment)
    make_master_key(settings.master_key_file)
    archive = build(settings)
    organisation = create_organisation(archive.transactions, "Harbour Wealth", OPERATOR, settings.public_url)
    readable(archive, organisation, lists)
    running: list[subprocess.Popen[bytes]] = []
    list_twilio(lists, [of_twilio(number) for number in range(5)], day=f"{system_clock():%Y-%m-%d}")
    serve = lists.answers[LIST_OF_TWILIO]

    def kill_at_the_second_page(query: Query) -> Answer:
        if query.get("Page") == "1":
            os.kill(running[0].pid, signal.SIGKILL)
        return serve(query)

    lists.answers[LIST_OF_TWILIO] = kill_at_the_second_page
    command = [sys.executable, "-m", "archive", "pull", "twilio", ACCOUNT]
    running.append(subprocess.Popen(command, env={**environment, "PYTHONPATH": str(PROJECT)}, cwd=tmp_path))
    assert running[0].wait(60) == -signal.SIGKILL
    lists.answers[LIST_OF_TWILIO] = serve
    with pytest.raises(Conflict, match="being read already"):
        pull(archive, organisation)
    later = build(settings, clock=lambda: system_clock() + timedelta(minutes=21))
    run = pull(later, organisation)
    assert (run.brought.new, run.brought.duplicates) == (3, 0)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        texts = [one.content.text for one in read_messages(tx, range(1, tx.ledger_size + 1))]
    assert texts == [f"text {number}" for number in range(5)]
    for each in (archive, later):
        each.engine.dispose()
