"""Every job there is. A house test finds a job file that is not listed here."""

from jobs import (
    cases,
    checkpoints,
    clock,
    completeness,
    due_days,
    hold_coverage,
    index,
    letters,
    old_spam_reports,
    plan,
    pull,
    purge,
    scrub,
    scrub_index,
    segments,
    spam_reports,
)

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
    letters.JOB,
    clock.JOB,
    spam_reports.JOB,
    old_spam_reports.JOB,
    cases.JOB,
    completeness.JOB,
    pull.JOB,
)
