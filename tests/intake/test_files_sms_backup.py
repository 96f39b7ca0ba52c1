"""Backups of Android phones: every text once, nothing that was never sent, pictures told by their hash."""

import hashlib
import io
import re
import tracemalloc
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.files import FileProblem, Line, Message, Options, Progress, sms_backup
from archive.intake.files.model import LARGEST
from archive.intake.files.xml_attachments import attachments_told
from archive.intake.files.xml_references import references_mended
from archive.intake.imports import ImportOptions, import_file
from archive.proving import verify_organisation
from archive.wiring import Archive

OWN, FRIEND, OTHER = "+14155550100", "+12125550123", "+13125550177"
OPTIONS = Options(own_number=OWN)
PICTURE = bytes(range(256)) * 40
ENDS = '<mms date="1600000001000" msg_box="{box}" m_type="{kind}" address="{who}" sub="null" read="1">'


def sms(body: str, *, type_: str = "1", address: str = FRIEND, date: str = "1600000000123", more: str = "") -> str:
    return f'<sms protocol="0" address="{address}" date="{date}" type="{type_}" subject="null" body="{body}" {more}/>'


def mms(parts: str, *, box: str = "1", who: str = FRIEND, addresses: str = "", kind: str = "132") -> str:
    begins = ENDS.format(box=box, who=who, kind=kind)
    return f"{begins}<parts>{parts}</parts><addrs>{addresses}</addrs></mms>"


def addr(address: str, type_: str) -> str:
    return f'<addr address="{address}" type="{type_}" charset="106"/>'


def words(text: str) -> str:
    return f'<part seq="0" ct="text/plain" name="null" chset="106" cl="t.txt" text="{text}"/>'


def picture(content: bytes = PICTURE, quote: str = '"') -> str:
    data = b64encode(content).decode()
    return f'<part seq="0" ct="image/jpeg" name="null" cl="dog.jpg" text="null" data={quote}{data}{quote} />'


def backup(*inside: str) -> bytes:
    begins = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><!--File by an app, don't \"edit\"-->"
    return (begins + f'<smses count="{len(inside)}" backup_set="x">\n' + "\n".join(inside) + "\n</smses>").encode()


def read(content: bytes, options: Options = OPTIONS) -> list[Line]:
    return list(sms_backup.read(io.BytesIO(content), options, Progress()))


def only(*inside: str) -> Message:
    (line,) = read(backup(*inside))
    assert line.message is not None, line.problem
    return line.message


def test_a_text_that_was_received_keeps_everything_but_the_literal_nulls() -> None:
    found = only(sms("Hi &amp; bye", more='read="1" sc_toa="null" contact_name="Ann"'))
    assert re.fullmatch("sms:[0-9a-f]{32}", str(found.pop("provider_id")))
    assert found == {
        "provider": "sms-backup",
        "direction": "inbound",
        "from": FRIEND,
        "to": [OWN],
        "text": "Hi & bye",
        "sent_at": "2020-09-13T12:26:40.123000Z",
        "time_as_received": "1600000000123",
        "source": {"protocol": "0", "read": "1", "contact_name": "Ann"},
    }


