"""What the frame of every page shows: whose archive this is, who is signed in, where they may go."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request

from archive.access.people import PersonRow
from archive.access.roles import Permission, Role
from archive.http.cookies import caller_or_nobody, cookie_name
from archive.http.current import Caller, current_archive
from archive.http.translation import _

THEMES = ("light", "dark", "system")

SECTIONS = {
    "search": Permission.MESSAGES_SEARCH,
    "quarantine": Permission.QUARANTINE_READ,
    "holds": Permission.HOLDS_READ,
    "retention": Permission.RETENTION_READ,
    "numbers": Permission.NUMBERS_READ,
    "audit": Permission.AUDIT_READ,
    "integrity": Permission.INTEGRITY_READ,
    "people": Permission.PEOPLE_READ,
    "keys": Permission.KEYS_READ,
}

Count = Callable[[Caller], int]


@dataclass(frozen=True, slots=True)
class FramePerson:
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Frame:
    organisation: str
    person: FramePerson | None
    sections: frozenset[str]
    home: str
    quarantine_count: int
    theme: str
    here: str
    language: str = "en"


def install_frame(app: Flask) -> None:
    app.context_processor(lambda: {"frame": make_frame()})


def count_quarantine_with(app: Flask, count: Count) -> None:
    """The quarantine's slice says how its waiting items are counted."""
    app.extensions["quarantine_count"] = count


def make_frame() -> Frame:
    asking = caller_or_nobody()
    person = asking.person if asking else None
    sections = frozenset(name for name, needed in SECTIONS.items() if asking and asking.may(needed))
    count: Count | None = current_app.extensions.get("quarantine_count")
    return Frame(
        organisation=asking.organisation if asking else "",
        person=FramePerson(person.name, role_labels(person)) if person else None,
        sections=sections,
        home=home_of(asking),
        quarantine_count=count(asking) if count and asking and "quarantine" in sections else 0,
        theme=_theme(),
        here=request.full_path.rstrip("?") if request.method == "GET" else request.path,
    )


def home_of(asking: Caller | None) -> str:
    """The first page that somebody may open: not everybody may search."""
    if asking is None:
        return "/sign-in"
    return next((f"/{name}" for name, needed in SECTIONS.items() if asking.may(needed)), "/password")


def role_label(role: Role) -> str:
    return {
        Role.COMPLIANCE: _("Compliance officer"),
        Role.ADMINISTRATOR: _("Administrator"),
        Role.AUDITOR: _("Auditor"),
        Role.INGEST: _("Import"),
    }[role]


def role_labels(person: PersonRow) -> str:
    return ", ".join(role_label(role) for role in Role if role in person.role_set)


def theme_cookie() -> str:
    return cookie_name("theme", secure=current_archive().settings.secure_cookies)


def _theme() -> str:
    chosen = request.cookies.get(theme_cookie(), "system")
    return chosen if chosen in THEMES else "system"
