"""Take returns into the store: staged, checked as a whole, and then all of a load or nothing."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from compstat.findings import CompstatError, DataError, Finding
from compstat.load.batch import Extracted, Loaded, Loading, Reopened, put_batch
from compstat.load.checks import MOST_OFF, Problems, problems_of
from compstat.load.columns import Columns
from compstat.load.first_load import load_first
from compstat.load.formats.opening import open_table
from compstat.load.formats.table import Table
from compstat.load.formats.unpacking import Unpacking, unpacked
from compstat.load.grouping import grouped
from compstat.load.order import in_order
from compstat.load.returns_file import ReturnsFile, Watched
from compstat.load.sent_again import sent_again
from compstat.load.set_aside import write_refused
from compstat.load.staging import put_periods, put_workspace, stage_carefully, stage_fast
from compstat.store import Store
from compstat.workspace.workspace import Workspace

MOST_FINDINGS_SHOWN = 100
MOST_FINDINGS_COUNTED = 1_000  # of each kind; a file with more is the wrong file, not a file with faults
MOST_SET_ASIDE = 100_000  # rows; the same


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that may be stored. `table` and `columns` are None where it was loaded before, as batch `already`."""

    file: ReturnsFile
    sha256: str
    table: Table | None
    columns: Columns | None
    problems: Problems
    extracted: Extracted | None = None
    already: str | None = None


def load_files(
    store: Store,
    workspace: Workspace,
    paths: Sequence[Path],
    loading: Loading,
    progress: Callable[[str], None] = lambda _words: None,
) -> list[Loaded]:
    """Load files in this order, each as one batch, all of them or none. What is in an archive is a file of its own.

    Every file is read and checked before the first is stored. Raises DataError with the problems of every file
    that has any; the store is then as it was.
    """
    put_workspace(store, workspace)
    with unpacked(paths, _names(workspace, loading)) as unpacking:
        loaded = _load(store, workspace, unpacking, loading, progress)
    # what was passed over in an archive is told with the first file that came out of it
    return [replace(one, notes=(*unpacking.notes.pop(one.source, ()), *one.notes)) for one in loaded]


def _names(workspace: Workspace, loading: Loading) -> list[str]:
    """What else than our headings tells that a file is meant to be loaded."""
    if loading.feed is not None:
        from compstat.load.feeds.extract import used_columns

        return used_columns(loading.feed)
    return [row.indicator for row in workspace.indicators]


def _load(
    store: Store, workspace: Workspace, found: Unpacking, loading: Loading, progress: Callable[[str], None]
) -> list[Loaded]:
    only = found.files[0] if len(found.files) == 1 else None
    if isinstance(only, ReturnsFile) and loading.feed is None:
        first = load_first(store, workspace, only, loading, progress)
        if first:
            return [first]
    store.run("load/kept")
    checked = _check_all(store, workspace, found, loading, progress)
    again = _sent_again(store, workspace, checked, loading)
    loaded: list[Loaded] = []
    with store.transaction(keep=not loading.dry_run):
        for number, one in enumerate(checked):
            if one.already:
                loaded.append(again[number])
                continue
            progress(f"storing {one.file.source}")
            if len(checked) > 1 and one.columns:
                store.run("load/stage")
                store.run("load/stage_kept", file=number)
                put_periods(store, workspace, one.columns, loading.last_day_over)
            loaded.append(_take(store, workspace, one, loading))
    return loaded


def _check_all(
    store: Store, workspace: Workspace, found: Unpacking, loading: Loading, progress: Callable[[str], None]
) -> list[_Checked]:
    checked: list[_Checked] = []
    refused: list[CompstatError] = []
    count = len(found.files)
    for number, returns in enumerate(found.files):
        try:
            if isinstance(returns, DataError):
                raise returns
            file = _check(store, workspace, returns, loading, progress)
        except DataError as error:
            refused.append(error)
            continue
        checked.append(file)
        if count > 1 and file.columns is not None:
            store.run("load/keep_rows", file=number)
    if len(refused) == 1 and count == 1:
        raise refused[0]
    if refused:
        findings = [finding for error in refused for finding in error.findings][:MOST_FINDINGS_SHOWN]
        words = [error.summary for error in refused if error.summary]
        words.append(f"{len(refused)} of {count} files cannot be loaded, so none was. The store is as it was.")
        raise DataError(findings, summary="\n".join(words))
    return checked


def _check(
    store: Store, workspace: Workspace, file: ReturnsFile, loading: Loading, progress: Callable[[str], None]
) -> _Checked:
    """The file staged and checked, its refused rows taken out where they may be set aside."""
    progress(f"reading {file.source}")
    watched = Watched(file)
    if loading.feed is not None:
        from compstat.load.feeds.feed import check_feed, open_extract

        extract = open_extract(loading.feed, file, workspace.settings.returns)
        fed = check_feed(store, workspace, loading.feed, extract, loading)
        watched.check()
        return _Checked(file, watched.sha256, extract, fed.columns, fed.problems, fed.extracted)
    held = [] if loading.again else store.rows("load/batch_of_file", sha256=watched.sha256)
    if held:
        return _Checked(file, watched.sha256, None, None, Problems([]), already=str(held[0][0]))
    table = open_table(file, workspace.settings.returns)
    staged = stage_fast(store, workspace, table)
    if staged and not problems_of(store, workspace, staged, loading, most=1).refusals:
        watched.check()
        return _Checked(file, watched.sha256, table, staged.columns, Problems([]))
    progress(f"reading {file.source} line by line")
    staged = stage_carefully(store, workspace, table)
    watched.check()
    most = MOST_SET_ASIDE + 1 if loading.set_aside else MOST_FINDINGS_COUNTED
    problems = problems_of(store, workspace, staged, loading, most)
    if problems.refusals and not loading.set_aside:
        raise _refusal(store, file, problems)
    if problems.cut_short:
        message = f"has more than {MOST_SET_ASIDE:,} faults; wanted a file of which most is good"
        raise DataError(Finding("too-many-refused", file.source, message, "Is it the right file?"))
    if problems.refusals:
        store.put("refused_line", {"line": problems.lines})
        store.run("load/set_aside")
    return _Checked(file, watched.sha256, table, staged.columns, problems)


