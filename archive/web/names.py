"""What people call those who act and what they act on: the ledger holds ids only."""

from archive.access import api_keys, people
from archive.campaigns.store import all_campaigns
from archive.core import phone
from archive.http.translation import _
from archive.locations.store import all_locations
from archive.numbers.store import all_numbers
from archive.tx import Tx
from archive.users.store import all_users

_SYSTEM = ("job", "operator", "provider")


class Names:
    """Of one organisation, as things stand in one transaction."""

    def __init__(self, tx: Tx) -> None:
        self.people = {row.id: row.name for row in people.list_people(tx)}
        self.keys = {row.id: row.name for row in api_keys.list_keys(tx)}
        self.locations = {row.id: row.name for row in all_locations(tx)}
        self.users = {row.id: row.name for row in all_users(tx)}
        self.numbers = {row.id: phone.display(row.e164) for row in all_numbers(tx)}
        self.campaigns = {row.id: row.name for row in all_campaigns(tx)}

    def actor(self, actor: str) -> str:
        """`person:per_…` as the person's name, `job:checkpoints` as it is."""
        kind, _colon, name = actor.partition(":")
        if kind == "operator":
            return _("the operator")
        if kind == "provider":
            return _("the provider %(account)s", account=name)
        return {"person": self.people, "key": self.keys}.get(kind, {}).get(name, name)

    def subject(self, subject: str) -> str:
        """What an entry is about; the id itself where there is no better word."""
        kind, _colon, name = subject.partition(":")
        if kind == "message":
            return _("text #%(serial)s", serial=name)
        if kind == "quarantine":
            return _("quarantined item %(id)s", id=name)
        tables = (self.people, self.keys, self.numbers, self.locations, self.users, self.campaigns)
        return next((table[subject] for table in tables if subject in table), subject)


def actor_kind(actor: str) -> str:
    """ "person", "key" or "system"."""
    kind = actor.partition(":")[0]
    return "system" if kind in _SYSTEM else kind
