"""What carriers charge for a proven complaint: data, to be corrected when a carrier changes its list.

The amounts are those of T-Mobile's non-compliance fees, which AT&T's resemble; they are for each proven incident.
"""

from dataclasses import dataclass
from typing import Final

from archive.spam.model import FeeTier


@dataclass(frozen=True, slots=True)
class Fee:
    dollars: int
    about: str


FEES: Final = {
    FeeTier.TIER_1: Fee(2_000, "phishing, smishing and social engineering"),
    FeeTier.TIER_2: Fee(1_000, "content that is illegal in the US or Canada"),
    FeeTier.TIER_3: Fee(500, "everything else that is not allowed, such as SHAFT and texts without consent"),
}
