"""What has become of texts so far, worked out from all that was said of them, where a search can find it."""

from collections.abc import Collection

from archive.deliveries import outcome_store
from archive.deliveries.model import outcomes
from archive.deliveries.reading import reports_among
from archive.tx import Tx


def reckon(tx: Tx, serials: Collection[int]) -> None:
    """Of these texts anew, of which something was said. Doing it again changes nothing."""
    if not serials:
        return
    tx.write_entries()  # What the newest reports say is in their entries.
    moments = outcome_store.moments_of(tx, serials)
    found = {serial: outcomes(reports) for serial, reports in reports_among(tx, serials).items()}
    rows = [
        outcome_store.Row(serial, to, report.status, report.category, moments[serial])
        for serial, counting in found.items()
        for to, report in sorted(counting.items())
        if serial in moments
    ]
    outcome_store.replace_outcomes(tx, serials, rows)
