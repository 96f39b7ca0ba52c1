"""Mails and RSMF files as other programs write them, put together for tests."""

import io
import json
import zipfile
from base64 import encodebytes
from email.message import EmailMessage
from typing import Any

OURS, THEIRS, THIRD = "+12125550123", "+14155550188", "+14155550199"


def sms_mail(text: str | None = "Can you call me?", **changes: str) -> bytes:
    """One text as a mail; a header set to "" is left out."""
    mail = EmailMessage()
    headers = {
        "From": f"Dana Reyes <{THEIRS[1:]}@sms.invalid>",
        "To": f"{OURS[1:]}@sms.invalid",
        "Date": "Fri, 20 Nov 2026 12:00:00 -0500",
        "Subject": "SMS",
        "Message-ID": "<01JD@archive.example>",
        "X-GlobalRelay-MsgType": "SMS",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    for name, value in headers.items():
        if value:
            mail[name] = value
    if text is not None:
        mail.set_content(text)
    return mail.as_bytes()


def transcript(*said: tuple[str, str, str], people: str = "", html: str | None = None) -> bytes:
    """(sent_time, who, words) of each, as Mattermost's templates write them."""
    mail = EmailMessage()
    mail["From"] = f"{OURS[1:]}@sms.invalid"
    mail["To"] = people or f"{OURS[1:]}@sms.invalid, {THEIRS[1:]}@sms.invalid"
    mail["Subject"] = "Mattermost Compliance Export: dana"
    mail["X-GlobalRelay-MsgType"] = "Mattermost"
    mail["X-Mattermost-ChannelID"] = "c1"
    mail.set_content("* all of it, once more")
    whole = html if html is not None else "".join(map(_item, said))
    mail.add_alternative(f"<html><body><ul>\n{whole}\n</ul></body></html>", subtype="html")
    return mail.as_bytes()


def _item(one: tuple[str, str, str]) -> str:
    at, who, words = one
    return f"""
<li class="message">
    <span class="post_id">p1</span>
    <span class="sent_time">{at}</span>
    <span class="username">@{who}</span>
    <span class="postusername"></span>
    <span class="email">({who.lstrip("+")}@sms.invalid):</span>
    <span class="message">{words}</span>
</li>
"""


def event(**changes: Any) -> dict[str, Any]:
    whole = {
        "id": "m1",
        "type": "message",
        "body": "Can you call me?",
        "participant": "P1",
        "conversation": "C1",
        "timestamp": "2026-11-20T17:00:00Z",
        "direction": "incoming",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def manifest(*events: Any, **changes: Any) -> dict[str, Any]:
    return {
        "version": "2.0.0",
        "participants": [
            {"id": "P1", "display": "Dana Reyes", "account_id": THEIRS},
            {"id": "P2", "display": "Front desk", "email": f"{OURS[1:]}@sms.invalid"},
        ],
        "conversations": [{"id": "C1", "platform": "SMS", "participants": ["P1", "P2"], "custodian": "P2"}],
        "events": list(events),
        **changes,
    }


def rsmf_zip(said: Any, **files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("rsmf_manifest.json", said if isinstance(said, bytes) else json.dumps(said))
        for name, content in files.items():
            bundle.writestr(name, content)
    return held.getvalue()


def rsmf(said: Any, **files: bytes) -> bytes:
    """The mail around the zip."""
    attached = encodebytes(rsmf_zip(said, **files)).decode()
    return (
        'From: x@example.com\r\nX-RSMF-Version: 2.0.0\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nDana Reyes\r\n\r\n"
        '--B\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename="rsmf.zip"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{attached}\r\n--B--\r\n"
    ).encode()


def zipped(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name.replace("__", "."), content)
    return held.getvalue()
