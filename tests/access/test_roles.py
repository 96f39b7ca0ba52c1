from archive.access.roles import EVERYTHING, FIRST_PERSON, MAY, Permission, Role, permissions_of

CHANGES = (".write", ".manage", ".retry", ".place", ".release", ".approve", ".report")
CHANGING = {permission for permission in Permission if permission.endswith(CHANGES)}
TEXTS = {Permission.MESSAGES_READ, Permission.MESSAGES_SEARCH}


def test_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Role)


def test_every_permission_is_some_role_s() -> None:
    assert permissions_of(Role) == EVERYTHING


def test_the_first_person_can_do_everything() -> None:
    assert permissions_of(FIRST_PERSON) == EVERYTHING


def test_an_auditor_changes_nothing_and_sees_everything() -> None:
    assert MAY[Role.AUDITOR] == EVERYTHING - CHANGING


def test_an_administrator_reads_no_texts_and_no_search_words() -> None:
    assert not MAY[Role.ADMINISTRATOR] & (TEXTS | {Permission.AUDIT_DETAILS})


def test_a_compliance_officer_reads_texts_and_makes_nobody_an_administrator() -> None:
    assert MAY[Role.COMPLIANCE] >= TEXTS
    assert not MAY[Role.COMPLIANCE] & {Permission.PEOPLE_MANAGE, Permission.KEYS_MANAGE}


def test_two_roles_can_allow_what_a_compliance_officer_asks_for() -> None:
    for allowing in (Permission.HOLDS_RELEASE, Permission.RETENTION_APPROVE):
        assert {role for role in Role if allowing in MAY[role]} == {Role.COMPLIANCE, Role.ADMINISTRATOR}


def test_who_brings_texts_in_sees_none() -> None:
    assert MAY[Role.INGEST] == {Permission.MESSAGES_WRITE, Permission.SPAM_REPORT}
