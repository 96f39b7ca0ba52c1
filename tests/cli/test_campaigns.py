"""Brands, campaigns and provider accounts at the command line."""

import json
from pathlib import Path

import pytest

from tests.campaigns.making import BRAND, CAMPAIGN
from tests.cli.running import Terminal


@pytest.fixture
def drafted(terminal: Terminal, organisation, tmp_path: Path) -> str:
    brand, campaign = tmp_path / "brand.json", tmp_path / "campaign.json"
    brand.write_text(json.dumps(BRAND))
    campaign.write_text(json.dumps(CAMPAIGN))
    assert terminal("brand", "add", str(brand)).code == 0
    assert terminal("campaign", "add", str(campaign), "--brand", "Quillbrook", "--name", "Care").code == 0
    return "Care"


def test_from_a_file_to_a_number_that_may_text(terminal: Terminal, drafted: str) -> None:
    terminal("number", "add", "+12125550123", "--state", "authorised")
    terminal("campaign", "numbers", drafted, "--put", "+1 (212) 555-0123")
    terminal("campaign", "state", drafted, "registry", "submitted")
    terminal("campaign", "register", drafted, "CT8MUVN")
    assert terminal("campaign", "known-as", "CT8MUVN", "telnyx", "4b30019b-1111").code == 0
    for level, state in (("registry", "active"), ("provider", "accepted"), ("dca", "complete")):
        assert terminal("campaign", "state", drafted, level, state, "--reason", "By telephone").code == 0
    shown = json.loads(terminal("campaign", "show", "CT8MUVN", "--json").out)
    assert (shown["active"], shown["numbers"]) == (True, ["+12125550123"])
    assert "active" in terminal("campaign", "list").out
    assert "registered" in terminal("number", "list").out
    refused = terminal("number", "state", "+12125550123", "registered")
    assert refused.code == 2
    assert "registered" not in refused.err.partition("is not one of")[2]
    terminal("campaign", "numbers", drafted, "--take-off", "+12125550123")
    assert "authorised" in terminal("number", "list").out


def test_its_health_is_told_in_numbers(terminal: Terminal, drafted: str) -> None:
    told = json.loads(terminal("campaign", "health", drafted, "--json").out)
    assert (len(told["days"]), told["blocked_share"]) == (30, None)
    said = terminal("campaign", "health", drafted)
    assert (said.code, "not known" in said.out) == (0, True)
    assert terminal("campaign", "health", "nobody").code == 1


def test_a_draft_says_what_it_lacks(terminal: Terminal, drafted: str, tmp_path: Path) -> None:
    file = tmp_path / "less.json"
    file.write_text(json.dumps({"usecase": "MIXED"}))
    changed = terminal("campaign", "change", drafted, str(file))
    assert "lacks description" in changed.out
    refused = terminal("campaign", "state", drafted, "registry", "submitted")
    assert (refused.code, "description" in refused.err) == (1, True)


def test_a_brand_is_registered_and_listed(terminal: Terminal, drafted: str) -> None:
    terminal("brand", "register", "Quillbrook", "--id", "BUTNE6G", "--identity", "VERIFIED", "--score", "80")
    [listed] = json.loads(terminal("brand", "list", "--json").out)
    assert (listed["registry_id"], listed["score"], listed["gaps"]) == ("BUTNE6G", 80, {})
    assert "VERIFIED" in terminal("brand", "list").out


@pytest.mark.parametrize("raw", [b"[]", b"{", b"\xff", b'{"colour": "blue"}', b"[" * 100_000, b" " * 300_000])
def test_a_file_that_is_none_is_refused_in_a_sentence(
    terminal: Terminal, organisation, tmp_path: Path, raw: bytes
) -> None:
    file = tmp_path / "brand.json"
    file.write_bytes(raw)
    refused = terminal("brand", "add", str(file))
    assert refused.code == 1
    assert refused.err.startswith("textarchive: ")


def test_a_provider_account_is_connected_and_its_secret_never_shown(terminal: Terminal, organisation) -> None:
    made = terminal("provider", "connect", "tcr", "SBJAF5P", stdin="the first secret\n")
    assert "/hooks/tcr/SBJAF5P" in made.out
    changed = terminal("provider", "secret", "tcr", "SBJAF5P", "--json", stdin="the next secret\n")
    ended = terminal("provider", "secret", "tcr", "SBJAF5P", "--end-before")
    listed = terminal("provider", "list", "--json")
    assert json.loads(listed.out)[0]["both_until"] is None
    assert not any(
        "secret\n" in ran.out.replace("Secret", "") or "the first" in ran.out for ran in (made, changed, ended)
    )
    assert terminal("provider", "end", "tcr", "SBJAF5P").code == 0
    assert terminal("provider", "list").out == ""


def test_a_campaign_is_checked_here_and_from_a_file(terminal: Terminal, drafted: str, tmp_path: Path) -> None:
    found = terminal("campaign", "check", drafted)
    assert (found.code, "twilio 30702: Brand not found." in found.out) == (1, True)
    file = tmp_path / "submission.json"
    file.write_text(json.dumps({**CAMPAIGN, "brand": BRAND}))
    good = terminal("campaign", "check", str(file))
    assert (good.code, good.out) == (0, "Nothing that reviewers would reject was found.\n")
    file.write_text(
        json.dumps({**CAMPAIGN, "brand": BRAND, "description": "Guaranteed income for our clients by texts"})
    )
    warned = terminal("campaign", "check", str(file))
    assert (warned.code, "can't be submitted again" in warned.out) == (0, True)
    file.write_text(json.dumps({**CAMPAIGN, "brand": BRAND, "sample1": ""}))
    assert json.loads(terminal("campaign", "check", str(file), "--json").out)[0]["field"] == "sample2"


def test_a_support_case_at_the_command_line(terminal: Terminal, drafted: str) -> None:
    assert terminal("campaign", "case", drafted, "--note", "Hello").code == 1
    assert "opened" in terminal("campaign", "case", drafted, "--open", "--note", "Called them").out
    terminal("campaign", "case", drafted, "--state", "sent", "--reference", "700")
    shown = terminal("campaign", "case", drafted).out
    assert "sent  700" in shown
    assert "Called them" in shown
    assert json.loads(terminal("campaign", "case", drafted, "--json").out)[0]["state"] == "sent"
