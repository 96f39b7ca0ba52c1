"""Every job there is. A house test finds a job file that is not listed here."""

from jobs import checkpoints, clock, due_days, hold_coverage, index, plan, purge, segments

JOBS = (index.JOB, checkpoints.JOB, segments.JOB, clock.JOB, plan.JOB, purge.JOB, hold_coverage.JOB, due_days.JOB)
