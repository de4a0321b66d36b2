"""The record as it stands: actions and events, read as known at any moment. Needs the log alone."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

from compstat.findings import Finding, TrackerError
from compstat.tracker.action import Action, most_carried_first
from compstat.tracker.event import Event, EventLog, code_of, moment, number_of
from compstat.tracker.states import actions_from
from compstat.workspace.root import SETTINGS_FILE

DEFAULT_LOCATION = "actions.sqlite"  # as TrackerSettings.location, which a short command has no time to import


class Record:
    """What an event log says. Moments without a zone are UTC; without a moment everything is known."""

    def __init__(self, log: EventLog) -> None:
        self.log = log

    def events(self, code: str | None = None, as_of: datetime | None = None) -> tuple[Event, ...]:
        """The events known at a moment, in their order; those of one action when a code is given."""
        known = self.log.events()
        if as_of is not None:
            known = tuple(event for event in known if event.at <= moment(as_of))
        if code is None:
            return known
        wanted = find(actions_from(known), code).action
        return tuple(event for event in known if event.action == wanted)

    def actions_as_of(self, as_of: datetime | None = None, cycle: str | None = None) -> tuple[Action, ...]:
        """Every action, closed ones too, as known at a moment: most carried first, then oldest."""
        actions = actions_from(self.events(as_of=as_of)).values()
        return most_carried_first(row for row in actions if cycle is None or row.cycle == cycle)

    def action(self, code: str, as_of: datetime | None = None) -> Action:
        """One action by its code; `a-1` finds A-0001. Raises TrackerError for an unknown code."""
        return find(actions_from(self.events(as_of=as_of)), code)


def open_record(root: Path) -> Record:
    """The record of the workspace in this folder, without reading its tables: for commands that only read.

    Raises WorkspaceError when compstat.toml cannot be used, TrackerError for a server's URL.
    """
    try:
        settings = tomllib.loads((root / SETTINGS_FILE).read_text("utf-8-sig"))
        location = settings.get("tracker", {}).get("location", DEFAULT_LOCATION)
        if isinstance(location, str):
            return Record(log_at(root, location))
    except (OSError, ValueError, AttributeError):
        pass
    from compstat.tracker.tracker import open_tracker
    from compstat.workspace.workspace import load_workspace

    return open_tracker(load_workspace(root))  # says, with file and line, what is wrong with the settings


def log_at(root: Path, location: str) -> EventLog:
    """The event log at a location of compstat.toml. Raises TrackerError for a server's URL."""
    if "://" in location:
        message = f"a tracker on a server ({location.partition('://')[0]}) is not built yet"
        fix = f'Name a file, such as location = "{DEFAULT_LOCATION}".'
        raise TrackerError(Finding("tracker-on-server", "compstat.toml [tracker] location", message, fix))
    from compstat.tracker.sqlite_log import SqliteLog

    return SqliteLog(root / location)


def find(actions: dict[str, Action], code: str) -> Action:
    """The action of that code, however it is typed. Raises TrackerError with the newest code."""
    typed = code.strip().upper()
    digits = typed.removeprefix("A").removeprefix("-")
    wanted = code_of(int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else typed
    if wanted in actions:
        return actions[wanted]
    newest = f"the newest is {max(actions, key=number_of)}" if actions else "none was raised yet"
    message = f'There is no action "{code}"; {newest}'
    raise TrackerError(Finding("unknown-action", "", message, "See them with: compstat action list --all"))
