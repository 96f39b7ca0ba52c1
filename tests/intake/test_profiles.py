"""Profiles of tables: kept, renamed, removed, each of it in the ledger, sealed, and used by imports."""

from pathlib import Path

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import ArchiveError, BadInput, Conflict, NotFound
from archive.intake.files.model import Mapping
from archive.intake.imports import ImportOptions, import_file, preview_file
from archive.intake.looking_at_imports import list_imports
from archive.intake.profiles import actions, model
from archive.intake.profiles.model import Profile
from archive.tx import Tx
from archive.wiring import Archive
from tests.intake.test_imports import quiet
from tests.items import OWN_NUMBER, STRANGER, own_number
from tests.taking_in import trail

MAPPING = Mapping({"from": "A", "to": "B", "text": "C"}, {"provider": "acme"})


def test_a_profile_is_kept_renamed_and_removed(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        made = actions.save_profile(tx, " Dana's   phone ", MAPPING)
    assert (made.name, made.mapping, made.built_in) == ("Dana's phone", MAPPING, False)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert [one.name for one in actions.list_profiles(tx)] == ["twilio", "Dana's phone"]
        assert actions.profile_named(tx, "DANA'S PHONE") == made == actions.profile_named(tx, made.id or "")
        renamed = actions.rename_profile(tx, made.id or "", "Front desk")
        actions.rename_profile(tx, made.id or "", "Front desk")
        _refuse(tx, renamed)
    with archive.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM import_profile")).all()
        assert "acme" not in str(rows)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert actions.remove_profile(tx, made.id or "").name == "Front desk"
        assert actions.list_profiles(tx) == list(model.BUILT_IN)
    kinds = ("profile.saved", "profile.renamed", "profile.removed")
    told = [(entry.detail, entry.private["name"]) for kind in kinds for entry in trail(archive, organisation, kind)]
    assert told == [({}, "Dana's phone"), ({}, "Front desk"), ({}, "Front desk")]


def _refuse(tx: Tx, existing: Profile) -> None:
    refusals: list[tuple[type[ArchiveError], str, Mapping]] = [
        (Conflict, "front DESK", MAPPING),
        (BadInput, "Twilio", MAPPING),
        (BadInput, "", MAPPING),
        (BadInput, "half \ud83d", MAPPING),
        (BadInput, "No text", Mapping({"from": "A", "to": "B"})),
    ]
    for kind, name, mapping in refusals:
        with pytest.raises(kind):
            actions.save_profile(tx, name, mapping)
    for wrong in (actions.remove_profile, actions.profile_named):
        with pytest.raises(NotFound):
            wrong(tx, "prf_of_nobody")
    assert [one.id for one in actions.list_profiles(tx)] == [None, existing.id]


def test_an_import_reads_a_table_by_its_profile(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    own_number(archive, organisation.id)
    path = tmp_path / "table.csv"
    path.write_text(f"A,B,C\n{STRANGER},{OWN_NUMBER},Hello\n{STRANGER},{STRANGER},Whose?\n")
    options = ImportOptions(profile=Profile("Front desk", MAPPING))
    arguments = archive.transactions, organisation.id, OPERATOR, path, options, quiet
    foretold = preview_file(*arguments)
    assert [(one.place, one.outcome.status) for one in foretold.first] == [
        ("line 2", "stored"),
        ("line 3", "quarantined"),
    ]
    done = import_file(*arguments)
    assert dict(done.counts) == {"stored": 1, "quarantined": 1}
    assert import_file(*arguments).counts["duplicate"] == 1
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [run.profile for run in list_imports(tx)] == ["Front desk", "Front desk"]
    other = ImportOptions(profile=Profile("Front desk", Mapping({**MAPPING.columns, "status": "D"}, MAPPING.constants)))
    with pytest.raises(BadInput, match="no column D; its columns are A, B, C"):
        import_file(archive.transactions, organisation.id, OPERATOR, path, other, quiet)
    assert other.key != options.key
