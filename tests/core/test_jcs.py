"""The canonical form that signatures of others are made over (RFC 8785)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.core.jcs import jcs

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


def test_the_example_of_the_standard() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert jcs(value).decode() == expected


def test_keys_are_in_the_order_of_utf_16() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(jcs(dict.fromkeys(keys)))) == ordered


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (-0.0, "0"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740993, "9007199254740992"),
        (10017, "10017"),
        (-1.5, "-1.5"),
        (100.0, "100"),
    ],
)
def test_numbers_are_written_as_doubles_are_in_ecmascript(number: float, written: str) -> None:
    assert jcs(number).decode() == written


@pytest.mark.parametrize("value", ["\ud83d", {"\ud83d": 1}, float("nan"), float("inf"), 10**400])
def test_what_the_form_can_not_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        jcs(value)


@given(JSON)
def test_it_reads_back_as_the_same_and_is_written_the_same_again(value: object) -> None:
    try:
        written = jcs(value)
    except ValueError:
        return
    assert jcs(json.loads(written)) == written
