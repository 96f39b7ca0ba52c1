"""What a provider says beside texts: what became of them, who is not to be texted, how far a campaign is."""

from collections.abc import Sequence
from itertools import chain, islice

from archive.campaigns.hearing import hear
from archive.deliveries.noting import note
from archive.intake.from_providers import LIST, Brought
from archive.optouts.telling import take_over
from archive.tx import Tx


def take_beside(tx: Tx, requests: Sequence[Brought]) -> list[int]:
    """How many things of each are new. After their texts, since reports may be on them. All have come the same way."""
    reports = [request.reports() for request in requests]
    noted = iter(note(tx, list(chain.from_iterable(reports)), as_listed=requests[0].way == LIST))
    return [
        sum(islice(noted, len(its)))
        + take_over(tx, request.opt_outs())
        + len(hear(tx, request.account, request.registrations(), request.actor))
        for request, its in zip(requests, reports, strict=True)
    ]
