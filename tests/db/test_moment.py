"""A moment goes into the database and comes back as it was, to the microsecond, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from archive.core.clock import from_micros, to_micros
from archive.db.types import Moment
from archive.wiring import Archive

MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 23, 7, 44, 0, 123_457, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_no_microsecond_is_lost_however_far_the_date(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment


def test_both_databases_hand_back_aware_utc(archive: Archive) -> None:
    table = Table("scratch_moment", MetaData(), Column("id", Integer, primary_key=True), Column("at", Moment()))
    eastern = datetime(2026, 11, 23, 2, 44, tzinfo=timezone(timedelta(hours=-5)))
    with archive.engine.begin() as connection:
        table.create(connection)
        rows = [{"id": at, "at": moment} for at, moment in enumerate([*MOMENTS, eastern, None])]
        connection.execute(insert(table), rows)
        back = connection.scalars(select(table.c.at).order_by(table.c.id)).all()
        before = connection.scalars(select(table.c.id).where(table.c.at < MOMENTS[2])).all()
        table.drop(connection)
    assert back == [*MOMENTS, eastern, None]
    assert all(moment.tzinfo is UTC for moment in back if moment)
    assert sorted(before) == [0, 1]
