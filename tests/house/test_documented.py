"""What an operator or a program can meet is in the documentation."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from archive.core.errors import ArchiveError
from archive.http import problems
from archive.http.access import access_of
from archive.messages.flags import FLAGS
from archive.search.query.fields import FIELDS
from archive.search.query.parse import parse
from archive.settings import PREFIX, SETTINGS
from archive.wiring import Archive
from archive.wsgi import create_app

PROJECT = Path(__file__).parents[2]
DOCS = {path.name: path.read_text() for path in sorted((PROJECT / "docs").glob("*.md"))}
PAGES = {"README.md": (PROJECT / "README.md").read_text(), **DOCS}


@pytest.fixture
def app(archive: Archive) -> Flask:
    return create_app(archive)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_table_with_its_default(setting: object) -> None:
    name, default = PREFIX + setting.name, setting.default  # type: ignore[attr-defined]
    row = next((line for line in DOCS["operating.md"].splitlines() if line.startswith(f"| `{name}`")), "")
    assert row, f"{name} has no row in docs/operating.md"
    assert (f"`{default}`" if default else "–") in row


def _slugs() -> set[str]:
    """Of every error class of the product, wherever it is."""
    found = {ArchiveError.slug}
    for path in (PROJECT / "archive").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                found |= {
                    statement.value.value
                    for statement in node.body
                    if isinstance(statement, ast.Assign | ast.AnnAssign)
                    and isinstance(statement.value, ast.Constant)
                    and "slug" in ast.unparse(statement).split("=")[0]
                }
    return found


def test_every_problem_type_is_explained() -> None:
    of_flask = {slug for slug, _, _ in problems._OF_FLASK.values()}
    types = set(re.findall(r"`([\w-]+)`", "".join(re.findall(r"^\| (`.*?) \|", DOCS["integrating.md"], re.MULTILINE))))
    missing = sorted((_slugs() | of_flask | {"fault"}) - types)
    assert missing == []


@pytest.mark.parametrize("page", ["query-language.md", "integrating.md"])
def test_every_flag_is_explained(page: str) -> None:
    assert [flag for flag in FLAGS if f"`{flag}`" not in DOCS[page]] == []


def test_every_file_that_the_documentation_names_is_there() -> None:
    named = re.compile(r"`((?:archive|jobs|templates|tests|docs|\.ci)/[\w./-]*)`")
    gone = {
        f"{page}: {name}"
        for page, text in PAGES.items()
        for name in named.findall(text)
        if not (PROJECT / name).exists()
    }
    assert gone == set()


def test_every_link_between_pages_leads_somewhere() -> None:
    link = re.compile(r"\]\((?!https?:)([^)#]+)")
    broken = {
        f"{page}: {target}"
        for page, text in PAGES.items()
        for target in link.findall(text)
        if not ((PROJECT if page == "README.md" else PROJECT / "docs") / target).exists()
    }
    assert broken == set()


def test_every_address_of_the_api_is_documented_with_its_scope(app: Flask) -> None:
    rows = [line for line in DOCS["integrating.md"].splitlines() if line.startswith("| `")]
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            row = next((row for row in rows if f"`{method} {address}`" in row), "")
            assert row, f"{method} {address} is not in docs/integrating.md"
            assert access.is_public or f"`{access.permission}`" in row, row


def _examples() -> list[str]:
    """What the page about the query language shows to be typed: column one of words, three of fields, and the block."""
    page = DOCS["query-language.md"]
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    cells = [row[0] if len(row) == 2 else row[2] for row in rows]
    blocks = re.findall(r"```\n(.*?)\n```", page, re.DOTALL)
    return [*blocks, *(example for cell in cells for example in re.findall(r"`([^`]+)`", cell))]


@pytest.mark.parametrize("line", _examples())
def test_every_query_that_is_shown_can_be_typed(line: str) -> None:
    assert parse(line)


def test_every_field_of_a_query_is_shown() -> None:
    shown = " ".join(_examples())
    assert [name for name in FIELDS if f"{name}:" not in shown and f"`{name}:`" not in DOCS["query-language.md"]] == []
