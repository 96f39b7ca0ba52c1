"""The direction of imports, checked by import-linter; the contracts are in pyproject.toml."""

import tomllib
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PROJECT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_import_contract_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(PROJECT / "pyproject.toml"), cache_dir=None, no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_part_of_the_product_has_its_floor() -> None:
    """A new slice says where it belongs, or nothing checks it."""
    floors = next(contract for contract in CONTRACTS if contract["id"] == "floors")["layers"]
    named = {".".join(part.strip().split(".")[:2]) for layer in floors for part in layer.replace("|", ":").split(":")}
    there = {
        f"archive.{path.stem}"
        for path in (PROJECT / "archive").iterdir()
        if path.stem != "__init__" and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }
    assert there | {"jobs"} == named
