"""Whether letters are what the ledger says, for `verify`: none changed, none slipped in, none gone."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, text

from archive.core.canonical import parse_json
from archive.core.clock import rfc3339
from archive.core.errors import ArchiveError, Damaged
from archive.ledger.rows import NO_TEXT, LedgerEntryRow
from archive.letters import store
from archive.letters.events import LetterDestroyed, LetterPolicySet, LetterRevoked, LetterSigned, LetterSuperseded
from archive.letters.model import LetterState
from archive.letters.reading import row_of
from archive.letters.sealing import open_evidence, open_pdf
from archive.letters.store import LetterRow
from archive.letters.wording import wording
from archive.numbers.store import all_numbers
from archive.tx import Tx

Fault = tuple[int | None, str]

ENDS = {
    LetterRevoked.kind: LetterState.REVOKED,
    LetterSuperseded.kind: LetterState.SUPERSEDED,
    LetterDestroyed.kind: LetterState.DESTROYED,
}
KINDS = (LetterSigned.kind, LetterPolicySet.kind, *ENDS)


class _Said(NamedTuple):
    seq: int
    kind: str
    subject: str
    detail: dict[str, Any]


def letter_faults(tx: Tx) -> Iterator[Fault]:
    """(ledger entry, what is wrong)."""
    said = _said(tx)
    signed = {entry.subject: entry for entry in said if entry.kind == LetterSigned.kind}
    rows = {row.id: row for row in store.all_letters(tx)}
    for gone in sorted(signed.keys() - rows.keys()):
        yield signed[gone].seq, f"the letter {gone} is gone from the database"
    for row in rows.values():
        entry = signed.get(row.id)
        if entry is None or entry.seq != row.entry:
            yield row.entry, f"the letter {row.id} stands in the database without the ledger entry that made it"
        else:
            yield from _row(tx, row, entry)
    yield from _endings(tx, said, rows)
    yield from _policy(tx, said)


def faults_of(tx: Tx, letter_id: str) -> list[Fault]:
    """Only of one letter."""
    row = row_of(tx, letter_id)
    entry = next((one for one in _said(tx) if one.subject == letter_id and one.kind == LetterSigned.kind), None)
    if entry is None or entry.seq != row.entry:
        return [(row.entry, f"the letter {letter_id} has no ledger entry that made it")]
    return list(_row(tx, row, entry))


def _said(tx: Tx) -> list[_Said]:
    tx.write_entries()
    wanted = select(LedgerEntryRow.seq, LedgerEntryRow.kind, LedgerEntryRow.subject, LedgerEntryRow.detail)
    wanted = wanted.where(LedgerEntryRow.kind.in_(KINDS), text(NO_TEXT)).order_by(LedgerEntryRow.seq)
    return [
        _Said(seq, kind, subject or "", parse_json(detail or "{}"))
        for seq, kind, subject, detail in tx.session.execute(wanted)
    ]


def _row(tx: Tx, row: LetterRow, entry: _Said) -> Iterator[Fault]:
    for name, value in _columns(row).items():
        if value != entry.detail.get(name):
            yield row.entry, f"the letter {row.id} has another {name} in the database than in the ledger"
    addresses = {number.id: number.e164 for number in all_numbers(tx)}
    covered = sorted(addresses[number] for number in store.number_ids(tx, [row.id])[row.id])
    if covered != sorted(entry.detail["numbers"]):
        yield row.entry, f"the letter {row.id} covers other numbers in the database than in the ledger"
    yield from _papers(tx, row)


def _columns(row: LetterRow) -> dict[str, Any]:
    return {
        "form": row.form,
        "wording": row.wording,
        "text_sha256": row.text_sha256,
        "pdf_sha256": row.pdf_sha256,
        "signed_at": rfc3339(row.signed_at),
        "last_day": row.last_day.isoformat() if row.last_day else None,
        "supersedes": row.supersedes,
    }


def _papers(tx: Tx, row: LetterRow) -> Iterator[Fault]:
    """What is sealed, against its checksums; nothing of a letter that the ledger says is destroyed."""
    try:
        if row.wording is not None:
            wording(row.wording)
        if open_evidence(tx, row) is not None:
            open_pdf(tx, row)
    except ArchiveError as problem:
        yield row.entry, problem.message


def _endings(tx: Tx, said: Sequence[_Said], rows: dict[str, LetterRow]) -> Iterator[Fault]:
    told = {(entry.subject, ENDS[entry.kind].value): entry for entry in said if entry.kind in ENDS}
    found = {(ending.letter_id, ending.how): ending for some in store.endings(tx, rows).values() for ending in some}
    for missing in sorted(told.keys() - found.keys()):
        yield told[missing].seq, f"the database doesn't say that the letter {missing[0]} is {missing[1]}"
    for extra in sorted(found.keys() - told.keys()):
        yield found[extra].entry, f"the database says that the letter {extra[0]} is {extra[1]}, the ledger doesn't"
    for both in sorted(told.keys() & found.keys()):
        if found[both].superseded_by != told[both].detail.get("by"):
            yield told[both].seq, f"the letter {both[0]} is superseded by another one in the database"
    destroyed = {letter_id for letter_id, how in told if how == LetterState.DESTROYED.value}
    for row in rows.values():
        if row.id not in destroyed and _key_is_gone(tx, row):
            yield row.entry, f"the key of the letter {row.id} is gone, but no entry says that it is destroyed"


def _key_is_gone(tx: Tx, row: LetterRow) -> bool:
    try:
        return tx.keyring.by_id(tx.session, tx.org_id, row.key_id) is None
    except Damaged:
        return True


def _policy(tx: Tx, said: Sequence[_Said]) -> Iterator[Fault]:
    newest = next((entry for entry in reversed(said) if entry.kind == LetterPolicySet.kind), None)
    row = store.policy_row(tx)
    told = (newest.detail.get("valid_days"), newest.detail["keep_years"]) if newest else None
    if told != ((row.valid_days, row.keep_years) if row else None):
        yield newest.seq if newest else None, "the policy of letters is another in the database than in the ledger"
