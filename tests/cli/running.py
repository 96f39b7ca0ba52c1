"""The command line as somebody types it: in this process, which is quick, or in one with nothing of ours around it."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.cli.main import main
from archive.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Terminal:
    """`textarchive …` on one archive."""

    def __init__(self, settings: Settings, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._environment = {
            "TEXTARCHIVE_DATA": str(settings.data),
            "TEXTARCHIVE_DATABASE_URL": settings.database_url,
        }
        self._patch = patch
        self._capture = capture

    def __call__(self, *words: str, stdin: str = "") -> Ran:
        for name, value in self._environment.items():
            self._patch.setenv(name, value)
        self._patch.setattr(sys, "argv", ["textarchive", *words])
        self._patch.setattr(sys, "stdin", io.StringIO(stdin))
        self._capture.readouterr()
        try:
            main()
            code: object = 0
        except SystemExit as ending:
            code = ending.code
        out, err = self._capture.readouterr()
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, out, err)


def run_alone(*words: str, environment: Mapping[str, str]) -> Ran:
    """In a process whose environment holds these names and nothing else."""
    ran = subprocess.run(
        [sys.executable, "-m", "archive", *words],
        env={"PYTHONPATH": str(PROJECT), **environment},
        cwd=os.sep,
        capture_output=True,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
