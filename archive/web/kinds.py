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
        "proof.made": _("Proof made"),
        "quarantine.kept": _("Arrival quarantined"),
        "quarantine.viewed": _("Quarantined item opened"),
        "quarantine.retried": _("Quarantined item retried"),
        "import.started": _("Import started"),
        "import.finished": _("Import finished"),
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
        "trail.viewed": _("Audit trail viewed"),
        "organisation.created": _("Organisation created"),
        "vault.restored": _("Restored from the vault"),
        "ledger.lost": _("Lost with a database"),
    }
