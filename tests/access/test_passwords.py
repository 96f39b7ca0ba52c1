import re

import pytest
from argon2 import extract_parameters

from archive.access import passwords
from archive.access.passwords import check_choice, hash_password, is_password, one_time_password
from archive.core.errors import BadInput


def test_the_cost_is_what_the_design_says() -> None:
    cost = extract_parameters(hash_password("correct horse battery"))
    assert (cost.type.name, cost.memory_cost, cost.time_cost, cost.parallelism) == ("ID", 19 * 1024, 2, 1)


def test_an_unknown_address_costs_the_same_work_as_a_known_one() -> None:
    known = extract_parameters(hash_password("correct horse battery"))
    assert extract_parameters(passwords._NOBODYS) == known
    assert not is_password(None, "correct horse battery")


def test_only_the_right_password_fits() -> None:
    hashed = hash_password("correct horse battery")
    assert is_password(hashed, "correct horse battery")
    assert not is_password(hashed, "correct horse battery ")


def test_what_is_no_hash_fits_nothing() -> None:
    assert not is_password("not a hash", "correct horse battery")


def test_a_very_long_password_is_refused_without_being_read_to_the_end() -> None:
    hashed = hash_password("a" * (passwords.LONGEST + 1))
    assert is_password(hashed, "a" * 1_000_000)  # Both are cut at the same place, which no real password reaches.


def test_one_time_passwords_are_readable_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"([2-9a-hjkmnp-z]{5}-){3}[2-9a-hjkmnp-z]{5}", one) for one in made)


@pytest.mark.parametrize(
    "choice",
    ["", "short", "a" * 257, "dana@harbour.example", "xdana@harbour.example1", "aaaaaaaaaaaaa", "abababababab"],
)
def test_a_poor_choice_is_refused(choice: str) -> None:
    with pytest.raises(BadInput):
        check_choice(choice, email="dana@harbour.example")


def test_words_in_any_script_make_a_password() -> None:
    check_choice("почта корабль осень", email="dana@harbour.example")
