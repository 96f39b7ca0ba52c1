"""A small archive to try things out on: two invented organisations and some 2,000 texts of theirs, always
the same."""

from archive.demo.generate import generate
from archive.demo.model import Demo, Message, Organisation, OwnNumber, Person

__all__ = ["Demo", "Message", "Organisation", "OwnNumber", "Person", "generate"]
