"""The wheel works by itself: installed elsewhere, asked from another folder, it serves a page with its style sheet.

Nothing is downloaded: the fresh environment sees the packages of this one, except our own.
"""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

# Asks the application for the page, then for the style sheet and the script that it names.
ASK = """
import re, sys, archive
from archive.settings import read_settings
from archive.wiring import build
from archive.wsgi import create_app
import os

client = create_app(build(read_settings(os.environ))).test_client()
page = client.get("/sign-in")
print("installed in", archive.__file__)
print("page", page.status_code, page.mimetype)
for address in re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text):
    answer = client.get(address)
    print("static", answer.status_code, answer.mimetype, len(answer.data) > 100)
"""


def _run(*command: str | Path, folder: Path, **more: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTARCHIVE_", "PYTHON"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=inherited | more, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", folder)
    _run(sys.executable, "-m", "pip", "wheel", PROJECT, *options, folder=folder)
    return next(folder.glob("textarchive-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel in it."""
    place = tmp_path_factory.mktemp("fresh") / "venv"
    _run(sys.executable, "-m", "venv", "--without-pip", place, folder=place.parent)
    fresh = place / "bin" / "python"
    _run(sys.executable, "-m", "pip", "--python", fresh, "install", "--no-deps", "--no-index", "--quiet", wheel,
         folder=place.parent)  # fmt: skip
    own = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    # A plain path, so that the links to this checkout that lie there are not followed.
    (own / "packages-of-the-tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return fresh


def test_the_wheel_holds_product_jobs_pages_and_migrations_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"archive", "jobs"}
    here = {f"archive/{path.relative_to(PROJECT)}" for path in (PROJECT / "templates").rglob("*") if path.is_file()}
    assert here <= set(names)
    assert "archive/db/migrations/versions/0001_the_first_tables.py" in names
    assert not [name for name in names if name.endswith(".pyc")]


def test_installed_elsewhere_it_answers_from_another_folder(python: Path, tmp_path: Path) -> None:
    command = python.with_name("textarchive")
    data = str(tmp_path / "data")
    assert _run(command, "--version", folder=tmp_path).startswith("textarchive, version ")
    made = ("init", "--org", "Harbour Wealth", "--admin", "admin@example.com", "--json")
    assert '"api_key"' in _run(command, *made, folder=tmp_path, TEXTARCHIVE_DATA=data)
    lines = _run(python, "-c", ASK, folder=tmp_path, TEXTARCHIVE_DATA=data).splitlines()
    assert lines[0].startswith(f"installed in {python.parents[1]}")
    assert lines[1] == "page 200 text/html"
    static = lines[2:]
    assert any("text/css" in line for line in static)
    assert static
    assert all(line.startswith("static 200") and line.endswith("True") for line in static), static
