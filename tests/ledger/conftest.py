"""An archive that is planted once and tampered with often: each tampering is taken back before the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.keys.keyring import Keyring
from archive.keys.local_kms import make_master_key
from archive.ledger import store
from archive.ledger.checkpoints import signer
from archive.ledger.note import Checkpoint, VerifierKey, open_checkpoint
from archive.ledger.report import Fault, Report
from archive.proving import sign_and_keep, verify_organisation
from archive.segments.folder_vault import FolderVault
from archive.settings import read_settings
from archive.tx import Transactions
from archive.wiring import Archive, build
from tests.conftest import DATABASES, StandingClock, new_database
from tests.items import line, own_number, take_in

TEXTS = 590


@dataclass(frozen=True)
class Planted:
    """Texts, quarantined items and events under several checkpoints, and a tail that is not signed yet."""

    archive: Archive
    organisation: OrganisationRow
    other: OrganisationRow
    checkpoints: list[Checkpoint]
    public: VerifierKey
    empty_vault: FolderVault

    @contextmanager
    def tampering(self) -> Iterator["Tampering"]:
        """A connection with everything done on it taken back at the end."""
        with self.archive.engine.connect() as connection:
            outer = connection.begin()
            try:
                yield Tampering(self, connection)
            finally:
                outer.rollback()


class _OnOneConnection(Transactions):
    """All of them within one that has begun, so that none can say how it would like to begin."""

    @contextmanager
    def _session(self, org_id: int | None, _way: Any) -> Iterator[Session]:
        with super()._session(org_id, lambda _engine: {}) as session:
            yield session


@dataclass(frozen=True)
class Tampering:
    planted: Planted
    connection: Connection

    def run(self, statement: str, **values: Any) -> int:
        """How many rows were hit by a statement of raw SQL; `:org` is the organisation."""
        return self.connection.execute(text(statement), {"org": self.planted.organisation.id, **values}).rowcount

    def value(self, statement: str, **values: Any) -> Any:
        return self.connection.execute(text(statement), {"org": self.planted.organisation.id, **values}).scalar_one()

    @property
    def transactions(self) -> Transactions:
        """What the product sees: the tampered state, and no key that it remembers from before."""
        keyring = Keyring(self.planted.archive.keyring.wrapper)
        return _OnOneConnection(cast(Engine, self.connection), keyring, self.planted.archive.clock)

    def verify(self, *remembered: Checkpoint, vault: bool = False, other: bool = False) -> Report:
        """With the database alone, unless checkpoints are remembered or the vault may be asked."""
        planted = self.planted
        return verify_organisation(
            self.transactions,
            planted.archive.vault if vault else planted.empty_vault,
            planted.other if other else planted.organisation,
            remembered=remembered,
        )

    def faults(self, *remembered: Checkpoint) -> list[Fault]:
        return self.verify(*remembered).faults


@pytest.fixture(scope="session", params=DATABASES)
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("planted")
    with new_database(request, request.param, folder) as address:
        settings = read_settings({"TEXTARCHIVE_DATA": str(folder / "data"), "TEXTARCHIVE_DATABASE_URL": address})
        make_master_key(settings.master_key_file)
        archive = build(settings, clock=StandingClock())
        yield _plant(archive, folder / "empty vault")
        archive.engine.dispose()


def _plant(archive: Archive, empty: Path) -> Planted:
    organisation = create_organisation(archive.transactions, "Harbour Wealth", OPERATOR, archive.settings.public_url)
    other = create_organisation(archive.transactions, "Elsewhere", OPERATOR, archive.settings.public_url)
    own_number(archive, organisation.id)
    own_number(archive, other.id)
    take_in(archive, other.id, *(_text(at) for at in range(300)))
    sign_and_keep(archive.transactions, archive.vault, other)
    for start in range(0, TEXTS, 118):
        cast(StandingClock, archive.clock).advance(minutes=1)
        broken = [b'{"broken": %d' % start, b"[%d]" % start]
        take_in(archive, organisation.id, *(_text(at) for at in range(start, start + 118)), *broken)
        sign_and_keep(archive.transactions, archive.vault, organisation)
    take_in(archive, organisation.id, *(_text(at) for at in range(10_000, 10_020)))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        public = signer(tx, organisation.origin).public
        kept = [open_checkpoint(row.note, public) for row in reversed(store.checkpoints(tx.session))]
    return Planted(archive, organisation, other, kept, public, FolderVault(empty))


def _text(at: int) -> bytes:
    """With every column filled, so that every column can be changed."""
    return line(
        f"SM{at}",
        account="AC1",
        campaign="C8K2L9",
        sent_at=f"2026-11-20T10:{at // 60 % 60:02}:{at % 60:02}Z",
        text=f"Text number {at} 🙂",
        **({"from": "+442079460958"} if at % 3 == 0 else {}),
    )
