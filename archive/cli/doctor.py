"""`textarchive doctor`: is everything there that the archive stands on?"""

import click

from archive.cli.shared import as_json, opened, print_json
from archive.doctor import examine

SIGNS = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "broken": ("BROKEN", "red")}


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check database, keys, ledger, vault, index and clock. Exit code 1 if one is broken."""
    with opened() as archive:
        findings = examine(archive)
    good = all(finding.state != "broken" for finding in findings)
    if as_json:
        rows = [{"part": f.part, "state": f.state, "what": f.what, "next": f.next_step} for f in findings]
        print_json({"good": good, "findings": rows})
    else:
        for finding in findings:
            word, colour = SIGNS[finding.state]
            click.echo(f"{click.style(f'{word:6}', fg=colour)} {finding.part:9} {finding.what}")
            if finding.next_step:
                click.echo(f"{'':16} {finding.next_step}")
    if not good:
        raise SystemExit(1)
