"""What has to be listed somewhere is listed there: jobs, tables, templates."""

import importlib
import re
from pathlib import Path

from archive.schema import whole_schema
from archive.wiring import Archive
from archive.wsgi import create_app
from jobs.schedule import JOBS
from jobs.spec import Job

PROJECT = Path(__file__).parents[2]
TABLES = whole_schema().tables

# Files beside the jobs that are none.
NO_JOBS = {"__init__", "spec", "runner", "schedule", "turn", "each_organisation"}

# Tables of no organisation, each with its reason.
OF_NOBODY = {
    "organisation": "is the organisation",
    "sign_in_attempt": "counts attempts by people who are nobody yet",
    "system_secret": "a secret of the whole installation",
    "recovery_confirmed": "there is one master key for all",
    "job_lease": "a job does its work for all organisations",
    "job_run": "a job does its work for all organisations",
    "clock_seen": "there is one time for all",
    "spam_inbox": "is not sorted to an organisation yet",
    "spam_dropped": "counts reports about numbers of nobody here",
    "purge_stop_everywhere": "stops purging for all organisations",
}


def test_every_job_file_is_on_the_schedule() -> None:
    files = {path.stem for path in (PROJECT / "jobs").glob("*.py")} - NO_JOBS
    jobs = {name: importlib.import_module(f"jobs.{name}").JOB for name in sorted(files)}
    assert all(isinstance(job, Job) for job in jobs.values())
    assert sorted(job.name for job in jobs.values()) == sorted(job.name for job in JOBS)
    assert {name.replace("_", "-") for name in jobs} == {job.name for job in JOBS}, "a job is named as its file"


def test_every_job_says_what_it_does() -> None:
    assert all(job.about.endswith(".") and job.every_seconds >= 1 for job in JOBS)


def test_every_table_has_an_organisation_as_the_first_part_of_its_key() -> None:
    without = {name for name, table in TABLES.items() if "org_id" not in table.primary_key.columns}
    assert without == OF_NOBODY.keys()
    first = {name: next(iter(table.primary_key.columns)).name for name, table in TABLES.items()}
    assert {name for name, column in first.items() if column != "org_id"} == OF_NOBODY.keys()


def test_nothing_is_deleted_because_something_else_is() -> None:
    rules = {f"{table.name}.{key.parent.name}": key.ondelete for table in TABLES.values() for key in table.foreign_keys}
    assert set(rules.values()) == {"RESTRICT"}, rules


def test_times_are_moments_and_dates_say_so() -> None:
    """`_at` is an aware UTC moment in every table."""
    kinds = {
        f"{table.name}.{column.name}": type(column.type).__name__
        for table in TABLES.values()
        for column in table.columns
        if column.name.endswith("_at")
    }
    assert set(kinds.values()) == {"Moment"}, kinds


def test_every_page_is_rendered_by_somebody() -> None:
    """A page by a view, a part by another template; what nobody names is dead."""
    folder = PROJECT / "templates"
    templates = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    sources = [*(PROJECT / "archive").rglob("*.py"), *folder.rglob("*.html")]
    named = set(re.findall(r"[\"']([\w/-]+\.html)[\"']", "\n".join(path.read_text() for path in sources)))
    assert templates - named == set()
    assert named - templates == set()


def test_every_page_can_be_read_by_the_template_engine(archive: Archive) -> None:
    """A slip in a page that is shown once a year is found here."""
    environment = create_app(archive).jinja_env
    pages = environment.list_templates(extensions=["html"])
    assert len(pages) > 20
    assert all(environment.get_template(page) for page in pages)
