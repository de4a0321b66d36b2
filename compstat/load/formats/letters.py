"""Text files: in which letters they are written, unpacked where they are gz, and never a line too long to hold."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from compstat.findings import DataError, Finding
from compstat.load.formats.kind import UTF_16, damaged
from compstat.load.formats.limits import MEGABYTE, MOST_ROW
from compstat.load.returns_file import ReturnsFile


class BoundedLines:
    """The lines of a text. Raises DataError before a row becomes longer than any return's, however long it is."""

    def __init__(self, file: io.TextIOBase, source: str) -> None:
        self._readline = file.readline
        self._source = source
        self._line = 0
        self._held = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self._readline(MOST_ROW - self._held + 1)
        if not text:
            raise StopIteration
        self._held += len(text)
        self._line += 1
        if self._held > MOST_ROW:
            message = f"has a row of more than {MOST_ROW:,} characters; wanted lines that end"
            fix = "Is it the right file? Ask for it again."
            raise DataError(Finding("row-too-long", f"{self._source}:{self._line}", message, fix))
        return text

    def row_ends(self) -> None:
        """What was held belongs to a row that is done."""
        self._held = 0


def is_gz(file: ReturnsFile) -> bool:
    """Whether the file's first bytes are those of gz, whatever its name says."""
    with file.path.open("rb") as opened:
        return opened.read(2) == b"\x1f\x8b"


def first_text(file: ReturnsFile) -> str:
    """The beginning of a text file, enough for its headings."""
    with damage_named(file), open_bytes(file) as opened:
        head = opened.read(MEGABYTE)
        encoding = "utf-16" if head.startswith(UTF_16) else "utf-8-sig"
        try:
            return codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            if encoding == "utf-16":
                raise
            return head.decode("cp1252", errors="replace")


@contextmanager
def text_of(file: ReturnsFile) -> Iterator[io.TextIOWrapper]:
    """The file as text: UTF-16 by its mark, UTF-8 when every byte fits, else Windows-1252, which Excel writes.

    Raises DataError, then or while it is read, when it is damaged, no text, or written in two ways.
    """
    with damage_named(file):
        encoding = _encoding(file)
        with io.TextIOWrapper(open_bytes(file), encoding=encoding, newline="") as opened:
            yield opened


@contextmanager
def damage_named(file: ReturnsFile) -> Iterator[None]:
    """Raises DataError in place of what unpacking and decoding raise."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(file, "gz file", error) from None
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise damaged(file, "text in UTF-16", error) from None
        message = "is written neither in UTF-8 nor in Windows-1252"
        raise DataError(Finding("not-csv", file.source, message, "Save it as CSV UTF-8.")) from None


def open_bytes(file: ReturnsFile) -> gzip.GzipFile | io.BufferedReader:
    """The file's bytes, unpacked where they are gz."""
    return gzip.open(file.path, "rb") if is_gz(file) else file.path.open("rb")


def _encoding(file: ReturnsFile) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(file) as opened:
        block = opened.read(MEGABYTE)
        if block.startswith(UTF_16):
            return "utf-16"
        try:
            while block:
                decoder.decode(block)
                block = opened.read(MEGABYTE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            _refuse_both(file)
            return "cp1252"
    return "utf-8-sig"


def _refuse_both(file: ReturnsFile) -> None:
    """Raises DataError where some lines are UTF-8 and others are not: two files pasted together, as a rule."""
    fits: int | None = None
    fails: int | None = None
    with open_bytes(file) as opened:
        for number, line in enumerate(iter(lambda: opened.readline(MOST_ROW), b""), 1):
            if number == 1 or line.isascii():  # the first line may begin with a mark
                continue
            try:
                line.decode("utf-8")
                fits = fits or number
            except UnicodeDecodeError:
                fails = fails or number
            if fits and fails:
                message = f"line {fits} is written in UTF-8, line {fails} is not; wanted one of them throughout"
                fix = "It may be two files put together: save each as CSV UTF-8."
                raise DataError(Finding("mixed-letters", f"{file.source}:{max(fits, fails)}", message, fix))
