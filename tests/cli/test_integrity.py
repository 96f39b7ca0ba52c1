"""verify, checkpoint, key, proof and verify-proof, as an operator, an auditor and a stranger type them."""

import itertools
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.wiring import Archive
from tests.cli.running import Terminal, run_alone
from tests.items import line, take_in

Serials = list[int]


@pytest.fixture
def kept(terminal: Terminal, serials: Serials, tmp_path: Path) -> tuple[str, str]:
    """(a checkpoint's file, the public key's file), as somebody keeps them elsewhere."""
    note, key = tmp_path / "kept.note", tmp_path / "archive.pub"
    note.write_text(terminal("checkpoint").out)
    key.write_text(terminal("key").out)
    return str(note), str(key)


def tamper(archive: Archive, statement: str) -> None:
    with archive.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount


def test_what_is_unchanged_ends_with_zero(terminal: Terminal, serials: Serials, kept: tuple[str, str]) -> None:
    ran = terminal("verify")
    assert ran.code == 0
    assert "Harbour Wealth: unchanged." in ran.out
    assert terminal("verify", "--checkpoint", kept[0], "--public-key", kept[1]).code == 0
    assert terminal("verify", "--checkpoint", kept[0], "--public-key", Path(kept[1]).read_text().strip()).code == 0


def test_verify_answers_in_json(terminal: Terminal, archive: Archive, serials: Serials) -> None:
    ran = terminal("verify", "--json")
    answer = json.loads(ran.out)
    assert answer["good"] is True
    found = answer["organisations"][0]
    assert (found["organisation"], found["good"], found["records"], found["faults"]) == ("Harbour Wealth", True, 3, [])
    assert found["entries"] == found["size"] > 3
    assert len(found["root"]) == 64


@pytest.mark.tampers
def test_a_changed_text_ends_with_one_and_names_the_serial(
    terminal: Terminal, archive: Archive, serials: Serials
) -> None:
    tamper(archive, f"UPDATE message SET flags = 'mms' WHERE seq = {serials[1]}")
    ran = terminal("verify")
    assert ran.code == 1
    assert "CHANGED" in ran.out
    assert f"#{serials[1]}: a clear column or the commitment was changed" in ran.out
    ran = terminal("verify", "--json")
    assert ran.code == 1
    answer = json.loads(ran.out)
    assert answer["good"] is False
    assert [fault["serial"] for fault in answer["organisations"][0]["faults"]] == [serials[1]]


@pytest.mark.tampers
def test_a_cut_off_tail_is_found_with_the_checkpoint_that_was_kept(
    terminal: Terminal, archive: Archive, serials: Serials, kept: tuple[str, str]
) -> None:
    for table in ("message", "message_party", "message_identity", "ledger_entry"):
        tamper(archive, f"DELETE FROM {table} WHERE seq >= {serials[2]}")
    tamper(archive, f"UPDATE ledger_head SET size = {serials[2] - 1}")
    tamper(archive, "DELETE FROM ledger_checkpoint")
    assert terminal("verify").code == 0
    ran = terminal("verify", "--checkpoint", kept[0], "--public-key", kept[1])
    assert ran.code == 1
    assert "truncated" in ran.out


