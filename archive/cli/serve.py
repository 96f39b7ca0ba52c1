"""`textarchive serve`: pages, API and scheduled work."""

import click

from archive.cli.shared import opened
from archive.serving import demand_free, run_server


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes. One suits SQLite; with PostgreSQL take one for each core.",
)
@click.option("--no-jobs", is_flag=True, help="Leave the scheduled work to another process (`textarchive jobs start`).")
def serve(host: str, port: int, workers: int, no_jobs: bool) -> None:
    """Serve pages and API, and do the scheduled work beside it."""
    with opened() as archive:  # Fails here, with one clear line, rather than in a worker.
        address = archive.settings.public_url
    demand_free(host, port)
    click.echo(f"Serving on http://{host}:{port} (public address {address}). Stop with Ctrl-C.")
    run_server(host, port, workers, with_jobs=not no_jobs)
