"""A file of returns as bytes: is it there, what is it called, is it still the same after it was read."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.quoted import plain, source_of

JUST_NOW_NS = 2_000_000_000  # FAT keeps times to 2 s: a file younger than that can change and look the same


@dataclass(frozen=True, slots=True)
class ReturnsFile:
    """Where the bytes lie, and what they are called in messages and in the store: `mail.eml/returns.xlsx`.

    `archive` is the file that was named, where these bytes came out of one.
    """

    path: Path
    source: str
    archive: Path | None = None

    @property
    def named(self) -> Path:
        """The file that a person named."""
        return self.archive or self.path

    @property
    def name(self) -> str:
        """The last part of what it is called, for the name of a file of ours."""
        return re.split(r"[/\\]", self.source)[-1]


def returns_file(path: Path) -> ReturnsFile:
    """A file as it was named."""
    return ReturnsFile(path, source_of(path))


class Watched:
    """A file while it is read: the hash by which it is known again, and whether it stayed as it was."""

    def __init__(self, file: ReturnsFile) -> None:
        self._file = file
        self._before = _looks(file.path)
        self.sha256 = sha256_of(file.path)
        self._young = time.time_ns() - self._before[0] < JUST_NOW_NS

    def check(self) -> None:
        """Raises DataError where the file was written to since: what was read may be neither the old nor the new."""
        try:
            same = _looks(self._file.path) == self._before
            same = same and not (self._young and sha256_of(self._file.path) != self.sha256)
        except OSError:
            same = False
        if not same:
            fix = "Wait until it is written to the end, then load it again."
            raise DataError(Finding("file-changed", self._file.source, "changed while it was read", fix))


def check_file(path: Path, source: str | None = None) -> None:
    """Raises DataError unless there is a file of this name that holds something and may be read."""
    source = source or source_of(path)
    try:
        if path.is_dir():
            raise DataError(Finding("no-file", plain(str(path), 200), "is a folder", "Name the files in it."))
        if not path.is_file():
            raise DataError(Finding("no-file", plain(str(path), 200), "is not there", "Check the name and the folder."))
        with path.open("rb") as file:
            if not file.read(1):
                raise DataError(
                    Finding("empty-file", source, "is empty; wanted headings and rows", "Ask for it again.")
                )
    except OSError as error:
        reason = error.strerror or str(error)
        fix = "Check who may read it, and that the disk or share is there."
        raise DataError(Finding("unreadable-file", plain(str(path), 200), f"cannot be read: {reason}", fix)) from None


def sha256_of(path: Path) -> str:
    """The hash by which a file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _looks(path: Path) -> tuple[int, int, int]:
    """When it was last written to, its size, and which file it is: a new one may have taken its name."""
    seen = path.stat()
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
