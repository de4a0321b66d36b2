"""The first file of a store, years of history as a rule: straight into it, checked there, undone when in doubt.

Staging would write every row twice. What is undone here is read again the careful way, which names each fault.
"""

from __future__ import annotations

from collections.abc import Callable

from compstat.load.batch import Loaded, Loading, put_batch
from compstat.load.checks import MOST_OFF, problems_of
from compstat.load.formats.kind import Kind, kind_of
from compstat.load.formats.opening import open_table
from compstat.load.returns_file import ReturnsFile, Watched
from compstat.load.staging import Staged, dates_fit, fast_types, read_headings
from compstat.store import Store
from compstat.workspace.workspace import Workspace

FIRST_BATCH = "B-0001"


class _InDoubtError(Exception):
    """Something in the file needs a closer look; never leaves this module."""


def load_first(
    store: Store, workspace: Workspace, file: ReturnsFile, loading: Loading, progress: Callable[[str], None]
) -> Loaded | None:
    """Load a long CSV file of periods' first days into an empty store, complete and checked.

    None, and the store empty as before, for any other file, for a store that holds something, and when any row
    is in doubt. Raises DataError when the file cannot be read at all or its headings do not fit.
    """
    ((is_empty,),) = store.rows("load/is_empty")
    if not is_empty or kind_of(file) is not Kind.TEXT:
        return None
    table = open_table(file, workspace.settings.returns)
    columns = read_headings(workspace, table)
    types = fast_types(workspace, table, columns)
    if types is None or columns.when_kind != "start":
        return None
    progress(f"reading {file.source}")
    watched = Watched(file)
    staged = Staged(file.path, columns, table=table, worked_out=True)
    try:
        with store.transaction(keep=not loading.dry_run):
            rows = _insert_checked(store, workspace, staged, types, loading)
            put_batch(store, FIRST_BATCH, file.source, watched.sha256, loading, rows=rows)
            watched.check()
    except _InDoubtError:
        return None
    return Loaded(file.source, FIRST_BATCH, loading.recorded_at, added=rows, notes=table.notes)


def _insert_checked(store: Store, workspace: Workspace, staged: Staged, types: dict[str, str], loading: Loading) -> int:
    """How many rows went in. The checks read them through a view with the staging table's name."""
    store.run("load/stage")
    file = {"path": str(staged.path.absolute()), "types": types}
    batch = {"batch_id": FIRST_BATCH, "recorded_at": loading.recorded_at}
    if not store.try_run("load/insert_csv", **file, **batch, most_off=MOST_OFF):
        raise _InDoubtError
    store.run("load/stage_away")
    store.run("load/stage_stored")
    rows: int = store.rows("load/staged_rows")[0][0]
    ((empty,),) = store.rows("load/empty_rows")
    if not rows or empty or not dates_fit(store):
        raise _InDoubtError
    if problems_of(store, workspace, staged, loading, most=1).refusals:
        raise _InDoubtError
    store.run("load/stage_stored_away")
    return rows
