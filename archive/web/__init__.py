"""The pages, a file for each slice. Each defines `blueprint`."""

from types import ModuleType

from archive.web import (
    account,
    audit,
    holds,
    integrity,
    keys,
    messages,
    numbers,
    people,
    quarantine,
    retention,
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
    holds,
    retention,
    audit,
    integrity,
    numbers,
    people,
    keys,
    theme,
)
