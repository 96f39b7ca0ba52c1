"""Our table of codes against the public lists that it was taken from."""

import csv
from pathlib import Path

from archive.providers.codes import BLOCKING, CATEGORIES
from archive.web.deliveries import category_advice, category_labels

AS_WE_CALL_IT = {"sinch-smpp-10dlc": "sinch"}


def test_our_categories_are_those_of_the_providers_lists(shared: Path) -> None:
    theirs: dict[str, dict[str, str]] = {}
    with (shared / "data/telecom/error_codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            provider = AS_WE_CALL_IT.get(row["provider"], row["provider"])
            theirs.setdefault(provider, {})[row["code"]] = row["category"]
    assert theirs == CATEGORIES
    assert sum(map(len, theirs.values())) == 198


def test_every_category_is_explained_and_the_page_says_what_to_do() -> None:
    meant = {category for codes in CATEGORIES.values() for category in codes.values()}
    assert category_labels().keys() == meant
    assert meant - category_advice().keys() == {"unknown", "unknown_no_dlr"}, "of what nobody knows the cause"


def test_what_blocks_is_a_category_of_some_code() -> None:
    assert {category for codes in CATEGORIES.values() for category in codes.values()} > BLOCKING
