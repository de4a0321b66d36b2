"""What openpyxl does not tell of a workbook, from the text of its sheets: has it formulas, are its rows in order."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from compstat.load.formats.limits import MEGABYTE

FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^<>]*?\s)?r=[\"'](\d+)[\"']")


def look_through(archive: zipfile.ZipFile) -> tuple[bool, int | None]:
    """Whether a sheet holds formulas, and the number of a row after a later one; openpyxl would leave that row out."""
    formulas, disordered = False, None
    for name in archive.namelist():
        last = 0
        for block in _blocks(archive, name) if "/worksheets/" in name and name.endswith(".xml") else ():
            formulas = formulas or FORMULA.search(block) is not None
            for found in ROW.finditer(block):
                number = int(found[1])
                disordered = number if disordered is None and number <= last else disordered
                last = number
    return formulas, disordered


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
