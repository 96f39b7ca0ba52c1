"""What the commands have in common: opening the archive, choosing the organisation, printing data."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from archive.access.organisations import OrganisationRow, find_organisation, list_organisations
from archive.core.errors import BadInput
from archive.ledger.note import NoteError, VerifierKey
from archive.settings import Settings, read_settings
from archive.wiring import Archive, build

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
org_option = click.option("--org", metavar="ORG", help="Organisation by name or id; not needed when there is only one.")


def settings() -> Settings:
    return read_settings(os.environ)


@contextmanager
def opened() -> Iterator[Archive]:
    """The archive of the environment's settings, closed again at the end."""
    archive = build(settings())
    try:
        yield archive
    finally:
        archive.engine.dispose()


def organisation(archive: Archive, wanted: str | None) -> OrganisationRow:
    with archive.transactions.glance() as session:
        return find_organisation(session, wanted)


def organisations(archive: Archive, wanted: str | None) -> list[OrganisationRow]:
    """The one that was asked for, or all."""
    with archive.transactions.glance() as session:
        return [find_organisation(session, wanted)] if wanted else list_organisations(session)


def print_json(value: Any) -> None:
    """Half a surrogate pair of a text is written as the escape that it came as: no terminal could show it."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode())


LONGEST_PATH = 4096


def public_key_of(text: str) -> VerifierKey:
    """A public key as it is, or from the file of that name."""
    path = Path(text)
    try:
        return VerifierKey.parse(path.read_text() if len(text) < LONGEST_PATH and path.is_file() else text)
    except (NoteError, UnicodeDecodeError, OSError) as problem:
        raise BadInput(f"This is not a public key: {problem}.", "`textarchive key` prints it.") from None


def printable(value: object) -> str:
    """Half a surrogate pair as the escape that it came as; nothing as a dash."""
    return str("-" if value is None else value).encode("utf-8", "backslashreplace").decode()


def visible(text: str) -> str:
    """A text must not move the cursor or colour the terminal of whoever reads it."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", unicodedata.normalize("NFC", text))
