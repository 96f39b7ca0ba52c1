"""search, search --certify and verify-statement, as an operator and a stranger type them."""

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.search.whoosh.disk import locked
from archive.wiring import Archive
from tests.cli.running import PROJECT, Terminal, run_alone
from tests.cli.test_integrity import NOWHERE
from tests.items import line, take_in


@pytest.fixture
def texts(archive: Archive, organisation: OrganisationRow) -> list[int]:
    words = ("a wire and a wire", "one wire", "a ledger", "明天见")
    lines = [line(f"SM{at}", text=text, sent_at=f"2026-11-20T12:0{at}:00Z") for at, text in enumerate(words)]
    return [outcome.serial or 0 for outcome in take_in(archive, organisation.id, *lines)]


@pytest.fixture
def key(terminal: Terminal, texts: list[int], tmp_path: Path) -> str:
    path = tmp_path / "archive.pub"
    path.write_text(terminal("key").out)
    return str(path)


def certified(terminal: Terminal, tmp_path: Path, query: str) -> Path:
    ran = terminal("search", query, "--certify")
    assert (ran.code, ran.err) == (0, "")
    path = tmp_path / "statement.json"
    path.write_text(ran.out, encoding="utf-8")
    return path


def test_hits_come_in_the_order_that_is_asked_for(terminal: Terminal, texts: list[int]) -> None:
    twice, once, ledger, _ = texts
    for order, expected in (("newest", [ledger, once, twice]), ("oldest", [twice, once, ledger])):
        found = json.loads(terminal("search", "wire OR ledger", "--order", order, "--json").out)
        assert [hit["serial"] for hit in found["hits"]] == expected
    best = json.loads(terminal("search", "wire OR ledger", "--order", "best", "--json").out)
    assert [hit["serial"] for hit in best["hits"]] == [ledger, twice, once], "a ledger is rarer than a wire"
    assert best["compared"] is None
    assert "4 of 4" in terminal("search", "wire").out
    assert "'sideways' is not one of 'newest', 'oldest', 'best'" in terminal("search", "x", "--order", "sideways").err


def test_a_mistake_in_the_line_is_pointed_at(terminal: Terminal, texts: list[int]) -> None:
    for more in ((), ("--certify",)):
        ran = terminal("search", "wire flag:nope", *more)
        assert (ran.code, ran.out) == (1, "")
        assert "  wire flag:nope\n       ^^^^^^^^^\n" in ran.err
        assert "flag: cannot be nope. It is after-opt-out, campaign-not-for-carrier, conflict" in ran.err


@pytest.mark.parametrize(("query", "count"), [("wire", 2), ("nobody", 0), ("", 4), ("明天", 1)])
def test_a_stranger_checks_a_statement_with_nothing_but_the_key(
    terminal: Terminal, tmp_path: Path, key: str, query: str, count: int
) -> None:
    path = certified(terminal, tmp_path, query)
    ran = run_alone("verify-statement", str(path), "--public-key", key, environment=NOWHERE)
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"Genuine. {count} of 4 texts match; all that the archive held at entry ")
    assert f"searched for  {query or 'everything'}\n" in ran.out
    answer = json.loads(terminal("verify-statement", str(path), "--public-key", key, "--json").out)
    assert (answer["good"], answer["complete"], answer["stated"]["count"]) == (True, True, count)
    assert answer["stated"]["by"]["name"] == "the operator"


def test_the_lines_of_the_documentation_check_it_without_this_program(
    terminal: Terminal, tmp_path: Path, key: str
) -> None:
    certified(terminal, tmp_path, "wire 明天")
    (code,) = re.findall(r"```python\n(.*?)```", (PROJECT / "docs" / "evidence.md").read_text(), re.DOTALL)

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)

    done = run()
    assert done.returncode == 0, done.stderr
    assert "'count': 0" in done.stdout
    path = tmp_path / "statement.json"
    path.write_text(path.read_text().replace('\\"count\\":0', '\\"count\\":1'))
    assert "InvalidSignature" in run().stderr


def test_a_statement_that_is_not_complete_says_so_wherever_it_is_read(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow, tmp_path: Path, key: str
) -> None:
    assert terminal("search", "wire").code == 0
    take_in(archive, organisation.id, line("SM9", text="a late wire"))
    with locked(archive.settings.index / str(organisation.id)):
        ran = terminal("search", "wire", "--certify")
    assert ran.code == 0
    assert "is not complete, and says so: 1 of 5 texts were not searched." in ran.err
    path = tmp_path / "statement.json"
    path.write_text(ran.out)
    ran = terminal("verify-statement", str(path), "--public-key", key)
    assert ran.code == 0
    assert ran.out.startswith("Genuine, but NOT COMPLETE. 2 of 4 texts match; 1 more were not searched.")
    assert json.loads(terminal("verify-statement", str(path), "--public-key", key, "--json").out)["complete"] is False


def test_any_tampered_member_ends_with_one_and_a_sentence(terminal: Terminal, tmp_path: Path, key: str) -> None:
    path = certified(terminal, tmp_path, "wire")
    whole = json.loads(path.read_text())
    other = json.loads(whole["statement"]) | {"count": 0}
    for field, value in itertools.product(whole, ("x", "", None, 7, [], "\ud83d", json.dumps(other))):
        path.write_text(json.dumps({**whole, field: value}))
        ran = terminal("verify-statement", str(path), "--public-key", key)
        assert (ran.code, ran.err, ran.out.count("\n")) == (1, "", 1), (field, value)
        assert ran.out.startswith("NOT GENUINE: "), (field, value)
    assert json.loads(terminal("verify-statement", str(path), "--public-key", key, "--json").out)["good"] is False
    path.write_bytes(b"\xff\xfe\x00")
    assert terminal("verify-statement", str(path), "--public-key", key).out.startswith("NOT GENUINE: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("search", "wire", "--certify", "--limit", "25"), "leave out --limit."),
        (("search", "wire", "--certify", "--order", "best", "--cursor", "x"), "leave out --cursor, --order."),
        (("search", "wire", "--cursor", "x"), "This is no cursor of a search in this order"),
        (("verify-statement", "KEY"), "Missing option '--public-key'"),
        (("verify-statement", "KEY", "--public-key", "nonsense"), "This is not a public key"),
        (("verify-statement", "nowhere", "--public-key", "KEY"), "does not exist"),
    ],
    ids=" ".join,
)
def test_a_mistake_is_said_in_a_line(terminal: Terminal, key: str, words: tuple[str, ...], says: str) -> None:
    ran = terminal(*({"KEY": key}.get(word, word) for word in words))
    assert ran.code != 0
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_statement_moves_nobodys_cursor(terminal: Terminal, tmp_path: Path, key: str) -> None:
    path = certified(terminal, tmp_path, '"wire \x1b[31m"')
    assert "\x1b[31m" not in terminal("verify-statement", str(path), "--public-key", key).out
