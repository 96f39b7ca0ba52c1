"""The API, a file for each slice. Each defines `blueprint`; addresses are below /api/v1."""

from types import ModuleType

from archive.api import (
    brands,
    campaigns,
    deliveries,
    eligibility,
    health,
    holds,
    integrity,
    messages,
    numbers,
    openapi,
    optouts,
    provider_accounts,
    purges,
    quarantine,
    retention,
    saved_searches,
    search,
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
    optouts,
    brands,
    campaigns,
    deliveries,
    provider_accounts,
    eligibility,
    integrity,
    health,
    vault,
    openapi,
)
