"""Every job there is. A house test finds a job file that is not listed here."""

from jobs import checkpoints, clock, index

JOBS = (index.JOB, checkpoints.JOB, clock.JOB)
