"""Take returns into the store: staged, checked as a whole, and then all of a load or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.checks import Refusal, refusals
from compstat.load.set_aside import write_refused
from compstat.load.staging import Staged, put_periods, put_workspace, stage_file
from compstat.store import Store
from compstat.workspace.workspace import Workspace

MOST_FINDINGS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Loading:
    """How to load: when it was recorded, by whom, and what to allow."""

    recorded_at: datetime
    loaded_by: str
    set_aside: bool = False
    withdraw: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file brought. `batch` is None when nothing changed; `already` is the batch that held this very file."""

    source: str
    batch: str | None
    recorded_at: datetime
    added: int = 0
    restated: int = 0
    withdrawn: int = 0
    set_aside: int = 0
    refused_file: Path | None = None
    already: str | None = None


class _DryRun(Exception):
    """Ends a transaction whose work is only shown."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that may be stored: what is staged of it and what was refused."""

    staged: Staged
    problems: list[Refusal]


def load_files(
    store: Store,
    workspace: Workspace,
    paths: Sequence[Path],
    loading: Loading,
    progress: Callable[[str], None] = lambda _words: None,
) -> list[Loaded]:
    """Load files in this order, each as one batch, all of them or none.

    Every file is read and checked before the first is stored. Raises DataError with every problem of the first
    file that has any; the store is then as it was.
    """
    put_workspace(store, workspace)
    known: dict[Path, _Checked | str] = {}
    for path in paths:
        progress(f"reading {path.name}")
        known[path] = _check(store, workspace, path, loading)
    loaded: list[Loaded] = []
    try:
        with store.transaction():
            for path in paths:
                progress(f"storing {path.name}")
                loaded.append(_take(store, workspace, known[path], path, loading, restage=len(paths) > 1))
            if loading.dry_run:
                raise _DryRun
    except _DryRun:
        return loaded
    return [_with_refused_file(workspace, result, known[path]) for result, path in zip(loaded, paths, strict=True)]


def _check(store: Store, workspace: Workspace, path: Path, loading: Loading) -> _Checked | str:
    """The file staged and checked, or the batch that holds it already."""
    staged = stage_file(store, workspace, path)
    if already := store.rows("load/batch_of_file", sha256=staged.sha256):
        return str(already[0][0])
    put_periods(store, workspace, staged, loading.recorded_at)
    problems = refusals(store, workspace, staged, withdraw=loading.withdraw)
    if problems and not staged.line_numbers_known:
        staged = stage_file(store, workspace, path, careful=True)
        put_periods(store, workspace, staged, loading.recorded_at)
        problems = refusals(store, workspace, staged, withdraw=loading.withdraw)
    if problems and not loading.set_aside:
        raise _refusal(path, problems)
    return _Checked(staged, problems)


def _take(
    store: Store, workspace: Workspace, known: _Checked | str, path: Path, loading: Loading, *, restage: bool
) -> Loaded:
    """Store a checked file; of several files each is staged again, for the table holds one at a time."""
    if isinstance(known, str):
        return Loaded(path.name, None, loading.recorded_at, already=known)
    if restage:
        staged = stage_file(store, workspace, path, careful=known.staged.line_numbers_known)
        put_periods(store, workspace, staged, loading.recorded_at)
    refused = sorted({line for line, _ in known.problems})
    if refused:
        store.put("refused_line", {"line": refused})
        store.run("load/set_aside")
    return _store(store, known.staged, loading, len(refused))


def _store(store: Store, staged: Staged, loading: Loading, set_aside: int) -> Loaded:
    """Insert what the staged rows tell; figures that the store holds already are left as they are."""
    ((number,),) = store.rows("load/next_batch")
    batch = f"B-{number:04d}"
    ((held, _),) = store.rows("load/held_between")
    stamp = {"batch_id": batch, "recorded_at": loading.recorded_at}
    if held == 0:
        ((rows,),) = store.rows("load/staged_rows")
        ((empty,),) = store.rows("load/empty_rows")
        counts = (rows - empty, 0, 0)
        insert = "load/insert_ready"
    else:
        store.run("load/changed")
        *changes, held_since = store.rows("load/count_changed")[0]
        counts = (changes[0], changes[1], changes[2])
        _in_order(staged.path.name, held_since, loading.recorded_at)
        store.run("load/close_changed", recorded_at=loading.recorded_at)
        insert = "load/insert_changed"
    if not any(counts):
        return Loaded(staged.path.name, None, loading.recorded_at, set_aside=set_aside)
    store.run(insert, **stamp)
    store.run(
        "load/insert_batch",
        **stamp,
        source=staged.path.name,
        sha256=staged.sha256,
        rows=sum(counts),
        loaded_by=loading.loaded_by,
    )
    return Loaded(staged.path.name, batch, loading.recorded_at, *counts, set_aside=set_aside)


def _in_order(source: str, held_since: datetime | None, recorded_at: datetime) -> None:
    """What was recorded later cannot be replaced by what was recorded earlier."""
    if held_since is not None and held_since >= recorded_at:
        message = f"was recorded at {recorded_at}, but would replace figures recorded at {held_since}"
        fix = "Load batches in the order in which they were recorded; check --recorded-at."
        raise DataError(Finding("recorded-before", source, message, fix))


def _refusal(path: Path, problems: list[Refusal]) -> DataError:
    findings = [finding for _, finding in problems[:MOST_FINDINGS_SHOWN]]
    lines = len({line for line, _ in problems})
    more = f" (the first {MOST_FINDINGS_SHOWN} are shown)" if len(problems) > MOST_FINDINGS_SHOWN else ""
    summary = (
        f"{path.name} was not loaded: {len(problems)} problems in {lines} rows{more}. The store is as it was.\n"
        f"  To load the good rows and keep the others in a file: compstat load {path.name} --set-aside"
    )
    return DataError(findings, summary=summary)


def _with_refused_file(workspace: Workspace, result: Loaded, known: _Checked | str) -> Loaded:
    if isinstance(known, str) or not known.problems:
        return result
    return replace(result, refused_file=write_refused(workspace.root, known.staged, known.problems))
