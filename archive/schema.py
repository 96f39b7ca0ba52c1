"""Every mapped table, imported in one place so that the schema is whole before anybody asks for it."""

from sqlalchemy import MetaData

from archive.access import organisations
from archive.db.base import Base
from archive.intake import quarantine
from archive.keys import keyring
from archive.ledger import rows
from archive.messages import policy, store
from archive.numbers import store as numbers

ROOMS = (organisations, keyring, rows, policy, store, numbers, quarantine)


def whole_schema() -> MetaData:
    return Base.metadata
