"""Every job there is. A house test finds a job file that is not listed here."""

from jobs import checkpoints, clock, index, scrub_index

JOBS = (index.JOB, checkpoints.JOB, scrub_index.JOB, clock.JOB)
