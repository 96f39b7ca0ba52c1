"""Every mapped table, imported in one place so that the schema is whole before anybody asks for it."""

from sqlalchemy import MetaData

from archive.access import organisations
from archive.db.base import Base
from archive.keys import keyring
from archive.ledger import rows
from archive.messages import policy, store

ROOMS = (organisations, keyring, rows, policy, store)


def whole_schema() -> MetaData:
    return Base.metadata
