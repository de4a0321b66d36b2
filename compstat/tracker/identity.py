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
    named, known = named_person(), [row.person for row in workspace.people]
    if named:
        where, message = ENVIRONMENT, f'"{named}" is no person of people.csv.{nearest(named, known)}'
    else:
        where, message = (
            "",
            f'nobody in people.csv has the login "{system_user()}", so who acts is not known',
        )
    fix = f"Set {ENVIRONMENT} to a person id of people.csv, or fill in the column login there."
    raise PermissionRefusedError(Finding("who-acts", where, message, fix))


def known_person(workspace: Workspace) -> Person | None:
    """The person who acts, or None where it is not known: reading needs no identity."""
    named = named_person()
    if named:
        return workspace.person(named)
    login = system_user()
    return next((row for row in workspace.people if login and row.login == login), None)


def named_person() -> str:
    """The person id of COMPSTAT_USER, empty where it is not set."""
    return os.environ.get(ENVIRONMENT, "")


def system_user() -> str:
    """The name the system knows the user by, empty where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a name for its user
        return ""
