"""Every job there is. A house test finds a job file that is not listed here."""

from jobs import checkpoints, index, segments

JOBS = (index.JOB, checkpoints.JOB, segments.JOB)
