"""Where the workspace is. Apart from its reading, which costs more than a short command has to spend."""

from __future__ import annotations

import os
from pathlib import Path

from compstat.findings import Finding, WorkspaceError

SETTINGS_FILE = "compstat.toml"
ENVIRONMENT = "COMPSTAT_WORKSPACE"


def find_root(chosen: Path | None) -> Path:
    """The folder chosen, else that of COMPSTAT_WORKSPACE, else the nearest parent with a compstat.toml."""
    if chosen is None and os.environ.get(ENVIRONMENT):
        chosen = Path(os.environ[ENVIRONMENT])
    candidates = [chosen] if chosen else [Path.cwd(), *Path.cwd().parents]
    for folder in candidates:
        if (folder / SETTINGS_FILE).is_file():
            return folder
    where = str(chosen) if chosen else "this folder and those above it"
    fix = "Name one with -w DIR, or make one with: compstat init DIR --preset police"
    raise WorkspaceError(Finding("no-workspace", where, f"holds no {SETTINGS_FILE}", fix))
