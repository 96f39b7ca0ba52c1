"""Every job there is. A house test finds a job file that is not listed here."""

from jobs import cases, checkpoints, clock, due_days, hold_coverage, index, plan, purge, scrub, scrub_index, segments

JOBS = (
    index.JOB,
    checkpoints.JOB,
    segments.JOB,
    plan.JOB,
    purge.JOB,
    scrub.JOB,
    scrub_index.JOB,
    hold_coverage.JOB,
    due_days.JOB,
    clock.JOB,
    cases.JOB,
)
