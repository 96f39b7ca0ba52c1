"""The vault for all surfaces: what goes into it, and what comes back out of it."""

from archive.intake.quarantine import KEPT
from archive.intake.vaulting import QuarantineVaulting
from archive.messages.actions import STORED
from archive.messages.vaulting import MessageVaulting
from archive.segments.source import Sources

SOURCES: Sources = {STORED: MessageVaulting(), KEPT: QuarantineVaulting()}
