"""Signing: what is kept, what it authorises, and what is refused."""

import json
from hashlib import sha256

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.eligibility.actions import enter_facts
from archive.eligibility.model import Facts, Plan
from archive.ledger.trail import Wanted, read_trail
from archive.letters.drafting import prepare
from archive.letters.keeping import LetterPolicy, set_policy
from archive.letters.model import MOST_NUMBERS, LetterState, Signature, Signer, Subscriber
from archive.letters.reading import list_letters, read_letter, state_of, take_pdf
from archive.letters.signing import sign_letter
from archive.letters.wording import wording
from archive.numbers.actions import add_number, set_state
from archive.numbers.history import number_at, past_of
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.letters.signing import (
    DANA,
    NEEDS,
    ORIGIN,
    OTHER_NEEDS,
    PLAIN,
    SIGNER,
    SUBSCRIBER,
    TYPED,
    draft,
    sign,
    sign_in,
    standing,
)

Numbers = tuple[str, str, str]
DRAWN = "M10 20L200 90L320 40M330 60L400 70"


def test_a_letter_keeps_everything_that_shows_who_signed_what(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS, OTHER_NEEDS)
    with archive.transactions.read(organisation.id, DANA) as tx:
        assert read_letter(tx, letter.id) == letter
        assert list_letters(tx) == [letter]
        assert state_of(letter, tx.now) is LetterState.FRESH
        content = take_pdf(tx, letter.id)
    evidence = letter.evidence
    assert evidence
    assert (letter.numbers, letter.signed_at, letter.wording) == ((NEEDS, OTHER_NEEDS), archive.clock(), 1)
    assert (evidence.signer, evidence.subscriber, evidence.origin, evidence.signature) == (
        SIGNER,
        SUBSCRIBER,
        ORIGIN,
        TYPED,
    )
    for words in ("Harbour Wealth, LLC", "Dana", "Whitfield", "Chief Operating Officer", "+1 (212) 555-0124"):
        assert words in evidence.text
    assert evidence.consent == wording(1).consent
    assert "for Harbour Wealth, LLC" in evidence.authority
    assert letter.text_sha256 == sha256(evidence.text.encode()).hexdigest()
    assert letter.pdf_sha256 == sha256(content).hexdigest()
    assert content.startswith(b"%PDF-")


