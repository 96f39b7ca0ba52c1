"""What a provider says beside texts: what became of them, who is not to be texted, how far a campaign is."""

from archive.campaigns.hearing import hear
from archive.deliveries.noting import note
from archive.intake.from_providers import LIST, Brought
from archive.optouts.telling import take_over
from archive.tx import Tx


def take_beside(tx: Tx, brought: Brought) -> int:
    """How many things of it are new. After its texts, since reports may be on them."""
    heard = hear(tx, brought.account, brought.registrations(), brought.actor)
    noted = note(tx, brought.reports(), as_listed=brought.way == LIST)
    return noted + take_over(tx, brought.opt_outs()) + len(heard)