@pytest.mark.parametrize(("type_", "status"), [("2", None), ("4", "queued"), ("5", "failed"), ("6", "queued")])
def test_what_somebody_sent_is_outbound_even_if_nobody_got_it(type_: str, status: str | None) -> None:
    found = only(sms("Hi", type_=type_))
    assert (found["direction"], found["from"], found["to"]) == ("outbound", OWN, [FRIEND])
    assert found.get("status") == status


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (sms("Hi", type_="3"), "a draft, which was never sent"),
        (sms("Hi", type_="9"), "neither among what was received"),
        (sms("Hi", type_=""), "neither among what was received"),
        ("<sms type='1' address='51'/>", "no body"),
        (mms(words("Hi"), box="3"), "a draft"),
        (mms("", kind="130"), "only announces"),
        (mms("<part ct='application/smil' text='&lt;smil/>'/>"), "neither words nor files"),
        (mms(""), "neither words nor files"),
        ("<mms/>", "neither among what was received"),
    ],
)
def test_what_is_no_text_goes_to_quarantine_with_the_reason_and_costs_the_others_nothing(item: str, says: str) -> None:
    lines = read(backup(sms("before"), item, sms("after")))
    assert [line.problem is None for line in lines] == [True, False, True]
    assert says in (lines[1].problem or "")
    assert lines[1].raw.decode() == item


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("&#55357;&#56832;", "😀"),
        ("&#xD83D;&#xde00;!", "😀!"),
        ("&#200;&#55357;&#56832;&#55357;&#56833;", "È😀😁"),
        ("cut &#55357;", "cut &#55357;"),
        ("&#56832;&#55357;", "&#56832;&#55357;"),
        ("bell &#7;&#0;", "bell &#7;&#0;"),
        ("one&#10;two&#x9;", "one\ntwo\t"),
        ("😀 漏水 &lt;sms&gt;", "😀 漏水 <sms>"),
        ("null", "null"),
        ("", ""),
    ],
)
def test_a_text_is_what_was_written_whatever_references_the_phone_used(written: str, text: str) -> None:
    found = [line.message for line in read(backup(sms(written), mms(words("x" + written))))]
    assert [one and one["text"] for one in found] == [text, "x" + text]


@pytest.mark.parametrize("date", ["0", "null", "", "-5", "soon", "9" * 15, "٣"])
def test_a_time_that_means_nothing_is_left_out(date: str) -> None:
    assert "sent_at" not in only(sms("Hi", date=date))


def test_a_group_message_has_all_its_people_and_our_side_once() -> None:
    addresses = addr(FRIEND, "137") + addr("(415) 555-0100", "151") + addr(OTHER, "130") + addr(FRIEND, "151")
    found = only(mms(words("one") + words("two"), who=f"{FRIEND}~{OTHER}", addresses=addresses))
    assert (found["from"], found["to"], found["text"]) == (FRIEND, [OWN, OTHER], "one\ntwo")
    sent = only(mms(words("Hi"), box="2", addresses=addr("insert-address-token", "137") + addr(OTHER, "151")))
    assert (sent["from"], sent["to"]) == (OWN, [OTHER])


def test_without_addresses_the_joined_ones_say_who_was_in_it() -> None:
    sent = only(mms(words("Hi"), box="2", who=f"{FRIEND}~{OTHER}"))
    assert (sent["from"], sent["to"]) == (OWN, [FRIEND, OTHER])
    received = only(mms(words("Hi"), who=f"{FRIEND}~{OTHER}"))
    assert (received["from"], received["to"]) == (FRIEND, [OWN, OTHER])
    assert only(mms(words("Hi"), box="2", who="null"))["to"] == ["unknown"]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_picture_is_told_by_type_name_size_and_hash(quote: str) -> None:
    found = only(mms(words("Look") + picture(quote=quote)))
    assert found["text"] == "Look"
    assert found["media"] == [
        {
            "type": "image/jpeg",
            "name": "dog.jpg",
            "bytes": len(PICTURE),
            "sha256": hashlib.sha256(PICTURE).hexdigest(),
        }
    ]


def test_broken_data_is_told_by_its_name_alone() -> None:
    found = only(mms('<part ct="image/png" cl="a.png" data="A*B"/><part ct="image/gif" cl="b.gif" data="null"/>'))
    assert found["media"] == [{"type": "image/png", "name": "a.png"}, {"type": "image/gif", "name": "b.gif"}]


def test_words_that_look_like_a_picture_are_left_alone() -> None:
    text = "<part data='QUJD'> data='QUJD'".replace("<", "&lt;")
    found = only(sms(text.replace("'", "&apos;")))
    assert found["text"] == "<part data='QUJD'> data='QUJD'"
    part = "<part ct='text/plain' text='say data=\"QUJD\" now'/>"
    assert only(mms(part))["text"] == 'say data="QUJD" now'


def test_a_tag_inside_data_breaks_the_file_there_and_swallows_nothing() -> None:
    hidden = sms("hidden").replace('"', "'")
    broken = backup(sms("one"), f'<mms><parts><part data="QUJD{hidden}"/></parts></mms>')
    lines = read(broken)
    assert "The XML breaks here" in (lines[-1].problem or "")


