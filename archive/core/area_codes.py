"""Which country a +1 number belongs to, by its area code (North American Numbering Plan).

Only what is not in the United States is listed: +1 is shared by 25 countries and territories, and every
other area code, assigned or not, toll-free included, is counted as US. A region is an ISO 3166 code.
"""

from typing import Final

US_TERRITORIES: Final = frozenset({"AS", "GU", "MP", "PR", "VI"})

# 600, 622 and 633 have no place on the map, but belong to Canada.
_BY_REGION: Final = {
    "CA": "204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 "
    "468 474 506 514 519 548 579 581 584 587 600 604 613 622 633 639 647 672 683 705 709 742 753 778 780 "
    "782 807 819 825 867 873 879 902 905 942",
    "AG": "268",
    "AI": "264",
    "AS": "684",
    "BB": "246",
    "BM": "441",
    "BS": "242",
    "DM": "767",
    "DO": "809 829 849",
    "GD": "473",
    "GU": "671",
    "JM": "658 876",
    "KN": "869",
    "KY": "345",
    "LC": "758",
    "MP": "670",
    "MS": "664",
    "PR": "787 939",
    "SX": "721",
    "TC": "649",
    "TT": "868",
    "VC": "784",
    "VG": "284",
    "VI": "340",
}

_REGIONS: Final = {code: region for region, codes in _BY_REGION.items() for code in codes.split()}


def region_of(area_code: str) -> str:
    """The region of a three-digit area code."""
    return _REGIONS.get(area_code, "US")
