"""What arrives at a real archive's door and is no message: cut off, misshapen, or not for us at all."""

import json


def broken_for(own_number: str, stranger: str) -> tuple[bytes, ...]:
    """A dozen requests, as bytes, none of which can become a message. Always the same for the same
    numbers."""
    whole = {
        "provider": "twilio",
        "provider_id": "SMbroken00",
        "direction": "inbound",
        "from": stranger,
        "to": [own_number],
        "text": "Did the refund arrive?",
    }
    misshapen: list[object] = [
        {field: value for field, value in whole.items() if field != "text"},
        {field: value for field, value in whole.items() if field != "from"},
        whole | {"to": []},
        whole | {"to": {"number": own_number}},
        whole | {"text": ["Did", "the", "refund", "arrive?"]},
        whole | {"text": 4711},
        whole | {"direction": "sideways"},
        "Did the refund arrive?",
        {},
    ]
    sound = json.dumps(whole).encode()
    return (
        sound[:-20],
        sound.replace(b"refund", b"r\xe9fund"),
        b"<html><body><h1>502 Bad Gateway</h1></body></html>",
        *(json.dumps(one).encode() for one in misshapen),
    )
