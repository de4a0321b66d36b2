"""The workspace's inbox: what is taken moves aside, what is refused stays with a file of reasons beside it.

Each file is a load of its own: one unit's bad return does not hold up the others.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.batch import Loaded, Loading
from compstat.load.folder import REASONS, files_in
from compstat.load.load import load_files
from compstat.load.quoted import plain
from compstat.store import Store
from compstat.workspace.workspace import Workspace

FOLDER = "inbox"
TAKEN = "taken"
LONGEST_NAME = 200  # bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """One file of the inbox: what it brought, and where it lies now; or why it was refused."""

    file: str
    loaded: tuple[Loaded, ...] = ()
    moved_to: Path | None = None
    refused: DataError | None = None
    reasons: Path | None = None


def take_inbox(
    store: Store,
    workspace: Workspace,
    loading: Loading,
    progress: Callable[[str], None] = lambda _words: None,
) -> list[Taken]:
    """Load every file of `inbox/` by name, an extract through the feed that declares its name.

    What is taken goes to `inbox/taken/`; a dry run moves and writes nothing.

    A file taken whose move failed is found again, known by its hash, and moved then: nothing is loaded twice.
    """
    return [_take(store, workspace, path, loading, progress) for path in waiting(workspace)]


def waiting(workspace: Workspace) -> list[Path]:
    """The files of the inbox that are there to be taken, by name."""
    folder = workspace.root / FOLDER
    return files_in(folder) if folder.is_dir() else []


def _take(store: Store, workspace: Workspace, path: Path, loading: Loading, progress: Callable[[str], None]) -> Taken:
    reasons = path.with_name(_short(path.name) + REASONS)
    try:
        _check_plain(path)
        through = replace(loading, feed=loading.feed or workspace.sound_feeds.for_file(path.name))
        loaded = tuple(load_files(store, workspace, [path], through, progress))
        if again := [one.sent_again for one in loaded if one.sent_again]:
            raise DataError(again)
    except DataError as error:
        if loading.dry_run:
            return Taken(path.name, refused=error)
        _write_reasons(reasons, error)
        return Taken(path.name, refused=error, reasons=reasons)
    if loading.dry_run:
        return Taken(path.name, loaded)
    reasons.unlink(missing_ok=True)
    return Taken(path.name, loaded, moved_to=_move(path))


def _short(name: str) -> str:
    """As much of a name as leaves room for an ending of ours; file systems take 255 bytes."""
    return name.encode()[:LONGEST_NAME].decode(errors="ignore")


def _check_plain(path: Path) -> None:
    """Raises DataError for a link, a pipe or a device: whoever may write to the inbox must not make us read others."""
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        kind = "a link" if stat.S_ISLNK(mode) else "no plain file"
        fix = "Put the file itself into the inbox."
        raise DataError(Finding("not-a-plain-file", plain(path.name), f"is {kind}; it was not opened", fix))


def _write_reasons(path: Path, error: DataError) -> None:
    text = "\n".join([*(str(finding) for finding in error.findings), error.summary]).strip()
    with _writable(path):
        path.write_text(f"{text}\n", "utf-8")


def _move(path: Path) -> Path:
    """Move a file to `taken/`, under another name where that one is there already."""
    folder = path.parent / TAKEN
    names = (path.name if n == 1 else f"{path.stem}-{n}{path.suffix}" for n in count(1))
    with _writable(folder):
        folder.mkdir(exist_ok=True)
        target = next(folder / name for name in names if not (folder / name).exists())
        return path.rename(target)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        fix = "Make room or get the right. What was loaded stays loaded; the inbox can be taken again."
        raise DataError(Finding("cannot-write", plain(str(path), 200), message, fix)) from None
