"""A letter to print, to file and to hand to a provider: PDF/A with tags, the exact words and the record of how it was
signed. The same letter gives the same bytes.
"""

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any

from archive.letters.drawing import as_svg
from archive.letters.model import Evidence
from archive.letters.store import LetterRow
from archive.letters.wording import runs
from archive.pdf import write_pdf

METHODS = {"password": "with e-mail address and password"}


def letter_pdf(row: LetterRow, evidence: Evidence) -> bytes:
    template = files("archive.letters").joinpath("letter.typ").read_bytes()
    return write_pdf(template, _said(row, evidence), None, row.signed_at)


def _said(row: LetterRow, evidence: Evidence) -> dict[str, Any]:
    signature = evidence.signature
    return {
        "id": row.id,
        "subscriber": evidence.subscriber.legal_name,
        "runs": [asdict(run) for run in runs(evidence.text)],
        "authority": evidence.authority.strip(),
        "consent": evidence.consent.strip(),
        "signer": evidence.signer.name,
        "title": evidence.signer.title,
        "typed": signature.typed,
        "drawn": as_svg(signature.drawn) if signature.drawn else "",
        "signed": _moment(row.signed_at),
        "text_sha256": row.text_sha256,
        "record": [fact for fact in _record(row, evidence) if fact[1]],
    }


def _record(row: LetterRow, evidence: Evidence) -> list[list[str]]:
    origin = evidence.origin
    return [
        ["Letter", row.id],
        ["Signed", _moment(row.signed_at)],
        ["Ends", f"on {row.last_day}, unless revoked before" if row.last_day else "when it is revoked"],
        ["Takes the place of", row.supersedes or ""],
        ["Signer", f"{evidence.signer.name}, {evidence.signer.title}"],
        ["E-mail", evidence.signer.email],
        ["Account", f"{origin.account_email} ({origin.account})" if origin.account_email else origin.account],
        ["Signed in", _signed_in(origin.method, origin.signed_in_at)],
        ["IP address", origin.address],
        ["Browser", origin.agent],
        ["Wording", f"version {row.wording}"],
        ["SHA-256 of the exact words", row.text_sha256 or ""],
        ["SHA-256 of the declaration", sha256(evidence.authority.encode()).hexdigest()],
        ["SHA-256 of the consent", sha256(evidence.consent.encode()).hexdigest()],
    ]


def _signed_in(method: str, at: datetime | None) -> str:
    when = f" at {_moment(at)}" if at else ""
    return f"{METHODS.get(method, method)}{when}" if method else ""


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