@pytest.mark.tampers
def test_one_organisation_or_all(terminal: Terminal, archive: Archive, serials: Serials) -> None:
    other = create_organisation(archive.transactions, "Elsewhere", OPERATOR, archive.settings.public_url)
    take_in(archive, other.id, line())
    tamper(archive, f"UPDATE message SET flags = 'mms' WHERE org_id = 1 AND seq = {serials[0]}")
    assert terminal("verify", "--org", "elsewhere").code == 0
    assert terminal("verify", "--org", other.public_id).code == 0
    assert terminal("verify", "--org", "Harbour Wealth").code == 1
    ran = terminal("verify")
    assert ran.code == 1
    assert "Elsewhere: unchanged" in ran.out
    assert terminal("verify", "--org", "Nobody").code == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("verify", "--checkpoint", "NOTE"), "--checkpoint needs --public-key"),
        (("verify", "--checkpoint", "NOTE", "--public-key", "nonsense"), "This is not a public key"),
        (("verify", "--checkpoint", "KEY", "--public-key", "KEY"), "is not a good checkpoint"),
        (("verify", "--checkpoint", "nowhere", "--public-key", "KEY"), "does not exist"),
        (("proof", "999999"), "There is no message 999999"),
        (("proof", "0"), "0 is not in the range"),
        (("proof", "abc"), "not a valid integer"),
        (("verify-proof", "NOTE", "--public-key", "nonsense"), "This is not a public key"),
        (("verify-proof", "NOTE"), "Missing option '--public-key'"),
    ],
    ids=" ".join,
)
def test_a_mistake_is_said_in_a_line(
    terminal: Terminal, kept: tuple[str, str], words: tuple[str, ...], says: str
) -> None:
    ran = terminal(*({"NOTE": kept[0], "KEY": kept[1]}.get(word, word) for word in words))
    assert ran.code != 0
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_checkpoint_of_another_archive_is_not_taken(
    terminal: Terminal, archive: Archive, kept: tuple[str, str]
) -> None:
    tampered = Path(kept[0]).read_text().replace("\n", "\n1", 1)
    Path(kept[0]).write_text(tampered)
    ran = terminal("verify", "--checkpoint", kept[0], "--public-key", kept[1])
    assert ran.code == 1
    assert "is not a good checkpoint" in ran.err


# --- A stranger, with an empty environment and no database ---

NOWHERE = {"TEXTARCHIVE_DATA": "/nonexistent/textarchive"}


@pytest.fixture
def proof(terminal: Terminal, serials: Serials, tmp_path: Path) -> Path:
    ran = terminal("proof", str(serials[1]))
    assert ran.code == 0
    path = tmp_path / "text.proof"
    path.write_text(ran.out, encoding="utf-8")
    return path


def test_a_stranger_checks_a_proof_with_nothing_but_the_key(
    proof: Path, kept: tuple[str, str], serials: Serials
) -> None:
    ran = run_alone("verify-proof", str(proof), "--public-key", kept[1], environment=NOWHERE)
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"Proven. Entry {serials[1]} of the ledger")
    assert "lost \\ud83d half" in ran.out
    ran = run_alone("verify-proof", str(proof), "--public-key", kept[1], "--json", environment={})
    answer = json.loads(ran.out)
    assert (answer["good"], answer["record"]["content"]["text"]) == (True, "lost \ud83d half")
    assert answer["leaf"]["seq"] == serials[1]
    changed = json.loads(proof.read_text())
    changed["document"] = changed["document"].replace("lost", "last")
    proof.write_text(json.dumps(changed))
    ran = run_alone("verify-proof", str(proof), "--public-key", kept[1], environment=NOWHERE)
    assert ran.code == 1
    assert ran.out.startswith("NOT PROVEN: the record is not the one that was committed to")
    assert "Traceback" not in ran.err


def test_any_tampered_field_ends_with_one_and_a_sentence(
    terminal: Terminal, proof: Path, kept: tuple[str, str]
) -> None:
    whole = json.loads(proof.read_text())
    for field, value in itertools.product(whole, ("x", "", None, 7, [], "\ud83d")):
        proof.write_text(json.dumps({**whole, field: value}))
        ran = terminal("verify-proof", str(proof), "--public-key", kept[1])
        assert (ran.code, ran.err) == (1, ""), (field, value)
        assert ran.out.startswith("NOT PROVEN: "), (field, value)
        ran = terminal("verify-proof", str(proof), "--public-key", kept[1], "--json")
        assert (ran.code, json.loads(ran.out)["good"]) == (1, False), (field, value)


def test_a_proof_that_is_no_text_ends_with_one(terminal: Terminal, kept: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    ran = terminal("verify-proof", str(tmp_path / "noise"), "--public-key", kept[1])
    assert ran.code == 1
    assert ran.out.startswith("NOT PROVEN: ")


def test_a_checkpoint_is_the_newest_and_nothing_else(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, serials: Serials
) -> None:
    first = terminal("checkpoint").out
    assert terminal("checkpoint").out == first
    assert first.startswith(f"{organisation.origin}\n")
    take_in(archive, organisation.id, line("later"))
    assert terminal("checkpoint").out != first
