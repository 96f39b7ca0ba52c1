"""RSMF: Relativity's own samples, files of another writer, and what strangers may make of the format."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.files import FileProblem, Line, Options, Progress, detect, read_file
from archive.intake.parse import parse_text
from tests.intake.making_mails import OURS, THEIRS, THIRD, event, manifest, rsmf, rsmf_zip, zipped

OUR_NUMBERS = Options(own_numbers=frozenset({OURS, "+15550100002"}))


def read(content: bytes, options: Options = OUR_NUMBERS) -> list[Line]:
    return list(read_file(io.BytesIO(content), "auto", options, Progress()))


def one(said: Any, options: Options = OUR_NUMBERS) -> dict[str, Any]:
    (line,) = read(rsmf(said), options)
    assert line.message is not None, line.problem
    return line.message


def why(content: bytes, options: Options = OUR_NUMBERS) -> str:
    """The only problem there is, of which something is kept."""
    (line,) = read(content, options)
    assert line.message is None
    assert line.raw
    return str(line.problem)


def test_events_are_texts_with_all_that_they_say() -> None:
    told = {"importance": "high", "reactions": [{"value": "👍", "count": 1}], "edits": [{"previous": "x"}]}
    said = one(manifest(event(**told), eventcollectionid="E1"))
    name = said.pop("provider_id")
    assert name.startswith("rsmf:")
    assert said == {
        "provider": "rsmf", "direction": "inbound", "from": THEIRS, "to": [OURS], "text": "Can you call me?",
        "sent_at": "2026-11-20T17:00:00Z",
        "source": {
            "id": "m1", **told, "conversation": {"id": "C1"}, "people": {"P1": "Dana Reyes", "P2": "Front desk"},
            "collection": "E1",
        },
    }  # fmt: skip
    assert parse_text({**said, "provider_id": name}).sent_at
    assert one(manifest(event(id="m9", **told)))["provider_id"] == name, "ids are those of one file"
    assert one(manifest(event(body="Another")))["provider_id"] != name
    sent = one(manifest(event(participant="P2", direction="outgoing")))
    assert (sent["direction"], sent["from"], sent["to"]) == ("outbound", OURS, [THEIRS])


def test_our_side_is_the_custodian_or_the_one_number_that_is_ours_and_never_guessed() -> None:
    talk = {"id": "C1", "platform": "sms", "participants": ["P1", "P2"]}
    assert one(manifest(event(direction=...), conversations=[talk]))["direction"] == "inbound"
    mail = rsmf(manifest(event(), conversations=[talk]))
    assert "which side" in why(mail, Options())
    assert read(mail, Options(own_number=OURS))[0].message
    assert "which side" in why(mail, Options(own_numbers=frozenset({OURS, THEIRS})))
    nameless = manifest(event(), participants=[{"id": "P1", "display": "Dana"}, {"id": "P2", "display": "Desk"}])
    assert "custodian has no number" in why(rsmf(nameless))
    said = one(nameless, Options(own_number=OURS))
    assert (said["from"], said["to"]) == ("Dana", [OURS])
    assert "contradict" in why(rsmf(manifest(event(direction="outgoing"))))


def test_a_group_has_everybody_in_it() -> None:
    people = [*manifest()["participants"], {"id": "P3", "custom": [{"name": "Mobile Number", "value": THIRD}]}]
    talk = {"id": "C1", "platform": "MMS", "type": "channel", "participants": ["P1", "P2", "P3"], "custodian": "P2"}
    said = one(manifest(event(participant="P3"), participants=people, conversations=[talk]))
    assert (said["from"], said["to"]) == (THIRD, [OURS, THEIRS])


def test_attached_files_leave_their_names_sizes_and_hashes() -> None:
    files = [{"id": "a.png", "display": "map.png"}, {"id": "gone.png"}]
    (line,) = read(rsmf(manifest(event(body=..., attachments=files)), **{"a.png": b"a picture"}))
    assert line.message
    assert line.message["text"] == ""
    first, second = line.message["media"]  # type: ignore[misc]
    assert first["name"] == "map.png"
    assert (first["bytes"], len(first["sha256"])) == (9, 64)
    assert second == {"name": "gone.png", "file": "gone.png", "missing": True}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"type": "join"}, "of the kind join, and no text"),
        ({"type": "dance"}, "of a kind that the format doesn't have"),
        ({"conversation": "C9"}, "not in the manifest"),
        ({"participant": "P9"}, "not among the people"),
        ({"body": 5}, "is no text"),
        ({"body": ...}, "neither words nor files"),
        ({"attachments": [{}] * 101}, "More than 100 files"),
    ],
)
def test_an_event_that_is_no_text_says_why_and_costs_the_others_nothing(changed: Any, reason: str) -> None:
    lines = read(rsmf(manifest(event(**changed), "no object", event())))
    assert [line.message is None for line in lines] == [True, True, False]
    assert reason in str(lines[0].problem)
    assert [line.offset for line in lines] == [0, 1, 2]


def test_another_platform_is_no_text() -> None:
    talk = {"id": "C1", "platform": "slack", "participants": ["P1", "P2"], "custodian": "P2"}
    assert "another platform" in why(rsmf(manifest(event(), conversations=[talk])))


def test_files_may_come_bare_in_a_zip_and_in_a_folder(tmp_path: Path) -> None:
    said = manifest(event())
    assert read(rsmf_zip(said))[0].message
    (tmp_path / "deep").mkdir()
    for at in range(2):
        (tmp_path / "deep" / f"{at}.rsmf").write_bytes(rsmf(manifest(event(body=f"Text {at}"))))
    bundle = zipped(a__rsmf=rsmf(said), b__rsmf=b"nonsense", c__rsmf=rsmf(said), d__txt=b"")
    assert [line.message is None for line in read(bundle)] == [False, True, False]
    assert detect(tmp_path) == "rsmf"
    lines = list(read_file(tmp_path, "auto", OUR_NUMBERS, Progress()))
    assert [line.position for line in lines] == ["deep/0.rsmf, event 1", "deep/1.rsmf, event 1"]


def test_relativitys_own_samples_are_judged_as_its_validator_judges_them(shared: Path) -> None:
    samples = shared / "data" / "vectors" / "rsmf"
    faulty = {n: (samples / "samples" / f"Sample{n}" / "rsmf_manifest.json").read_bytes() for n in (1, 4)}
    assert "participants[0] of its manifest has no id" in why(rsmf(faulty[1]))
    assert "participants[0] of its manifest has no id that is a text" in why(rsmf(faulty[4]))
    assert "another platform" in why((samples / "samples" / "Sample2" / "rsmf.zip").read_bytes())
    assert "More than one file" in why((samples / "samples" / "Sample3" / "sample.rsmf").read_bytes())
    first, second = read((samples / "own" / "own_sample.rsmf").read_bytes())
    assert first.message
    assert second.message
    assert (first.message["from"], first.message["to"]) == ("+15550100001", ["+15550100002"])
    assert (second.message["text"], second.message["media"][0]["bytes"]) == ("in 5", 930)  # type: ignore[index]


def test_what_is_made_to_do_harm_ends_in_a_sentence() -> None:
    deep = b'{"version":' + b"[" * 60_000 + b"]" * 60_000 + b"}"
    shallow = json.loads("[" * 50 + "]" * 50)
    assert "nested too deeply" in why(rsmf(deep))
    assert "nested too deeply" in why(rsmf(manifest(event(custom=shallow))))
    assert "more than 2,000,000,000 bytes or 200 times" in why(rsmf(b" " * 15_000_000))
    assert "isn't JSON" in why(rsmf(b'{"n": ' + b"9" * 1_000_000 + b"}"))
    assert "isn't UTF-8" in why(rsmf(b"\xff"))
    assert "lacks version and events" in why(rsmf({"participants": [], "conversations": []}))
    bomb = read(rsmf(manifest(event(attachments=[{"id": "x"}])), x=bytes(30_000_000)))
    assert bomb[0].message
    assert bomb[0].message["media"] == [{"name": "x", "file": "x", "unreadable": True}]
    odd = one(manifest(event(attachments=[{"id": "../../etc/passwd"}])))
    assert odd["media"][0]["missing"] is True
    with pytest.raises(FileProblem, match=r"no \.rsmf file"):
        list(read_file(io.BytesIO(zipped(a__txt=b"")), "rsmf", OUR_NUMBERS, Progress()))


@given(st.binary(max_size=300), st.integers(0, 2_000), st.integers(0, 400))
def test_no_damage_ends_in_an_exception(noise: bytes, at: int, gone: int) -> None:
    whole = rsmf(manifest(event(), event(participant="P2", direction="outgoing")))
    for content in (whole[:at] + noise + whole[at + gone :], b"X-RSMF-Version: 2.0.0\n" + noise):
        for line in read_file(io.BytesIO(content), "rsmf", OUR_NUMBERS, Progress()):
            assert (line.message is None) != (line.problem is None)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["C1", "P1", "P2", "message"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_fields = ("type", "body", "participant", "conversation", "timestamp", "direction", "attachments", "custom")


@given(st.dictionaries(st.sampled_from(_fields), _json), st.dictionaries(st.sampled_from(list(manifest())), _json))
def test_no_manifest_ends_in_an_exception(changes: dict[str, Any], around: dict[str, Any]) -> None:
    for said in (manifest(event(**changes)), manifest(event(), **around)):
        for line in read(rsmf_zip(said)):
            assert (line.message is None) != (line.problem is None)
