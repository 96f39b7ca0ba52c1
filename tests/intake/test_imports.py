"""Historic files through the ordinary door: previewed, broken off, gone on with, and never taken in twice."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput
from archive.intake import imports
from archive.intake.files import Progress
from archive.intake.imports import ImportOptions, Summary, import_file, preview_file
from archive.proving import verify_organisation
from archive.wiring import Archive
from tests.items import OWN_NUMBER, STRANGER, item, ledger_size, line, own_number, read_back
from tests.items import take_in as take_items_in

PROJECT = Path(__file__).resolve().parents[2]
Options = ImportOptions


class CableIsPulled(Exception):
    """In the middle of an import."""


def quiet(_progress: Progress, _summary: Summary) -> None:
    """Nobody looks at the bar."""


def write(path: Path, lines: Iterable[dict[str, object] | bytes]) -> Path:
    path.write_bytes(b"\n".join(each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines))
    return path


def take_in(archive: Archive, organisation: OrganisationRow, path: Path, options: Options | None = None) -> Summary:
    return import_file(archive.transactions, organisation.id, OPERATOR, path, options or Options(), quiet)


def preview(archive: Archive, organisation: OrganisationRow, path: Path, options: Options | None = None) -> Summary:
    return preview_file(archive.transactions, organisation.id, OPERATOR, path, options or Options(), quiet)


def count(archive: Archive, organisation: OrganisationRow, table: str = "message") -> int:
    with archive.engine.connect() as connection:
        query = text(f"SELECT count(*) FROM {table} WHERE org_id = :org")
        return connection.execute(query, {"org": organisation.id}).scalar_one()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LINES_AT_ONCE", 10)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """40 lines: 30 new texts, 5 duplicates, 2 conflicts, 3 broken."""
    texts: list[dict[str, object] | bytes] = [item(f"SM{at}", text=f"Text {at}") for at in range(30)]
    duplicates = [texts[at] for at in (0, 3, 7, 12, 29)]
    conflicts = [item("SM1", text="other"), item("SM29", text="other")]
    return write(tmp_path / "mixed.jsonl", [*texts, *duplicates, *conflicts, b"nonsense", item("X", to=[]), b"[]"])


EXPECTED = {"stored": 30, "duplicate": 5, "conflict": 2, "quarantined": 3}


def outcome(summary: Summary) -> dict[str, int]:
    return {name: summary.counts[name] for name in EXPECTED}


@pytest.mark.usefixtures("small_batches")
def test_a_file_is_taken_in_and_told_by_numbers(archive: Archive, organisation: OrganisationRow, mixed: Path) -> None:
    summary = take_in(archive, organisation, mixed)
    assert outcome(summary) == EXPECTED
    assert (summary.total, summary.resumed, sum(summary.reasons.values())) == (40, 0, 3)
    assert count(archive, organisation) == 32
    assert count(archive, organisation, "quarantine_item") == 3
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


@pytest.mark.usefixtures("small_batches")
def test_a_preview_stores_nothing_and_says_what_the_import_then_does(
    archive: Archive, organisation: OrganisationRow, mixed: Path
) -> None:
    before = ledger_size(archive, organisation.id)
    foretold = preview(archive, organisation, mixed)
    assert ledger_size(archive, organisation.id) == before
    assert count(archive, organisation) == 0
    assert outcome(foretold) == EXPECTED
    summary = take_in(archive, organisation, mixed)
    assert (outcome(summary), summary.reasons) == (outcome(foretold), foretold.reasons)
    assert outcome(preview(archive, organisation, mixed)) == {**EXPECTED, "stored": 0, "duplicate": 37, "conflict": 0}


@pytest.mark.usefixtures("small_batches")
def test_importing_again_stores_nothing(archive: Archive, organisation: OrganisationRow, mixed: Path) -> None:
    take_in(archive, organisation, mixed)
    texts, items = count(archive, organisation), count(archive, organisation, "quarantine_item")
    again = take_in(archive, organisation, mixed)
    assert outcome(again) == {"stored": 0, "duplicate": 37, "conflict": 0, "quarantined": 3}
    assert (again.resumed, count(archive, organisation)) == (0, texts)
    assert count(archive, organisation, "quarantine_item") == items


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("batches", [0, 1, 3])
def test_what_was_broken_off_goes_on_where_it_was(
    archive: Archive, organisation: OrganisationRow, mixed: Path, batches: int
) -> None:
    def pull(_progress: Progress, summary: Summary) -> None:
        if summary.total >= batches * 10:
            raise CableIsPulled

    with pytest.raises(CableIsPulled):
        import_file(archive.transactions, organisation.id, OPERATOR, mixed, Options(), pull)
    done = max(batches, 1) * 10
    renamed = mixed.rename(mixed.with_name("found again.jsonl"))
    summary = take_in(archive, organisation, renamed)
    assert (summary.resumed, summary.total) == (done, 40)
    assert outcome(summary) == EXPECTED, "the numbers are those of the whole file"
    assert count(archive, organisation) == 32


@pytest.mark.usefixtures("small_batches")
def test_a_transaction_that_fails_in_the_middle_is_done_again_as_a_whole(
    archive: Archive, organisation: OrganisationRow, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = imports.receive, []

    def failing(*arguments: object) -> object:
        calls.append(1)
        received = real(*arguments)  # type: ignore[arg-type]
        if len(calls) == 3:
            raise CableIsPulled
        return received

    monkeypatch.setattr(imports, "receive", failing)
    with pytest.raises(CableIsPulled):
        take_in(archive, organisation, mixed)
    assert count(archive, organisation) == 20
    summary = take_in(archive, organisation, mixed)
    assert (summary.resumed, outcome(summary)) == (20, EXPECTED)
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


def test_another_file_or_another_reading_of_it_begins_at_its_beginning(
    archive: Archive, organisation: OrganisationRow, mixed: Path, tmp_path: Path
) -> None:
    def pull(_progress: Progress, _summary: Summary) -> None:
        raise CableIsPulled

    with pytest.raises(CableIsPulled):
        import_file(archive.transactions, organisation.id, OPERATOR, mixed, Options(), pull)
    assert take_in(archive, organisation, mixed, Options(anchor="sent")).resumed == 0
    other = write(tmp_path / "other.jsonl", [item("other")])
    assert take_in(archive, organisation, other).resumed == 0
    assert take_in(archive, organisation, mixed).resumed == 40


def test_a_file_that_breaks_in_the_middle_keeps_what_was_read_before(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    """The last of 400 texts in a zip file is damaged. The next import of the same file gets as far, and no further."""
    messages = "".join(f'<message id="{at}"><text>Text {at} {"x" * 3_000}</text></message>' for at in range(400))
    path = tmp_path / "corpus.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("corpus.xml", f'<?xml version="1.0"?><smsCorpus>{messages}</smsCorpus>')
    content = bytearray(path.read_bytes())
    content[content.index(b"Text 399")] ^= 1
    path.write_bytes(bytes(content))
    for _ in range(2):
        with pytest.raises(BadInput):
            take_in(archive, organisation, path)
        assert 300 < count(archive, organisation) < 400


def test_reading_and_its_end_are_in_the_ledger(archive: Archive, organisation: OrganisationRow, mixed: Path) -> None:
    take_in(archive, organisation, mixed)
    with archive.engine.connect() as connection:
        query = text("SELECT kind, detail FROM ledger_entry WHERE org_id = :org AND kind LIKE 'import.%' ORDER BY seq")
        entries = connection.execute(query, {"org": organisation.id}).all()
    assert [kind for kind, _ in entries] == ["import.started", "import.read", "import.finished"]
    assert "mixed.jsonl" not in str(entries), "a file's name may name a person"
    assert json.loads(entries[2][1])["counts"]["stored"] == 30


def test_a_text_that_came_by_webhook_without_a_time_is_the_same_one_in_a_list(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    take_items_in(archive, organisation.id, line("SM1", account="AC1", sent_at=...))
    listed = {
        **{"sid": "SM1", "account_sid": "AC1", "body": item()["text"], "direction": "inbound", "from": STRANGER},
        **{"to": OWN_NUMBER, "date_sent": "Fri, 20 Nov 2026 12:00:00 +0000", "status": "received"},
    }
    path = write(tmp_path / "listed.jsonl", [listed])
    assert preview(archive, organisation, path).counts["duplicate"] == 1
    assert take_in(archive, organisation, path).counts["duplicate"] == 1


def test_an_import_may_count_from_sending_and_the_preview_says_what_is_past(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    sent = ["2010-01-01T00:00:00Z", "2026-11-01T00:00:00Z", "2025-10-19T08:59:59Z"]
    path = write(tmp_path / "old.jsonl", [item(f"SM{at}", sent_at=each) for at, each in enumerate(sent)])
    assert preview(archive, organisation, path, Options(anchor="sent")).counts["expired"] == 2
    assert preview(archive, organisation, path).counts["expired"] == 0
    take_in(archive, organisation, path, Options(anchor="sent"))
    with archive.engine.connect() as connection:
        query = text("SELECT seq FROM message WHERE org_id = :org ORDER BY seq")
        serials = list(connection.execute(query, {"org": organisation.id}).scalars())
    clears = [read_back(archive, organisation.id, serial).clear for serial in serials]
    assert [(clear.expires_at - clear.received_at).days for clear in clears] == [30, 377, 30]


def test_what_can_not_be_opened_or_read_is_said_in_one_sentence(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        take_in(archive, organisation, tmp_path / "nowhere.jsonl")
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(BadInput):
        take_in(archive, organisation, tmp_path / "noise.bin")
    assert count(archive, organisation) == 0


def test_a_corpus_without_numbers_is_imported_for_the_first_number(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    own_number(archive, organisation.id)
    path = tmp_path / "corpus.xml"
    path.write_text('<?xml version="1.0"?><smsCorpus><message id="1"><text>Hi</text></message></smsCorpus>')
    assert take_in(archive, organisation, path).counts["stored"] == 1
    with archive.engine.connect() as connection:
        query = text("SELECT own_number FROM message WHERE org_id = :org")
        assert connection.execute(query, {"org": organisation.id}).scalar_one() == "+12125550123"


WHOLE = r"""
import json, re, sys, time
from pathlib import Path
from archive.access.organisations import create_organisation
from archive.core.actor import OPERATOR
from archive.intake.imports import ImportOptions, import_file
from archive.proving import sign_and_keep, verify_organisation
from archive.settings import read_settings
from archive.setting_up import prepare
from archive.wiring import build

