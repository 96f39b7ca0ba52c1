"""What a route asks of its caller. Every route declares exactly one of `requires`, `signed_in` and `public`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from archive.access.roles import Permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """`permission` is None where being signed in is enough, or where nobody is asked."""

    permission: Permission | None
    is_public: bool = False

    def __str__(self) -> str:
        if self.is_public:
            return "public"
        return self.permission.value if self.permission else "signed in"


def requires(permission: Permission) -> Callable[[View], View]:
    def declare(view: View) -> View:
        return _declare(view, Access(permission))

    return declare


def signed_in(view: View) -> View:
    """Whoever has a session; pages only."""
    return _declare(view, Access(None))


def public(view: View) -> View:
    return _declare(view, Access(None, is_public=True))


def takes(most_bytes: int) -> Callable[[View], View]:
    """For pages to which files are sent: a larger body than others may have, for those who are permitted."""

    def declare(view: View) -> View:
        vars(view)["most_bytes"] = most_bytes
        return view

    return declare


def most_bytes_of(view: Callable[..., Any]) -> int | None:
    found: int | None = vars(view).get("most_bytes")
    return found


def access_of(view: Callable[..., Any]) -> Access | None:
    found: Access | None = vars(view).get("access")
    return found


def _declare(view: View, access: Access) -> View:
    if access_of(view):
        raise TypeError(f"{view.__module__}.{view.__qualname__} declares its access twice.")
    vars(view)["access"] = access
    return view
