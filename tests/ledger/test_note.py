"""Signed notes and checkpoints against a public log, and against every way of changing one byte."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from archive.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint, open_note, sign_note
from archive.ledger.tiles import TileBuilder, consistency_proof, root
from archive.ledger.tree import EMPTY_ROOT, leaf_hash, root_of, verify_consistency

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey("archive.example/ledger", PRIVATE.public_key().public_bytes_raw())
OTHER_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = VerifierKey("witness.example", OTHER_PRIVATE.public_key().public_bytes_raw())
CHECKPOINT = Checkpoint(KEY.name, 42, sha256(b"root").digest())
NOTE = sign_note(str(CHECKPOINT), KEY, PRIVATE.sign)
ROOT_LINE = b64encode(CHECKPOINT.root).decode()


@pytest.fixture
def log(shared: Path) -> Path:
    return shared / "data" / "vectors" / "tlog" / "tessera-testdata"


def signature_line(note: str) -> str:
    return note.rpartition("\n\n")[2]


# --- A public log -----------------------------------------------------------------------------------


def test_every_checkpoint_of_a_public_log_verifies_and_states_the_root_of_its_entries(log: Path) -> None:
    key = VerifierKey.parse((log / "vkey.txt").read_text())
    leaves = [leaf_hash(word.encode()) for word in (log / "entries.txt").read_text().split()]
    for size in range(16):
        note = (log / "log" / f"checkpoint.{size}").read_bytes()
        checkpoint = open_checkpoint(note, key)
        assert checkpoint == Checkpoint(key.name, size, root_of(leaves[:size]))


def test_the_stored_tiles_of_a_public_log_are_ours_and_its_checkpoints_are_consistent(log: Path) -> None:
    key = VerifierKey.parse((log / "vkey.txt").read_text())
    leaves = [leaf_hash(word.encode()) for word in (log / "entries.txt").read_text().split()]
    builder = TileBuilder()
    for size, leaf in enumerate(leaves, start=1):
        builder.append([leaf])
        (ours,) = builder.partial()
        assert ours.hashes == (log / "log" / "tile" / "0" / "000.p" / str(size)).read_bytes()

    def stored(level: int, index: int, width: int) -> bytes:
        assert (level, index) == (0, 0)
        return (log / "log" / "tile" / "0" / "000.p" / str(width)).read_bytes()

    signed = {
        checkpoint.size: checkpoint
        for file in (log / "log").glob("checkpoint*")
        for checkpoint in [open_checkpoint(file.read_bytes(), key)]
    }
    assert signed[15].root == root(15, stored)
    for old, new in combinations(sorted(size for size in signed if size), 2):
        proof = consistency_proof(old, new, stored)
        verify_consistency(old, new, signed[old].root, signed[new].root, proof)


def test_changing_any_byte_of_a_public_checkpoint_breaks_it(log: Path) -> None:
    key = VerifierKey.parse((log / "vkey.txt").read_text())
    note = (log / "log" / "checkpoint").read_bytes()
    for at in range(len(note)):
        for changed in (note[at] ^ 1, note[at] ^ 0x20, note[at] ^ 0x80, 0x0A, 0x20):
            if changed != note[at]:
                with pytest.raises(NoteError):
                    open_checkpoint(note[:at] + bytes([changed]) + note[at + 1 :], key)


def test_the_vkey_of_a_public_log_is_written_as_it_was_read(log: Path) -> None:
    vkey = (log / "vkey.txt").read_text().strip()
    assert str(VerifierKey.parse(vkey)) == vkey


# --- Notes ------------------------------------------------------------------------------------------


def test_a_signed_text_comes_out_as_it_went_in() -> None:
    for text in (
        "one line\n",
        "\n",
        "\n\nempty lines\n\n\nwithin\n",
        "— not a signature\n",
        "ünï \u2028 code\n",
    ):
        note = sign_note(text, KEY, PRIVATE.sign)
        assert open_note(note, KEY) == open_note(note.encode(), KEY) == text


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_no_note_with_a_changed_byte_opens(at: int, difference: int) -> None:
    note = bytearray(NOTE.encode())
    note[at] ^= difference
    with pytest.raises(NoteError):
        open_note(bytes(note), KEY)


@given(st.integers(0, len(NOTE.encode()) - 1))
def test_no_note_that_lost_or_gained_a_byte_opens(at: int) -> None:
    note = NOTE.encode()
    for changed in (note[:at] + note[at + 1 :], note[:at] + note[at : at + 1] + note[at:], note[:at]):
        with pytest.raises(NoteError):
            open_note(changed, KEY)


def test_signatures_by_other_keys_are_ignored() -> None:
    line = signature_line(sign_note(str(CHECKPOINT), OTHER, OTHER_PRIVATE.sign))
    nonsense = f"— {KEY.name} {b64encode(b'some signature').decode()}\n"
    for note in (NOTE + line, NOTE.replace("\n\n", "\n\n" + line), NOTE + nonsense):
        assert open_checkpoint(note, KEY) == CHECKPOINT


def test_a_note_without_a_signature_by_the_wanted_key_is_refused() -> None:
    with pytest.raises(NoteError, match=r"not signed by witness\.example"):
        open_note(NOTE, OTHER)


def test_a_wrong_signature_under_the_wanted_key_is_refused_beside_a_right_one() -> None:
    wrong = signature_line(sign_note("another text\n", KEY, PRIVATE.sign))
    for note in (NOTE + wrong, NOTE.replace("\n\n", "\n\n" + wrong)):
        with pytest.raises(NoteError, match="does not fit the text"):
            open_note(note, KEY)


def test_a_signer_that_holds_another_key_is_found_when_signing() -> None:
    with pytest.raises(NoteError, match="does not fit the text"):
        sign_note("a text\n", KEY, OTHER_PRIVATE.sign)


@pytest.mark.parametrize("text", ["", "no newline", "a tab\tin it\n", "carriage return\r\n", "half \ud83d\n"])
def test_a_text_that_a_note_cannot_hold_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, KEY, PRIVATE.sign)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda note: note.replace("\n\n", "\n"), "no empty line"),
        (lambda note: note[:-1], "not ended"),
        (lambda note: note.replace("— ", "- "), "not a signature line"),
        (lambda note: note.replace("— ", "—  "), "not a signature line"),
        (lambda note: note + "— witness.example AAAA\n", "too short"),
        (lambda note: note + "— witness.example AAA\n", "not base64"),
        (lambda note: note + "— witness.example AAAAAAB=\n", "canonical"),
        (lambda note: note + signature_line(note) * 100, "more than the 100"),
        (lambda note: note.encode() + b"\xff", "not UTF-8"),
        (lambda note: note.replace("\n", "\r\n"), "control characters"),
        (lambda note: "", "no empty line"),
    ],
)
def test_a_damaged_note_is_refused_with_what_is_wrong(damage: Callable[[str], str | bytes], complaint: str) -> None:
    with pytest.raises(NoteError, match=complaint):
        open_note(damage(NOTE), KEY)


# --- Keys -------------------------------------------------------------------------------------------


def test_a_key_is_read_as_it_was_written() -> None:
    assert VerifierKey.parse(str(KEY)) == KEY
    assert VerifierKey.parse(f"  {KEY}\n") == KEY


def test_the_key_id_is_the_one_the_specification_defines() -> None:
    expected = sha256(KEY.name.encode() + b"\n\x01" + KEY.public_key).digest()[:4]
    assert KEY.key_id == expected
    assert str(KEY).split("+")[1] == expected.hex()


@pytest.mark.parametrize(
    ("vkey", "complaint"),
    [
        (str(KEY).replace("archive", "another"), "does not belong"),
        (str(KEY).replace(KEY.key_id.hex(), "00000000"), "does not belong"),
        (f"{KEY.name}+00000000+{b64encode(bytes([4]) + KEY.public_key).decode()}", "not an Ed25519"),
        (f"{KEY.name}+00000000+AQ==", "32 bytes, not 0"),
        (f"{KEY.name}+00000000+*", "not base64"),
        ("", "not an Ed25519"),
        ("+" + str(KEY).partition("+")[2], "key name"),
        ("two words" + str(KEY), "key name"),
    ],
)
def test_a_vkey_that_is_not_one_is_refused_with_what_is_wrong(vkey: str, complaint: str) -> None:
    with pytest.raises(NoteError, match=complaint):
        VerifierKey.parse(vkey)


# --- Checkpoints ------------------------------------------------------------------------------------


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    for checkpoint in (
        CHECKPOINT,
        Checkpoint("a log+with odd name", 0, EMPTY_ROOT),
        Checkpoint("log", 2**64 - 1, EMPTY_ROOT, ("an extension", "another")),
    ):
        assert Checkpoint.parse(str(checkpoint)) == checkpoint


def test_a_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(NoteError, match="not of 'elsewhere'"):
        open_checkpoint(NOTE, KEY, origin="elsewhere")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "three or more lines"),
        ("log\n42\n", "three or more lines"),
        (f"log\n42\n{ROOT_LINE}", "three or more lines"),
        (f"log\n42\n{ROOT_LINE}\nextension", "three or more lines"),
        (f"log\n42\n{ROOT_LINE}\n\n", "not empty"),
        (f"\n42\n{ROOT_LINE}\n", "not empty"),
        (f"log\n042\n{ROOT_LINE}\n", "plain decimal"),
        (f"log\n+42\n{ROOT_LINE}\n", "plain decimal"),
        (f"log\n-1\n{ROOT_LINE}\n", "plain decimal"),
        (f"log\n4_2\n{ROOT_LINE}\n", "plain decimal"),
        (f"log\n٤٢\n{ROOT_LINE}\n", "plain decimal"),
        (f"log\n\n{ROOT_LINE}\n", "plain decimal"),
        (f"log\n{'9' * 5000}\n{ROOT_LINE}\n", "plain decimal"),
        (f"log\n{2**64}\n{ROOT_LINE}\n", "cannot have the size"),
        ("log\n42\nAAAA\n", "32 bytes, not 3"),
        (f"log\n42\n{ROOT_LINE[:-1]}\n", "not base64"),
        (f"log\n42\n{ROOT_LINE} \n", "not base64"),
        (f"log\n42\n{ROOT_LINE[:-2]}{chr(ord(ROOT_LINE[-2]) + 1)}=\n", "canonical"),
        (f"log\n42\n{ROOT_LINE.replace('/', '_').replace('+', '-')[:-4]}-_-=\n", "not base64"),
    ],
)
def test_a_checkpoint_that_is_not_one_is_refused_with_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(NoteError, match=complaint):
        Checkpoint.parse(text)


def test_a_checkpoint_that_could_not_be_read_again_is_not_made() -> None:
    for origin, size, root_hash in [
        ("", 1, EMPTY_ROOT),
        ("a\nb", 1, EMPTY_ROOT),
        ("a", -1, EMPTY_ROOT),
        ("a", 1, b""),
    ]:
        with pytest.raises(NoteError):
            Checkpoint(origin, size, root_hash)
