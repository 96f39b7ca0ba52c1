"""Everything that reads what strangers wrote, with samples of what it reads and how it may say no."""

import hashlib
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.core.canonical import canonical_json
from archive.core.errors import ArchiveError
from archive.core.table import read_cells
from archive.intake import bodies
from archive.intake.files import FORMATS, FileProblem, Options, Progress, detect
from archive.intake.files.model import Mapping
from archive.intake.parse import arrival
from archive.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint, sign_note
from archive.ledger.proofs import ProofError, check_proof
from archive.ledger.tree import leaf_hash
from archive.letters.paper_check import check_paper
from archive.providers.listed.frame import Reader, Unlisted, page_of
from archive.providers.listed.model import READERS
from archive.providers.model import DOORS
from archive.providers.said import Text
from archive.search.query.parse import parse
from tests.intake import making_mails
from tests.intake import test_files_google_voice as google_voice
from tests.intake import test_files_imessage as imessage
from tests.intake import test_files_sms_backup as sms_backup
from tests.items import line
from tests.letters import papers
from tests.providers.signed import NOON
from tests.pulling.listing import of_twilio

OWN = "+14155550100"
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEY = VerifierKey("archive.example/harbour", SIGNING.public_key().public_bytes_raw())
CSV = (
    b"provider,provider_id,direction,from,to,text,sent_at\n"
    b'twilio,SM1,inbound,+12125550123,+14155550100,"Hi, you",2026-11-20T10:00:00Z\n'
    b"twilio,SM2,out,+14155550100,+12125550123;+13125550177,Bye,11/20/2026 3:04 PM\n"
)
BY_PROFILE = b"Sender;Receiver;Words;When;Way\n+12125550123;+14155550100;Hi;11/20/2026 3:04 PM;MO\n"
MAPPING = Mapping(
    {"from": "Sender", "to": "Receiver", "text": "Words", "sent_at": "When", "direction": "Way"},
    {"provider": "acme"},
    "%m/%d/%Y %I:%M %p",
    "America/New_York",
    ("MO",),
)
NUS = (
    b'<?xml version="1.0"?><smsCorpus date="2015.03.09" version="1.2"><message id="10120"><text>Bugis oso near</text>'
    b"<source><srcNumber>51</srcNumber></source><destination><destNumber>unknown</destNumber></destination>"
    b"</message></smsCorpus>"
)
NOT_SIGNED = {"tcr": (ValueError, RecursionError)}
"""The registry signs what its JSON says, so that what is no JSON never comes to the parser."""
QUERIES = (
    b'"wire transfer" from:+14155550188 after:2026-01-01 -flag:conflict (refund OR money) near:3 pay*',
    b"to:12125550123 in:last-week ~recieve NOT (a AND b) \xe2\x80\x9ca b\xe2\x80\x9d campaign:C1",
)


@dataclass(frozen=True, slots=True)
class Parser:
    """`read` raises nothing but what stands in `says_no`."""

    read: Callable[[bytes], object]
    samples: Sequence[bytes]
    says_no: tuple[type[Exception], ...] = ()


def parsers(folder: Path, shared: Path) -> dict[str, Parser]:
    """`folder`: where a sample may be made. `shared`: the reference folder, which has the providers' payloads."""
    files = _files(folder)
    return {
        **{
            f"door-{name}": Parser(partial(_door, name), _payloads(shared, name), NOT_SIGNED.get(name, ()))
            for name in DOORS
        },
        **{
            f"list-{name}": Parser(partial(_page, one), _pages(shared, one), (Unlisted,))
            for name, one in READERS.items()
        },
        **{f"file-{name}": Parser(partial(_file, name), made, (FileProblem,)) for name, made in files.items()},
        "file-by-profile": Parser(partial(_file, "csv", mapping=MAPPING), [CSV, BY_PROFILE], (FileProblem,)),
        "file-of-any-format": Parser(_any_file, [one for made in files.values() for one in made], (FileProblem,)),
        **_of_the_api(),
        **_of_evidence(),
    }


def _of_the_api() -> dict[str, Parser]:
    item, no = line(), (ArchiveError,)
    odd = {**json.loads(item), "media": [{"url": "x"}], "unknown": {"y": [1]}}
    return {
        "api-item": Parser(_item, [item, json.dumps(odd).encode()]),
        "api-body": Parser(_body, [b'{"messages": [%b, %b]}' % (item, item), item], no),
        "api-lines": Parser(lambda raw: bodies.read_lines(io.BytesIO(raw)), [item + b"\n" + item], no),
        "table": Parser(
            partial(read_cells, columns=("number", "state")), [b"number,state\n+14155550100,verified\n"], no
        ),
        "query": Parser(lambda raw: parse(raw.decode(errors="surrogateescape")), QUERIES, no),
        "paper": Parser(check_paper, [papers.scan(2), papers.with_script(), papers.with_file()], no),
    }


