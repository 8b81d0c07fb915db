"""All mutants, server first."""

from __future__ import annotations

from tests.mutants.desk import DESK
from tests.mutants.logins import LOGINS
from tests.mutants.maintenance import MAINTENANCE
from tests.mutants.mutant import Mutant
from tests.mutants.phone import PHONE
from tests.mutants.roles import ROLES
from tests.mutants.server import SERVER
from tests.mutants.terms import TERMS
from tests.mutants.told import TOLD

MUTANTS: tuple[Mutant, ...] = (*SERVER, *DESK, *TERMS, *TOLD, *LOGINS, *ROLES, *MAINTENANCE, *PHONE)
