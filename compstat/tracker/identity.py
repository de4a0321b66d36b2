"""Who acts: COMPSTAT_USER, else the system user through the column login of people.csv."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING

from compstat.findings import Finding, PermissionRefusedError, nearest

if TYPE_CHECKING:
    from compstat.workspace.tables import Person
    from compstat.workspace.workspace import Workspace

ENVIRONMENT = "COMPSTAT_USER"


def who_acts(workspace: Workspace) -> Person:
    """The person who acts. Raises PermissionRefusedError that says what to set when nobody is known."""
    person = known_person(workspace)
    if person:
        return person
    named, known = os.environ.get(ENVIRONMENT), [row.person for row in workspace.people]
    if named:
        where, message = ENVIRONMENT, f'"{named}" is no person of people.csv.{nearest(named, known)}'
    else:
        where, message = (
            "",
            f'nobody in people.csv has the login "{_system_user()}", so who acts is not known',
        )
    fix = f"Set {ENVIRONMENT} to a person id of people.csv, or fill in the column login there."
    raise PermissionRefusedError(Finding("who-acts", where, message, fix))


def known_person(workspace: Workspace) -> Person | None:
    """The person who acts, or None where it is not known: reading needs no identity."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return workspace.person(named)
    login = _system_user()
    return next((row for row in workspace.people if login and row.login == login), None)


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a name for its user
        return ""
