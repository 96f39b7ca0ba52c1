"""Matters and holds."""

from collections.abc import Sequence
from typing import Any

import click

from archive.cli.shared import as_json, opened, org_option, organisation, print_json
from archive.core.actor import OPERATOR
from archive.core.clock import rfc3339
from archive.core.errors import BadInput, Conflict
from archive.holds.describing import Parts, describe
from archive.holds.model import Hold, Predicate
from archive.holds.placing import HoldOrder, Preview, place_hold, preview_hold
from archive.holds.reading import read_hold, read_holds
from archive.holds.releasing import Effect, approve_release, ask_release, refuse_release, release_effect


@click.group()
def hold() -> None:
    """What may not be destroyed, and letting it go."""


@hold.command("place")
@click.option("--matter", required=True, metavar="NAME", help="The matter; one that does not exist yet is opened.")
@click.option("--reference", default="", help="The matter's reference, for a new one.")
@click.option("--reason", required=True, metavar="WHY", help="Why the hold is placed. Sealed.")
@click.option("--serial", "serials", multiple=True, type=click.IntRange(1), help="This text; repeat for more.")
@click.option("--number", "numbers", multiple=True, help="Texts of this number; of several, any.")
@click.option("--with", "parties", multiple=True, metavar="PARTY", help="Texts with this party; of several, any.")
@click.option("--query", default="", metavar="Q", help="Texts that this search finds.")
@click.option("--conversation-of", type=click.IntRange(1), metavar="SERIAL", help="The whole conversation of a text.")
@click.option("--only-now", is_flag=True, help="Leave alone what comes in later.")
@click.option("--dry-run", is_flag=True, help="Say what it would cover, and place nothing.")
@org_option
@as_json
def place(
    matter: str,
    reference: str,
    reason: str,
    serials: Sequence[int],
    numbers: Sequence[str],
    parties: Sequence[str],
    query: str,
    conversation_of: int | None,
    only_now: bool,
    dry_run: bool,
    org: str | None,
    as_json: bool,
) -> None:
    """Place a hold on all texts that fit everything that is given. It catches later ones, too, unless told not to."""
    parts = Parts(query, tuple(numbers), tuple(parties), tuple(serials), conversation_of)
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            predicate = describe(tx, parts)
        if dry_run:
            seen = preview_hold(archive, row.id, OPERATOR, predicate)
            _show_preview(seen, as_json)
            return
        order = HoldOrder(matter, predicate, reason, standing=not only_now, reference=reference)
        placed = place_hold(archive, row.id, OPERATOR, order)
    if as_json:
        print_json(
            {
                "id": placed.hold_id,
                "matter": placed.matter_id,
                "preserved": placed.preserved,
                "being_destroyed": placed.shredding,
            }
        )
        return
    click.echo(f"{placed.hold_id}: {placed.preserved:,} preserved; {placed.shredding:,} were already being destroyed.")


