"""A proof is handed to a stranger, who has nothing but the public key. Whatever is changed in it, it fails."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import NotFound
from archive.ledger.checkpoints import bring_up, signer
from archive.ledger.note import VerifierKey
from archive.ledger.proofs import FORMAT, check_proof
from archive.ledger.tree import ProofError
from archive.messages.actions import read_message
from archive.proving import prove_entry, prove_message
from archive.wiring import Archive
from tests.items import line, take_in
from tests.ledger.conftest import Planted

Proof = dict[str, Any]


@pytest.fixture(scope="session")
def proven(planted: Planted) -> tuple[str, int]:
    """(a proof, of which message)"""
    with planted.tampering() as looking:
        serial = looking.value("SELECT min(seq) + 300 FROM message WHERE org_id = :org")
    with planted.archive.transactions.read(planted.organisation.id, OPERATOR) as tx:
        assert read_message(tx, serial)
    # In a transaction that is taken back, since proving is written into the ledger.
    with planted.tampering() as tampering:
        return prove_message(tampering.transactions, planted.organisation, OPERATOR, serial), serial


def test_a_proof_shows_the_whole_record(planted: Planted, proven: tuple[str, int]) -> None:
    proof, serial = proven
    shown = check_proof(proof, planted.public)
    with planted.archive.transactions.read(planted.organisation.id, OPERATOR) as tx:
        message = read_message(tx, serial)
    assert shown.leaf["seq"] == shown.record["clear"]["seq"] == serial
    assert shown.leaf["kind"] == "message.stored"
    assert shown.leaf["commit"] == message.commitment.hex()
    assert shown.record["content"]["text"] == message.content.text
    assert shown.record["content"]["from"] == message.content.sender
    assert shown.record["clear"]["own_number"] == message.clear.own_number
    assert shown.checkpoint.origin == planted.organisation.origin


@pytest.mark.parametrize("first", ["signed before", "signed for it"])
def test_the_first_and_the_last_text_are_proven_alike(
    archive: Archive, organisation: OrganisationRow, first: str
) -> None:
    serial = take_in(archive, organisation.id, line())[0].serial
    assert serial is not None
    if first == "signed before":
        prove_message(archive.transactions, organisation, OPERATOR, serial)
        take_in(archive, organisation.id, line("SM2"))
    proof = prove_message(archive.transactions, organisation, OPERATOR, serial)
    public = VerifierKey.parse(json.loads(proof)["public_key"])
    assert check_proof(proof, public).leaf["seq"] == serial


def test_proving_is_itself_in_the_ledger(archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation.id, line())[0].serial
    assert serial is not None
    prove_message(archive.transactions, organisation, OPERATOR, serial)
    with archive.engine.connect() as connection:
        newest = connection.execute(text("SELECT kind, subject FROM ledger_entry ORDER BY seq DESC LIMIT 1")).one()
    assert tuple(newest) == ("proof.made", f"message:{serial}")


@pytest.mark.parametrize("serial", [1, 2, 900_000])
def test_what_is_no_message_is_not_proven(archive: Archive, organisation: OrganisationRow, serial: int) -> None:
    with pytest.raises(NotFound, match=f"There is no message {serial}"):
        prove_message(archive.transactions, organisation, OPERATOR, serial)


def other_hash(step: str) -> str:
    return b64encode(sha256(b64decode(step)).digest()).decode()


def replaced(field: str, before: str, after: str) -> Callable[[Proof], object]:
    def change(proof: Proof) -> None:
        assert before in proof[field]
        proof[field] = proof[field].replace(before, after, 1)

    return change


def put(field: str, value: object) -> Callable[[Proof], object]:
    return lambda proof: proof.update({field: value})


def forged_document(proof: Proof, document: str) -> None:
    """The document, and a leaf that commits to it: all that can be made without the tree."""
    leaf = json.loads(proof["leaf"])
    leaf["commit"] = sha256(bytes.fromhex(proof["salt"]) + document.encode()).hexdigest()
    proof.update(document=document, leaf=json.dumps(leaf, separators=(",", ":")))


COMMITTED = "the record is not the one that was committed to"
CHANGES: list[tuple[str, Callable[[Proof], object], str]] = [
    ("another format", put("format", "textarchive-proof-v2"), f"not a proof of the format {FORMAT}"),
    ("another text", replaced("document", "Text number", "Test number"), COMMITTED),
    ("another sender", replaced("document", "+1212", "+1213"), COMMITTED),
    ("another time", replaced("document", '"received_at":"2026', '"received_at":"2025'), COMMITTED),
    ("white space", replaced("document", ",", ", "), COMMITTED),
    ("another salt", lambda proof: proof.update(salt=f"{int(proof['salt'], 16) ^ 1:064x}"), COMMITTED),
    ("a salt that is cut", lambda proof: proof.update(salt=proof["salt"][:-2]), "the salt is not 32 bytes long"),
    (
        "a salt that takes from the document",
        lambda proof: proof.update(
            salt=proof["salt"] + proof["document"][:1].encode().hex(), document=proof["document"][1:]
        ),
        "the salt is not 32 bytes long",
    ),
    ("a salt of other letters", put("salt", "x" * 64), "the salt is not hexadecimal"),
    ("another moment in the leaf", replaced("leaf", '"at":"2026', '"at":"2025'), "does not lead to the root"),
    ("another commitment", replaced("leaf", '"commit":"', '"commit":"0'), COMMITTED),
    ("another kind", replaced("leaf", "message.stored", "message.deleted"), "does not lead to the root"),
    ("another serial in the leaf", replaced("leaf", '"seq":', '"seq":1'), "speak of different serial numbers"),
    ("white space in the leaf", replaced("leaf", ",", ", "), "does not lead to the root"),
    ("another hash", lambda proof: proof["path"].append(other_hash(proof["path"].pop())), "does not lead to the root"),
    ("a hash too many", lambda proof: proof["path"].append(proof["path"][0]), "more hashes than the tree has levels"),
    ("a hash too few", lambda proof: proof["path"].pop(), "fewer hashes than the tree has levels"),
    ("hashes in another order", lambda proof: proof["path"].reverse(), "does not lead to the root"),
    ("no path", put("path", []), "fewer hashes"),
    ("a hash of other letters", lambda proof: proof["path"].insert(0, "?"), "a hash of the path is not base64"),
    ("a hash of another length", lambda proof: proof["path"].insert(0, "AAAA"), "32 bytes"),
    ("a hash that is a number", lambda proof: proof["path"].insert(0, 7), "a hash of the path is not base64"),
    ("another root", replaced("checkpoint", "\n", "\n1"), "the checkpoint is not good"),
    ("another signature", replaced("checkpoint", "— ", "— x"), "the checkpoint is not good"),
    ("no signature", lambda proof: proof.update(checkpoint=proof["checkpoint"].partition("\n\n")[0]), "not good"),
    ("another public key", lambda proof: proof.update(public_key=stranger()), "names another public key"),
    ("no public key", lambda proof: proof.pop("public_key"), "the proof has no good 'public_key'"),
    ("half a surrogate pair", put("document", "\ud83d"), "the record can't be written as UTF-8"),
    ("half a surrogate pair in the leaf", put("leaf", "\ud83d"), "the leaf can't be written as UTF-8"),
    ("a forged text with its leaf", lambda proof: forged_document(proof, forged(proof)), "does not lead to the root"),
    ("a list for a record", lambda proof: forged_document(proof, "[]"), "the record is not a JSON object"),
    (
        "a list for its clear half",
        lambda proof: forged_document(proof, '{"clear":[],"content":{}}'),
        "the record is not one of this archive's",
    ),
    ("nothing in it", lambda proof: forged_document(proof, "{}"), "the record is not one of this archive's"),
    ("a leaf that is none", put("leaf", "leaf"), "the leaf is not JSON"),
    ("a leaf with nothing in it", put("leaf", "{}"), COMMITTED),
    *((f"no {field}", lambda proof, field=field: proof.pop(field), f"no good '{field}'") for field in
      ("salt", "document", "leaf", "path", "checkpoint")),
    *((f"a number for {field}", put(field, 7), f"no good '{field}'") for field in
      ("salt", "document", "leaf", "path", "checkpoint", "public_key")),
]  # fmt: skip


def forged(proof: Proof) -> str:
    document: str = proof["document"].replace("Text number", "Test number")
    return document


def stranger() -> str:
    return str(VerifierKey("example.com/org", bytes(32)))


@pytest.mark.parametrize(("change", "says"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_a_changed_proof_fails_with_a_sentence(
    planted: Planted, proven: tuple[str, int], change: Callable[[Proof], object], says: str
) -> None:
    proof = json.loads(proven[0])
    change(proof)
    with pytest.raises(ProofError) as problem:
        check_proof(json.dumps(proof), planted.public)
    assert says in str(problem.value)


@pytest.mark.parametrize("file", ["", "nonsense", "[]", "7", "{}", "null", '{"format":', "\ud83d"])
def test_what_is_no_proof_at_all_fails_with_a_sentence(planted: Planted, file: str) -> None:
    with pytest.raises(ProofError):
        check_proof(file, planted.public)


def test_a_file_nested_beyond_all_reason_fails_with_a_sentence(planted: Planted) -> None:
    with pytest.raises(ProofError, match="the file is not JSON"):
        check_proof("[" * 200_000, planted.public)


def test_a_proof_does_not_hold_under_another_key(planted: Planted, proven: tuple[str, int]) -> None:
    with pytest.raises(ProofError):
        check_proof(proven[0], VerifierKey(planted.public.name, sha256(b"another").digest()))


def test_every_character_of_a_proof_matters_or_says_nothing(planted: Planted, proven: tuple[str, int]) -> None:
    """One changed character anywhere: the proof fails, or what it proves is exactly the same."""
    proof, _ = proven
    before = check_proof(proof, planted.public)
    for at in range(0, len(proof), 7):
        changed = f"{proof[:at]}{'0' if proof[at] != '0' else '1'}{proof[at + 1 :]}"
        try:
            assert check_proof(changed, planted.public) == before
        except ProofError:
            continue


def test_what_happened_is_proven_like_a_text(archive: Archive, organisation: OrganisationRow) -> None:
    checkpoint = bring_up(archive.transactions, organisation.id, organisation.origin)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        proof = prove_entry(tx, organisation, 2, checkpoint)
        public = signer(tx, organisation.origin).public
        with pytest.raises(NotFound):
            prove_entry(tx, organisation, checkpoint.size + 1, checkpoint)
    shown = check_proof(proof, public)
    assert (shown.leaf["kind"], shown.leaf["seq"]) == ("organisation.created", 2)
    assert shown.record["clear"]["detail"]["name"] == organisation.name
    with pytest.raises(ProofError):
        check_proof(proof.replace(organisation.name, "Harbor Wealth"), public)
    moved = json.loads(proof)
    moved["leaf"] = moved["leaf"].replace('"seq":2', '"seq":1')
    with pytest.raises(ProofError):
        check_proof(json.dumps(moved), public)
