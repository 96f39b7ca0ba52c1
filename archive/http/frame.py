"""What the frame of every page shows: whose archive this is, who is signed in, where they may go."""

from collections.abc import Callable, Mapping
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
    "imports": Permission.QUARANTINE_READ,
    "alerts": Permission.CAMPAIGNS_READ,
    "holds": Permission.HOLDS_READ,
    "retention": Permission.RETENTION_READ,
    "opt-outs": Permission.OPTOUTS_READ,
    "spam-reports": Permission.SPAM_READ,
    "numbers": Permission.NUMBERS_READ,
    "campaigns": Permission.CAMPAIGNS_READ,
    "letters": Permission.LETTERS_READ,
    "locations": Permission.NUMBERS_READ,
    "users": Permission.NUMBERS_READ,
    "audit": Permission.AUDIT_READ,
    "integrity": Permission.INTEGRITY_READ,
    "completeness": Permission.INTEGRITY_READ,
    "vault": Permission.HEALTH_READ,
    "health": Permission.HEALTH_READ,
    "people": Permission.PEOPLE_READ,
    "keys": Permission.KEYS_READ,
    "providers": Permission.PROVIDERS_READ,
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
    counts: Mapping[str, int]
    theme: str
    here: str
    language: str = "en"


def install_frame(app: Flask) -> None:
    app.context_processor(lambda: {"frame": make_frame()})


def count_with(app: Flask, section: str, count: Count) -> None:
    """The section's slice says how much of it waits for somebody: what stands beside its name in the navigation."""
    app.extensions.setdefault("section_counts", {})[section] = count


def make_frame() -> Frame:
    asking = caller_or_nobody()
    person = asking.person if asking else None
    sections = frozenset(name for name, needed in SECTIONS.items() if asking and asking.may(needed))
    counts: Mapping[str, Count] = current_app.extensions.get("section_counts", {})
    return Frame(
        organisation=asking.organisation if asking else "",
        person=FramePerson(person.name, role_labels(person)) if person else None,
        sections=sections,
        home=home_of(asking),
        counts={name: count(asking) for name, count in counts.items() if asking and name in sections},
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
