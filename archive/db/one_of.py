"""The condition that a column has one of many values, which are given as one parameter.

An IN with a parameter for each takes longer to prepare than to answer, and databases have a limit to them.
"""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Column, Dialect, Integer, String, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Values(TypeDecorator[Any]):
    """Numbers or texts: an array on PostgreSQL, JSON on SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, each: TypeEngine[Any]) -> None:
        super().__init__()
        self.each = each

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.each))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == "postgresql" else msgspec.json.encode(values).decode()


class _OneOf(FunctionElement[int]):
    # A Boolean would be compared with 1 on SQLite, and no index serves that.
    type = Integer()
    inherit_cache = True


def one_of(column: Column[Any], name: str) -> FunctionElement[int]:
    """`name` is what the parameter is called, a collection."""
    return _OneOf(column, bindparam(name, type_=_Values(column.type)))


@compiles(_OneOf, "sqlite")
def _on_sqlite(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - a placeholder.


@compiles(_OneOf, "postgresql")
def _on_postgresql(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY({values})"
