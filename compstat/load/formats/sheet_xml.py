"""What openpyxl does not tell of a workbook, from the text of its sheets: formulas, order of rows, merged cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from compstat.load.formats.limits import MEGABYTE

FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^<>]*?\s)?r=[\"'](\d+)[\"']")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s(?:[^<>]*?\s)?ref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']")


@dataclass
class Look:
    """What a look through the sheets found.

    disordered: the number of a row after a later one; openpyxl would leave that row out. merged: by the sheet's part
    in the archive the ranges, such as A2:A9, that are shown as one cell.
    """

    formulas: bool = False
    disordered: int | None = None
    merged: dict[str, list[str]] = field(default_factory=dict)


def look_through(archive: zipfile.ZipFile) -> Look:
    """Read the text of every sheet once."""
    look = Look()
    for name in archive.namelist():
        last = 0
        for block in _blocks(archive, name) if "/worksheets/" in name and name.endswith(".xml") else ():
            look.formulas = look.formulas or FORMULA.search(block) is not None
            for found in ROW.finditer(block):
                number = int(found[1])
                look.disordered = number if look.disordered is None and number <= last else look.disordered
                last = number
            if b"mergeCell" in block:
                look.merged.setdefault(name, []).extend(found[1].decode() for found in MERGED.finditer(block))
    return look


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The part in blocks that end with a whole tag."""
    with archive.open(name) as part:
        rest = b""
        while block := part.read(MEGABYTE):
            text = rest + block
            end = text.rfind(b">") + 1
            yield text[:end]
            rest = text[end:][-MEGABYTE:]
        yield rest
