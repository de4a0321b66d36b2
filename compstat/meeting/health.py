"""Whether all that a round needs is there and whole: the tables, the store, the tracker, room on the disk."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from compstat.findings import CompstatError, Finding, StoreError, TrackerError
from compstat.store import open_store
from compstat.tracker.event import verify_chain
from compstat.tracker.record import log_at
from compstat.windows.scope import END_OF_TIME
from compstat.workspace.workspace import Workspace, load_workspace

ROOM_BYTES = 500_000_000  # ours: a store that is written anew and a pack beside it
PARTS = ("duckdb", "polars", "reportlab", "matplotlib", "scipy", "typer", "pydantic")  # what figures and pages rest on


@dataclass(frozen=True, slots=True)
class Examined:
    """One part that was looked at: what it holds, or why it cannot be used. exit_code 0: it is well."""

    part: str
    words: str
    findings: tuple[Finding, ...] = ()
    exit_code: int = 0


def examined(part: str, look: Callable[[], str]) -> Examined:
    """The part as `look` describes it; a failure that `look` raises becomes its findings."""
    try:
        return Examined(part, look())
    except CompstatError as error:
        return Examined(part, "cannot be used", error.findings, error.exit_code)


def tables(root: Path) -> str:
    """What the tables hold. Raises WorkspaceError with every problem."""
    found = load_workspace(root)
    units = len({row.unit for row in found.units})
    return f"{units:,} units, {len(found.indicators):,} indicators, {len(found.cycles):,} cycles"


def store(workspace: Workspace) -> str:
    """What the store holds, its schema brought up to date. Raises StoreError, StoreBusyError."""
    path = workspace.store_path
    if not path.exists():
        return "not there yet; the first load makes it"
    with open_store(path, read_only=True) as opened:
        batches = opened.rows("quality/batches", known_at=END_OF_TIME)
    size = path.stat().st_size / 1e6
    return f"{path.name} opens, schema up to date; {len(batches):,} batches, {size:,.1f} MB"


def tracker(workspace: Workspace) -> str:
    """How many events the tracker holds. Raises TrackerError when it cannot be read or its chain is broken."""
    events = log_at(workspace.root, workspace.settings.tracker.location).events()
    if damage := verify_chain(events):
        raise TrackerError(damage)
    return f"{len(events):,} events, the chain is whole"


def room(folder: Path, wanted: int = ROOM_BYTES) -> str:
    """Free space beside the store. Raises StoreError where it is less than wanted."""
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:,.1f} GB free"
    if free < wanted:
        fix = "Make room before the next load: a load that finds no room is refused."
        raise StoreError(Finding("little-room", "", f"{words}; wanted {wanted / 1e9:,.1f} GB", fix))
    return words


def versions() -> str:
    """Our version, Python's, and those of the libraries that figures and pages rest on."""
    named = [f"{name} {version(name)}" for name in ("compstat", *PARTS)]
    return ", ".join([named[0], f"Python {platform.python_version()}", *named[1:]])
