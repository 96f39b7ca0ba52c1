"""What the page's test says of an account, and which secrets can't be those of a provider."""

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.providers.accounts import Account
from archive.providers.checking import Finding, look_into
from archive.providers.model import DOORS
from tests.providers.signed import NOON

PUBLIC = "https://archive.example.com"
NEW = Account("twilio", "AC1", "/hooks/twilio/AC1", NOON, NOON, None, 0, None, 0, None)
WORKING = replace(NEW, accepted=5, accepted_at=NOON, rejected=1, rejected_at=NOON - timedelta(hours=1))


@pytest.mark.parametrize(
    ("account", "public", "findings"),
    [
        (NEW, PUBLIC, [Finding.NOTHING_YET]),
        (NEW, "http://archive.example.com", [Finding.NOT_SAFE, Finding.NOTHING_YET]),
        (NEW, "http://127.0.0.1:8080", [Finding.NOT_SAFE, Finding.NOT_REACHABLE, Finding.NOTHING_YET]),
        (NEW, "https://archive", [Finding.NOT_REACHABLE, Finding.NOTHING_YET]),
        (NEW, "https://10.0.0.7", [Finding.NOT_REACHABLE, Finding.NOTHING_YET]),
        (replace(NEW, rejected=1, rejected_at=NOON), PUBLIC, [Finding.ONLY_REFUSED]),
        (WORKING, PUBLIC, [Finding.WORKS]),
        (WORKING, "http://127.0.0.1:8080", [Finding.WORKS]),
        (replace(WORKING, rejected_at=NOON + timedelta(1)), PUBLIC, [Finding.LAST_REFUSED]),
    ],
)
def test_a_test_says_what_is_wrong(account: Account, public: str, findings: list[Finding]) -> None:
    assert look_into(account, public) == findings


@pytest.mark.parametrize(
    ("provider", "secret", "fits"),
    [
        ("telnyx", "+7E99DXiiQXvceNX4nHm3Lbm5mqPWad5RhDr2ufuCik=", True),
        ("telnyx", "KEY0123456789", False),
        ("telnyx", "AAAA", False),
        ("bandwidth", "user:password", True),
        ("bandwidth", "userpassword", False),
        ("bandwidth", ":password", False),
        ("twilio", "anything at all", True),
    ],
)
def test_a_secret_that_can_not_be_the_providers_is_noticed(provider: str, secret: str, fits: bool) -> None:
    assert (DOORS[provider].fault(secret) is None) is fits
