"""The evidence packet: what is in it, that a stranger can check it, and that it says what isn't in it."""

import hashlib
import io
import json
import zipfile

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import NotFound
from archive.ledger.note import VerifierKey
from archive.ledger.proofs import check_proof
from archive.numbers.actions import set_state
from archive.numbers.model import NumberState
from archive.spam import triage
from archive.spam.model import NewReport, Said, Source, State
from archive.spam.packing import Packed, pack
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.letters.signing import sign
from tests.spam.reporting import OUT, SENT, WORDS, compared, sent, taken, told
from tests.taking_in import HOSTILE, OTHER, OWN, own_number, take_in, text, trail

DANA = Actor("person", "per_dana")


def packed(archive: Archive, organisation: OrganisationRow, report_id: str, actor: Actor = OPERATOR) -> Packed:
    return pack(archive.transactions, organisation, actor, report_id)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name.partition("/")[2]: file.read(name) for name in file.namelist()}


@pytest.fixture
def number(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> str:
    """Ours for a month before anything is said."""
    now = clock.now
    clock.now = SENT.replace(month=10)
    number_id = own_number(archive, organisation)
    sign(archive, organisation, OWN)
    clock.now = now
    return number_id


@pytest.fixture
def report_id(archive: Archive, organisation: OrganisationRow, number: str) -> str:
    take_in(archive, organisation, [text(0, "Hello?"), text(1, "Hi Kit", **OUT), text(5, "STOP")])
    sent(archive, organisation, (10, WORDS), campaign="CABC123")
    return compared(archive, organisation, told(minute=12)).row.id


def test_everything_is_in_it_as_of_the_text(
    archive: Archive, organisation: OrganisationRow, report_id: str, number: str
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_state(tx, number, NumberState.SUSPENDED, "Later")
        triage.move(tx, report_id, State.INVESTIGATING, "Looking into it")
    packet = packed(archive, organisation, report_id).packet
    assert packet.text
    assert packet.texting
    assert packet.then
    assert (packet.text.content.text, packet.at) == (WORDS, packet.text.at)
    assert [message.content.text for message in packet.conversation] == ["Hello?", "Hi Kit", "STOP", WORDS]
    assert packet.texting.standing
    assert packet.texting.standing.said_at < packet.at
    assert packet.texting.first
    assert packet.texting.first.content.text == "Hello?"
    assert packet.then.state is NumberState.AUTHORISED, "it was suspended only later"
    assert packet.past[0].state is NumberState.SUSPENDED
    assert [letter.numbers for letter in packet.letters] == [(OWN,)]
    assert packet.campaign == "CABC123"
    assert "Looking into it" in [step.note for step in packet.steps]
    assert list(packet.missing) == [
        "No record of a consent that was given in another way than by text is kept in this archive.",
        "The campaign is not known to this archive, so how it was registered isn't either.",
    ]


def test_a_stranger_checks_every_file_with_nothing_but_the_key(
    archive: Archive, organisation: OrganisationRow, report_id: str
) -> None:
    files = unzipped(packed(archive, organisation, report_id).zip())
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"].keys() == files.keys()
    for name, content in files.items():
        stated = manifest["files"][name]
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (stated["sha256"], stated["bytes"])
    key = VerifierKey.parse(files["archive.pub"].decode())
    proven = {name: check_proof(content.decode(), key) for name, content in files.items() if name.startswith("proofs/")}
    kinds = [one.leaf["kind"] for one in proven.values()]
    for kind in ("message.stored", "spam.reported", "number.added", "optout.recorded", "letter.signed"):
        assert kind in kinds
    assert kinds.count("message.stored") == 4
    (reported,) = [one for one in proven.values() if one.leaf["kind"] == "spam.reported"]
    digest = hashlib.sha256(files["report.salt"] + files["report.json"]).hexdigest()
    assert digest == reported.record["clear"]["detail"]["digest"]
    assert json.loads(files["report.json"])["words"] == WORDS
    assert [name for name in files if name.startswith("letters/")]
    assert json.loads(files["packet.json"])["text"]["text"] == WORDS
    assert files["packet.pdf"].startswith(b"%PDF-1.7")


def test_the_same_packet_is_the_same_bytes(archive: Archive, organisation: OrganisationRow, report_id: str) -> None:
    made = packed(archive, organisation, report_id)
    assert made.zip() == made.zip()
    assert made.pdf() == made.pdf()


def test_that_it_was_handed_out_is_in_the_ledger(
    archive: Archive, organisation: OrganisationRow, report_id: str
) -> None:
    made = packed(archive, organisation, report_id, DANA)
    (entry,) = trail(archive, organisation, "spam.packet-made")
    serials = [message.serial for message in made.packet.conversation]
    assert (entry.subject, entry.actor, entry.detail["texts"]) == (report_id, "person:per_dana", serials)
    (viewed,) = trail(archive, organisation, "message.viewed")
    assert made.packet.text
    assert viewed.subject == f"message:{made.packet.text.serial}"
    assert len(trail(archive, organisation, "letter.opened")) == 1


def test_what_is_missing_is_said(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    report_id = compared(archive, organisation, NewReport(Source.PUBLIC, OWN)).row.id
    made = packed(archive, organisation, report_id)
    said = " ".join(made.packet.missing)
    for words in (
        *("No archived text was found", "did not say who they are", "names no time", "does not say what the text said"),
        *("No Letter of Authorization", "names no campaign", "No record of a consent"),
    ):
        assert words in said
    assert made.pdf().startswith(b"%PDF")
    assert unzipped(made.zip()).keys() >= {"packet.pdf", "packet.json", "report.json"}


def test_a_number_that_was_not_ours_then_is_said_to_be_unknown(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)  # Today; the text is three days old.
    sent(archive, organisation, (0, WORDS))
    packet = packed(archive, organisation, compared(archive, organisation, told()).row.id).packet
    assert packet.then is None
    assert "The number was not one of the organisation's at that time, as far as the archive knows." in packet.missing
    assert "The complainant never said by text that they may be texted, or may not." in packet.missing


def test_a_complaint_about_a_campaign_alone_can_be_packed(archive: Archive, organisation: OrganisationRow) -> None:
    report_id = taken(archive, organisation, NewReport(Source.CARRIER, "", Said(reference="C-1"), campaign="CABC"))
    made = packed(archive, organisation, report_id)
    assert made.packet.campaign == "CABC"
    assert made.zip()


def test_hostile_texts_are_printed_and_packed(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    for minute, words in enumerate(HOSTILE.values()):
        sent(archive, organisation, (minute, words))
    found = told(words=HOSTILE["markup"], minute=0)
    files = unzipped(packed(archive, organisation, compared(archive, organisation, found).row.id).zip())
    shown = json.loads(files["packet.json"])
    assert HOSTILE["markup"] in [one["text"] for one in shown["conversation"]]


def test_nobody_packs_a_report_of_another_organisation(
    archive: Archive, organisation: OrganisationRow, report_id: str
) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    with pytest.raises(NotFound):
        packed(archive, other, report_id)
    assert OTHER not in str(trail(archive, other, "spam.packet-made"))
