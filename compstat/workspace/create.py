"""New workspaces from the presets that come with the program, and the sample force for `compstat demo`.

Nothing of the user's is ever overwritten: everything is looked at before the first file is written.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from compstat.findings import Finding, UsageError, WorkspaceError, nearest
from compstat.workspace.workspace import SETTINGS_FILE

TABLES = (
    SETTINGS_FILE,
    "units.csv",
    "indicators.csv",
    "targets.csv",
    "people.csv",
    "rebases.csv",
    "breaks.csv",
    "rules.toml",
    "agenda.toml",
    "feeds.toml",
)
README = "README.md"
IGNORED = ".gitignore"
STORES = (
    "compstat.duckdb",
    "compstat.duckdb.wal",
    "actions.sqlite",
    "actions.sqlite-wal",
    "actions.sqlite-shm",
)
PACKS = "packs"
DEMO_MARKER = ".compstat-demo"
MARKER_WORDS = "Made by `compstat demo`, which may replace everything in this folder that it made.\n"
RETURNS = "returns"
LOADS = "loads.csv"
ACTIONS = "actions.csv"
STORIES = "stories.csv"


class Preset(StrEnum):
    POLICE = "police"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class SampleLoad:
    """A file of returns and the moment it is to be recorded at (no time zone, as everywhere in a store)."""

    file: Path
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SampleForce:
    """The sample force laid out in a folder: its loads in the order to make them, its earlier actions."""

    root: Path
    written: tuple[Path, ...]
    loads: tuple[SampleLoad, ...]
    actions: Path
    stories: Path


def create_workspace(root: Path, preset: str, own: Mapping[str, bytes] | None = None) -> list[Path]:
    """Write a preset's tables into a folder (made if need be); the files written, README and .gitignore last.

    Those two are left alone where they are there already. `own`: files that take the place of the preset's or come on
    top. Raises WorkspaceError, before anything is written,
    when the folder holds any other file of a workspace; UsageError for an unknown preset.
    """
    if preset not in list(Preset):
        message = f'There is no preset "{preset}".{nearest(preset, list(Preset))}'
        raise UsageError(Finding("unknown-preset", "", message, f"Presets: {', '.join(Preset)}."))
    _refuse_what_is_there(root, own or {})
    source = files("compstat.sample_data").joinpath(preset)
    contents = {name: source.joinpath(name).read_bytes() for name in TABLES}
    courtesy = {README: source.joinpath(README).read_bytes(), IGNORED: _ignored().encode()}
    contents |= {name: text for name, text in courtesy.items() if not _is_there(root / name)}
    contents |= own or {}
    return _write(root, contents)


def sample_force_into(root: Path) -> SampleForce:
    """Lay the sample force out in a folder that is new, empty, or an earlier demo (then made afresh).

    An earlier demo loses its stores and packs too, and keeps files that are none of ours. Raises
    WorkspaceError for any other folder.
    """
    _refuse_foreign_folder(root)
    if _is_there(root / DEMO_MARKER):
        _clear_demo(root)
    source = files("compstat.sample_data").joinpath(Preset.POLICE)
    names = (*TABLES, README, LOADS, ACTIONS, STORIES)
    contents = {name: source.joinpath(name).read_bytes() for name in names}
    contents |= {f"{RETURNS}/{name}": text for name, text in _returns(source.joinpath(RETURNS))}
    contents[IGNORED] = _ignored().encode()
    # the marker first: a copy that was cut short can then be refreshed
    written = _write(root, {DEMO_MARKER: MARKER_WORDS.encode()} | contents)
    return SampleForce(root, tuple(written), _loads(root), root / ACTIONS, root / STORIES)


def _refuse_what_is_there(root: Path, own: Mapping[str, bytes]) -> None:
    _refuse_file(root)
    if _is_there(root / SETTINGS_FILE):
        fix = "Choose another folder, or work in this one: compstat -w DIR status"
        raise WorkspaceError(Finding("workspace-exists", str(root), f"already holds a {SETTINGS_FILE}", fix))
    fix = "Move it away or choose another folder; nothing was written."
    there = [
        Finding("file-exists", str(root / name), "is there already and is not overwritten", fix)
        for name in dict.fromkeys((*TABLES, *own))
        if _is_there(root / name)
    ]
    if there:
        raise WorkspaceError(there)


def _refuse_foreign_folder(root: Path) -> None:
    _refuse_file(root)
    marker = root / DEMO_MARKER
    ours = marker.is_file() and marker.read_bytes() == MARKER_WORDS.encode()
    if root.is_dir() and not ours and any(root.iterdir()):
        fix = "Name a new folder: compstat demo DIR"
        message = "is not empty, and is not an earlier demo; nothing was written"
        raise WorkspaceError(Finding("folder-not-empty", str(root), message, fix))


def _refuse_file(root: Path) -> None:
    if _is_there(root) and not root.is_dir():
        raise WorkspaceError(
            Finding("not-a-folder", str(root), "is not a folder", "Choose another name for the workspace.")
        )


def _is_there(path: Path) -> bool:
    """Whether anything has this name, even a link that leads nowhere."""
    return path.is_symlink() or path.exists()


def _clear_demo(root: Path) -> None:
    """Take away what a demo makes. Links are taken away themselves, never what they lead to."""
    names = (*TABLES, README, IGNORED, LOADS, ACTIONS, STORIES, *STORES, RETURNS, PACKS)
    try:
        for path in (root / name for name in names):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        (root / DEMO_MARKER).unlink()
    except OSError as error:
        raise _cannot_write(root, error) from error


def _write(root: Path, contents: dict[str, bytes]) -> list[Path]:
    written: list[Path] = []
    try:
        root.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            path = root / name
            path.parent.mkdir(exist_ok=True)
            with path.open("xb") as file:  # x: should somebody else be quicker, theirs stays
                file.write(text)
            written.append(path)
    except OSError as error:
        for path in written:  # half a workspace would only be in the way of the next attempt
            path.unlink(missing_ok=True)
        raise _cannot_write(root, error) from error
    return written


def _cannot_write(root: Path, error: OSError) -> WorkspaceError:
    place = str(error.filename or root)
    reason = error.strerror or str(error)
    fix = "Check who may write there, and whether the disk is full."
    return WorkspaceError(Finding("cannot-write", place, f"cannot be written: {reason}", fix))


def _ignored() -> str:
    return "\n".join(("# made by compstat from the returns and the tables", *STORES, f"{PACKS}/", "refused/", ""))


def _returns(folder: Traversable) -> list[tuple[str, bytes]]:
    entries = sorted((entry for entry in folder.iterdir()), key=lambda entry: entry.name)
    return [(entry.name, entry.read_bytes()) for entry in entries if entry.name.endswith(".csv")]


def _loads(root: Path) -> tuple[SampleLoad, ...]:
    with (root / LOADS).open(encoding="utf-8", newline="") as file:
        return tuple(
            SampleLoad(root / row["file"], datetime.fromisoformat(row["recorded_at"])) for row in csv.DictReader(file)
        )
