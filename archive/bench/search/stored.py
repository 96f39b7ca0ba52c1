"""The way from a real database: rebuilding the index from sealed texts, and pages whose texts are opened and marked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from archive.bench.search.corpus import OWN_NUMBERS, Corpus
from archive.bench.search.engine import Clock
from archive.bench.search.engines.ours import open_archive
from archive.bench.search.questions import Question
from archive.core.actor import OPERATOR
from archive.core.clock import from_micros, rfc3339
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.search.actions import search
from archive.search.follower import rebuild
from archive.search.index import IndexedText, NotSearchable
from archive.setting_up import set_up_organisation
from archive.wiring import Archive


@dataclass(frozen=True, slots=True)
class FromDatabase:
    """`texts`: in the database. `rebuilt`: texts a second, opened and indexed. `pages`: ms each, opened and marked."""

    texts: int
    rebuilt: float
    pages: list[float]


def measure_stored(
    data: Path, corpus: Corpus, texts: int, asked: Sequence[Question], rounds: int, clock: Clock
) -> FromDatabase:
    """The corpus's first texts, taken in through the door. A page is found, opened, marked and recorded."""
    archive = open_archive(data)
    org_id = set_up_organisation(archive, "Bench", "bench@example.com").row.id
    with archive.transactions.write(org_id, OPERATOR) as tx:
        for number in OWN_NUMBERS:
            add_number(tx, number, state=NumberState.AUTHORISED)
    for batch in corpus.batches(through=texts):
        _take_in(archive, org_id, batch)
    began = clock()
    rebuilt = rebuild(archive.transactions, archive.index, org_id)
    rate = rebuilt / (clock() - began)
    assert rebuilt == texts
    pages = [_page(archive, org_id, question, clock) for _ in range(rounds) for question in asked]
    archive.engine.dispose()
    return FromDatabase(texts, rate, pages)


def _page(archive: Archive, org_id: int, question: Question, clock: Clock) -> float:
    """Milliseconds; for ever if it is refused."""
    began = clock()
    try:
        search(archive, org_id, OPERATOR, question.line, count=False)
    except NotSearchable:
        return math.inf
    return (clock() - began) * 1000


def _take_in(archive: Archive, org_id: int, texts: Sequence[IndexedText]) -> None:
    """Each came in when it was sent, so that months and keys are those of an archive that has grown."""
    arrivals = [arrival(_line(text), from_micros(text.at), "api") for text in texts]
    with archive.transactions.write(org_id, OPERATOR) as tx:
        receive(tx, arrivals)


def _line(text: IndexedText) -> bytes:
    return msgspec.json.encode(
        {
            "provider": text.provider,
            "account": text.account,
            "provider_id": f"SM{text.serial:032x}",
            "direction": "inbound" if text.direction == "in" else "outbound",
            "from": text.sender,
            "to": text.recipients,
            "text": text.text,
            "campaign": text.campaign,
            "sent_at": rfc3339(from_micros(text.at)),
        }
    )
