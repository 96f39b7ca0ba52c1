"""What `textarchive demo` refuses, in one line and before it touches anything."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.demo import demo
from archive.core.errors import Conflict
from archive.demo.loading import write_logins
from archive.settings import read_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEXTARCHIVE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TEXTARCHIVE_PUBLIC_URL", "http://127.0.0.1:8080")  # Put back afterwards: the command sets it.
    return tmp_path / "data"


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def refusal(*arguments: str) -> str:
    with pytest.raises(Conflict) as refused:
        CliRunner().invoke(demo, arguments, catch_exceptions=False)
    return str(refused.value)


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = refusal("--fresh", "--port", str(port))
    assert said == f"Nothing can listen on 127.0.0.1:{port}: address already in use. Choose another with --port."
    assert not folder.exists()


def test_a_database_that_is_not_the_demos_own(folder: Path, free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTARCHIVE_DATABASE_URL", "postgresql://localhost/texts")
    assert "Unset TEXTARCHIVE_DATABASE_URL" in refusal("--port", str(free_port))
    assert not folder.exists()


def test_a_folder_with_an_archive_in_earnest(folder: Path, free_port: int) -> None:
    folder.mkdir()
    (folder / "archive.db").write_bytes(b"in earnest")
    for arguments in ((), ("--fresh",), ("--empty",)):
        assert "not the demo's" in refusal(*arguments, "--port", str(free_port))
    assert (folder / "archive.db").read_bytes() == b"in earnest"


def test_an_empty_demo_where_there_are_texts(folder: Path, free_port: int) -> None:
    folder.mkdir()
    write_logins(read_settings({"TEXTARCHIVE_DATA": str(folder)}), [{"email": "a"}, {"email": "b"}])
    assert "Add --fresh" in refusal("--empty", "--port", str(free_port))
    assert (folder / "demo-logins.json").exists()
