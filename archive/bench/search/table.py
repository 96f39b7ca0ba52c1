"""The table as it is printed, and the same as data."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from archive.bench.search.aims import AIMED_AT, Aim
from archive.bench.search.corpus import DAYS
from archive.bench.search.rows import Row, rows
from archive.bench.search.run import Measured

_ENGINES = ("ours", "FTS5", "tantivy", "Whoosh")
_NAME, _CELL = 38, 17
_MARKS = {True: "✓", False: "✗"}


def lines(measured: Measured) -> Iterator[str]:
    indexed, messages = measured.indexed, measured.order.messages
    yield (
        f"{messages:,} texts over {DAYS} days, {indexed.characters:.0f} characters and {indexed.words:.1f} "
        f"words each, {measured.terms:,} different words; {measured.order.clock} time"
    )
    yield f"{'':{_NAME}}" + "".join(f"{name:>{_CELL}}" for name in _ENGINES) + "  aims"
    yield from map(_line, rows(measured))
    for refusal in measured.refused:
        yield f"{refusal.engine} refuses {refusal.line}: {refusal.reason}"
    if messages != AIMED_AT:
        yield f"The aims are for {AIMED_AT:,} texts."
    yield (
        f"While asking, this process had a processor for {measured.share:.0%} of the time. "
        f"Peak memory of the measuring process {measured.peak_mb:,.0f} MB."
    )
    if "tantivy" not in indexed.rates:
        yield 'tantivy is not installed here: `pip install -e ".[dev]"`.'


def as_data(measured: Measured) -> dict[str, Any]:
    """Every row by its name: figures by engine, and each aim with what became of it."""
    return {
        "texts": measured.order.messages,
        "seed": measured.order.seed,
        "clock": measured.order.clock,
        "terms": measured.terms,
        "characters": measured.indexed.characters,
        "words": measured.indexed.words,
        "processor_share": measured.share,
        "peak_mb": measured.peak_mb,
        "refused": [{"engine": one.engine, "query": one.line, "reason": one.reason} for one in measured.refused],
        "rows": [
            {
                "name": row.name,
                "figures": {name: list(map(_finite, figures)) for name, figures in row.figures.items()},
                "aims": list(map(_aim, row.aims)),
            }
            for row in rows(measured)
        ],
    }


def _finite(figure: float | None) -> float | None:
    """JSON knows no infinity: what was refused has no figure."""
    return None if figure is None or math.isinf(figure) else figure


def _aim(aim: Aim) -> dict[str, Any]:
    limits = {name: limit for name, limit in (("most", aim.most), ("least", aim.least)) if limit is not None}
    return {"of": aim.of, "figure": _finite(aim.figure), **limits, "met": aim.met}


def _line(row: Row) -> str:
    cells = (_cell(row.figures.get(name, (None,)), row.digits) for name in _ENGINES)
    said = "; ".join(map(_said, row.aims))
    return (f"{row.name:{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in cells) + f"  {said}").rstrip()


def _cell(figures: Sequence[float | None], digits: int) -> str:
    return " / ".join(_number(figure, digits) for figure in figures)


def _number(figure: float | None, digits: int) -> str:
    return "–" if figure is None else "refused" if math.isinf(figure) else f"{figure:,.{digits}f}"


def _said(aim: Aim) -> str:
    """A ratio is shown here and nowhere else; any other figure stands in its cell."""
    figure = _number(aim.figure, 2)
    limits = [*([f"≤ {aim.most:g}"] if aim.most is not None else []), *([f"≥ {aim.least:g}"] if aim.least else [])]
    said = [figure, aim.of, *limits] if aim.is_ratio else [*limits, aim.of]
    return " ".join([*said, *([_MARKS[aim.met]] if aim.met is not None else [])])
