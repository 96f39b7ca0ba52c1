"""A statement is handed to a stranger, who has nothing but the public key. Whatever is changed in it, it fails."""

import base64
import itertools
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from archive.keys.envelope import SealingKey
from archive.ledger.note import Checkpoint
from archive.ledger.signed_file import SignedFileError
from archive.ledger.signing import Signer
from archive.search.statement import (
    FORMAT,
    By,
    Covered,
    Stated,
    Under,
    check_statement,
    sign_statement,
)

ORIGIN = "archive.example/org_1"
ROOT = bytes(range(32))
SIGNER = Signer(ORIGIN, SealingKey(1, bytes(range(32))))
STRANGER = Signer(ORIGIN, SealingKey(2, bytes(32)))
NOTE = SIGNER.sign(Checkpoint(ORIGIN, 4_712, ROOT))

STATED = Stated(
    at="2026-11-23T09:00:00.000000Z",
    by=By("person:per_1", "Dana Whitfield"),
    checkpoint=Under(NOTE, ROOT.hex(), 4_712),
    count=0,
    coverage=Covered(complete=True, indexed=2_041, missing=0, of=2_041, through=4_712),
    format=FORMAT,
    id="stm_1",
    organisation="Quillbrook “Wealth” 明天",
    origin=ORIGIN,
    query="wire \ud83d refund",
    understood="wire \ufffd refund",
)
GOOD = sign_statement(STATED, SIGNER).text


def resigned(**changes: Any) -> str:
    """As a faulty archive would sign it: the signature is good, the content isn't."""
    return sign_statement(msgspec.structs.replace(STATED, **changes), SIGNER).text


def leaves(value: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from (((name, *path), leaf) for path, leaf in leaves(inner))
        else:
            yield (name,), inner


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value + "x"


def with_leaf(path: tuple[str, ...], value: Any) -> str:
    """The good file with one thing stated differently."""
    file = json.loads(GOOD)
    stated = json.loads(file["statement"])
    inner = stated
    for name in path[:-1]:
        inner = inner[name]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    file["statement"] = json.dumps(stated, sort_keys=True, separators=(",", ":"))
    return json.dumps(file)


LEAVES = list(leaves(json.loads(json.loads(GOOD)["statement"])))


def refused(text: str) -> str:
    with pytest.raises(SignedFileError) as caught:
        check_statement(text, SIGNER.public)
    return str(caught.value)


def test_a_stranger_reads_what_was_stated_from_the_file_alone() -> None:
    assert check_statement(GOOD, SIGNER.public) == STATED
    file = json.loads(GOOD)
    assert list(file) == ["format", "public_key", "statement", "signature"]
    assert check_statement(json.dumps(file, indent=8), SIGNER.public) == STATED, "white space around it is nobody's"


def test_it_is_checked_in_five_lines_without_this_program() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    file = json.loads(GOOD)
    key = base64.b64decode(str(SIGNER.public).split("+", 2)[2])[1:]
    signature = base64.b64decode(file["signature"])
    Ed25519PublicKey.from_public_bytes(key).verify(signature, file["statement"].encode())
    assert json.loads(file["statement"])["count"] == 0


@pytest.mark.parametrize(("path", "value"), LEAVES, ids=[".".join(path) for path, _ in LEAVES])
def test_nothing_that_is_stated_can_be_changed_or_left_out(path: tuple[str, ...], value: Any) -> None:
    for other in (changed(value), None, ...):
        assert "the signature does not fit" in refused(with_leaf(path, other))
    assert "the signature does not fit" in refused(with_leaf((*path[:-1], "more"), "x"))


def test_every_field_was_tried() -> None:
    assert len(LEAVES) == 18


def test_no_member_of_the_file_can_be_changed_left_out_or_added() -> None:
    file = json.loads(GOOD)
    for name, value in itertools.product(file, ("x", "", None, 7, [], "\ud83d", FORMAT)):
        if file[name] != value:
            assert refused(json.dumps({**file, name: value})), (name, value)
    for name in file:
        assert refused(json.dumps({other: value for other, value in file.items() if other != name})), name
    assert "other members" in refused(json.dumps({**file, "count": 0}))


def test_a_name_that_stands_there_twice_is_refused() -> None:
    twice = GOOD.replace('"format"', '"statement": "{}",\n "format"', 1)
    assert "says something twice" in refused(twice)


def test_white_space_in_what_is_signed_is_a_change() -> None:
    file = json.loads(GOOD)
    assert "does not fit" in refused(json.dumps({**file, "statement": file["statement"] + " "}))


def test_the_signature_has_one_spelling() -> None:
    file = json.loads(GOOD)
    spare = file["signature"][:-3] + chr(ord(file["signature"][-3]) + 1) + "=="
    for other in (file["signature"][:-1], file["signature"] + "\n", spare):
        assert refused(json.dumps({**file, "signature": other}))


def test_another_key_of_the_same_name_has_not_signed_it() -> None:
    forged = sign_statement(STATED, STRANGER).text
    assert "another public key" in refused(forged)
    renamed = json.loads(forged) | {"public_key": str(SIGNER.public)}
    assert "the signature does not fit" in refused(json.dumps(renamed))


def test_a_checkpoint_is_no_statement_and_a_statement_no_checkpoint() -> None:
    text, _, line = NOTE.rpartition("\n\n")
    signature = base64.b64encode(base64.b64decode(line.split()[2])[4:]).decode()
    file = json.loads(GOOD) | {"statement": text + "\n", "signature": signature}
    assert refused(json.dumps(file)) == "what is signed is not a statement of this format"


@pytest.mark.parametrize(
    "changes",
    [
        {"count": 2_042},
        {"count": -1},
        {"origin": "archive.example/org_2"},
        {"format": "textarchive-search-statement-v2"},
        {"coverage": Covered(complete=True, indexed=2_040, missing=1, of=2_041, through=4_712)},
        {"coverage": Covered(complete=False, indexed=2_041, missing=0, of=2_041, through=4_712)},
        {"coverage": Covered(complete=False, indexed=2_040, missing=2, of=2_041, through=4_712)},
        {"coverage": Covered(complete=False, indexed=2_042, missing=-1, of=2_041, through=4_712)},
        {"coverage": Covered(complete=True, indexed=2_041, missing=0, of=2_041, through=4_711)},
        {"checkpoint": Under(NOTE, bytes(32).hex(), 4_712)},
        {"checkpoint": Under(NOTE, ROOT.hex(), 4_713)},
        {"checkpoint": Under("no note", ROOT.hex(), 4_712)},
        {"checkpoint": Under(STRANGER.sign(Checkpoint(ORIGIN, 4_712, ROOT)), ROOT.hex(), 4_712)},
    ],
    ids=str,
)  # fmt: skip
def test_a_statement_that_contradicts_itself_proves_nothing_whoever_signed_it(changes: dict[str, Any]) -> None:
    assert refused(resigned(**changes))


def test_an_incomplete_statement_is_genuine_and_says_what_is_missing() -> None:
    covered = Covered(complete=False, indexed=2_000, missing=41, of=2_041, through=4_712)
    assert check_statement(resigned(coverage=covered, count=2_000), SIGNER.public).coverage == covered


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '"x"', "NaN", '{"format": 1}'])
def test_what_is_no_statement_at_all_is_refused_in_a_sentence(text: str) -> None:
    assert refused(text)
