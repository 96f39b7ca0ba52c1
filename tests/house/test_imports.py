"""The direction of imports, checked by import-linter; the contracts are in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_import_contract_is_kept() -> None:
    """In a process of its own: import-linter silences the loggers of the one that it runs in."""
    ask = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", ask, "--no-cache", "--no-logo", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


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
