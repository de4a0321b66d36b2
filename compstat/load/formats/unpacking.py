"""The files to load of what was named: a file itself, those in a folder, an archive or a message.

Returns come by e-mail, zipped, and with other things beside them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from compstat.findings import DataError, Finding
from compstat.load.folder import files_in, is_folder
from compstat.load.formats.delimited import DelimitedTable, looks_like_returns
from compstat.load.formats.glance import may_be_returns
from compstat.load.formats.kind import Kind, kind_of
from compstat.load.formats.limits import Room
from compstat.load.formats.members import mail_members, zip_members
from compstat.load.quoted import plain, quoted
from compstat.load.returns_file import ReturnsFile, Watched, check_file, returns_file

# Endings by which people call a file a return: one that cannot be read is never passed over
CALLED_RETURNS = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet", ".gz", ".zip", ".eml", ".msg")
ARCHIVES = {Kind.ZIP: zip_members, Kind.MAIL: mail_members}


@dataclass
class Unpacking:
    """The files to load in their order, or why one cannot be; and what was passed over (by first file's source)."""

    files: list[ReturnsFile | DataError] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class _Inside:
    """What is in one thing that was named: the files to load, or why one cannot be, and the names of the others."""

    files: list[ReturnsFile | DataError] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


@contextmanager
def unpacked(paths: Sequence[Path], names: Collection[str] = ()) -> Iterator[Unpacking]:
    """Each file that was named, or what is in it; what is taken out is there until the end of the block.

    `names`: what else than our headings tells a return, the indicators or a feed's columns.
    """
    with TemporaryDirectory(prefix="compstat-") as folder:
        found = Unpacking()
        for path in paths:
            try:
                _add(path, Path(folder), names, found)
            except DataError as error:
                found.files.append(error)
        yield found


def _add(path: Path, folder: Path, names: Collection[str], found: Unpacking) -> None:
    """Add what is in one thing that was named. Raises DataError where nothing is."""
    inside = _in_folder(path, folder) if is_folder(path) else _in_file(returns_file(path), folder)
    _leave_out_others(inside, names)
    if not inside.files:
        told = f": {', '.join(inside.passed_over[:5])}" if inside.passed_over else ""
        fix = "Look into it; load the returns by name."
        raise DataError(
            Finding("no-returns-inside", plain(path.name or str(path), 200), f"holds no returns{told}", fix)
        )
    found.files += inside.files
    first = next((file.source for file in inside.files if isinstance(file, ReturnsFile)), "")
    found.notes[first] = tuple(f"{name} was passed over: no return" for name in inside.passed_over)


def _leave_out_others(inside: _Inside, names: Collection[str]) -> None:
    """Pass over the tables that say nothing of returns, a list of telephone numbers, where there are others that do."""
    if len(inside.files) < 2:
        return
    kept = [file for file in inside.files if isinstance(file, DataError) or may_be_returns(file, names)]
    if any(isinstance(file, ReturnsFile) for file in kept):
        others = [file for file in inside.files if isinstance(file, ReturnsFile) and file not in kept]
        inside.passed_over += [quoted(file.name) for file in others]
        inside.files = kept


def _in_folder(folder: Path, into: Path) -> _Inside:
    """The files of a folder, not of those in it. Each is as if it had been named."""
    inside = _Inside()
    try:
        paths = files_in(folder)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        fix = "Check who may read it, and that the disk or share is there."
        raise DataError(Finding("unreadable-file", plain(str(folder), 200), message, fix)) from None
    for path in paths:
        file = returns_file(path)
        try:
            if _kind_of_return(file, path.name) is None:
                inside.passed_over.append(quoted(path.name))
                continue
            more = _in_file(file, into)
        except DataError as error:
            inside.files.append(error)
            continue
        inside.files += more.files
        inside.passed_over += more.passed_over
    return inside


def _in_file(file: ReturnsFile, folder: Path) -> _Inside:
    """The file itself, or what is in the archive or message that it is. Raises DataError where it cannot be read."""
    check_file(file.path)
    try:
        kind = kind_of(file)
    except DataError:
        kind = Kind.TEXT  # reading it will say what it is, after those before it
    if kind not in ARCHIVES:
        return _Inside([file])
    watched = Watched(file)
    inside = _in_archive(file, kind, folder, Room(file.source), nested=False)
    watched.check()
    return inside


def _in_archive(archive: ReturnsFile, kind: Kind, folder: Path, room: Room, *, nested: bool) -> _Inside:
    """The returns in an archive. A message may hold archives, but no others."""
    inside = _Inside()
    for member in ARCHIVES[kind](archive, Path(mkdtemp(dir=folder))):
        file = ReturnsFile(member.path, f"{archive.source}/{plain(_inside_name(member.name), 200)}", archive.named)
        room.take(member.path.stat().st_size)
        inner = _kind_of_return(file, member.name)
        if inner is None:
            inside.passed_over.append(quoted(member.name))
        elif inner not in ARCHIVES:
            inside.files.append(file)
        elif nested or kind is not Kind.MAIL:
            message = "is an archive within an archive"
            fix = "Unpack the outer one, and load what is in it."
            raise DataError(Finding("nested-archive", file.source, message, fix))
        else:
            more = _in_archive(file, inner, folder, room, nested=True)
            inside.files += more.files
            inside.passed_over += more.passed_over
    return inside


def _inside_name(name: str) -> str:
    """A member's name with its folders, and nothing that would lead out of the archive: it is for reading only."""
    parts = [part for part in re.split(r"[/\\]", name) if part not in {"", ".", ".."} and not part.endswith(":")]
    return "/".join(parts) or "without a name"


def _kind_of_return(file: ReturnsFile, name: str) -> Kind | None:
    """The kind of a file that is a return, or may hold some; None for what is passed over.

    Raises DataError for one that is called a return and cannot be loaded.
    """
    called = name.lower().endswith(CALLED_RETURNS)
    try:
        check_file(file.path, file.source)
        kind = kind_of(file)
        is_return = called or kind is not Kind.TEXT or looks_like_returns(DelimitedTable(file).headings)
    except DataError:
        if called:
            raise
        return None
    return kind if is_return else None
