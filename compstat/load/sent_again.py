"""A file that was loaded before: does the store still hold what it says?

Often a correction came since, and the old file is sent again by mistake: it must neither undo that in silence, nor be
told that all is well.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection
from typing import Any

from compstat.findings import Finding
from compstat.load.batch import Loading
from compstat.load.checks import MOST_OFF
from compstat.load.formats.opening import open_table
from compstat.load.quoted import number, plain
from compstat.load.returns_file import ReturnsFile
from compstat.load.staging import Staged, put_periods, stage_carefully, stage_fast
from compstat.store import Store
from compstat.workspace.workspace import Workspace


def sent_again(
    store: Store, workspace: Workspace, file: ReturnsFile, batch: str, loading: Loading, named: Collection[str]
) -> tuple[int, Finding | None]:
    """In how many cells the store holds something else by now than the file that became `batch`, and that in words.

    `named`: the hashes of all the files of this load; what one of them changed is as it should be.
    """
    ((closed,),) = store.rows("load/closed_since", batch_id=batch)
    if not closed:
        return 0, None
    store.put("named_file", {"sha256": list(named)})
    table = open_table(file, workspace.settings.returns)
    staged = stage_fast(store, workspace, table)
    if staged and not _first(store, workspace, staged, batch, loading):
        return 0, None
    staged = stage_carefully(store, workspace, table)  # for the line
    first = _first(store, workspace, staged, batch, loading)
    return (first["cells"], _told(file, staged, batch, first)) if first else (0, None)


def _first(store: Store, workspace: Workspace, staged: Staged, batch: str, loading: Loading) -> dict[str, Any] | None:
    put_periods(store, workspace, staged.columns, loading.last_day_over)
    store.run("load/changed", recorded_at=loading.recorded_at, most_off=MOST_OFF)
    return next(iter(store.records("load/sent_again", of_batch=batch)), None)


def _told(file: ReturnsFile, staged: Staged, batch: str, first: dict[str, Any]) -> Finding:
    cells = "1 cell" if first["cells"] == 1 else f"{first['cells']:,} cells"
    by = f" ({first['batch_id']})" if first["batch_id"] else ""
    cell = ", ".join((plain(first["unit"]), plain(first["indicator"]), str(first["period_start"])))
    message = f"this very file was loaded before ({batch}), but in {cells} the store holds something else by now: "
    message += f"{cell} is {_figure(first['value'], first['denominator'])} here and "
    message += f"{_figure(first['held'], first['held_of'])} there{by}. Nothing was changed"
    again = f"compstat load {shlex.quote(str(file.named))} --again" if str(file.named).isprintable() else "--again"
    empty = first["value"] is None and first["denominator"] is None
    fix = f"If the store is right, leave the file out. If the file is: {again}{' --withdraw' if empty else ''}"
    return Finding("sent-again", staged.place(first["line"]), message, fix)


def _figure(value: float | None, denominator: float | None) -> str:
    if value is not None:
        return number(value)
    return "empty" if denominator is None else f"0 of {number(denominator)}"
