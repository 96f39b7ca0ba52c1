"""The API, a file for each slice. Each defines `blueprint`; addresses are below /api/v1."""

from types import ModuleType

SLICES: tuple[ModuleType, ...] = ()