def test_a_later_backup_of_the_same_phone_calls_its_texts_the_same() -> None:
    before = only(sms("Hi", more='read="0" status="-1"'))
    after = only(sms("Hi", more='read="1" status="0" contact_name="Ann"'))
    assert before["provider_id"] == after["provider_id"]
    others = [sms("Ho"), sms("Hi", type_="2"), sms("Hi", date="1600000000124"), sms("Hi", address=OTHER)]
    assert len({only(one)["provider_id"] for one in (*others, sms("Hi"))}) == 5


def test_whose_phone_it_is_must_be_said() -> None:
    with pytest.raises(FileProblem, match="--number"):
        read(backup(), Options(first_number=OWN))


def test_a_document_type_is_refused() -> None:
    bomb = b'<!DOCTYPE smses [<!ENTITY a "ha">]><smses>' + sms("&a;").encode() + b"</smses>"
    with pytest.raises(FileProblem, match="document type"):
        read(bomb)


def _large(bytes_: int) -> Iterator[bytes]:
    piece = PICTURE[: len(PICTURE) // 3 * 3]
    yield backup(sms("before"))[: -len("</smses>")]
    yield b'<mms date="1" msg_box="1"><parts><part ct="video/mp4" cl="film.mp4" data="'
    for _ in range(bytes_ // len(piece)):
        yield b64encode(piece)
    yield b'"/></parts></mms>' + sms("after").encode() + b"</smses>"


class Endless(io.RawIOBase):
    """A file that is made as it is read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int = -1) -> bytes:
        return next(self._chunks, b"")


def test_a_film_of_thirty_times_the_limit_passes_by_in_little_memory() -> None:
    tracemalloc.start()
    try:
        lines = list(sms_backup.read(Endless(_large(30 * LARGEST)), OPTIONS, Progress()))  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [line.message and line.message["text"] for line in lines] == ["before", "", "after"]
    assert peak < 3_000_000


def _in_pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 13, 64])
def test_where_a_chunk_ends_makes_no_difference(size: int) -> None:
    content = backup(
        sms("&#200;&#55357;&#56832;&#55357;&#56833; &amp;&#55357;"), mms(words("a") + picture(PICTURE[:50])), sms("b")
    )
    whole = b"".join(references_mended(attachments_told(iter([content]))))
    assert b"".join(references_mended(attachments_told(_in_pieces(content, size)))) == whole


PIECES = st.sampled_from(
    [
        sms("Hi"),
        mms(words("Hi") + picture(b"abc")),
        *("<smses>", "</smses>", "<mms>", "<parts>", '<part data="', "<part ", "'", '"', "&#55357;", "&#56832;", "&#"),
        *(
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE a>",
            "data='AA",
            "\x00",
            "é",
            "<",
            ">",
            "/>",
            "&amp;",
            "A" * 70,
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=12), st.integers(1, 90))
def test_no_bytes_make_it_fail_in_any_other_way_than_said(pieces: list[str], size: int) -> None:
    content = b"<smses>" + "".join(pieces).encode("utf-8", "replace")
    try:
        for line in sms_backup.read(Endless(_in_pieces(content, size)), OPTIONS, Progress()):  # type: ignore[arg-type]
            assert (line.message is None) != (line.problem is None)
    except FileProblem:
        pass


def test_importing_two_backups_of_one_phone_stores_each_text_once(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    path, counts = tmp_path / "sms.xml", []
    older = [sms("&#55357;&#56832;"), mms(words("Look") + picture()), sms("never", type_="3")]
    newer = [*(each.replace('read="1"', 'read="2"') for each in older), sms("new", date="1600000009000")]
    for items in (older, newer):
        path.write_bytes(backup(*items))
        options = ImportOptions(own_number=OWN)
        summary = import_file(archive.transactions, organisation.id, OPERATOR, path, options, lambda *_: None)
        counts.append([summary.counts[name] for name in ("stored", "duplicate", "conflict", "quarantined")])
    assert counts == [[2, 0, 0, 1], [1, 2, 0, 1]]
    assert verify_organisation(archive.transactions, archive.vault, organisation).good
