"""The pages, a file for each slice. Each defines `blueprint`."""

from types import ModuleType

from archive.web import (
    account,
    audit,
    health,
    integrity,
    keys,
    messages,
    numbers,
    people,
    quarantine,
    search,
    sign_in,
    theme,
)

SLICES: tuple[ModuleType, ...] = (
    sign_in,
    account,
    search,
    messages,
    quarantine,
    audit,
    integrity,
    health,
    numbers,
    people,
    keys,
    theme,
)
