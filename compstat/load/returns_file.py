"""A file of returns as bytes and as text: is it there, is it what its name says, in which letters is it written."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.quoted import plain, source_of

BLOCK = 1 << 20
SAVE_AS_CSV = "Save the sheet as CSV (comma separated), or as Parquet."
SIGNATURES = (  # first bytes -> what such a file is, and what to do
    (b"PK\x03\x04", "an Excel workbook or another zip archive", SAVE_AS_CSV),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", SAVE_AS_CSV),
    (b"\xff\xfe", "text in UTF-16, which Excel calls Unicode text", "Save it as CSV UTF-8."),
    (b"\xfe\xff", "text in UTF-16", "Save it as CSV UTF-8."),
    (b"%PDF", "a PDF", "Ask for the figures as CSV."),
    (b"\x89PNG", "a picture", "Ask for the figures as CSV."),
    (b"\xff\xd8\xff", "a picture", "Ask for the figures as CSV."),
    (b"GIF8", "a picture", "Ask for the figures as CSV."),
)
WEB_PAGE = (b"<!doctype html", b"<html")


def check_file(path: Path) -> None:
    """Raises DataError unless there is a file of this name that holds something and may be read."""
    source = source_of(path)
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


def is_parquet(path: Path) -> bool:
    """Whether the file's first bytes are Parquet's, whatever its name says."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def is_gz(path: Path) -> bool:
    """Whether the file's first bytes are those of gz, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def check_gz(path: Path) -> None:
    """Raises DataError where a gz file's contents do not fit the sum at its end, which DuckDB does not look at."""
    with _named(path), _open(path) as file:
        while file.read(BLOCK):
            pass


def first_text(path: Path) -> str:
    """The beginning of a text file, enough for its headings. Raises DataError when it is no text."""
    with _named(path), _open(path) as file:
        head = file.read(BLOCK)
    _refuse_other_kinds(path, head)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace")


@contextmanager
def text_of(path: Path) -> Iterator[io.TextIOWrapper]:
    """The file as text: UTF-8 (with or without a mark) when every byte fits, else Windows-1252, which Excel writes.

    Raises DataError, then or while it is read, when it is damaged or no text.
    """
    with _named(path):
        encoding = _encoding(path)
        with io.TextIOWrapper(_open(path), encoding=encoding, newline="") as file:
            yield file


@contextmanager
def _named(path: Path) -> Iterator[None]:
    source = source_of(path)
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"is a damaged gz file: {error}"
        raise DataError(Finding("damaged-file", source, message, "Ask for it again.")) from None
    except UnicodeDecodeError:
        message = "is written neither in UTF-8 nor in Windows-1252"
        raise DataError(Finding("not-csv", source, message, "Save it as CSV UTF-8.")) from None


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    for start, kind, fix in SIGNATURES:
        if head.startswith(start):
            raise DataError(Finding("not-csv", source_of(path), f"is {kind}, whatever its name says", fix))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith(WEB_PAGE):
        fix = "Open it in a browser: it may be a page that asks to log in."
        raise DataError(Finding("not-csv", source_of(path), "is a web page, whatever its name says", fix))
    if b"\x00" in head:
        message = "is not a text file, whatever its name says"
        raise DataError(Finding("not-csv", source_of(path), message, SAVE_AS_CSV))


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path, "rb") if is_gz(path) else path.open("rb")


def _encoding(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _open(path) as file:
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
