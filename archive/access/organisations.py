"""Organisations: the tenants. Each has its own ledger, keys, policy and index."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.core.actor import Actor
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.db.base import Base
from archive.keys.keyring import HASHES, SIGNING
from archive.ledger.entry import Event
from archive.ledger.rows import LedgerHeadRow
from archive.tx import Transactions, Tx

NAME_LENGTH = 200


class OrganisationRow(Base):
    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    origin: Mapped[str]
    created_at: Mapped[datetime]


class OrganisationCreated(Event, frozen=True, kw_only=True):
    kind = "organisation.created"
    name: str
    origin: str


def create_organisation(transactions: Transactions, name: str, actor: Actor, public_url: str) -> OrganisationRow:
    """A new tenant with an empty ledger, its hash key and its signing key."""
    row = _insert(transactions, name.strip(), public_url)
    with transactions.write(row.id, actor) as tx:
        tx.record(OrganisationCreated(subject=row.public_id, name=row.name, origin=row.origin))
        tx.key(HASHES)
        tx.key(SIGNING)
    return row


def _insert(transactions: Transactions, name: str, public_url: str) -> OrganisationRow:
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput(f"An organisation's name has 1 to {NAME_LENGTH} characters.", "Give it a name.")
    now = transactions.clock()
    with transactions.across() as session:
        if session.scalar(select(OrganisationRow).where(OrganisationRow.name == name)):
            raise Conflict(f"There is an organisation {name!r} already.", "Choose another name.")
        public_id = new_id("org", now)
        row = OrganisationRow(
            id=(session.scalar(select(func.max(OrganisationRow.id))) or 0) + 1,
            public_id=public_id,
            name=name,
            origin=f"{urlsplit(public_url).netloc}/{public_id}",
            created_at=now,
        )
        session.add(row)
        session.flush()
        session.add(LedgerHeadRow(org_id=row.id, size=0))
    return row


def list_organisations(session: Session) -> list[OrganisationRow]:
    return list(session.scalars(select(OrganisationRow).order_by(OrganisationRow.id)))


def find_organisation(session: Session, wanted: str | None) -> OrganisationRow:
    """By name or id; without either, the only one there is."""
    rows = list_organisations(session)
    if not rows:
        raise NotFound("There is no organisation yet.", "Make one: textarchive init --org NAME --admin EMAIL")
    if wanted is None:
        if len(rows) > 1:
            names = ", ".join(repr(row.name) for row in rows)
            raise BadInput(f"There are {len(rows)} organisations: {names}.", "Say which one with --org.")
        return rows[0]
    for row in rows:
        if wanted in (row.public_id, row.name) or wanted.casefold() == row.name.casefold():
            return row
    raise NotFound(f"There is no organisation {wanted!r}.", "`textarchive doctor` lists those that there are.")


def this_organisation(tx: Tx) -> OrganisationRow:
    return tx.session.scalars(select(OrganisationRow).where(OrganisationRow.id == tx.org_id)).one()
