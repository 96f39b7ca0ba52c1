"""What became of each item of a file: whole after a break and after a loss, and without a word of any text."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict, NotFound
from archive.intake import imports
from archive.intake.fates import COLUMNS, Fate, fate, packed, unpacked, written
from archive.intake.files import Progress
from archive.intake.files.model import Mapping
from archive.intake.imports import ImportOptions, Summary, import_file, preview_file
from archive.intake.looking_at_imports import list_imports, open_fates, read_import
from archive.intake.profiles.model import Profile
from archive.messages.model import Outcome
from archive.proving import verify_organisation
from archive.wiring import Archive
from tests.intake.making_mails import OURS, THEIRS, event, manifest, rsmf, sms_mail
from tests.intake.test_imports import CableIsPulled, quiet, write
from tests.items import item, own_number
from tests.taking_in import trail


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    texts = [item(f"SM{at}", text=f"secret words {at}") for at in range(4)]
    return write(
        tmp_path / "seven.jsonl", [*texts, texts[0], item("SM1", text="other secret words"), b"secret nonsense"]
    )


EXPECTED = ["stored"] * 4 + ["duplicate", "conflict", "quarantined"]


def test_the_fates_of_an_import_that_was_broken_off_are_whole(
    archive: Archive, organisation: OrganisationRow, seven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LINES_AT_ONCE", 2)

    def pull(_progress: Progress, summary: Summary) -> None:
        if summary.total == 4:
            raise CableIsPulled

    arguments = archive.transactions, organisation.id, OPERATOR, seven, ImportOptions()
    with pytest.raises(CableIsPulled):
        import_file(*arguments, pull)
    run_id = import_file(*arguments, quiet).id or ""
    opened = open_fates(archive, organisation.id, OPERATOR, run_id)
    assert [one.status for one in opened.fates] == EXPECTED
    assert [one.place for one in opened.fates] == [f"line {number}" for number in range(1, 8)]
    assert opened.fates[4].serial == opened.fates[0].serial
    assert all(one.serial for one in opened.fates)
    assert "secret" not in b"".join(written((("f", one) for one in opened.fates), "jsonl")).decode()
    assert trail(archive, organisation, "import.fates-viewed")[0].subject == run_id
    _told_the_same_after_a_loss(archive, organisation, run_id)
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


def test_two_who_import_the_same_file_at_once_do_not_tell_its_fates_twice(
    archive: Archive, organisation: OrganisationRow, seven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LINES_AT_ONCE", 2)
    arguments = archive.transactions, organisation.id, OPERATOR, seven, ImportOptions()
    other: list[Summary] = []

    def go_on_elsewhere(_progress: Progress, summary: Summary) -> None:
        if summary.total == 2 and not other:
            other.append(import_file(*arguments, quiet))

    with pytest.raises(Conflict, match="by somebody else"):
        import_file(*arguments, go_on_elsewhere)
    assert (other[0].resumed, other[0].total) == (2, 7)
    opened = open_fates(archive, organisation.id, OPERATOR, other[0].id or "")
    assert [one.status for one in opened.fates] == EXPECTED


@pytest.mark.parametrize("name", ["table.csv", "talk.rsmf", "mails"])
def test_other_formats_go_on_where_they_were_and_come_in_once(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(imports, "LINES_AT_ONCE", 2)
    own_number(archive, organisation.id)
    path = tmp_path / name
    said = [f"Text {at}" for at in range(5)]
    if name == "mails":
        path.mkdir()
        for at, words in enumerate(said):
            (path / f"{at}.eml").write_bytes(sms_mail(words, Message_ID=f"<{at}@x.example>"))
    elif name == "talk.rsmf":
        path.write_bytes(rsmf(manifest(*[event(body=words) for words in said])))
    else:
        path.write_text("A,B,C\n" + "".join(f"{THEIRS},{OURS},{words}\n" for words in said))
    mapping = Mapping({"from": "A", "to": "B", "text": "C"}, {"provider": "acme"})
    options = ImportOptions(profile=Profile("table", mapping) if name == "table.csv" else None)

    def pull(_progress: Progress, summary: Summary) -> None:
        if summary.total == 2:
            raise CableIsPulled

    arguments = archive.transactions, organisation.id, OPERATOR, path, options
    assert preview_file(*arguments, quiet).counts["stored"] == 5
    with pytest.raises(CableIsPulled):
        import_file(*arguments, pull)
    done = import_file(*arguments, quiet)
    assert (done.resumed, done.counts["stored"]) == (2, 5)
    monkeypatch.setattr(imports, "LINES_AT_ONCE", 5_000)
    monkeypatch.setattr(imports, "BYTES_AT_ONCE", 1)
    again = import_file(*arguments, quiet)
    assert again.counts["duplicate"] == 5
    parts = [entry for entry in trail(archive, organisation, "import.read") if entry.subject == again.id]
    assert len(parts) == 5, "what is large is taken in by small parts"


def _told_the_same_after_a_loss(archive: Archive, organisation: OrganisationRow, run_id: str) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (before,) = list_imports(tx)
    with archive.engine.begin() as connection:
        connection.execute(text("DELETE FROM import_run WHERE org_id = :org"), {"org": organisation.id})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_import(tx, run_id) == before == list_imports(tx)[0]
        with pytest.raises(NotFound):
            read_import(tx, "imp_elsewhere")
    assert (before.file, before.lines) == ("seven.jsonl", 7)
    assert before.counts == {"stored": 4, "duplicate": 1, "conflict": 1, "quarantined": 1}


def test_what_is_written_can_be_read_by_a_spreadsheet_and_does_nothing_there() -> None:
    odd = fate("=cmd|x\ud83d.eml, line 1", Outcome("conflict", 7, ("a", "b"), "Both are kept."))
    told = [("@f.zip", odd), ("b.zip", Fate("line 2", "stored"))]
    rows = list(csv.reader(io.StringIO(b"".join(written(told, "csv")).decode())))
    assert rows == [
        list(COLUMNS),
        ["'@f.zip", "'=cmd|x?.eml, line 1", "conflict", "7", "a b", "Both are kept."],
        ["b.zip", "line 2", "stored", "", "", ""],
    ]
    assert unpacked(packed([odd, odd])) == [odd, odd]
    assert b'"serial":7' in b"".join(written(told, "jsonl"))
