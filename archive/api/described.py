"""What each route of the API says about itself; `openapi` puts it together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

JSON = "application/json"
Content = Mapping[str, Any]
"""Media type → type of the body, or a tuple of those that it may be; `str` where it is no JSON."""


@dataclass(frozen=True, slots=True)
class Described:
    """`answers`: status → content. `query`: a struct with the parameters. `problems`: statuses beyond the usual."""

    summary: str
    answers: Mapping[int, Content]
    query: Any = None
    body: Content = field(default_factory=dict)
    problems: tuple[int, ...] = ()


def described(
    summary: str,
    answer: Any,
    *,
    status: tuple[int, ...] = (200,),
    media: str = JSON,
    query: Any = None,
    body: Any = None,
    more_bodies: Content | None = None,
    problems: tuple[int, ...] = (),
) -> Callable[[View], View]:
    def describe(view: View) -> View:
        bodies = {**({JSON: body} if body else {}), **(more_bodies or {})}
        vars(view)["described"] = Described(
            summary, {code: {media: answer} for code in status}, query, bodies, problems
        )
        return view

    return describe


def description_of(view: Callable[..., Any]) -> Described | None:
    found: Described | None = vars(view).get("described")
    return found
