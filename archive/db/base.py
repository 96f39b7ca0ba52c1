"""What every mapped row inherits."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from archive.db.types import Day, Moment

# Tables that only remember how far a machine has got (positions, tiles, sessions) carry this mark.
# Everything else is business: a change to it without a ledger entry is a fault.
BOOKKEEPING: dict[str, Any] = {"ledgered": False}


class Base(DeclarativeBase):
    """Named constraints, so that migrations can speak of them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        bytes: LargeBinary(),
        datetime: Moment(),
        date: Day(),
        int: BigInteger(),
    }


class OfOrganisation:
    """A row that belongs to one organisation. `tx` adds the condition to every statement that touches one."""

    @declared_attr
    def org_id(self) -> Mapped[int]:
        # First of the key's columns, so that one organisation's rows lie together.
        return mapped_column(ForeignKey("organisation.id", ondelete="RESTRICT"), primary_key=True, sort_order=-1)
