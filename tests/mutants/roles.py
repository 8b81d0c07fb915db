"""Breakages of roles: who may what, whose doings, and at which site."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_TESTS = "tests/access"
_SCOPE = f"{_TESTS}/test_scope.py"
_ROLES = f"{_TESTS}/test_roles.py"
_ACCESS = "server/people/access.py"

ROLES = (
    Mutant(
        "a role is not asked for",
        "server/people/policy.py",
        'if "site_id" in arguments:',
        'if "site_id" in arguments and False:',
        f"{_TESTS}/test_matrix.py::test_a_row_of_the_matrix",
    ),
    Mutant(
        "a site of another company is a site",
        _ACCESS,
        "select(SITE).where(SITE.c.id == site_id, SITE.c.organisation_id == self.organisation_id)",
        "select(SITE).where(SITE.c.id == site_id)",
        f"{_ROLES}::test_without_a_standing_nobody_sees_any_site",
    ),
    Mutant(
        "a role that lets one do nothing shows the site",
        _ACCESS,
        "if here is None or not here.may:",
        "if here is None:",
        f"{_ROLES}::test_without_a_standing_nobody_sees_any_site",
    ),
    Mutant(
        "a role that ended still counts",
        _ACCESS,
        "Membership.person_id == person.id, Membership.ended_ms.is_(None)",
        "Membership.person_id == person.id",
        f"{_ROLES}::test_a_role_that_is_taken_away_is_gone_at_the_next_request",
    ),
    Mutant(
        "a leader without a team sees everybody",
        _ACCESS,
        "    if own is None:\n        return frozenset()\n",
        "    if own is None:\n        return None\n",
        f"{_ROLES}::test_a_leader_without_a_team_sees_nobody",
    ),
    Mutant(
        "the log forgets whose doings one may see",
        "server/rounds/service/visits.py",
        "    if wanted.within is not None:\n        query",
        "    if wanted.within is not None and False:\n        query",
        f"{_SCOPE}::test_a_contractor_sees_nothing_of_who_is_not_of_the_company",
    ),
    Mutant(
        "photos forget whose records name them",
        "server/rounds/service/photos.py",
        "    if within is not None:\n",
        "    if within is not None and False:\n",
        f"{_SCOPE}::test_a_contractor_sees_nothing_of_who_is_not_of_the_company",
    ),
    Mutant(
        "names stand on everybody's board",
        "server/rounds/service/shown.py",
        '    if "see.people" in may:\n        return window\n',
        "    return window\n",
        f"{_SCOPE}::test_who_sees_no_people_reads_no_name_on_the_board",
    ),
    Mutant(
        "supervisors look after supervisors",
        "server/people/roles.py",
        "    if not HANDLED_BY_SUPERVISORS.issuperset(roles.values()):\n        return False\n",
        "",
        f"{_ROLES}::test_whom_a_supervisor_looks_after",
    ),
    Mutant(
        "the last administrator steps down",
        "server/people/memberships.py",
        "        raise LastAdministrator()\n",
        "        pass\n",
        f"{_ROLES}::test_the_last_administrator_stays",
    ),
    Mutant(
        "who lost the role still signs in on a phone",
        "server/people/sign_in.py",
        "            Membership.ended_ms.is_(None),\n",
        "",
        f"{_ROLES}::test_phones_know_leaders_and_contractors_and_let_them_sign_in",
    ),
    Mutant(
        "routes start without a policy",
        "server/people/policy.py",
        "        if fault:\n",
        "        if fault and False:\n",
        f"{_ROLES}::test_a_route_that_does_not_say_who_may_stops_the_start",
    ),
)
