"""`GET /metrics`: what Prometheus scrapes. Every value is read from the database when it is asked for.

So it does not matter which of several web processes answers, and nothing has to be shared between them. A key belongs
to one organisation: the figures are that organisation's, the jobs are everybody's.
"""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.completeness.gap import Cause
from archive.health.actions import figures
from archive.health.model import Figures
from archive.http.access import requires
from archive.http.current import current_archive, reading
from archive.runs.actions import look_at_clocks, report
from archive.runs.clocks import ClockVerdict
from archive.runs.report import JobReport, Phase

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@requires(Permission.HEALTH_READ)
def index() -> Response:
    with reading() as tx:
        organisation = this_organisation(tx)
        reports, clocks = report(tx.session, tx.now), look_at_clocks(tx.session, tx.now)
    registry = CollectorRegistry()
    registry.register(_Read([*_of_organisation(figures(current_archive(), organisation)), *_of_jobs(reports, clocks)]))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


class _Read(Collector):
    """What has been read already, in the library's own shape."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_organisation(now: Figures) -> Iterator[Metric]:
    yield _gauge("texts_stored", "Texts in the archive.", now.texts)
    yield _gauge("ledger_entries", "Entries of the ledger.", now.entries)
    yield _gauge("index_lag_entries", "Entries that the search index has still to read.", now.index_lag)
    yield _gauge("unsigned_seconds", "How long the oldest entry has waited for its checkpoint.", now.unsigned_seconds)
    if now.checkpoint_seconds is not None:
        yield _gauge("checkpoint_age_seconds", "Age of the newest checkpoint.", now.checkpoint_seconds)
    yield _gauge("quarantine_open", "Items that wait in quarantine.", now.quarantine_open)
    yield _gauge("alerts_open", "Alerts that nobody has closed.", now.alerts_open)
    gaps = GaugeMetricFamily("textarchive_gaps", "Gaps that nobody has acknowledged, by how known.", labels=["cause"])
    missing = GaugeMetricFamily("textarchive_texts_missing", "Texts that they lack, by how known.", labels=["cause"])
    for cause in Cause:
        for family, value in zip((gaps, missing), now.alarms.get(cause, (0, 0)), strict=True):
            family.add_metric([cause.value], value)
    yield from (gaps, missing)
    yield _gauge("sample_faults", "What the newest nightly sample has found to be wrong.", now.sample_faults)


def _of_jobs(reports: list[JobReport], clocks: ClockVerdict) -> Iterator[Metric]:
    late = GaugeMetricFamily("textarchive_job_late", "1 for a job that has not succeeded in time.", labels=["job"])
    age = GaugeMetricFamily(
        "textarchive_job_last_success_age_seconds", "Time since a job last succeeded.", labels=["job"]
    )
    runs = CounterMetricFamily("textarchive_job_runs", "Runs of a job, by how they ended.", labels=["job", "outcome"])
    for each in reports:
        late.add_metric([each.state.job], each.phase is Phase.LATE)
        if each.state.good_at:
            age.add_metric([each.state.job], (each.now - each.state.good_at).total_seconds())
        for outcome, count in each.state.runs.items():
            runs.add_metric([each.state.job, outcome.value], count)
    yield from (late, age, runs)
    too_late = sum(each.phase is Phase.LATE for each in reports)
    yield _gauge("jobs_late", "Jobs that have not succeeded in time.", too_late)
    yield _gauge("clocks_agree", "1 while the clocks agree and none has jumped.", clocks.agree)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"textarchive_{name}", about, value)
