"""Where a form may send the browser next: to a page of this archive, and nowhere else."""

import re

# A second slash or a backslash at the start would name another host; control characters are dropped by browsers.
_is_own = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*").fullmatch


def safe_address(wanted: str | None, otherwise: str) -> str:
    """`wanted` if it is a path here, else `otherwise`."""
    return wanted if wanted and _is_own(wanted) else otherwise
