"""Every rejection that a machine can see has a campaign that trips it and one that passes, and nothing takes long."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.campaigns.brands import note_brand_registration
from archive.campaigns.checking import check_campaign
from archive.campaigns.drafting import draft_campaign, found_campaign
from archive.campaigns.readiness.checking import CHECKS, check, submission_of
from archive.campaigns.readiness.submission import Submission, domain_of
from archive.campaigns.readiness.wording import SHORTENERS, has_phone, links, says_help, says_stop
from archive.core.actor import OPERATOR
from archive.wiring import Archive
from tests.campaigns.making import BRAND, CAMPAIGN, brand, draft

GOOD = Submission(CAMPAIGN, BRAND, known_brand=True)
NAMELESS = "Hello [name], your appointment is on [date]. Reply STOP to opt out."
FLOW = CAMPAIGN["messageFlow"]

Case = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]
"""The code, what is wrong with the campaign, with its brand, and with what is around it."""

TRIPS: list[Case] = [
    ("twilio 30889", {"embeddedPhone": True}, {}, {}),
    ("twilio 30889", {"sample2": "Quillbrook: call us at (512) 555-0100, [name]."}, {}, {}),
    ("twilio 30890", {"subscriberHelp": False}, {}, {}),
    ("twilio 30890", {"subscriberOptout": None}, {}, {}),
    ("twilio 30892", {"sample2": "Quillbrook: see bit.ly/abc, [name].", "embeddedLink": True}, {}, {}),
    ("twilio 30892", {"sample2": "Quillbrook: see https://quillbrook.example/a, [name]."}, {}, {}),
    ("twilio 30892", {"embeddedLink": True}, {}, {}),
    ("twilio 30893", {"sample2": ""}, {}, {}),
    ("twilio 30893", {"sample2": "Quillbrook: Hello {name}, here is your answer."}, {}, {}),
    ("twilio 30893", {"sample2": "Quillbrook: Hello <name>, here is your answer."}, {}, {}),
    ("twilio 30893", {"sample1": NAMELESS, "sample2": NAMELESS}, {}, {}),
    ("twilio 30894", {"optoutKeywords": "BYE,GONE"}, {}, {}),
    (
        "twilio 30894",
        {"sample1": "Quillbrook: Hello [name], good day.", "optinMessage": "Quillbrook: You are opted in."},
        {},
        {},
    ),
    ("twilio 30900", {"usecase": "MIXED", "subUsecases": ["2FA"]}, {}, {}),
    ("twilio 30900", {"usecase": "LOW_VOLUME", "subUsecases": []}, {}, {}),
    ("twilio 30900", {"usecase": "CHARITY"}, {}, {}),
    ("twilio 30900", {"usecase": ""}, {}, {}),
    ("twilio 30900", {}, {"entityType": "PUBLIC_PROFIT"}, {}),
    ("twilio 30900", {}, {"entityType": "SOLE_PROPRIETOR"}, {}),
    ("twilio 30909", {"messageFlow": FLOW.replace("Message and data rates may apply.", "")}, {}, {}),
    ("twilio 30909", {"messageFlow": FLOW.replace("Quillbrook", "We")}, {}, {}),
    ("twilio 30909", {"privacyPolicyLink": "", "messageFlow": FLOW.partition(" Privacy")[0]}, {}, {}),
    ("twilio 30909", {"messageFlow": "Quillbrook clients consent to reminders."}, {}, {}),
    ("twilio 30924", {"messageFlow": FLOW.replace("Reply STOP to opt out, HELP for help.", "")}, {}, {}),
    ("twilio 30930", {}, {}, {"campaigns": 101}),
    ("twilio 30702", {}, {}, {"known_brand": False}),
    ("twilio 30538", {"usecase": "MIXED", "subUsecases": ["2FA", "MARKETING", "CUSTOMER_CARE"]}, {}, {}),
    ("twilio 30544", {"messageFlow": "Clients of Quillbrook agree to texts on a form."}, {}, {}),
    ("dca2 601", {"embeddedLink": True}, {}, {}),
    ("dca2 601", {"sample2": "Quillbrook: your loan is ready, [name]."}, {}, {}),
    ("dca2 601", {"sample2": "Quillbrook: a beer tasting on [date], [name]."}, {}, {}),
    ("dca2 603", {}, {"email": "support@another.example"}, {}),
    ("dca2 603", {"sample1": NAMELESS, "sample2": NAMELESS}, {}, {}),
    ("dca2 706", {"description": "Quillbrook tells its clients of tastings of wine, and when they are."}, {}, {}),
    ("dca2 708", {"affiliateMarketing": True}, {}, {}),
    ("dca2 711", {}, {"ein": "12-3456789"}, {"other_eins": frozenset({"123456789"})}),
    ("dca2 713", {}, {"email": "quillbrook@gmail.com"}, {}),
    *[
        (f"microsoft-teams OptInMessage.{code}", {"optinMessage": text}, {}, {})
        for code, text in {
            "MissingMandatoryMessageTerminology": "Quillbrook: Hello. Reply HELP for help.",
            "MissingBrandName": "You are opted in. Message frequency varies.",
            "MissingDataRatesDisclosure": "Quillbrook: You are opted in.",
            "MissingHelpInstructions": "Quillbrook: You are opted in. Reply STOP to opt out.",
            "MissingMessageFrequency": "Quillbrook: You are opted in.",
            "MissingOptOutInstructions": "Quillbrook: You are opted in. Reply HELP for help.",
        }.items()
    ],
    ("microsoft-teams OptOutMessage.MissingBrandName", {"optoutMessage": "You are unsubscribed from this."}, {}, {}),
    ("microsoft-teams OptOutMessage.MissingConfirmation", {"optoutMessage": "Quillbrook: Good-bye, [name]."}, {}, {}),
    ("microsoft-teams HelpMessage.MissingBrandName", {"helpMessage": "Write to support@quillbrook.example."}, {}, {}),
    ("microsoft-teams HelpMessage.MissingSupportContact", {"helpMessage": "Quillbrook: we will help you."}, {}, {}),
    (
        "microsoft-teams HelpMessage.NotMatchingBrandSupportContactEmail",
        {"helpMessage": "Quillbrook: write to help@quillbrook.example"},
        {},
        {},
    ),
    (
        "microsoft-teams SampleMessage.ContainsPublicURLShortener",
        {"sample2": "Quillbrook: see https://tinyurl.com/abc", "embeddedLink": True},
        {},
        {},
    ),
    ("microsoft-teams SampleMessage.Missing", {"sample1": "", "sample2": ""}, {}, {}),
    ("microsoft-teams SampleMessage.MissingBrandName", {"sample1": NAMELESS, "sample2": NAMELESS}, {}, {}),
    (
        "microsoft-teams SampleMessage.MissingOptOutInstructions",
        {"sample1": "Quillbrook: Hello [name], good day."},
        {},
        {},
    ),
]
GUESSES: list[Case] = [
    ("twilio 30883", {"description": "Quillbrook sells firearms"}, {}, {}),
    ("twilio 30885", {"description": "Double your money with Quillbrook"}, {}, {}),
    ("twilio 30897", {"description": "Quillbrook's sweepstakes"}, {}, {}),
    ("twilio 30532", {"description": "I write to my friends"}, {}, {}),
    ("twilio 30533", {"description": "Person-to-person texts"}, {}, {}),
    (
        "dca2 506",
        {
            "description": "Quillbrook envía a sus clientes respuestas y recordatorios de citas cada semana",
            "messageFlow": "Los clientes aceptan recibir mensajes en el formulario de nuestra página",
        },
        {},
        {},
    ),
    ("dca2 602", {"usecase": "2FA"}, {}, {}),
    ("dca2 701", {"sample2": "Our dispensary is open"}, {}, {}),
    ("dca2 702", {"sample2": "Ammo is on sale"}, {}, {}),
    ("dca2 703", {"sample2": "Nude pictures"}, {}, {}),
    ("dca2 704", {"sample2": "A night at the casino"}, {}, {}),
    ("dca2 705", {"sample2": "They are subhuman"}, {}, {}),
    ("dca2 707", {"sample2": "New vapes"}, {}, {}),
    ("dca2 709", {"sample2": "Buy Bitcoin now"}, {}, {}),
]


def codes(of: Submission) -> set[str]:
    return {str(one.code) for one in check(of)}


def made(changes: dict[str, Any], of_brand: dict[str, Any], around: dict[str, Any]) -> Submission:
    return Submission({**CAMPAIGN, **changes}, {**BRAND, **of_brand}, **{"known_brand": True, **around})


def test_every_rejection_that_a_machine_can_see_is_looked_for(shared) -> None:
    known = json.loads((shared / "data/telecom/campaign_rejections.json").read_text())
    for flag, guess in (("yes", False), ("heuristic", True)):
        theirs = {
            (one["system"], one["code"], one["title"], one["resubmittable"])
            for one in known["rejections"]
            if one["auto_checkable"] == flag
        }
        ours = [check.code for check in CHECKS if check.guess is guess]
        assert {(one.system, one.code, one.title, one.resubmittable) for one in ours} == theirs
        assert len(ours) == len(theirs)
    assert {name.partition(" ")[0] for name in known["public_url_shorteners"]} - {"rebrand.ly"} <= SHORTENERS


def test_a_good_campaign_passes_all() -> None:
    assert check(GOOD) == []


def test_every_check_has_a_campaign_that_trips_it() -> None:
    assert {case[0] for case in TRIPS} == {str(one.code) for one in CHECKS if not one.guess}
    assert {case[0] for case in GUESSES} == {str(one.code) for one in CHECKS if one.guess}


@pytest.mark.parametrize(("code", "changes", "of_brand", "around"), [*TRIPS, *GUESSES])
def test_it_is_found_with_its_field_and_what_to_change(
    code: str, changes: dict[str, Any], of_brand: dict[str, Any], around: dict[str, Any]
) -> None:
    found = [one for one in check(made(changes, of_brand, around)) if str(one.code) == code]
    assert found
    for one in found:
        assert one.field
        assert one.because.endswith((".", ")."))
        assert one.change.endswith((".", "…"))
        assert one.warning is (code in {case[0] for case in GUESSES})


@pytest.mark.parametrize("code", ["twilio 30883", "twilio 30885", "twilio 30897"])
def test_where_a_rejection_is_final_it_says_so(code: str) -> None:
    case = next(case for case in GUESSES if case[0] == code)
    found = next(one for one in check(made(*case[1:])) if str(one.code) == code)
    assert found.code.resubmittable is False


@pytest.mark.parametrize(
    "text",
    [
        "Reply STOP to opt out",
        "reply stop to cancel",
        "Text STOP to unsubscribe.",
        "STOP to end",
        "Reply HELP for help or STOP to quit",
        "Txt STOP 2 end",
        "HELP for help, STOP to opt out",
        "To opt out, reply STOP.",
        "Respond with UNSUBSCRIBE at any time",
    ],
)
def test_ways_to_say_how_to_stop(text: str) -> None:
    assert says_stop(text)


@pytest.mark.parametrize(
    "text", ["", "We never stop", "The end of the story", "Bus stop 7", "Cancel your appointment?"]
)
def test_what_only_sounds_like_it(text: str) -> None:
    assert not says_stop(text)


def test_small_things_that_are_looked_for() -> None:
    assert says_help("Text HELP for help")
    assert not says_help("We are glad to help")
    assert links("See https://a.example/x and www.b.com, not me@c.com nor 3.14 e.g. this.") == [
        "a.example",
        "www.b.com",
    ]
    assert has_phone("Call (512) 555-0100")
    assert has_phone("+442079460958")
    assert not has_phone("Order 12345 of 2026-11-20, https://x.example/5125550100")
    assert domain_of("https://www.shop.example.co.uk/x") == domain_of("example.co.uk") == "example.co.uk"


HOSTILE = st.one_of(
    st.text(max_size=200),
    st.tuples(st.text(min_size=1, max_size=4), st.integers(1, 3_000)).map(lambda made: made[0] * made[1]),
    st.sampled_from(["a." * 9_000, "(1" * 9_000, "İ" * 9_000, "<a" * 9_000, "stop " * 4_000, "é@" * 9_000]),
    st.none() | st.booleans() | st.integers() | st.lists(st.text(), max_size=3) | st.dictionaries(st.text(), st.text()),
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*CAMPAIGN, "sample3", "embeddedPhone", "subUsecases"]), HOSTILE),
    st.dictionaries(st.sampled_from(list(BRAND)), HOSTILE),
)
def test_whatever_the_fields_hold_it_answers_and_soon(fields: dict[str, Any], of_brand: dict[str, Any]) -> None:
    begun = time.process_time()
    check(submission_of({**CAMPAIGN, **fields, "brand": {**BRAND, **of_brand}}))
    assert time.process_time() - begun < 1


def test_the_archive_knows_the_brand_and_the_others(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id = draft(tx)
        assert [str(one.code) for one in check_campaign(tx, campaign_id)] == ["twilio 30702"]
        ours = found_campaign(tx, campaign_id).brand_id
        note_brand_registration(tx, ours, registry_id="BUTNE6G")
        assert check_campaign(tx, campaign_id) == []
        brand(tx, displayName="Another")
        assert [str(one.code) for one in check_campaign(tx, campaign_id)] == ["dca2 711"]
        for at in range(100):
            draft_campaign(tx, ours, f"Campaign {at}", {})
        assert "twilio 30930" in {str(one.code) for one in check_campaign(tx, campaign_id)}