def _sent_again(store: Store, workspace: Workspace, checked: Sequence[_Checked], loading: Loading) -> dict[int, Loaded]:
    """What there is to say of the files that were loaded before, by their place: does the store hold what they say?"""
    named = {one.sha256 for one in checked}
    found = {}
    for number, one in enumerate(checked):
        if one.already:
            differs, finding = sent_again(store, workspace, one.file, one.already, loading, named)
            source, at = one.file.source, loading.recorded_at
            found[number] = Loaded(source, None, at, already=one.already, differs=differs, sent_again=finding)
    return found


def _take(store: Store, workspace: Workspace, file: _Checked, loading: Loading) -> Loaded:
    """Insert what the staged rows tell; figures that the store holds already are left as they are."""
    source = file.file.source
    # of an extract the store holds what its feed made of it then, which may be mended since
    is_new = file.extracted or loading.again
    held = [] if is_new else store.rows("load/batch_of_file", sha256=file.sha256)
    if held:  # it was named twice
        return Loaded(source, None, loading.recorded_at, already=str(held[0][0]))
    assert file.table is not None, "what was loaded before is not stored"
    set_aside = len(file.problems.lines)
    refused_file = None
    if set_aside and not loading.dry_run:
        refused_file = write_refused(workspace.root, file.table, file.sha256, file.problems)
    ((number,),) = store.rows("load/next_batch")
    batch = f"B-{number:04d}"
    counts = _store(store, source, batch, loading.recorded_at)
    if any(counts):
        put_batch(store, batch, source, file.sha256, loading, rows=sum(counts), set_aside=set_aside)
    return Loaded(
        source,
        batch if any(counts) else None,
        loading.recorded_at,
        *counts,
        no_figure=0 if any(counts) else _without_figure(store),
        set_aside=set_aside,
        refused_file=refused_file,
        notes=file.table.notes,
        extracted=file.extracted,
        reopened=_reopened(store, batch) if any(counts) else (),
    )


def _without_figure(store: Store) -> int:
    """How many rows there are in a file that holds no figure at all; 0 for any other."""
    return next((int(rows) for (rows,) in store.rows("load/no_figure")), 0)


def _reopened(store: Store, batch: str) -> tuple[Reopened, ...]:
    """The signed-off weeks that a batch opens again."""
    ((weeks,),) = store.rows("load/signed_weeks")
    return tuple(Reopened(*row) for row in store.rows("load/reopened", batch_id=batch)) if weeks else ()


def _store(store: Store, source: str, batch: str, recorded_at: datetime) -> tuple[int, int, int]:
    """How many figures were added, restated and withdrawn."""
    ((held,),) = store.rows("load/held_between", recorded_at=recorded_at)
    if held == 0:
        ((rows,),) = store.rows("load/staged_rows")
        ((empty,),) = store.rows("load/empty_rows")
        store.run("load/insert_ready", batch_id=batch, recorded_at=recorded_at)
        return rows - empty, 0, 0
    store.run("load/changed", recorded_at=recorded_at, most_off=MOST_OFF)
    in_order(store, source, recorded_at)
    ((added, restated, withdrawn),) = store.rows("load/count_changed")
    if added or restated or withdrawn:
        store.run("load/close_changed", recorded_at=recorded_at)
        store.run("load/insert_changed", batch_id=batch, recorded_at=recorded_at)
    if withdrawn:
        store.run("load/insert_emptied", batch_id=batch, recorded_at=recorded_at)
    return added, restated, withdrawn


def _refusal(store: Store, file: ReturnsFile, problems: Problems) -> DataError:
    findings = grouped(problems.refusals)
    found, lines = len(problems.refusals), len(problems.lines)
    more = f" (the first {MOST_FINDINGS_SHOWN} are shown)" if len(findings) > MOST_FINDINGS_SHOWN else ""
    counted = f"{'at least ' if problems.cut_short else ''}{_count(found, 'problem')} in {_count(lines, 'row')}{more}"
    command = f"compstat load {shlex.quote(str(file.named))} --set-aside"  # quoted: it will be copied into a shell
    summary = f"{file.source} was not loaded: {counted}. The store is as it was."
    store.put("refused_line", {"line": problems.lines})
    ((good,),) = store.rows("load/good_lines")
    if not good:
        summary += "\n  No row could be loaded. Is it the right file, and this the right workspace?"
    elif str(file.named).isprintable():
        summary += f"\n  To load the good rows and keep the others in a file: {command}"
    return DataError(findings[:MOST_FINDINGS_SHOWN], summary=summary)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
