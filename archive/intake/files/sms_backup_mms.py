"""One <mms> of SMS Backup & Restore: parts with words and pictures, and the addresses of all who were in it.

As `sms_backup_sms`, with these differences:

============= ======================================================================================
`provider_id` "mms:" and a name made of box, time, sender, words and files
`from`, `to`  <addr type> 137 is from; 151, 130 and 129 are to, cc and bcc. "insert-address-token" is
              the phone itself. Without any, `address` says who else was in it, joined by "~"
`text`        all parts of text/plain, a line each
`media`       all other parts but the layout (application/smil): type, name, and of the file itself its
              size and SHA-256
`subject`     `sub`
============= ======================================================================================

A notification (`m_type` 130) is of a message that the phone never fetched, so there is nothing in it.
"""

import re
from xml.etree.ElementTree import Element  # Only holds what xml_stream built.

from archive.core import phone
from archive.intake.files.model import Message, NoText, Options
from archive.intake.files.sms_backup_fields import PROVIDER, box, others, said, times

NOTIFICATION = "130"
FROM, TO = "137", ("151", "130", "129")
THE_PHONE_ITSELF = "insert-address-token"
UNKNOWN = "unknown"
LAYOUT = "application/smil"
_USED = frozenset(("msg_box", "address", "date", "sub"))
_TOLD = re.compile(r"sha256:([0-9a-f]{64}) bytes:([0-9]{1,15})")


def read_mms(element: Element, own_number: str, options: Options) -> Message:
    """NoText for what was never sent or never fetched, and for what has neither words nor files."""
    written = element.attrib
    if said(written, "m_type") == NOTIFICATION:
        raise NoText("This only announces a message, which the phone never fetched.")
    lies_in = box(said(written, "msg_box"))
    text, media = _content(element)
    if not text and not media:
        raise NoText("This message has neither words nor files.")
    sender, recipients = _parties(element, own_number, inbound=lies_in["direction"] == "inbound")
    date = said(written, "date")
    files = [str(each.get("sha256") or each.get("name")) for each in media]
    name = options.name_of("\0".join(("mms", own_number, str(lies_in["direction"]), date, sender, text, *files)))
    message: Message = {
        "provider": options.default_provider or PROVIDER,
        "provider_id": f"mms:{name}",
        **lies_in,
        "from": sender,
        "to": recipients,
        "text": text,
        **({"media": media} if media else {}),
        **times(date),
        "source": others(written, _USED),
    }
    return message | ({"subject": said(written, "sub")} if said(written, "sub") else {})


def _content(element: Element) -> tuple[str, list[Message]]:
    words, media = [], []
    for part in element.iterfind("parts/part"):
        kind = said(part.attrib, "ct").casefold()
        if kind == "text/plain":
            words.append(part.get("text", ""))
        elif kind != LAYOUT:
            media.append(_file(part, kind))
    return "\n".join(words), media


def _file(part: Element, kind: str) -> Message:
    names = (said(part.attrib, name) for name in ("cl", "name", "fn", "cid"))
    file: Message = {"type": kind, "name": next(filter(None, names), "")}
    told = _TOLD.fullmatch(part.get("data", ""))
    return file | {"sha256": told[1], "bytes": int(told[2])} if told else file


def _parties(element: Element, own_number: str, *, inbound: bool) -> tuple[str, list[str]]:
    """(sender, recipients), our side among them, each once."""
    found = [(said(each.attrib, "type"), said(each.attrib, "address")) for each in element.iterfind("addrs/addr")]
    senders = [address for kind, address in found if kind == FROM and _is_other(address, own_number)]
    named = [address for kind, address in found if kind in TO]
    joined = said(element.attrib, "address").split("~")
    others = [each for each in dict.fromkeys(named or joined) if _is_other(each, own_number)]
    if not inbound:
        return own_number, others or [each for each in joined if _is_other(each, own_number)] or [UNKNOWN]
    sender = next(iter(senders or others), UNKNOWN)
    return sender, [own_number, *(each for each in others if each != sender)]


def _is_other(address: str, own_number: str) -> bool:
    return address not in ("", THE_PHONE_ITSELF) and phone.parse(address).address != own_number