def _of_evidence() -> dict[str, Parser]:
    document = canonical_json({"clear": {"seq": 1}, "content": {"text": "Hi"}})
    commit = hashlib.sha256(bytes(32) + document).hexdigest()
    leaf = canonical_json({"at": "x", "commit": commit, "kind": "message.stored", "seq": 1, "v": 1})
    text = str(Checkpoint(KEY.name, 1, leaf_hash(leaf)))
    checkpoint = sign_note(text, KEY, SIGNING.sign)
    proof = {
        "format": "textarchive-proof-v1",
        "public_key": str(KEY),
        "salt": bytes(32).hex(),
        "document": document.decode(),
        "leaf": leaf.decode(),
        "path": [b64encode(bytes(32)).decode()],
        "checkpoint": checkpoint,
    }
    right = json.dumps({**proof, "path": []}).encode()
    return {
        "checkpoint": Parser(partial(open_checkpoint, key=KEY), [checkpoint.encode()], (NoteError,)),
        "proof": Parser(_proof, [right, json.dumps(proof).encode()], (ProofError,)),
    }


def _proof(raw: bytes) -> None:
    check_proof(raw.decode(errors="surrogateescape"), KEY)


def _door(provider: str, raw: bytes) -> None:
    """What is understood can be written and read at our own door."""
    for said in DOORS[provider].parse(raw):
        if isinstance(said, Text):
            arrival(canonical_json(said.item), NOON, "fuzz")


def _page(reader: Reader, raw: bytes) -> None:
    page_of(reader, reader.provider, raw, "/where", "</next>; rel=next")


def _item(raw: bytes) -> None:
    found = arrival(raw, NOON, "fuzz")
    assert (found.wire is None) is (found.problem is not None)


def _body(raw: bytes) -> None:
    for item in bodies.read_items(io.BytesIO(raw)):
        _item(item)


def _file(name: str, raw: bytes, mapping: Mapping | None = None) -> None:
    options = Options(own_number=OWN, own_numbers=frozenset({OWN}), mapping=mapping)
    for found in FORMATS[name].read(_named(raw), options, Progress()):
        assert (found.message is None) is (found.problem is not None)
        if found.message is not None:
            arrival(canonical_json(found.message), NOON, "fuzz")


def _any_file(raw: bytes) -> None:
    detect(_named(raw))


def _named(raw: bytes) -> io.BytesIO:
    stream = io.BytesIO(raw)
    stream.name = google_voice.PAGE_NAME
    return stream


def _payloads(shared: Path, provider: str) -> list[bytes]:
    found = [
        json.loads(path.read_text()) for path in sorted((shared / "data/telecom/payloads").glob(f"{provider}*.json"))
    ]
    forms = [urlencode(one["form"]).encode() for one in found if isinstance(one.get("form"), dict)]
    return [*forms, *(json.dumps(one["json"]).encode() for one in found if "json" in one)] or [b"{}"]


def _pages(shared: Path, reader: Reader) -> list[bytes]:
    """The samples of a provider, as if they were listed under each name that a list has."""
    rows: list[Any] = [json.loads(raw) for raw in _payloads(shared, reader.provider) if raw.startswith(b"{")]
    rows = [*rows, of_twilio(1), of_twilio(2, outbound=True, num_media="1")]
    return [json.dumps({name: rows, "next_page_uri": "/next"}).encode() for name in ("messages", "data", "items")]


def _files(folder: Path) -> dict[str, list[bytes]]:
    """Of each format that can be imported, small ones."""
    item = line()
    chat = google_voice.page(google_voice.message("Hi &amp; bye"), google_voice.message("Moin", google_voice.OWN))
    backup = sms_backup.backup(sms_backup.sms("Hi"), sms_backup.mms(sms_backup.words("Hello") + sms_backup.picture()))
    rows = [imessage.row("G1"), imessage.row("G2", text=None, body=imessage.body("Hi")), imessage.row("G3", mine=1)]
    return {
        "jsonl": [item + b"\n" + item + b"\n"],
        "csv": [CSV],
        "nus-xml": [NUS, _zipped("corpus.xml", NUS)],
        "sms-backup": [backup, _zipped("sms.xml", backup)],
        "google-voice": [chat, _zipped(google_voice.PAGE_NAME, chat)],
        "imessage": [imessage.database(folder / "chat.db", *rows, files=True).read_bytes()],
        "rsmf": _of_rsmf(),
        "eml": _mails(),
    }


def _of_rsmf() -> list[bytes]:
    said = making_mails.manifest(making_mails.event(attachments=[{"id": "a.png"}]), making_mails.event(type="join"))
    packed = making_mails.rsmf_zip(said, **{"a.png": b"a picture"})
    return [making_mails.rsmf(said), packed, _zipped("a.rsmf", making_mails.rsmf(said))]


def _mails() -> list[bytes]:
    one, noon = making_mails.sms_mail(), "2026-11-20T12:00:00Z"
    spoken = making_mails.transcript((noon, making_mails.THEIRS, "Hello"), (noon, OWN, "Hi"), people=f"{OWN}@x.example")
    exact = making_mails.sms_mail(
        X_Archive_Direction="inbound", To='"Kit, of us" <+14155550100@x.example>, =?utf-8?q?=C3=A9?= <y@z>'
    )
    return [one, exact, spoken, b"From x\n%b\nFrom y\n%b" % (one, spoken), _zipped("a.eml", spoken)]


def _zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()
