"""All checks over one campaign."""

from collections.abc import Mapping
from typing import Any

from archive.campaigns.readiness import answers, consent, content, registration, samples
from archive.campaigns.readiness.finding import Finding
from archive.campaigns.readiness.submission import Submission

CHECKS = (*registration.CHECKS, *samples.CHECKS, *consent.CHECKS, *answers.CHECKS, *content.CHECKS)


def check(of: Submission) -> list[Finding]:
    """What reviewers would reject, faults before warnings."""
    found = [
        Finding(one.code, field, because, change, one.guess)
        for one in CHECKS
        for field, because, change in one.look(of)
    ]
    return sorted(found, key=lambda finding: finding.warning)


def submission_of(fields: Mapping[str, Any]) -> Submission:
    """From a file: a campaign's fields, with those of its brand under `brand` if that is to be looked at as well."""
    brand = fields.get("brand")
    rest = {name: value for name, value in fields.items() if name != "brand"}
    return Submission(rest, brand if isinstance(brand, dict) else {})
