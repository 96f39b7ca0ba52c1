"""Addresses as providers and people write them, and area codes against two independent tables."""

import csv
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.core.area_codes import US_TERRITORIES, region_of
from archive.core.phone import Party, display, is_domestic, parse

AMERICAN = Party("number", "+14155550188", "US")


@pytest.mark.parametrize(
    "raw",
    [
        "+14155550188",
        "14155550188",
        "4155550188",
        "(415) 555-0188",
        "415.555.0188",
        "1-415-555-0188",
        "+1 415-555-0188",
        "+1 (415) 555-0188",
        " +1/415/555 0188\n",
        "tel:+14155550188",
        "TEL:+1-415-555-0188;ext=12",
        "tel:4155550188",
        "0014155550188",
        "01114155550188",
        "011 1 415 555 0188",
        "+1\u00a0415\u2011555\u20130188",
        "\u202a+1 (415) 555-0188\u202c",
        "＋１４１５５５５０１８８",
    ],
)
def test_every_way_of_writing_a_number_is_the_same_number(raw: str) -> None:
    assert parse(raw) == AMERICAN
    assert parse(raw).e164 == "+14155550188"


@pytest.mark.parametrize(
    ("raw", "e164", "region"),
    [
        ("+442079460958", "+442079460958", None),
        ("+44 (0)20 7946 0958", "+442079460958", None),
        ("011 44 20 7946 0958", "+442079460958", None),
        ("00442079460958", "+442079460958", None),
        ("442079460958", "+442079460958", None),
        ("33612345678", "+33612345678", None),
        ("+6591234567", "+6591234567", None),
        ("+18765550188", "+18765550188", "JM"),
        ("416-555-0188", "+14165550188", "CA"),
        ("+17875550188", "+17875550188", "PR"),
        # Not assigned, or not to a place: still numbers, and +1 that is nobody else's is US.
        ("+15552223333", "+15552223333", "US"),
        ("+18005550188", "+18005550188", "US"),
        ("+19995550188", "+19995550188", "US"),
        ("10000000001", "+10000000001", "US"),
    ],
)
def test_a_number_has_its_region_where_it_is_plus_one(raw: str, e164: str, region: str | None) -> None:
    assert parse(raw) == Party("number", e164, region)


@pytest.mark.parametrize("raw", ["7726", "911", "88022", "262966", " 7726 ", "tel:7726", "000123"])
def test_three_to_six_digits_stay_a_short_code(raw: str) -> None:
    party = parse(raw)
    assert party == Party("short-code", raw.strip().removeprefix("tel:"))
    assert party.e164 is None


@pytest.mark.parametrize("raw", ["ACME", "Bank of ABC", "AT&T", "Müller-Taxi", "H&M", "3M", "银行通知"])
def test_a_sender_of_up_to_eleven_characters_is_a_name(raw: str) -> None:
    assert parse(raw) == Party("name", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "1",
        "12",
        "+7726",
        "+1415555018",
        "+141555501880",
        "+0123456789",
        "555-0188",
        "0612345678",
        "1155550188",
        "001144207946095",
        "0011 44 20 7946 0958",
        "4155550188 x22",
        "(0)4155550188",
        "1234567890123456",
        "twelve chars",
        "ana@example.com",
        "whatsapp:+14155550188",
        "+1415555٠١٨٨",
        "+1415+5550188",
        "😀",
        "\ud83d",
        "\0",
        "tel:",
        "--",
        "tel:863-1234;phone-context=+1-914-555",
    ],
)
def test_what_is_nothing_of_these_is_kept_as_received(raw: str) -> None:
    assert parse(raw) == Party("unparsed", raw)
    assert display(raw) == raw


@given(st.text(st.characters()) | st.text("+0123456789 ()-.tel:;xA＋１", max_size=20))
def test_any_string_is_some_party_and_reading_it_again_changes_nothing(raw: str) -> None:
    party = parse(raw)
    assert party.kind in ("number", "short-code", "name", "unparsed")
    assert (party.kind == "unparsed") <= (party.address == raw)
    assert parse(party.address) == party
    assert isinstance(display(raw), str)


@given(st.from_regex(r"\+(1[0-9]{10}|[2-9][0-9]{6,14})", fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_e164_is_itself_and_its_display_reads_back(e164: str) -> None:
    assert parse(e164).address == e164
    assert parse(display(e164)) == parse(e164)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+14155550188", "+1 (415) 555-0188"),
        ("4155550188", "+1 (415) 555-0188"),
        ("+18765550188", "+1 (876) 555-0188"),
        ("+442079460958", "+44 207 946 0958"),
        ("+353861234567", "+353 861 234 567"),
        ("+79161234567", "+7 916 123 4567"),
        ("+6591234567", "+65 912 345 67"),
        ("7726", "7726"),
        ("ACME", "ACME"),
    ],
)
def test_an_address_is_shown_for_people(address: str, shown: str) -> None:
    assert display(address) == shown


@pytest.mark.parametrize(
    ("raw", "alone", "with_territories"),
    [
        ("+14155550188", True, True),
        ("+14165550188", True, True),
        ("+17875550188", False, True),
        ("+16715550188", False, True),
        ("+18765550188", False, False),
        ("+442079460958", False, False),
        ("7726", False, False),
        ("ACME", False, False),
        ("", False, False),
    ],
)
def test_domestic_is_the_us_and_canada_and_territories_if_wanted(raw: str, alone: bool, with_territories: bool) -> None:
    assert is_domestic(parse(raw)) is alone
    assert is_domestic(parse(raw), territories=True) is with_territories


# --- Area codes -------------------------------------------------------------------------------------


def published(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "data" / "telecom" / "nanp_area_codes.csv").open(newline="") as file:
        return {row["npa"]: row for row in csv.DictReader(file)}


def test_every_area_code_has_its_published_region(shared: Path) -> None:
    rows = published(shared)
    assert len(rows) >= 400
    assert {code: region_of(code) for code in rows} == {code: row["region_phonenumbers"] for code, row in rows.items()}


def test_only_published_area_codes_are_outside_the_us(shared: Path) -> None:
    rows = published(shared)
    every = (f"{code:03}" for code in range(1000))
    assert {code for code in every if region_of(code) != "US"} <= set(rows)
    assert {row["region_phonenumbers"] for row in rows.values() if row["class"] == "us_territory"} == US_TERRITORIES


def some_subscribers() -> list[int]:
    """The last seven digits of the library's own examples: small countries use few of their exchanges."""
    kinds = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    examples = (
        phonenumbers.example_number_for_type(region, kind)
        for region in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])
        for kind in kinds
    )
    return [2345678, *sorted({int(str(number.national_number)[-7:]) for number in examples if number})]


def test_another_library_puts_every_area_code_into_the_same_region() -> None:
    subscribers, compared = some_subscribers(), 0
    for code in range(200, 1000):
        numbers = (phonenumbers.PhoneNumber(1, code * 10**7 + subscriber) for subscriber in subscribers)
        regions = map(phonenumbers.region_code_for_number, numbers)
        region = next((region for region in regions if region), None)
        compared += region is not None
        assert (code, region_of(str(code))) == (code, region or "US")
    assert compared >= 400
