"""What people read for each kind of ledger entry."""

from archive.http.translation import _


def kind_label(kind: str) -> str:
    return kind_labels().get(kind, kind)


def kind_labels() -> dict[str, str]:
    """In the order in which the page on the audit trail offers them."""
    return {
        "message.stored": _("Text archived"),
        "message.viewed": _("Text opened"),
        "search.run": _("Search made"),
        "search.certified": _("Search certified"),
        "search.saved": _("Search saved"),
        "search.changed": _("Saved search changed"),
        "search.deleted": _("Saved search deleted"),
        "proof.made": _("Proof made"),
        "quarantine.kept": _("Arrival quarantined"),
        "quarantine.viewed": _("Quarantined item opened"),
        "quarantine.retried": _("Quarantined item retried"),
        "import.started": _("Import started"),
        "import.finished": _("Import finished"),
        "matter.opened": _("Matter opened"),
        "hold.previewed": _("Reach of a hold looked at"),
        "hold.placed": _("Hold placed"),
        "hold.caught": _("New texts came under a hold"),
        "hold.covered": _("Coverage of a hold checked"),
        "hold.release-asked": _("Release of a hold asked for"),
        "hold.release-refused": _("Release of a hold refused"),
        "hold.released": _("Hold released"),
        "policy.set": _("Retention policy set"),
        "policy.proposed": _("Shorter retention proposed"),
        "policy.proposal-refused": _("Shorter retention refused"),
        "retention.kept": _("Texts kept beyond their day"),
        "retention.brought-forward": _("Re-dated texts brought forward"),
        "number.added": _("Number added"),
        "number.state-changed": _("State of a number changed"),
        "person.signed-in": _("Signed in"),
        "person.sign-in-failed": _("Sign-in failed"),
        "person.signed-out": _("Signed out"),
        "session.revoked": _("Session ended"),
        "person.created": _("Person added"),
        "roles.changed": _("Roles changed"),
        "person.disabled": _("Person disabled"),
        "person.enabled": _("Person enabled"),
        "password.changed": _("Password changed"),
        "password.reset": _("Password reset"),
        "key.api-made": _("API key made"),
        "key.api-revoked": _("API key revoked"),
        "key.made": _("Data key made"),
        "clock.confirmed": _("Clock confirmed"),
        "trail.viewed": _("Audit trail viewed"),
        "organisation.created": _("Organisation created"),
    }
