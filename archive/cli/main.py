"""The command itself, and how it fails: one clear line, and an exit code that is not zero."""

import gc
import importlib
import os
import sys
from typing import Any

import click

from archive.core.errors import ArchiveError

COMMANDS = {
    "init": "setup",
    "doctor": "doctor",
    "recovery": "recovery",
    "serve": "serve",
    "jobs": "jobs",
    "clock": "clock",
    "demo": "demo",
    "import": "importing",
    "profile": "profiles",
    "number": "numbers",
    "letter": "letters",
    "authorise": "authorising",
    "location": "locations",
    "user": "users",
    "pull": "pulling",
    "eligibility": "eligibility",
    "brand": "brands",
    "campaign": "campaigns",
    "provider": "providers",
    "completeness": "completeness",
    "alert": "alerts",
    "search": "search",
    "index": "search",
    "hold": "holds",
    "optout": "optouts",
    "spam": "spam",
    "policy": "retention",
    "why": "retention",
    "purge": "purges",
    "verify-certificate": "certificates",
    "verify": "integrity",
    "proof": "integrity",
    "verify-proof": "integrity",
    "verify-statement": "statements",
    "checkpoint": "integrity",
    "key": "integrity",
    "vault": "vault",
    "backup": "backing_up",
    "restore": "restoring",
    "bench": "bench",
}
"""Command → the file below `archive/cli` that holds it. Imported only when it is called: `--help` stays quick."""


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module: Any = importlib.import_module(f"archive.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_").replace("import", "import_"))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            ctx.fail(f"There is no command {args[0]!r}. Known are: {', '.join(self.list_commands(ctx))}.")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="textarchive")
def group() -> None:
    """The compliance and retention archive for business text messages.

    State is kept under TEXTARCHIVE_DATA (default ./textarchive-data). Start with `textarchive demo`, or with
    `textarchive init --org NAME --admin EMAIL` for an archive of your own.
    """


def main() -> None:
    # Thousands of rows wait in a batch, none of them in a cycle: looking for cycles every 700 costs a tenth of intake.
    gc.set_threshold(50_000, 20, 100)
    try:
        group()
    except ArchiveError as problem:
        click.echo(f"textarchive: {problem}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # Whoever reads our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
