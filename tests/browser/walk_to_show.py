"""An organisation that has bought texting and done nothing else yet, with a key for the program that sends texts."""

from archive.access.api_keys import make_key
from archive.access.organisations import create_organisation
from archive.access.roles import FIRST_PERSON, Permission
from archive.core.actor import OPERATOR
from archive.setting_up import add_person
from archive.wiring import Archive

EMAIL = "nadia@ferncliff.example"


def make_newcomer(archive: Archive) -> tuple[tuple[str, str], dict[str, str]]:
    """(e-mail address, password) of its administrator, and the key by name."""
    row = create_organisation(archive.transactions, "Ferncliff Dental", OPERATOR, archive.settings.public_url)
    with archive.transactions.write(row.id, OPERATOR) as tx:
        password = add_person(tx, "Nadia Okafor", EMAIL, FIRST_PERSON)
        _, key = make_key(tx, name="Phone system", scopes=[Permission.MESSAGES_WRITE])
    return (EMAIL, password), {"key of the walk": key}