@hold.command("list")
@org_option
@as_json
def list_(org: str | None, as_json: bool) -> None:
    """List the holds, newest first."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            holds = read_holds(tx)
    if as_json:
        print_json([_as_json(one) for one in holds])
        return
    for one in holds:
        click.echo(f"{one.id}  {_state(one):14} {one.texts:>9,} texts  {one.matter.name}: {covers(one.predicate)}")


@hold.command("show")
@click.argument("hold_id", metavar="ID")
@org_option
@as_json
def show(hold_id: str, org: str | None, as_json: bool) -> None:
    """Show a hold, and what releasing it would do."""
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.read(row.id, OPERATOR) as tx:
            found, effect = read_hold(tx, hold_id), release_effect(tx, hold_id)
    if as_json:
        print_json({**_as_json(found), "release": _effect_as_json(effect)})
        return
    click.echo(f"{found.id} for {found.matter.name}, {_state(found)}, placed {rfc3339(found.placed_at)}")
    click.echo(f"covers   {covers(found.predicate)}{' and later ones' if found.standing else ''}")
    click.echo(f"reason   {found.reason}")
    click.echo(_effect_in_words(effect))


@hold.command("release")
@click.argument("hold_id", metavar="ID")
@click.option("--reason", metavar="WHY", help="Ask for the release, and say why. Sealed.")
@click.option(
    "--approve", type=click.IntRange(0), metavar="N", help="Allow what somebody else asked for: N texts go free."
)
@click.option("--refuse", is_flag=True, help="Refuse what was asked for, or take it back.")
@org_option
@as_json
def release(
    hold_id: str, reason: str | None, approve: int | None, refuse: bool, org: str | None, as_json: bool
) -> None:
    """Ask for the release of a hold, or allow what somebody else has asked for.

    The operator counts as one person: a release takes one who asks and another who allows it, on the hold's page or
    here. What is freed and has had its time goes through a whole plan of a week.
    """
    if sum((reason is not None, approve is not None, refuse)) > 1:
        raise BadInput("--reason, --approve and --refuse are three different steps.", "Give one of them.")
    with opened() as archive:
        row = organisation(archive, org)
        with archive.transactions.write(row.id, OPERATOR) as tx:
            effect = release_effect(tx, hold_id)
            if approve is not None:
                effect = approve_release(tx, hold_id, approve)
            elif refuse:
                refuse_release(tx, hold_id)
            elif reason is not None:
                ask_release(tx, hold_id, reason)
            else:
                raise _what_next(read_hold(tx, hold_id), effect)
            found = read_hold(tx, hold_id)
    if as_json:
        print_json({**_as_json(found), "release": _effect_as_json(effect)})
        return
    click.echo(f"{found.id} is {_state(found)}.")
    click.echo(_effect_in_words(effect))


def covers(predicate: Predicate) -> str:
    """What a hold covers, on one line."""
    parts = [predicate.query] if predicate.query else []
    if predicate.conversation is not None:
        parts.append("one conversation")
    if predicate.serials:
        parts.append("serials " + ", ".join(map(str, predicate.serials)))
    return " and ".join(parts)


def _what_next(found: Hold, effect: Effect) -> Conflict:
    if found.asked_by is None:
        return Conflict(_effect_in_words(effect), "Ask for it with --reason WHY; another person then allows it.")
    return Conflict(
        f"{found.asked_by} has asked for it. {_effect_in_words(effect)}",
        f"Allow it with --approve {effect.freed}, or refuse it with --refuse.",
    )


def _state(found: Hold) -> str:
    if not found.is_active:
        return "released"
    return "in force" if found.asked_at is None else "release asked"


def _effect_in_words(effect: Effect) -> str:
    return (
        f"{effect.covered:,} texts are under it; releasing it frees {effect.freed:,}, of which {effect.planned:,}"
        f" have had their time and go on {effect.due_on} at the earliest."
    )


def _effect_as_json(effect: Effect) -> dict[str, Any]:
    return {
        "covered": effect.covered,
        "freed": effect.freed,
        "planned": effect.planned,
        "due_on": effect.due_on.isoformat(),
    }


def _as_json(found: Hold) -> dict[str, Any]:
    return {
        "id": found.id,
        "matter": {"id": found.matter.id, "name": found.matter.name, "reference": found.matter.reference},
        "query": found.predicate.query,
        "conversation": found.predicate.conversation is not None,
        "serials": list(found.predicate.serials),
        "reason": found.reason,
        "standing": found.standing,
        "state": _state(found),
        "texts": found.texts,
        "placed_at": rfc3339(found.placed_at),
        "placed_by": found.placed_by,
        "asked_by": found.asked_by,
        "released_at": rfc3339(found.released_at) if found.released_at else None,
    }


def _show_preview(preview: Preview, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "covered": preview.covered,
                "held": preview.held,
                "soon": preview.soon,
                "being_destroyed": preview.shredding,
            }
        )
        return
    click.echo(
        f"It would cover {preview.covered:,} texts, {preview.held:,} of which are held already; {preview.soon:,} are in"
        f" a planned purge and would be rescued; {preview.shredding:,} are being destroyed already."
    )
