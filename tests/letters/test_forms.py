"""Providers' forms: every field that they have, filled from the letter, and what is missing said."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.errors import NotFound
from archive.letters.forms import Filled, ProviderForm, fill_form, form_named
from archive.letters.model import Address, Signature, Signer, Subscriber
from archive.wiring import Archive
from tests.letters.signing import NEEDS, OTHER_NEEDS, sign

Numbers = tuple[str, str, str]
BARE = {"signer": Signer("Dana", "Whitfield", "COO"), "subscriber": Subscriber("Harbour Wealth")}


def values(filled: Filled) -> dict[str, str]:
    return {field.name: field.value for field in filled.fields}


def missing(filled: Filled) -> set[str]:
    return {field.name for field in filled.fields if field.missing}


@pytest.mark.parametrize("form", ProviderForm)
def test_a_field_has_a_value_or_says_where_it_is_to_be_had(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers, form: ProviderForm
) -> None:
    for letter in (sign(archive, organisation, NEEDS), sign(archive, organisation, OTHER_NEEDS, **BARE)):
        filled = fill_form(letter, form, archive.clock())
        assert all(bool(field.value) != bool(field.missing) for field in filled.fields)
        assert filled.obstacles == ()


@pytest.mark.parametrize("form", [ProviderForm.WEBEX, ProviderForm.TWILIO, ProviderForm.FCC])
def test_every_field_that_the_form_has_is_there(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers, form: ProviderForm, shared: Path
) -> None:
    known = json.loads((shared / "data" / "telecom" / "loa_fields.json").read_text())[form.value]
    names = known["authorization_document"] if isinstance(known, dict) else known
    filled = values(fill_form(sign(archive, organisation, NEEDS), form, archive.clock()))
    assert set(filled) == {name.partition(" (")[0] for name in names}


def test_what_the_letter_says_is_in_the_form(archive: Archive, organisation: OrganisationRow, numbers: Numbers) -> None:
    letter = sign(archive, organisation, NEEDS, OTHER_NEEDS, signature=Signature(drawn="M0 0L99 99"))
    webex = fill_form(letter, ProviderForm.WEBEX, archive.clock())
    assert webex.complete
    assert list(values(webex).values()) == ["Dana", "Whitfield", "Chief Operating Officer", "Dana Whitfield"]
    bandwidth = fill_form(letter, ProviderForm.BANDWIDTH, archive.clock())
    assert values(bandwidth)["ServiceAddress/HouseNumber"] == "100"
    assert values(bandwidth)["ServiceAddress/StreetName"] == "Congress Avenue"
    assert values(bandwidth)["TelephoneNumbers"] == "2125550123, 2125550124"
    assert missing(bandwidth) == {"ServiceAddress/County"}
    twilio = fill_form(letter, ProviderForm.TWILIO, archive.clock())
    assert missing(twilio) == {"address_sid", "cc_emails", "hosted_number_order_sids"}
    assert fill_form(letter, ProviderForm.FCC, archive.clock()).complete


def test_what_the_letter_does_not_say_is_missing(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS, **BARE)
    assert {"email", "contact_phone_number"} <= missing(fill_form(letter, ProviderForm.TWILIO, archive.clock()))
    assert missing(fill_form(letter, ProviderForm.FCC, archive.clock())) == {"billing address"}
    no_house = Subscriber("Harbour Wealth", address=Address("Congress Avenue", "Austin", "TX", "78701", "US"))
    letter = sign(archive, organisation, OTHER_NEEDS, subscriber=no_house)
    assert "ServiceAddress/HouseNumber" in missing(fill_form(letter, ProviderForm.BANDWIDTH, archive.clock()))


def test_a_letter_that_is_too_old_is_no_use_to_those_who_want_it_fresh(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS)
    later = archive.clock() + timedelta(days=31)
    for form in ProviderForm:
        hosted = form in (ProviderForm.TWILIO, ProviderForm.TELNYX, ProviderForm.SIGNALWIRE)
        assert bool(fill_form(letter, form, later).obstacles) == hosted
    with pytest.raises(NotFound, match="There is no form"):
        form_named("acme")
