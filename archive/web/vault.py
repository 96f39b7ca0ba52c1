"""The vault: where the copies are, what guards them, how far behind they are, what to do when something is wrong."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.health.actions import is_alone
from archive.health.vault import VaultView, look_at_vault
from archive.http.access import requires
from archive.http.current import current_archive, reading
from archive.http.formats import span
from archive.http.translation import _
from archive.settings import Profiles
from archive.web.health import sentence

blueprint = Blueprint("vault", __name__)


@blueprint.get("/vault")
@requires(Permission.HEALTH_READ)
def index() -> str:
    with reading() as tx:
        organisation, alone = this_organisation(tx), is_alone(tx.session)
    seen = look_at_vault(current_archive(), organisation)
    standing = seen.standing
    return render_template(
        "vault/index.html",
        findings=[
            {"state": found.state, "what": sentence(found.what), "next": found.next_step} for found in seen.findings
        ],
        standing=standing,
        because=sentence(standing.because) if standing.because else None,
        waiting=span(standing.waiting.total_seconds()),
        locks=seen.locks,
        sampled=sentence(seen.sampled.what) if seen.sampled else None,
        store=_store(seen, alone=alone),
        identities=_identities(seen.profiles) if seen.profiles and alone else [],
    )


def _store(seen: VaultView, *, alone: bool) -> dict[str, Any]:
    """Where it is, is the operator's business where several organisations share the installation."""
    return {
        "kind": seen.kind,
        "place": seen.place if alone else None,
        "mode": seen.mode,
        "longest_days": seen.longest // timedelta(days=1),
        "delay": span(seen.delay.total_seconds()),
        "keys_place": seen.keys_place if alone else None,
        "keeps_history": seen.keeps_history,
    }


def _identities(profiles: Profiles) -> list[dict[str, Any]]:
    """Who does what, and with which AWS profile; None is whatever boto3 finds."""
    return [
        {"role": _("Writing"), "profile": profiles.ingest, "may": _("puts objects, with their locks; lengthens locks")},
        {"role": _("Holding"), "profile": profiles.hold, "may": _("places and releases legal holds")},
        {"role": _("Purging"), "profile": profiles.purge, "may": _("deletes versions whose lock is over")},
        {"role": _("Auditing"), "profile": profiles.audit, "may": _("lists and reads, with locks and holds")},
        {"role": _("Keys"), "profile": profiles.keys, "may": _("replaces the copy of the wrapped keys")},
    ]
