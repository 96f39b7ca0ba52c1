"""What providers say of brands, campaigns and numbers of 10DLC, as messages like those of the registry itself.

Where a provider passes on the registry's own message it keeps its name (CAMPAIGN_DCA_COMPLETE); what it says of itself
is named after it: `telnyx.campaign.telnyx_review.rejected`. What each means is in `campaigns.provider_words`.
Source: telnyx 4.189.0, twilio docs (A2P event streams), signalwire/docs@668371b.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from archive.core.canonical import canonical_json
from archive.core.clock import EPOCH
from archive.providers.addresses import canonical
from archive.providers.moments import moment
from archive.providers.said import Event, part, word
from archive.providers.tcr import RegistryEvent

OF_TELNYX: Final = {
    "10dlc.brand.update": "brand",
    "10dlc.campaign.update": "campaign",
    "10dlc.phone_number.update": "number",
}
COMPLIANCE: Final = "com.twilio.messaging.compliance."
OF_TWILIO: Final = (f"{COMPLIANCE}brand-registration.", f"{COMPLIANCE}campaign-registration.")
OF_SIGNALWIRE: Final = ("brand", "campaign", "number_assignment_order", "number_assignment")

_is_registrys: Final = re.compile(r"[BC][A-Z0-9]{6}").fullmatch
_is_registry_event: Final = re.compile(r"(BRAND|CAMPAIGN|MNO|CSP|EVP)_[A-Z_]{1,60}").fullmatch
_RESULTS: Final = {"success": "accepted", "failed": "rejected"}
_IN_MILLISECONDS: Final = 10**11
"""What is larger counts milliseconds, not seconds: as seconds it would be the year 5138."""


def of_telnyx(data: Event) -> RegistryEvent:
    """Without what is around `data`, which is another in each attempt. Its own ids are no ids of the registry."""
    payload = part(data, "payload")
    said: Mapping[str, Any] = payload if isinstance(payload, dict) else {}
    kind, status = word(said.get("type")).lower(), word(said.get("status")).lower()
    passed_on = word(said.get("eventType"))
    own = ".".join(filter(None, ("telnyx", OF_TELNYX[word(data["event_type"])], kind, _RESULTS.get(status, status))))
    return _event(
        "telnyx",
        passed_on if kind == "tcr_event" and _is_registry_event(passed_on) else own,
        data,
        at=data.get("occurred_at"),
        campaign=(said.get("tcrCampaignId"), said.get("campaignId")),
        brand=(said.get("tcrBrandId"), said.get("brandId")),
        identity=said.get("brandIdentityStatus"),
        number=said.get("phoneNumber"),
        description=said.get("description"),
    )


def of_twilio(event: Event) -> RegistryEvent:
    """Of an event stream. `externalcampaignid` is the registry's id, `campaignsid` its own."""
    data = part(event, "data")
    said: Mapping[str, Any] = data if isinstance(data, dict) else {}
    return _event(
        "twilio",
        f"twilio.{word(event['type']).removeprefix(COMPLIANCE).lower()}",
        event,
        at=said.get("timestamp") or event.get("time"),
        campaign=(said.get("externalcampaignid"), said.get("campaignsid")),
        brand=(said.get("externalbrandid") or said.get("tcrid"), said.get("brandsid")),
        identity=said.get("identitystatus"),
        number=said.get("phonenumber"),
        description=said.get("errordescription"),
    )


def of_signalwire(event: Event) -> RegistryEvent:
    category, kind = word(event.get("event_category")), word(event.get("event_type"))
    return _event(
        "signalwire",
        f"signalwire.{category}.{(word(event.get('state')) or kind).lower()}",
        event,
        at=event.get("event_at"),
        campaign=(event.get("csp_campaign_reference"), event.get("campaign_id")),
        brand=(event.get("csp_brand_reference"), event.get("brand_id")),
        number=event.get("phone_number"),
    )


def _event(
    provider: str,
    name: str,
    whole: Event,
    *,
    at: Any,
    campaign: tuple[Any, Any],
    brand: tuple[Any, Any],
    identity: Any = None,
    number: Any = None,
    description: Any = None,
) -> RegistryEvent:
    """`campaign`, `brand`: (where the registry's id stands, the provider's own); some write the registry's for both."""
    return RegistryEvent(
        event=name,
        campaign=_registrys(campaign),
        reference="",
        brand=_registrys(brand),
        brand_reference="",
        brand_identity=word(identity).upper(),
        carrier="",
        carrier_name="",
        description=word(description),
        mock=False,
        whole=canonical_json(whole),
        provider=provider,
        theirs=word(campaign[1]),
        number=canonical(number) if word(number) else "",
        said_at=_moment(at),
    )


def _registrys(ids: tuple[Any, Any]) -> str:
    return next((word(one) for one in ids if _is_registrys(word(one))), "")


def _moment(at: Any) -> datetime | None:
    """ISO, or a number of seconds or milliseconds since 1970."""
    if not isinstance(at, int) or isinstance(at, bool):
        return moment(at)
    try:
        return EPOCH + timedelta(milliseconds=at if at > _IN_MILLISECONDS else at * 1_000)
    except OverflowError:
        return None
