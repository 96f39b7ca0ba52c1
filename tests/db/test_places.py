"""The migration that makes a location of each name that the numbers of an older archive have."""

from pathlib import Path

from sqlalchemy import text

from archive.db.engine import open_engine
from tests.db.test_number_history import AT, insert, upgrade


def test_every_name_that_a_number_has_or_had_becomes_a_location_once(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.connect() as connection, connection.begin():
        upgrade(connection, "0010")
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        rows = [("num_1", "Austin"), ("num_2", "AUSTIN"), ("num_3", "")]
        for at, (number, name) in enumerate(rows):
            more = {"label": "", "state": "authorised", "since": AT, "added_at": AT + at}
            insert(connection, "number", org_id=1, id=number, e164=f"+1212555012{at}", location=name, **more)
        past = {"changed_by": "operator", "state": "authorised", "label": "", "reason": ""}
        for entry, name in enumerate(("Boston", "Austin")):
            whose = {"org_id": 1, "number_id": "num_1", "entry": entry, "changed_at": AT - 9 + entry}
            insert(connection, "number_change", location=name, **whose, **past)
        upgrade(connection, "head")
        wanted = text(
            "SELECT name, name_key, added_at, pstn, country FROM location JOIN location_name"
            " ON location.id = location_name.location_id ORDER BY name_key"
        )
        found = [tuple(row) for row in connection.execute(wanted)]
        connection.rollback()
    engine.dispose()
    assert found == [("AUSTIN", "austin", AT - 8, None, ""), ("Boston", "boston", AT - 9, None, "")]
