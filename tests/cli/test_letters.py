"""Letters as an operator types about them."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.letters.model import Letter
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.letters import papers
from tests.letters.signing import NEEDS, sign


@pytest.fixture
def letter(archive: Archive, organisation: OrganisationRow) -> Letter:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, NEEDS, state=NumberState.LOA_REQUIRED)
    return sign(archive, organisation, NEEDS)


def test_letters_are_listed_shown_and_written(terminal: Terminal, letter: Letter, tmp_path: Path) -> None:
    assert f"{letter.id}  fresh" in terminal("letter", "list").out
    shown = json.loads(terminal("letter", "show", letter.id, "--json").out)
    assert (shown["state"], shown["evidence"]["signer"]["first_name"]) == ("fresh", "Dana")
    assert json.loads(terminal("letter", "list", "--json").out) == [shown]
    assert "Dana Whitfield, Chief Operating Officer" in terminal("letter", "show", letter.id).out
    assert letter.evidence
    assert terminal("letter", "show", letter.id, "--words").out == letter.evidence.text
    file = tmp_path / "letter.pdf"
    assert terminal("letter", "pdf", letter.id, str(file)).code == 0
    assert sha256(file.read_bytes()).hexdigest() == letter.pdf_sha256
    assert f"rests on letter {letter.id}" in terminal("number", "show", NEEDS).out


def test_a_letter_is_verified_and_revoked(terminal: Terminal, letter: Letter) -> None:
    assert terminal("letter", "verify", letter.id).out == f"Good. {letter.id} is what the ledger says.\n"
    assert "Withdrawn: +1 (212) 555-0123" in terminal("letter", "revoke", letter.id, "--reason", "Left").out
    assert terminal("letter", "revoke", letter.id, "--reason", "Left").code == 1
    assert "revoked" in terminal("letter", "show", letter.id).out
    refused = terminal("number", "state", NEEDS, "authorised")
    assert "needs a Letter of Authorization" in refused.err
    assert "There is no letter" in terminal("letter", "show", "loa_none").err


@pytest.mark.tampers
def test_a_letter_that_was_changed_is_not_good(terminal: Terminal, archive: Archive, letter: Letter) -> None:
    with archive.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE letter SET form = 'paper'")
    ran = terminal("letter", "verify", letter.id, "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["good"] is False


def test_the_policy_is_shown_and_set(terminal: Terminal, organisation: OrganisationRow) -> None:
    assert "until they are revoked, and kept 4 years" in terminal("letter", "policy").out
    assert (
        "for 365 days, and kept 6 years" in terminal("letter", "policy", "--valid-days", "365", "--keep-years", "6").out
    )
    assert json.loads(terminal("letter", "policy", "--valid-days", "none", "--json").out) == {
        "valid_days": None,
        "keep_years": 6,
    }
    assert "can't be made less" in terminal("letter", "policy", "--keep-years", "5").err
    assert "no number of days" in terminal("letter", "policy", "--valid-days", "soon").err


def test_a_letter_on_paper_is_uploaded(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, NEEDS, state=NumberState.LOA_REQUIRED)
    file = tmp_path / "scan.pdf"
    file.write_bytes(papers.scan())
    words = ("--number", NEEDS, "--signed-on", "2026-11-20", "--first-name", "Dana", "--last-name", "Whitfield")
    more = ("--title", "COO", "--legal-name", "Harbour Wealth", "--provider", "Twilio")
    taken = json.loads(terminal("letter", "upload", str(file), *words, *more, "--json").out)
    assert (taken["form"], taken["pdf_sha256"]) == ("paper", sha256(file.read_bytes()).hexdigest())
    assert terminal("letter", "verify", taken["id"]).code == 0
    file.write_bytes(papers.with_file())
    assert "It holds other files." in terminal("letter", "upload", str(file), *words, *more).err


def test_a_provider_s_form_is_filled(terminal: Terminal, letter: Letter) -> None:
    webex = terminal("letter", "fields", letter.id, "--form", "webex_business_texting")
    assert webex.code == 0
    assert "last name                        Whitfield" in webex.out
    twilio = terminal("letter", "fields", letter.id, "--form", "twilio_hosted", "--json")
    assert twilio.code == 1
    assert json.loads(twilio.out)["complete"] is False
