"""What the registry takes: lengths, words, and what can't be changed once it has it."""

from typing import Any

import pytest

from archive.campaigns.brand_fields import BRAND_FIELDS, brand_gaps
from archive.campaigns.campaign_fields import CAMPAIGN_FIELDS, EDITABLE, campaign_gaps
from archive.campaigns.fields import FieldProblems, take
from archive.campaigns.usecases import CODES, USE_CASES, parts_problem
from tests.campaigns.making import BRAND, CAMPAIGN


def test_the_fields_are_the_registrys(shared) -> None:
    import json

    known = json.loads((shared / "data/telecom/tcr_fields.json").read_text())
    ours = {field.name: field for field in CAMPAIGN_FIELDS}
    theirs = {name: field for name, field in known["campaign"].items() if name not in ("brandId", "vertical")}
    assert ours.keys() == theirs.keys()
    assert {field.name for field in BRAND_FIELDS} == known["brand"].keys() - {"ipAddress", "optionalAttributes"}
    for name, field in theirs.items():
        if field["max"] is not None:
            assert ours[name].most == field["max"], name
        assert ours[name].least == (field["min"] or 0), name
        if field["editable_after_create"] is not None:
            assert (name in EDITABLE) is field["editable_after_create"], name
    enums = known["enums"]
    choices = {field.name: list(field.choices) for field in BRAND_FIELDS if field.choices}
    assert choices == {name: enums[name] for name in choices}


def test_the_use_cases_are_the_registrys(shared) -> None:
    import json

    known = json.loads((shared / "data/telecom/tcr_usecases.json").read_text())
    assert {case.code: case.special for case in USE_CASES} == {
        **{case["code"]: False for case in known["standard"]},
        **{case["code"]: True for case in known["special"]},
    }
    bounds = {name: (rule["min"], rule["max"]) for name, rule in known["sub_usecases_allowed_for"].items()}
    assert {case.code: case.parts for case in USE_CASES if case.parts != (0, 0)} == bounds


def test_a_good_brand_and_a_good_campaign_lack_nothing() -> None:
    assert brand_gaps(take(BRAND_FIELDS, BRAND)) == {}
    assert campaign_gaps(take(CAMPAIGN_FIELDS, CAMPAIGN)) == {}


@pytest.mark.parametrize(
    ("usecase", "parts", "fine"),
    [
        *[("MIXED", parts, 2 <= parts <= 5) for parts in range(7)],
        *[("LOW_VOLUME", parts, 1 <= parts <= 5) for parts in range(7)],
        *[(code, 0, True) for code in CODES if code not in ("MIXED", "LOW_VOLUME", "SOLE_PROPRIETOR")],
        ("MARKETING", 1, False),
    ],
)
def test_a_use_case_has_as_many_parts_as_it_may(usecase: str, parts: int, fine: bool) -> None:
    assert (parts_problem(usecase, parts) is None) is fine


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("description", "x" * 4097, "4,096"),
        ("sample1", "x" * 1025, "1,024"),
        ("helpMessage", "x" * 321, "320"),
        ("usecase", "FUN", "one of"),
        ("subUsecases", ["MARKETING", "FUN"], "FUN"),
        ("subUsecases", "MARKETING", "list"),
        ("embeddedLink", "yes", "true or false"),
        ("optoutKeywords", "STOP, QUIT", "without spaces"),
        ("optoutKeywords", "STOP,,QUIT", "without spaces"),
        ("privacyPolicyLink", "www.example.com", "whole address"),
        ("sample1", "half \ud83d a pair", "can't be kept"),
        ("sample1", "nul \x00", "can't be kept"),
        ("colour", "blue", "no such field"),
        ("sample1", 7, "as text"),
    ],
)
def test_what_the_registry_can_not_hold_is_refused_with_its_field(name: str, value: Any, why: str) -> None:
    with pytest.raises(FieldProblems) as refused:
        take(CAMPAIGN_FIELDS, {name: value})
    assert list(refused.value.fields) == [name]
    assert why in refused.value.fields[name]


def test_what_is_too_short_or_missing_is_a_gap_and_may_follow() -> None:
    taken = take(CAMPAIGN_FIELDS, {**CAMPAIGN, "description": "Short", "helpMessage": ""})
    assert campaign_gaps(taken).keys() == {"description", "helpMessage"}
    assert "40 to 4096" in campaign_gaps(taken)["description"]


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"ein": "12-345678"}, {"ein"}),
        ({"ein": "12-3456789"}, set()),
        ({"postalCode": "7870"}, {"postalCode"}),
        ({"state": "Texas"}, {"state"}),
        ({"country": "CA", "postalCode": "K1A 0B1", "state": "ON", "ein": "BN123"}, set()),
        ({"vertical": ""}, {"vertical"}),
        (
            {"entityType": "PUBLIC_PROFIT"},
            {"stockSymbol", "stockExchange", "businessContactEmail"},
        ),
        (
            {"entityType": "SOLE_PROPRIETOR", "companyName": "", "ein": "", "vertical": ""},
            {"firstName", "lastName", "mobilePhone"},
        ),
    ],
)
def test_what_a_brand_lacks_depends_on_what_it_is(changes: dict[str, Any], lacks: set[str]) -> None:
    assert brand_gaps(take(BRAND_FIELDS, {**BRAND, **changes})).keys() == lacks
