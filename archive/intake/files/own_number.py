"""The number that a file is imported for, where the file itself doesn't say it."""

import re

from archive.intake.files.model import FileProblem, Options

E_164 = re.compile(r"\+[1-9][0-9]{6,14}")


def own_number(options: Options) -> str | None:
    """The one that somebody said, if any. FileProblem unless it is E.164."""
    if options.own_number and not E_164.fullmatch(options.own_number):
        raise FileProblem(f"{options.own_number!r} is not a number like +14155550100; write it that way.")
    return options.own_number or None


def needed_own_number(options: Options) -> str:
    """FileProblem if nobody said it: to take any other for a person's phone would make the record wrong."""
    number = own_number(options)
    if number is None:
        raise FileProblem("This file doesn't say whose phone it is from. Say its number when importing it (--number).")
    return number
