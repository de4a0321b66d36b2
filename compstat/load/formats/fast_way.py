"""Whether DuckDB may read a text file by itself. What it would read otherwise than it is written, it does not tell."""

from __future__ import annotations

import io
import mmap
import re

from compstat.load.formats.letters import damage_named, is_gz, open_bytes
from compstat.load.formats.limits import MEGABYTE, check_ratio
from compstat.load.returns_file import ReturnsFile

# 1_204 is a number to DuckDB, and to nobody else here; looked for from the underscore on, for digits are everywhere
UNDERSCORED = re.compile(rb"_(?<=[0-9]_)[0-9]{3}(?![0-9A-Za-z])")
LONGEST = 64  # bytes of a figure that may lie across two blocks


def reads_alike(file: ReturnsFile) -> bool:
    """Whether no figure is written with underscores and the last line has less than a megabyte.

    DuckDB leaves a last line of more than 32 MB out. Raises DataError where a gz file is damaged (DuckDB does not look
    at the sum at its end) or a bomb.
    """
    return _reads_packed(file) if is_gz(file) else _reads_plain(file)


def _reads_plain(file: ReturnsFile) -> bool:
    with file.path.open("rb") as opened:
        size = opened.seek(0, io.SEEK_END)
        if not size:
            return True
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            return _ends(whole[max(0, size - MEGABYTE) :], size) and UNDERSCORED.search(whole) is None


def _reads_packed(file: ReturnsFile) -> bool:
    packed, unpacked = file.path.stat().st_size, 0
    before = last = b""
    underscored = False
    with damage_named(file), open_bytes(file) as opened:
        while block := opened.read(MEGABYTE):
            before, last = last, block
            unpacked += len(block)
            check_ratio(file.source, unpacked, packed)
            underscored = underscored or UNDERSCORED.search(before[-LONGEST:] + last) is not None
    return _ends((before + last), unpacked) and not underscored


def _ends(end: bytes, size: int) -> bool:
    """Whether a line begins in what is the end of a file of so many bytes."""
    end = end.rstrip(b"\r\n")
    return size <= MEGABYTE or b"\n" in end or b"\r" in end
