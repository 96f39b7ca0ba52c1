"""A certificate to print and to file. It is a reading of the signed file, which is attached to it and alone counts."""

from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from archive.pdf import Attachment, write_pdf
from archive.retention.certificate import Certificate, digest
from archive.retention.serials import Ranges

MOST_RANGES: Final = 40
MOST_KEYS: Final = 40

_STEPS = {
    "index": "Taken out of the search index",
    "sealing": "What stays sealed under another key",
    "vault": "Objects in the vault deleted, every version",
    "keys": "Keys destroyed",
    "copies": "Copy of the keys replaced",
    "rows": "Rows removed from the database",
    "log": "Log of the database emptied",
    "checked": "Looked for everywhere, and nothing found",
}
_KEPT = {
    "held": "under a hold",
    "longer": "kept by a longer policy",
    "later": "in the plan of a later day",
    "unplanned": "not in the plan, and left for the next",
    "items": "quarantined items that stay",
}


def certificate_pdf(text: str, made: Certificate) -> bytes:
    """`text`: the signed file, of which `made` is what it certifies. The same bytes each time."""
    name = f"purge-{made.batch}.json"
    source = Attachment(name, text, "application/json", "The signed certificate, which this document is a reading of.")
    template = files("archive.retention").joinpath("certificate.typ").read_bytes()
    return write_pdf(template, _said(made, name), source, made.certified_at)


def _said(made: Certificate, name: str) -> dict[str, Any]:
    gone = made.destroyed
    return {
        "organisation": made.organisation.name,
        "origin": made.organisation.origin,
        "batch": made.batch,
        "texts": _counted(gone.texts, "text message"),
        "items": _counted(gone.items, "quarantined item"),
        "day": f"{made.expired_on}",
        "certified": _moment(made.certified_at),
        "digest": digest(made),
        "file": name,
        "destroyed": _destroyed(made),
        "plan": _plan(made),
        "steps": [[_STEPS.get(done.step, done.step), _moment(done.at)] for done in made.steps],
        "keys": [[key.id, key.purpose, key.period, f"{key.entry:,}"] for key in made.keys[:MOST_KEYS]],
        "more_keys": max(0, len(made.keys) - MOST_KEYS),
        "key_copy": f"The copy of the keys was replaced on {_moment(made.key_copy.replaced_at)}.",
        "kept": [[_KEPT.get(why, why), f"{count:,}"] for why, count in made.kept.items() if count],
        "checks": _checks(made),
        "limits": _limits(made),
        "checkpoint": made.checkpoint.strip(),
    }


def _destroyed(made: Certificate) -> list[list[str]]:
    gone = made.destroyed
    return [
        ["Text messages", f"{gone.texts:,}"],
        ["Quarantined items", f"{gone.items:,}"],
        ["Begun", f"{_moment(gone.at)}, entry {gone.entry:,} of the ledger"],
        ["Serial numbers", _ranges(list(gone.ranges))],
        ["SHA-256 over them", gone.digest],
    ]


def _plan(made: Certificate) -> list[list[str]]:
    plan, approved = made.planned, made.approved
    return [
        ["Planned", f"{_moment(plan.at)}, entry {plan.entry:,} of the ledger"],
        ["In the plan", f"{_counted(plan.texts, 'text message')}, {_counted(plan.items, 'quarantined item')}"],
        ["SHA-256 over them", plan.digest],
        ["Stopped by breakers", ", ".join(plan.stopped_by) or "none"],
        ["Approved", f"{_moment(approved.at)} by {approved.by}" if approved else "needed nobody's approval"],
    ]


def _checks(made: Certificate) -> list[list[str]]:
    checks = made.checks
    return [
        ["Rows in the database", f"{checks.rows:,}"],
        ["Texts in the search index", f"{checks.indexed:,}"],
        ["Objects in the vault, any version", f"{checks.objects:,}"],
        ["Keys that still open", f"{checks.keys:,}"],
        ["Sealed texts in the files of the database", f"{checks.found:,}"],
        ["Sealed texts looked for there", f"{checks.envelopes:,} in {checks.bytes:,} bytes of {checks.files:,} files"],
    ]


def _limits(made: Certificate) -> list[str]:
    copies = [
        f"Sealed copies of {some.texts:,} of the texts can be opened until the key of {some.until} is destroyed."
        for some in made.copies
    ]
    history = "The place of the copy of the keys keeps history: until that is gone an older copy can still be got at."
    return [*copies, history] if made.key_copy.keeps_history else copies


def _ranges(ranges: Ranges) -> str:
    shown = [f"{first:,}" if first == last else f"{first:,}–{last:,}" for first, last in ranges[:MOST_RANGES]]
    more = len(ranges) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more ranges, in the attached file" if more else "") or "none"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
