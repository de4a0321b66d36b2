"""Actions as a CSV file for a spreadsheet, in the columns that `compstat action import` reads."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from compstat.findings import Finding, TrackerError
from compstat.tracker.action import Action

# What a spreadsheet may run as a formula when a cell starts with it: OWASP, CSV Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "action",
    "cycle",
    "unit",
    "owner",
    "what",
    "raised_week",
    "raised_at",
    "original_due",
    "due",
    "state",
    "times_carried",
    "flag",
    "indicator",
    "direction",
    "size",
    "review_week",
    "reason",
    "note",
    "note_by",
    "note_at",
)


def write_actions(path: Path, actions: Iterable[Action]) -> int:
    """Write the actions, one a row, and return how many. An older file of that name is replaced as a whole.

    A cell that a spreadsheet could run gets an apostrophe in front; the import takes it off again.
    Raises TrackerError when the file cannot be written.
    """
    rows = [[guarded(_words(cell)) for cell in _cells(action)] for action in actions]
    part = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        with part.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
        part.replace(path)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise TrackerError(Finding("cannot-write", str(path), message, "Name another file.")) from error
    finally:
        part.unlink(missing_ok=True)
    return len(rows)


def guarded(cell: str) -> str:
    """The cell so that no spreadsheet runs it: `'=1+1` for `=1+1`."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) or _looks_guarded(cell) else cell


def unguarded(cell: object) -> object:
    """What `guarded` was given; anything else as it is."""
    return cell[1:] if isinstance(cell, str) and _looks_guarded(cell) else cell


def _looks_guarded(cell: str) -> bool:
    return cell.startswith("'") and cell[1:].startswith(("'", *FORMULA_STARTS))


def _cells(action: Action) -> tuple[object, ...]:
    promise = action.promise
    return (
        action.action,
        action.cycle,
        action.unit,
        action.owner,
        action.what,
        action.raised_week,
        action.raised_at,
        action.original_due,
        action.due,
        action.state.value,
        action.times_carried,
        action.flag,
        promise.indicator,
        promise.direction,
        promise.size,
        promise.review_week,
        promise.reason,
        action.last_note,
        action.last_note_by,
        action.last_note_at,
    )


def _words(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
