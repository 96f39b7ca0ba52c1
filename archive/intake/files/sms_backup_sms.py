"""One <sms> of SMS Backup & Restore: everything is in its attributes.

============= ======================================================================================
`provider`    "sms-backup", or what the import says
`provider_id` "sms:" and a name made of box, time, party and words, since a phone has no ids that last:
              the same in every later backup, whatever has been read, renamed or delivered by then
`direction`   `type`: 1 was received, 2 sent. 4, 5 and 6 (on its way, failed, waiting) are outbound with
              the `status` "queued" or "failed": somebody sent them, even if nobody got them
`from`, `to`  our side is `own_number`: a backup doesn't name its phone
`sent_at`     `date`, when the phone sent or received it
`text`        `body` as it stands. "null" is the app's word for nothing everywhere but here, where
              somebody may have written it
`source`      all other attributes: date_sent, contact_name, service_center …
============= ======================================================================================

A draft (`type` 3) was never sent: it becomes no record, and is kept in quarantine with that reason.
"""

from xml.etree.ElementTree import Element  # Only holds what xml_stream built.

from archive.intake.files.model import Message, NoText, Options
from archive.intake.files.sms_backup_fields import PROVIDER, box, others, said, times

UNKNOWN = "unknown"
_USED = frozenset(("type", "address", "date", "body"))


def read_sms(element: Element, own_number: str, options: Options) -> Message:
    """NoText for what was never sent, and for what has no words."""
    written = element.attrib
    lies_in = box(said(written, "type"))
    if "body" not in written:
        raise NoText("This text has no body.")
    party, date, body = said(written, "address") or UNKNOWN, said(written, "date"), written["body"]
    inbound = lies_in["direction"] == "inbound"
    name = options.name_of("\0".join(("sms", own_number, str(inbound), date, party, body)))
    return {
        "provider": options.default_provider or PROVIDER,
        "provider_id": f"sms:{name}",
        **lies_in,
        "from": party if inbound else own_number,
        "to": [own_number if inbound else party],
        "text": body,
        **times(date),
        "source": others(written, _USED),
    }
