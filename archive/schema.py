"""Every mapped table, imported in one place so that the schema is whole before anybody asks for it."""

from sqlalchemy import MetaData

from archive.access import api_keys, organisations, people, sessions, system_secret, throttle
from archive.alerts import store as alerts
from archive.authorising import store as authorising
from archive.campaigns import brand_days
from archive.campaigns import store as campaigns
from archive.campaigns.cases import store as support_cases
from archive.completeness import count_store, expected_store, gap_store
from archive.db.base import Base
from archive.deliveries import outcome_store as delivery_outcomes
from archive.deliveries import store as deliveries
from archive.eligibility import store as eligibility
from archive.holds import store as holds
from archive.intake import import_runs, quarantine
from archive.intake.parts import store as text_parts
from archive.intake.profiles import store as import_profiles
from archive.keys import keyring, recovery
from archive.ledger import rows
from archive.letters import store as letters
from archive.locations import store as locations
from archive.messages import identity_store, store
from archive.numbers import store as numbers
from archive.optouts import store as optouts
from archive.providers import store as providers
from archive.pulling import store as pulling
from archive.retention import batches, policies, proposals, switch
from archive.runs import clock_store
from archive.runs import store as runs
from archive.search.saved import store as saved_searches
from archive.segments import store as segments
from archive.signals import store as signals
from archive.spam import inbox as spam_inbox
from archive.spam import store as spam
from archive.users import store as users

ROOMS = (
    organisations,
    people,
    sessions,
    api_keys,
    throttle,
    system_secret,
    keyring,
    recovery,
    rows,
    policies,
    proposals,
    batches,
    switch,
    store,
    identity_store,
    holds,
    eligibility,
    locations,
    users,
    numbers,
    letters,
    authorising,
    optouts,
    spam_inbox,
    spam,
    providers,
    pulling,
    campaigns,
    brand_days,
    support_cases,
    deliveries,
    expected_store,
    count_store,
    gap_store,
    delivery_outcomes,
    alerts,
    signals,
    text_parts,
    quarantine,
    import_runs,
    import_profiles,
    segments,
    saved_searches,
    runs,
    clock_store,
)


def whole_schema() -> MetaData:
    return Base.metadata
