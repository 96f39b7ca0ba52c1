"""Every job there is. A house test finds a job file that is not listed here."""

from jobs import checkpoints, index, scrub_index

JOBS = (index.JOB, checkpoints.JOB, scrub_index.JOB)
