"""Take returns into the store: staged, checked as a whole, and then all of a load or nothing."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from compstat.findings import CompstatError, DataError, Finding
from compstat.load.batch import Loaded, Loading, put_batch
from compstat.load.checks import Problems, problems_of
from compstat.load.columns import Columns
from compstat.load.first_load import load_first
from compstat.load.order import in_order
from compstat.load.quoted import source_of
from compstat.load.returns_file import check_file, sha256_of
from compstat.load.set_aside import write_refused
from compstat.load.staging import put_periods, put_workspace, stage_carefully, stage_fast
from compstat.store import Store
from compstat.workspace.workspace import Workspace

MOST_FINDINGS_SHOWN = 100
MOST_FINDINGS_COUNTED = 1_000  # of each kind; a file with more is the wrong file, not a file with faults
MOST_SET_ASIDE = 100_000  # rows; the same


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that may be stored. `columns` is None where the store holds it already."""

    path: Path
    sha256: str
    columns: Columns | None
    problems: Problems


def load_files(
    store: Store,
    workspace: Workspace,
    paths: Sequence[Path],
    loading: Loading,
    progress: Callable[[str], None] = lambda _words: None,
) -> list[Loaded]:
    """Load files in this order, each as one batch, all of them or none.

    Every file is read and checked before the first is stored. Raises DataError with the problems of every file
    that has any; the store is then as it was.
    """
    put_workspace(store, workspace)
    if len(paths) == 1 and (first := load_first(store, workspace, paths[0], loading, progress)):
        return [first]
    store.run("load/kept")
    checked = _check_all(store, workspace, paths, loading, progress)
    loaded: list[Loaded] = []
    with store.transaction(keep=not loading.dry_run):
        for number, file in enumerate(checked):
            progress(f"storing {source_of(file.path)}")
            if len(paths) > 1 and file.columns:
                store.run("load/stage")
                store.run("load/stage_kept", file=number)
                put_periods(store, workspace, file.columns, loading.recorded_at)
            loaded.append(_take(store, workspace, file, loading))
    return loaded


def _check_all(
    store: Store, workspace: Workspace, paths: Sequence[Path], loading: Loading, progress: Callable[[str], None]
) -> list[_Checked]:
    checked: list[_Checked] = []
    refused: list[CompstatError] = []
    for number, path in enumerate(paths):
        try:
            file = _check(store, workspace, path, loading, progress)
        except DataError as error:
            refused.append(error)
            continue
        checked.append(file)
        if len(paths) > 1 and file.columns is not None:
            store.run("load/keep_rows", file=number)
    if len(refused) == 1 and len(paths) == 1:
        raise refused[0]
    if refused:
        findings = [finding for error in refused for finding in error.findings][:MOST_FINDINGS_SHOWN]
        words = [error.summary for error in refused if error.summary]
        words.append(f"{len(refused)} of {len(paths)} files cannot be loaded, so none was. The store is as it was.")
        raise DataError(findings, summary="\n".join(words))
    return checked


def _check(
    store: Store, workspace: Workspace, path: Path, loading: Loading, progress: Callable[[str], None]
) -> _Checked:
    """The file staged and checked, its refused rows taken out where they may be set aside."""
    check_file(path)
    progress(f"reading {source_of(path)}")
    sha256 = sha256_of(path)
    if store.rows("load/batch_of_file", sha256=sha256):
        return _Checked(path, sha256, None, Problems([]))
    staged = stage_fast(store, workspace, path)
    if staged and not problems_of(store, workspace, staged, loading, most=1).refusals:
        return _Checked(path, sha256, staged.columns, Problems([]))
    progress(f"reading {source_of(path)} line by line")
    staged = stage_carefully(store, workspace, path)
    most = MOST_SET_ASIDE + 1 if loading.set_aside else MOST_FINDINGS_COUNTED
    problems = problems_of(store, workspace, staged, loading, most)
    if problems.refusals and not loading.set_aside:
        raise _refusal(path, problems)
    if problems.cut_short:
        message = f"has more than {MOST_SET_ASIDE:,} faults; wanted a file of which most is good"
        raise DataError(Finding("too-many-refused", source_of(path), message, "Is it the right file?"))
    if problems.refusals:
        store.put("refused_line", {"line": problems.lines})
        store.run("load/set_aside")
    return _Checked(path, sha256, staged.columns, problems)


def _take(store: Store, workspace: Workspace, file: _Checked, loading: Loading) -> Loaded:
    """Insert what the staged rows tell; figures that the store holds already are left as they are."""
    source = source_of(file.path)
    held = store.rows("load/batch_of_file", sha256=file.sha256)  # or the same file was named twice
    if held or file.columns is None:
        return Loaded(source, None, loading.recorded_at, already=str(held[0][0]))
    set_aside = len(file.problems.lines)
    refused_file = None
    if set_aside and not loading.dry_run:
        refused_file = write_refused(workspace.root, file.path, file.sha256, file.problems)
    ((number,),) = store.rows("load/next_batch")
    batch = f"B-{number:04d}"
    counts = _store(store, source, batch, loading.recorded_at)
    if any(counts):
        put_batch(store, batch, source, file.sha256, loading, rows=sum(counts), set_aside=set_aside)
    return Loaded(source, batch if any(counts) else None, loading.recorded_at, *counts, set_aside, refused_file)


def _store(store: Store, source: str, batch: str, recorded_at: datetime) -> tuple[int, int, int]:
    """How many figures were added, restated and withdrawn."""
    ((held,),) = store.rows("load/held_between", recorded_at=recorded_at)
    if held == 0:
        ((rows,),) = store.rows("load/staged_rows")
        ((empty,),) = store.rows("load/empty_rows")
        store.run("load/insert_ready", batch_id=batch, recorded_at=recorded_at)
        return rows - empty, 0, 0
    store.run("load/changed", recorded_at=recorded_at)
    in_order(store, source, recorded_at)
    ((added, restated, withdrawn),) = store.rows("load/count_changed")
    if added or restated or withdrawn:
        store.run("load/close_changed", recorded_at=recorded_at)
        store.run("load/insert_changed", batch_id=batch, recorded_at=recorded_at)
    if withdrawn:
        store.run("load/insert_emptied", batch_id=batch, recorded_at=recorded_at)
    return added, restated, withdrawn


def _refusal(path: Path, problems: Problems) -> DataError:
    findings = [finding for _, finding in problems.refusals[:MOST_FINDINGS_SHOWN]]
    found, lines = len(problems.refusals), len(problems.lines)
    more = f" (the first {MOST_FINDINGS_SHOWN} are shown)" if found > MOST_FINDINGS_SHOWN else ""
    counted = f"{'at least ' if problems.cut_short else ''}{_count(found, 'problem')} in {_count(lines, 'row')}{more}"
    command = f"compstat load {shlex.quote(str(path))} --set-aside"  # quoted: it will be copied into a shell
    summary = f"{source_of(path)} was not loaded: {counted}. The store is as it was."
    if str(path).isprintable():
        summary += f"\n  To load the good rows and keep the others in a file: {command}"
    return DataError(findings, summary=summary)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
