"""The pages, a file for each slice. Each defines `blueprint`."""

from types import ModuleType

from archive.web import (
    account,
    audit,
    eligibility,
    health,
    holds,
    integrity,
    keys,
    locations,
    messages,
    numbers,
    optouts,
    people,
    purges,
    quarantine,
    retention,
    saved_searches,
    search,
    sign_in,
    theme,
    vault,
)

SLICES: tuple[ModuleType, ...] = (
    sign_in,
    account,
    search,
    saved_searches,
    messages,
    quarantine,
    holds,
    retention,
    purges,
    audit,
    integrity,
    vault,
    health,
    numbers,
    locations,
    optouts,
    eligibility,
    people,
    keys,
    theme,
)
