"""By when a report has to be decided: business days of the federal calendar. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from archive.optouts.deadline import day_of_saying, is_business_day
from archive.spam.model import Source

BUSINESS_DAYS: Final = {Source.CARRIER: 3, Source.PUBLIC: 10, Source.API: 10, Source.PERSON: 10}
"""Carriers ask soon, and may block a campaign meanwhile. The others have what an opt-out has (47 CFR 64.1200)."""


def due_on(source: Source, received_at: datetime) -> date:
    day, left = day_of_saying(received_at), BUSINESS_DAYS[source]
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day)
    return day
