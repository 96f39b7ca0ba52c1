"""The API, a file for each slice. Each defines `blueprint`; addresses are below /api/v1."""

from types import ModuleType

from archive.api import health, integrity, messages, numbers, openapi, quarantine, saved_searches, search

SLICES: tuple[ModuleType, ...] = (messages, search, saved_searches, quarantine, numbers, integrity, health, openapi)
