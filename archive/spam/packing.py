"""The packet as files: a PDF to read, and a ZIP with proofs that a stranger can check without believing us."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import ArchiveError, NotFound
from archive.ledger.checkpoints import bring_up, signer
from archive.ledger.entry import Event
from archive.letters.reading import take_pdf
from archive.messages.viewing import MessageViewed
from archive.proving import prove_entry
from archive.spam.packet import Packet, gather
from archive.spam.packet_data import packet_json
from archive.spam.packet_pdf import packet_pdf
from archive.spam.sealing import open_whole
from archive.tx import Transactions, Tx

MANIFEST_FORMAT = "textarchive-manifest-v1"
_MOST_STRETCHES = 50

_README = """\
packet.pdf      all of it, to read
packet.json     the same for programs
proofs/         of each text, and of everything that happened, that it is in the ledger unchanged
letters/        Letters of Authorization as they were signed
report.json     what was reported, in the very bytes that the ledger commits to
report.salt     32 bytes. SHA-256 over these and then report.json is `digest` in the proof of spam.reported
archive.pub     the archive's public key. Get it from somewhere else, too: a key that comes along proves nothing
manifest.json   the SHA-256 of every file

To check a proof, without a database and without a network:

    textarchive verify-proof proofs/NAME.proof --public-key archive.pub
"""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""All that the format of ZIP files can say of a time that isn't told."""


class SpamPacketMade(Event, frozen=True, kw_only=True):
    """Somebody was handed all there is about a report, with these texts."""

    kind = "spam.packet-made"
    texts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """`files`: name → content of all but the PDF. What can't be proven any more is in `packet.missing`."""

    packet: Packet
    files: Mapping[str, bytes]

    def pdf(self) -> bytes:
        return packet_pdf(self.packet)

    def zip(self) -> bytes:
        """The same bytes for the same packet."""
        whole = {**self.files, "packet.pdf": self.pdf(), "README.txt": _README.encode()}
        return _zipped(f"evidence-{self.packet.report.row.id}", _with_manifest(whole))


def pack(transactions: Transactions, organisation: OrganisationRow, actor: Actor, report_id: str) -> Packed:
    """Gather all of it under a checkpoint that covers it, and record that it was handed out before it is."""
    checkpoint = bring_up(transactions, organisation.id, organisation.origin)
    with transactions.write(organisation.id, actor) as tx:
        packet = gather(tx, organisation, checkpoint, report_id)
        missing = list(packet.missing)
        files = {**_proofs(tx, packet, missing), **_letters(tx, packet, missing), **_report(tx, packet)}
        files["archive.pub"] = f"{signer(tx, organisation.origin).public}\n".encode()
        _record(tx, packet)
    packet = replace(packet, missing=missing)
    return Packed(packet, {**files, "packet.json": packet_json(packet).encode()})


def _proofs(tx: Tx, packet: Packet, missing: list[str]) -> dict[str, bytes]:
    """Of the text with its conversation, and of everything that the packet says has happened."""
    texts = {one.serial: f"text-{one.serial}" for one in packet.conversation}
    happened = {step.entry.seq: step.entry.kind for step in packet.steps}
    happened |= {stretch.entry: "number" for stretch in packet.past[:_MOST_STRETCHES]}
    happened |= {change.entry: "opt-out" for change in (packet.texting.said if packet.texting else ())}
    happened |= {letter.entry: "letter" for letter in packet.letters}
    happened |= {step.entry: "campaign" for step in packet.campaign_steps[:_MOST_STRETCHES]}
    wanted = texts | {seq: f"entry-{seq}-{what}" for seq, what in happened.items()}
    files = {}
    for seq, name in sorted(wanted.items()):
        try:
            proof = prove_entry(tx, packet.organisation, seq, packet.checkpoint)
            files[f"proofs/{name}.proof"] = proof.encode("utf-8", "surrogatepass")
        except NotFound as problem:
            missing.append(f"Entry {seq} of the ledger can't be proven: {problem.message}")
    return files


def _letters(tx: Tx, packet: Packet, missing: list[str]) -> dict[str, bytes]:
    files = {}
    for letter in packet.letters:
        try:
            files[f"letters/{letter.id}.pdf"] = take_pdf(tx, letter.id)
        except ArchiveError as problem:
            missing.append(f"The letter {letter.id} can't be handed out: {problem.message}")
    return files


def _report(tx: Tx, packet: Packet) -> dict[str, bytes]:
    """What was reported, in the very bytes that the ledger commits to."""
    row = packet.report.row
    salt, body = open_whole(tx, row.key_id, row.id, row.sealed)
    return {"report.json": body, "report.salt": salt}


def _record(tx: Tx, packet: Packet) -> None:
    texts = tuple(one.serial for one in packet.conversation)
    if packet.text:
        beside = tuple(serial for serial in texts if serial != packet.text.serial)
        tx.record(MessageViewed(subject=f"message:{packet.text.serial}", beside=beside))
    tx.record(SpamPacketMade(subject=packet.report.row.id, texts=texts))


def _with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    listed = {name: {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])} for name in files}
    manifest = {"format": MANIFEST_FORMAT, "files": dict(sorted(listed.items()))}
    return {**files, "manifest.json": msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"}


def _zipped(folder: str, files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _EARLIEST), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
