"""What a provider says beside texts: what became of those that are here, and who is not to be texted."""

from archive.deliveries.noting import note
from archive.intake.from_providers import LIST, Brought
from archive.optouts.telling import take_over
from archive.tx import Tx


def take_beside(tx: Tx, brought: Brought) -> int:
    """How many things of it are new. After its texts, since reports may be on them."""
    return note(tx, brought.reports(), as_listed=brought.way == LIST) + take_over(tx, brought.opt_outs())
