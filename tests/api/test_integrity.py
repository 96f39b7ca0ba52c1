from archive.access.organisations import OrganisationRow
from archive.ledger.checkpoints import bring_up
from archive.ledger.note import VerifierKey, open_checkpoint
from archive.wiring import Archive


def test_nothing_is_signed_at_first(call, organisation: OrganisationRow) -> None:
    stated = call("GET", "/integrity").json
    assert stated["origin"] == organisation.origin
    assert stated["size"] > 0
    assert stated["checkpoint"] is None


def test_a_checkpoint_opens_with_the_stated_key(call, archive: Archive, organisation: OrganisationRow) -> None:
    signed = bring_up(archive.transactions, organisation.id, organisation.origin)
    stated = call("GET", "/integrity").json
    key = VerifierKey.parse(stated["public_key"])
    note = call("GET", f"/checkpoints/{signed.size}")
    assert note.mimetype == "text/plain"
    assert note.text == stated["checkpoint"]["note"] == signed.note
    opened = open_checkpoint(note.text, key)
    assert (opened.size, opened.root.hex()) == (signed.size, stated["checkpoint"]["root"])


def test_what_was_never_signed_is_not_found(call) -> None:
    for size in ("0", "4711", str(2**63), "x"):
        assert call("GET", f"/checkpoints/{size}").status_code == 404


def test_a_key_without_the_scope_is_refused(call_with) -> None:
    program = call_with("messages.read")
    assert program("GET", "/integrity").status_code == 403
    assert program("GET", "/checkpoints/1").status_code == 403
