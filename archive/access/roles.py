"""Roles, and what each may do. The whole policy is the one table below."""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """What a route asks for. The value is also the name of an API key's scope."""

    MESSAGES_WRITE = "messages.write"
    MESSAGES_SEARCH = "messages.search"
    MESSAGES_READ = "messages.read"
    QUARANTINE_READ = "quarantine.read"
    QUARANTINE_RETRY = "quarantine.retry"
    HOLDS_READ = "holds.read"
    HOLDS_PLACE = "holds.place"
    HOLDS_RELEASE = "holds.release"
    OPTOUTS_READ = "optouts.read"
    OPTOUTS_MANAGE = "optouts.manage"
    SPAM_REPORT = "spam.report"
    SPAM_READ = "spam.read"
    SPAM_MANAGE = "spam.manage"
    RETENTION_READ = "retention.read"
    RETENTION_MANAGE = "retention.manage"
    RETENTION_APPROVE = "retention.approve"
    NUMBERS_READ = "numbers.read"
    NUMBERS_MANAGE = "numbers.manage"
    CAMPAIGNS_READ = "campaigns.read"
    CAMPAIGNS_MANAGE = "campaigns.manage"
    PROVIDERS_READ = "providers.read"
    PROVIDERS_MANAGE = "providers.manage"
    LETTERS_READ = "letters.read"
    LETTERS_MANAGE = "letters.manage"
    AUDIT_READ = "audit.read"
    AUDIT_DETAILS = "audit.details"
    INTEGRITY_READ = "integrity.read"
    HEALTH_READ = "health.read"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    KEYS_READ = "keys.read"
    KEYS_MANAGE = "keys.manage"


class Role(StrEnum):
    COMPLIANCE = "compliance"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    INGEST = "ingest"


EVERYTHING = frozenset(Permission)

# Who runs the archive is not thereby entitled to read other people's texts: an administrator sees that something is in
# quarantine and who did what, but neither texts nor the words of a search. An auditor sees all and changes nothing.
# Who opted out, and who complains, is whom the organisation texts, which an administrator is not shown either.
# Placing a hold and asking for its release is the compliance officer's; a second one, or an administrator, allows it.
MAY = MappingProxyType(
    {
        Role.COMPLIANCE: frozenset(
            {
                Permission.MESSAGES_SEARCH,
                Permission.MESSAGES_READ,
                Permission.QUARANTINE_READ,
                Permission.QUARANTINE_RETRY,
                Permission.HOLDS_READ,
                Permission.HOLDS_PLACE,
                Permission.HOLDS_RELEASE,
                Permission.OPTOUTS_READ,
                Permission.OPTOUTS_MANAGE,
                Permission.SPAM_REPORT,
                Permission.SPAM_READ,
                Permission.SPAM_MANAGE,
                Permission.RETENTION_READ,
                Permission.RETENTION_MANAGE,
                Permission.RETENTION_APPROVE,
                Permission.NUMBERS_READ,
                Permission.CAMPAIGNS_READ,
                Permission.CAMPAIGNS_MANAGE,
                Permission.LETTERS_READ,
                Permission.INTEGRITY_READ,
            }
        ),
        Role.ADMINISTRATOR: frozenset(
            {
                Permission.MESSAGES_WRITE,
                Permission.QUARANTINE_READ,
                Permission.QUARANTINE_RETRY,
                Permission.HOLDS_READ,
                Permission.HOLDS_RELEASE,
                Permission.SPAM_REPORT,
                Permission.RETENTION_READ,
                Permission.RETENTION_APPROVE,
                Permission.NUMBERS_READ,
                Permission.NUMBERS_MANAGE,
                Permission.CAMPAIGNS_READ,
                Permission.CAMPAIGNS_MANAGE,
                Permission.PROVIDERS_READ,
                Permission.PROVIDERS_MANAGE,
                Permission.LETTERS_READ,
                Permission.LETTERS_MANAGE,
                Permission.AUDIT_READ,
                Permission.INTEGRITY_READ,
                Permission.HEALTH_READ,
                Permission.PEOPLE_READ,
                Permission.PEOPLE_MANAGE,
                Permission.KEYS_READ,
                Permission.KEYS_MANAGE,
            }
        ),
        Role.AUDITOR: frozenset(
            {
                Permission.MESSAGES_SEARCH,
                Permission.MESSAGES_READ,
                Permission.QUARANTINE_READ,
                Permission.HOLDS_READ,
                Permission.OPTOUTS_READ,
                Permission.SPAM_READ,
                Permission.RETENTION_READ,
                Permission.NUMBERS_READ,
                Permission.CAMPAIGNS_READ,
                Permission.PROVIDERS_READ,
                Permission.LETTERS_READ,
                Permission.AUDIT_READ,
                Permission.AUDIT_DETAILS,
                Permission.INTEGRITY_READ,
                Permission.HEALTH_READ,
                Permission.PEOPLE_READ,
                Permission.KEYS_READ,
            }
        ),
        Role.INGEST: frozenset({Permission.MESSAGES_WRITE, Permission.SPAM_REPORT}),
    }
)

# The first person of an organisation can do all there is to do, so that a firm of one works from the start.
FIRST_PERSON = frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE, Role.AUDITOR})


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    return frozenset().union(*(MAY[role] for role in roles))
