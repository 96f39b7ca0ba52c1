"""The API, a file for each slice. Each defines `blueprint`; addresses are below /api/v1."""

from types import ModuleType

from archive.api import messages

SLICES: tuple[ModuleType, ...] = (messages,)
