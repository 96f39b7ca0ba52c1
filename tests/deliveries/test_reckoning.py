"""What has become of a text is found as soon as it is said, and changes with what is said later."""

import random
from datetime import timedelta
from typing import Any

import pytest

from archive.core.actor import OPERATOR
from archive.core.errors import BadInput
from archive.deliveries.outcome_store import Became, OutcomeRow
from archive.deliveries.reckoning import reckon
from archive.holds.covering import query_of
from archive.search.actions import search
from archive.search.follower import catch_up
from archive.search.index import NotSearchable
from archive.search.resolve import became
from archive.wiring import Archive
from tests.deliveries.saying import note_all, said, send
from tests.items import STRANGER
from tests.retention.purging import planned, purged

OTHER = "+16175550123"


def found(archive: Archive, org_id: int, line: str, **more: Any) -> list[int]:
    catch_up(archive.transactions, archive.index, org_id)
    return [hit.message.serial for hit in search(archive, org_id, OPERATOR, line, **more).hits]


def test_a_text_is_found_by_what_became_of_it_for_any_recipient_and_carries_it(archive, organisation, clock) -> None:
    org_id = organisation.id
    one, two, three, silent = (send(archive, org_id, name) for name in ("SM1", "SM2", "SM3", "SM4"))
    both = send(archive, org_id, "SM5", to=[STRANGER, OTHER])
    among = (STRANGER, OTHER)
    note_all(archive, org_id, said("SM1"), said("SM2", "undelivered"), said("SM3", "sent"))
    note_all(
        archive, org_id, said("SM5", among=among), said("SM5", "blocked", OTHER, category="filtered_spam", among=among)
    )
    expected = {
        "delivery:delivered": [both, one],
        "delivery:undelivered": [two],
        "delivery:blocked": [both],
        "delivery:sent": [three],
        "delivery:failed": [],
        "reason:filtered-spam": [both],
        'reason:"filtered spam" delivery:blocked -delivery:delivered': [],
        "reason:unregistered": [],
        "-delivery:delivered": [silent, three, two],
        "delivery:sent OR delivery:blocked": [both, three],
        "Friday delivery:delivered": [both, one],
    }
    assert {line: found(archive, org_id, line) for line in expected} == expected
    note_all(archive, org_id, said("SM3"), said("SM2", "queued"))
    assert found(archive, org_id, "delivery:sent") == []
    assert found(archive, org_id, "delivery:delivered") == [both, three, one], "asked anew each time"
    (hit, *_) = search(archive, org_id, OPERATOR, "delivery:blocked").hits
    assert hit.delivery == ("delivered", "blocked")


def test_in_any_order_the_outcome_is_the_same_and_a_late_text_has_its_own_at_once(archive, organisation, clock) -> None:
    reports = [
        said("SM1", "queued", at=clock.now),
        said("SM1", "sent", at=clock.now + timedelta(seconds=1)),
        said("SM1", "undelivered", at=clock.now + timedelta(seconds=2)),
        said("SM1", "delivered", at=clock.now + timedelta(seconds=9)),
    ]
    for seed in range(4):
        chance, account = random.Random(seed), f"AC{seed}"
        told = chance.sample(reports, len(reports))
        note_all(archive, organisation.id, *told[:2], account=account)
        serial = send(archive, organisation.id, account=account)
        note_all(archive, organisation.id, *told[2:], account=account)
        assert serial in found(archive, organisation.id, "delivery:delivered")
    assert found(archive, organisation.id, "-delivery:delivered") == []
    note_all(archive, organisation.id, said("SM9", "failed"))
    late = send(archive, organisation.id, "SM9")
    assert found(archive, organisation.id, "delivery:failed") == [late], "with nothing said of it since it came"


def test_pages_counts_and_dates_are_of_all_that_there_are(archive, organisation) -> None:
    moments = [f"2026-11-{day:02}T12:00:00Z" for day in range(1, 21)]
    serials = [send(archive, organisation.id, f"SM{at}", sent_at=moment) for at, moment in enumerate(moments)]
    note_all(archive, organisation.id, *(said(f"SM{at}", "failed") for at in range(0, 20, 2)))
    failed = serials[::2][::-1]
    catch_up(archive.transactions, archive.index, organisation.id)
    first = search(archive, organisation.id, OPERATOR, "delivery:failed", limit=4)
    assert ([hit.message.serial for hit in first.hits], first.count) == (failed[:4], 10)
    assert found(archive, organisation.id, "delivery:failed", limit=4, cursor=first.next) == failed[4:8]
    inside = "after:2026-11-05 before:2026-11-15"
    assert found(archive, organisation.id, f"{inside} delivery:failed") == serials[4:14:2][::-1]
    assert found(archive, organisation.id, f"{inside} -delivery:failed") == serials[5:15:2][::-1]
    either = "(after:2026-11-18 OR delivery:failed) before:2026-11-04"
    assert found(archive, organisation.id, either) == [serials[2], serials[0]]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert became(tx, Became(("failed",), None, None, None), "failed", 10)
        with pytest.raises(NotSearchable, match="More than 9 texts are failed"):
            became(tx, Became(("failed",), None, None, None), "failed", 9)


def test_what_became_of_a_text_goes_with_it_and_no_hold_can_depend_on_it(archive, organisation) -> None:
    send(archive, organisation.id)
    note_all(archive, organisation.id, said())
    planned(archive, organisation)
    purged(archive, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert tx.session.query(OutcomeRow).count() == 0
    with pytest.raises(BadInput, match="what becomes of a text later"):
        query_of("wire (a OR -delivery:failed)")
    with pytest.raises(BadInput, match="what becomes of a text later"):
        query_of("reason:expired")


def test_reckoning_again_changes_nothing(archive, organisation) -> None:
    serial = send(archive, organisation.id)
    note_all(archive, organisation.id, said())
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        before = [(row.message, row.place, row.status) for row in tx.session.query(OutcomeRow)]
        reckon(tx, [serial])
        tx.session.expire_all()
        assert [(row.message, row.place, row.status) for row in tx.session.query(OutcomeRow)] == before
