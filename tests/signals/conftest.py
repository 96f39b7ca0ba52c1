"""One archive for each module, an organisation of its own for each test."""

from tests.one_archive import archive, clock, organisation

__all__ = ["archive", "clock", "organisation"]
