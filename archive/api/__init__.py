"""The API, a file for each slice. Each defines `blueprint`; addresses are below /api/v1."""

from types import ModuleType

from archive.api import (
    eligibility,
    health,
    holds,
    integrity,
    letters,
    locations,
    messages,
    numbers,
    openapi,
    optouts,
    purges,
    quarantine,
    retention,
    saved_searches,
    search,
    spam,
    users,
    vault,
)

SLICES: tuple[ModuleType, ...] = (
    messages,
    search,
    saved_searches,
    quarantine,
    holds,
    retention,
    purges,
    numbers,
    letters,
    locations,
    users,
    optouts,
    spam,
    eligibility,
    integrity,
    health,
    vault,
    openapi,
)
