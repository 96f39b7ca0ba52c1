"""An import of a table by a profile, half of which is in quarantine."""

from io import BytesIO

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.files.model import Mapping
from archive.intake.files.source import named
from archive.intake.import_runs import ImportOptions
from archive.intake.imports import import_file
from archive.intake.profiles.actions import save_profile
from archive.wiring import Archive

TABLE = b"""Absender,Empfaenger,Worte,Zeit
+15125550150,+15125550133,Is the shop open on Friday?,03/04/2026 9:05 AM
+15125550150,+15125550151,Whose number is this?,03/04/2026 9:06 AM
+15125550150,+15125550133,"A quote that is never closed,03/04/2026 9:07 AM
"""


def make_imports(archive: Archive, organisation: OrganisationRow) -> dict[str, str]:
    columns = {"from": "Absender", "to": "Empfaenger", "text": "Worte", "sent_at": "Zeit"}
    mapping = Mapping(columns, {"provider": "acme"}, "%m/%d/%Y %I:%M %p", "America/Chicago", ("MO",), ("MT",))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        profile = save_profile(tx, "Acme Mobile export", mapping)
    stream = named(BytesIO(TABLE), "acme-2026-03.csv")
    options = ImportOptions(own_number="+15125550133", profile=profile)
    done = import_file(archive.transactions, organisation.id, OPERATOR, stream, options, lambda *_: None)
    return {"import": done.id or ""}