settings = read_settings({"TEXTARCHIVE_DATA": sys.argv[1]})
prepare(settings)
archive = build(settings)
row = create_organisation(archive.transactions, "Corpus", OPERATOR, settings.public_url)
begin = time.monotonic()
def take_in():
    counts = [import_file(archive.transactions, row.id, OPERATOR, Path(path), ImportOptions(), lambda *_: None).counts
              for path in sys.argv[2:]]
    return {name: sum(each[name] for each in counts) for name in ("stored", "duplicate", "conflict", "quarantined")}
first, again = take_in(), take_in()
sign_and_keep(archive.transactions, archive.vault, row)
report = verify_organisation(archive.transactions, archive.vault, row)
# Of this process alone: `getrusage` would count what the process had that started this one.
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps({
    "first": first, "again": again, "faults": len(report.faults), "records": report.records,
    "seconds": time.monotonic() - begin, "mb": int(peak[1]) / 1024,
}))
"""


@pytest.mark.slow
def test_the_whole_corpus_comes_in_once_and_stays_unchanged(shared: Path, tmp_path: Path) -> None:
    files = [str(shared / "data" / "texts" / name) for name in ("nus-sms-en.zip", "nus-sms-zh.zip")]
    ran = subprocess.run(
        [sys.executable, "-c", WHOLE, str(tmp_path / "data"), *files],
        cwd=PROJECT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert sum(result["first"].values()) == sum(result["again"].values()) == 87_300
    assert result["first"]["stored"] + result["first"]["conflict"] == result["records"] - result["first"]["quarantined"]
    assert result["again"]["stored"] == result["again"]["conflict"] == 0
    assert result["faults"] == 0
    assert result["mb"] < 250
