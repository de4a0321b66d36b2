"""The files that were named, those in archives and messages taken out of them: returns come by e-mail, zipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from compstat.findings import DataError, Finding
from compstat.load.formats.delimited import DelimitedTable, looks_like_returns
from compstat.load.formats.kind import Kind, kind_of
from compstat.load.formats.limits import Room
from compstat.load.formats.members import Member, mail_members, zip_members
from compstat.load.quoted import plain, quoted
from compstat.load.returns_file import ReturnsFile, Watched, check_file, returns_file

# Endings by which people call a file a return: such a one is never passed over, whatever is in it
CALLED_RETURNS = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet", ".gz", ".zip", ".eml", ".msg")
ARCHIVES = {Kind.ZIP: zip_members, Kind.MAIL: mail_members}


@dataclass
class Unpacking:
    """The files to load in their order, or why one cannot be; and what was passed over (by first file's source)."""

    files: list[ReturnsFile | DataError] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


@contextmanager
def unpacked(paths: Sequence[Path]) -> Iterator[Unpacking]:
    """Each file that was named, or what is in it; what is taken out is there until the end of the block."""
    with TemporaryDirectory(prefix="compstat-") as folder:
        found = Unpacking()
        for path in paths:
            try:
                check_file(path)
                _add(returns_file(path), Path(folder), found)
            except DataError as error:
                found.files.append(error)
        yield found


def _add(file: ReturnsFile, folder: Path, found: Unpacking) -> None:
    try:
        kind = kind_of(file)
    except DataError:
        kind = Kind.TEXT  # reading it will say what it is, after those before it
    if kind not in ARCHIVES:
        found.files.append(file)
        return
    watched = Watched(file)
    files, passed_over = _returns_in(file, kind, folder, Room(file.source), nested=False)
    watched.check()
    if not files:
        names = f": {', '.join(passed_over[:5])}" if passed_over else ""
        message = f"holds no returns{names}"
        raise DataError(Finding("no-returns-inside", file.source, message, "Look into it; load the returns by name."))
    found.files += files
    found.notes[files[0].source] = tuple(f"{name} was passed over: no return" for name in passed_over)


def _returns_in(
    archive: ReturnsFile, kind: Kind, folder: Path, room: Room, *, nested: bool
) -> tuple[list[ReturnsFile], list[str]]:
    """The returns in an archive, and the names of what else is in it. A message may hold archives, but no others."""
    files: list[ReturnsFile] = []
    passed_over: list[str] = []
    for member in ARCHIVES[kind](archive, Path(mkdtemp(dir=folder))):
        file = ReturnsFile(member.path, f"{archive.source}/{plain(member.name, 200)}", archive.named)
        room.take(member.path.stat().st_size)
        inner = _kind_of_return(file, member)
        if inner is None:
            passed_over.append(quoted(member.name))
        elif inner not in ARCHIVES:
            files.append(file)
        elif nested or kind is not Kind.MAIL:
            message = "is an archive within an archive"
            fix = "Unpack the outer one, and load what is in it."
            raise DataError(Finding("nested-archive", file.source, message, fix))
        else:
            more, others = _returns_in(file, inner, folder, room, nested=True)
            files += more
            passed_over += others
    return files, passed_over


def _kind_of_return(file: ReturnsFile, member: Member) -> Kind | None:
    """The kind of a member that is a return, or may hold some; None for what is passed over.

    Raises DataError for one that is called a return and cannot be loaded.
    """
    called = member.name.lower().endswith(CALLED_RETURNS)
    try:
        check_file(file.path, file.source)
        kind = kind_of(file)
    except DataError:
        if called:
            raise
        return None
    if kind is Kind.TEXT and not called and not looks_like_returns(DelimitedTable(file).headings):
        return None
    return kind
