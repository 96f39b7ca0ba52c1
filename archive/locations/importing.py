"""A table of locations, taken in line by line; each line has its fate."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from archive.core.errors import BadInput
from archive.core.fates import Fate, Outcome, Taking
from archive.core.table import Cells, read_cells
from archive.locations import store
from archive.locations.actions import add_location, change_location
from archive.locations.model import Location, Pstn, key_of
from archive.locations.naming import read
from archive.tx import Tx

COLUMNS = ("name", "street", "city", "region", "postal_code", "country", "pstn", "main_number")


def read_table(raw: bytes) -> list[Cells]:
    """Raises `BadInput` or `TooLarge` if the file as a whole can't be read; what is wrong with a line stands in it."""
    return read_cells(raw, COLUMNS)


def take_table(tx: Tx, lines: Iterable[Cells]) -> list[Fate]:
    """A refused line changes nothing and costs the others nothing. To look first, give a transaction that reads."""
    taking = Taking()
    for line in lines:
        name = line.given.get("name", "")
        taking.one(line.line, name, line.fault, partial(_take, tx, line), key=key_of(name))
    return taking.fates


def _take(tx: Tx, line: Cells) -> Outcome:
    said: dict[str, Any] = dict(line.given)
    if "pstn" in said:
        said["pstn"] = read_pstn(said["pstn"])
    row = store.location_by_name(tx, said["name"])
    if row is None:
        add_location(tx, Location(**said))
        return Outcome.ADDED
    before = read(row)
    del said["name"]  # It has found the location, by whichever of its names, and renames nothing.
    return Outcome.UNCHANGED if read(change_location(tx, row.id, **said)) == before else Outcome.CHANGED


def read_pstn(text: str) -> Pstn | None:
    wanted = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if not wanted:
        return None
    if wanted not in list(Pstn):
        raise BadInput(f"There is no PSTN {text!r}.", f"Write one of: {', '.join(Pstn)}.")
    return Pstn(wanted)
