"""One archive for each module, an organisation of its own for each test, with numbers at two locations."""

from tests.letters.conftest import archive, clock, numbers, organisation

__all__ = ["archive", "clock", "numbers", "organisation"]
