"""An organisation about whose texts some have complained, in every state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.access.organisations import create_organisation
from archive.access.roles import FIRST_PERSON
from archive.core.actor import OPERATOR
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.setting_up import add_person
from archive.spam import triage
from archive.spam.finding import compare_new
from archive.spam.model import Claim, FeeTier, NewReport, Said, Source, State
from archive.spam.recording import take_report
from archive.wiring import Archive
from tests.taking_in import OTHER, OWN, take_in

WORDS = "Last chance: your warranty ends today. Renew for $199 at https://renew.example or call us back!"
QUEUE = 55


@dataclass(frozen=True, slots=True)
class Complaints:
    """`login`: e-mail and password of who may see them; `ids` by what is special about a report."""

    login: tuple[str, str]
    ids: dict[str, str]


def make_complaints(archive: Archive) -> Complaints:
    row = create_organisation(archive.transactions, "Fuss Harbour", OPERATOR, archive.settings.public_url)
    now = archive.clock()
    with archive.transactions.write(row.id, OPERATOR) as tx:
        password = add_person(tx, "First Person", "first@fuss.example", FIRST_PERSON)
        add_number(tx, OWN, location="Austin", state=NumberState.AUTHORISED)
    at = now - timedelta(hours=5)
    said = [
        *((-4_000, OTHER, "Hi, is my car ready?"), (-3_990, OWN, "Tomorrow at noon, Kit!"), (-2_000, OTHER, "STOP")),
        *((0, OWN, "Good morning Kit, this is Harbour Auto."), (2, OWN, WORDS)),
        *((9, OWN, WORDS.replace("today", "tomorrow")), (11, OTHER, "I asked you to stop. 😡 停止")),
    ]
    take_in(archive, row, [_text(at + timedelta(minutes=minute), sender, words) for minute, sender, words in said])
    claim = Claim(at + timedelta(minutes=5), at + timedelta(minutes=6))
    with archive.transactions.write(row.id, OPERATOR) as tx:

        def take(source: Source, said: Said, when: Claim | None = claim, tier: FeeTier | None = None) -> str:
            return take_report(tx, NewReport(source, OWN, said, when, fee_tier=tier)).report_id

        decided = Said(OTHER, "kit@example.com", WORDS.removesuffix(" or call us back!"), "C-2026-118", "T-Mobile")
        confirmed = take(Source.CARRIER, decided, tier=FeeTier.TIER_3)
        unknown = take(Source.PUBLIC, Said(words="You have won a boat <script>alert(1)</script>"), None)
        looked_into = take(Source.PUBLIC, Said("+14155550177", words=WORDS))
        for number in range(QUEUE):
            take(Source.API, Said(f"+1415557{number:04}"))
        for report_id in (confirmed, looked_into):
            triage.move(tx, report_id, State.INVESTIGATING)
        triage.add_note(tx, confirmed, "Asked the front desk: the list was bought from a dealer, without consent.")
        triage.move(tx, confirmed, State.CONFIRMED, "No consent, and the link leads to somebody else.")
    compare_new(archive.transactions, row.id)
    ids = {"report decided": confirmed, "report unknown": unknown, "report open": looked_into}
    return Complaints(("first@fuss.example", password), ids)


def _text(at: datetime, sender: str, words: str) -> dict[str, Any]:
    ours = sender == OWN
    return {
        "provider": "telnyx",
        "provider_id": f"{at:%d%H%M}",
        "direction": "outbound" if ours else "inbound",
        "from": sender,
        "to": [OTHER if ours else OWN],
        "text": words,
        "sent_at": at.isoformat(),
    }
