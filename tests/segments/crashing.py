"""A vault in front of which, or behind which, the power fails: at whichever of its writes a test chooses."""

from typing import Any

from archive.segments.vault import Vault

WRITES = ("put_new", "extend", "set_hold", "delete")


class PowerFailure(BaseException):
    """No code of ours handles this one."""


class FailingVault:
    """Passes everything on. Write number `at` never arrives; or arrives, and nobody learns of it (`after`)."""

    def __init__(self, vault: Vault, at: int, *, after: bool) -> None:
        self._vault = vault
        self._left = at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._vault, name)
        return self._guarded(found) if name in WRITES else found

    def _guarded(self, write: Any) -> Any:
        def guarded(*args: Any, **more: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise PowerFailure
            result = write(*args, **more)
            if self._left == 0:
                raise PowerFailure
            return result

        return guarded
