from sqlalchemy import text

from archive.access.system_secret import derive_secret
from archive.wiring import Archive, build


def test_the_secret_is_the_same_after_a_restart_and_another_for_each_use(archive: Archive) -> None:
    first = derive_secret(archive.transactions, archive.keyring, "form tokens")
    again = build(archive.settings)
    assert derive_secret(again.transactions, again.keyring, "form tokens") == first
    assert derive_secret(again.transactions, again.keyring, "something else") != first
    assert len(first) == 32
    again.engine.dispose()


def test_the_database_holds_it_wrapped(archive: Archive) -> None:
    derive_secret(archive.transactions, archive.keyring, "form tokens")
    with archive.engine.connect() as connection:
        wrapped = connection.execute(text("SELECT wrapped FROM system_secret")).scalars().all()
    assert len(wrapped) == 1
    assert len(wrapped[0]) == 32 + 12 + 16
