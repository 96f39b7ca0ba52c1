"""An organisation that some have asked to stop, and that has not always listened."""

from datetime import timedelta
from typing import Any

from archive.access.organisations import create_organisation
from archive.access.roles import FIRST_PERSON
from archive.core.actor import OPERATOR
from archive.numbers.actions import add_number
from archive.optouts.managing import add_opt_out
from archive.setting_up import add_person
from archive.wiring import Archive
from tests.taking_in import OTHER, OWN, take_in

OTHERS = ("+14155550177", "+14155550166", "+14155550155")


def make_opt_outs(archive: Archive) -> tuple[str, str]:
    """Who may see them: e-mail and password."""
    row = create_organisation(archive.transactions, "Stop Harbour", OPERATOR, archive.settings.public_url)
    with archive.transactions.write(row.id, OPERATOR) as tx:
        password = add_person(tx, "First Person", "first@stop.example", FIRST_PERSON)
        add_number(tx, OWN, location="Austin")
        add_opt_out(tx, "+12025550144", note="Told the front desk")
    said = [(40, OTHER, "STOP"), (30, OTHERS[0], "¡Baja!"), (25, OTHERS[1], "Please take me off your list")]
    said += [(2, OTHERS[2], "Ne m'écrivez plus"), (1, OTHERS[0], "leave me alone")]
    texts = [_text(archive, days, party, OWN, "inbound", words) for days, party, words in said]
    texts += [_text(archive, days, OWN, OTHER, "outbound", "Good news!") for days in (38, 3)]
    take_in(archive, row, texts)
    return "first@stop.example", password


def _text(archive: Archive, days: int, sender: str, recipient: str, direction: str, words: str) -> dict[str, Any]:
    return {
        "provider": "telnyx",
        "provider_id": f"{sender}{days}",
        "direction": direction,
        "from": sender,
        "to": [recipient],
        "text": words,
        "sent_at": (archive.clock() - timedelta(days=days)).isoformat(),
    }