def test_the_ledger_says_so_and_names_nobody_in_the_clear(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (entry,) = read_trail(tx, Wanted(kind="letter.signed"), 10, details=True)
    clear = json.dumps(entry.detail)
    assert (entry.seq, entry.subject, entry.actor) == (letter.entry, letter.id, str(DANA))
    assert entry.detail["numbers"] == [NEEDS]
    assert entry.detail["text_sha256"] == letter.text_sha256
    assert entry.detail["pdf_sha256"] == letter.pdf_sha256
    for personal in ("Dana", "Whitfield", "Chief", "dana@", "203.0.113.9", "Firefox", "Congress"):
        assert personal not in clear
    assert entry.private["signer"] == "Dana Whitfield"
    assert entry.private["address"] == "203.0.113.9"


def test_its_numbers_are_authorised_in_the_same_moment_and_it_is_known_by_which_letter(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, numbers: Numbers
) -> None:
    before = clock()
    clock.advance(days=1)
    letter = sign(archive, organisation, NEEDS, PLAIN)
    assert standing(archive, organisation, NEEDS) == (NumberState.AUTHORISED, letter.id)
    assert standing(archive, organisation, PLAIN) == (NumberState.AUTHORISED, letter.id)
    assert standing(archive, organisation, OTHER_NEEDS) == (NumberState.LOA_REQUIRED, None)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        then, now = number_at(tx, NEEDS, before), number_at(tx, NEEDS, clock())
        newest = past_of(tx, NEEDS).stretches[0]
    assert then and now
    assert (then.letter, now.letter) == (None, letter.id)
    assert newest.reason == f"Letter {letter.id}"


def test_a_number_that_is_authorised_or_suspended_stays_so_and_rests_on_the_letter(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    first = sign(archive, organisation, NEEDS)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, NEEDS)
        assert row
        set_state(tx, row.id, NumberState.SUSPENDED, "Complaint")
    assert standing(archive, organisation, NEEDS) == (NumberState.SUSPENDED, first.id)
    second = sign(archive, organisation, NEEDS)
    assert standing(archive, organisation, NEEDS) == (NumberState.SUSPENDED, second.id)


def test_without_a_letter_nothing_authorises_a_number_that_needs_one(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    with (
        pytest.raises(Conflict, match="needs a Letter of Authorization"),
        archive.transactions.write(organisation.id, OPERATOR) as tx,
    ):
        row = number_by_e164(tx, NEEDS)
        assert row
        set_state(tx, row.id, NumberState.AUTHORISED)
    assert standing(archive, organisation, NEEDS) == (NumberState.LOA_REQUIRED, None)


def test_whoever_may_not_text_signs_no_letter(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        enter_facts(tx, Facts(plan=Plan.TRIAL))
    with pytest.raises(Conflict, match="only enterprise customers may text"):
        sign(archive, organisation, NEEDS)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert list_letters(tx) == []


def test_what_changed_after_it_was_shown_is_not_signed(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    wanted = draft(NEEDS)
    with archive.transactions.read(organisation.id, DANA) as tx:
        seen = prepare(tx, wanted).seen
    for other in (draft(NEEDS, OTHER_NEEDS), draft(NEEDS, provider="Twilio")):
        with pytest.raises(Conflict, match="has changed"), archive.transactions.write(organisation.id, DANA) as tx:
            sign_letter(tx, other, seen=seen, signature=TYPED, origin=ORIGIN)
    with archive.transactions.write(organisation.id, DANA) as tx:
        sign_letter(tx, wanted, seen=seen, signature=TYPED, origin=ORIGIN)
    # The same form sent twice, or by two administrators: the number is authorised by now.
    with pytest.raises(Conflict, match="has changed"), archive.transactions.write(organisation.id, DANA) as tx:
        sign_letter(tx, wanted, seen=seen, signature=TYPED, origin=ORIGIN)


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        (Signature(), "signature is missing"),
        (Signature("Kit Oduya"), "not the signer's name"),
        (Signature(drawn="M0 0L9 9"), "hardly more than a dot"),
        (Signature(drawn="M0 0L601 9"), "larger than its box"),
        (Signature(drawn='M0 0"/><script>'), "can't be read"),
        (Signature(drawn="M0 0" + "L1 1" * 10_000), "too many strokes"),
    ],
)
def test_a_signature_is_the_signer_s_name_or_strokes_in_a_box(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers, signature: Signature, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        sign(archive, organisation, NEEDS, signature=signature)


def test_a_drawn_signature_is_kept_as_it_was_drawn(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS, signature=Signature(drawn=DRAWN))
    assert letter.evidence
    assert letter.evidence.signature.drawn == DRAWN
    typed = sign(archive, organisation, OTHER_NEEDS, signature=Signature("  dana   WHITFIELD "))
    assert typed.evidence
    assert typed.evidence.signature.typed == "dana WHITFIELD"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"signer": Signer("", "Whitfield", "COO")}, "first name is missing"),
        ({"signer": Signer("Dana", "Whitfield", " ")}, "title is missing"),
        ({"signer": Signer("Dana", "Whitfield", "COO", "dana")}, "e-mail address can't be read"),
        ({"signer": Signer("Dana\nx", "Whitfield", "COO")}, "one line"),
        ({"subscriber": Subscriber("x" * 201)}, "one line of up to 200"),
        ({"provider": ""}, "provider is missing"),
    ],
)
def test_what_is_missing_or_can_not_be_read_is_said(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers, changed: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        sign(archive, organisation, NEEDS, **changed)


def test_a_letter_covers_one_to_two_hundred_own_numbers(archive: Archive, organisation: OrganisationRow) -> None:
    many = [f"+1212555{1000 + number}" for number in range(MOST_NUMBERS + 1)]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number in many:
            add_number(tx, number)
        assert len(sign_in(tx, *many[:MOST_NUMBERS]).numbers) == MOST_NUMBERS
    for wrong in (many, []):
        with pytest.raises(BadInput, match="1 to 200 numbers"):
            sign(archive, organisation, *wrong)
    with pytest.raises(NotFound):
        sign(archive, organisation, "+12125559999")


def test_a_released_number_is_on_no_letter(archive: Archive, organisation: OrganisationRow, numbers: Numbers) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, NEEDS)
        assert row
        set_state(tx, row.id, NumberState.RELEASED)
    with pytest.raises(Conflict, match="is released"):
        sign(archive, organisation, NEEDS)


def test_a_letter_says_when_it_ends_if_the_policy_does(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_policy(tx, LetterPolicy(valid_days=365))
    letter = sign(archive, organisation, NEEDS)
    assert str(letter.last_day) == "2027-11-23"
    assert letter.evidence
    assert "ends 365 days after the day on which it is signed" in letter.evidence.text


def test_nobody_reaches_a_letter_of_another_organisation(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    from archive.access.organisations import create_organisation

    letter = sign(archive, organisation, NEEDS)
    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    with archive.transactions.read(other.id, OPERATOR) as tx:
        assert list_letters(tx) == []
        for reach in (read_letter, take_pdf):
            with pytest.raises(NotFound):
                reach(tx, letter.id)
