"""The rows that were not taken, in a file with the reasons, ready to be mended and loaded."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.checks import Problems
from compstat.load.formats.table import Table
from compstat.load.our_words import REFUSED
from compstat.load.quoted import plain

# What a spreadsheet may run as a formula when a cell starts with it: OWASP, CSV Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FOLDER = "refused"
MOST_NAME = 50  # characters of the file's name in ours: with 4 bytes each it still fits a file system


def write_refused(root: Path, returns: Table, sha256: str, problems: Problems) -> Path:
    """Write `refused/NAME-HASH.csv` in the workspace: line and reasons, then each row as it stands in the file.

    It can be mended and loaded: the line and the reasons are ours and loading passes over them. Raises
    DataError when it cannot be written.
    """
    stem = re.sub(r"[^\w-]+", "_", returns.file.name.split(".")[0]).strip("-_")[:MOST_NAME]
    path = root / FOLDER / f"{stem or 'returns'}-{sha256[:8]}.csv"
    reasons: dict[int, list[str]] = {}
    for line, finding in problems.refusals:
        reasons.setdefault(line, []).append(f"{finding.code}: {finding.message}")
    try:
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        _write(part, returns, reasons)
        part.replace(path)
    except OSError as error:
        message = f"the refused rows cannot be written: {error.strerror or error}"
        fix = "Make room or get the right; nothing was loaded."
        raise DataError(Finding("cannot-write", plain(str(path), 200), message, fix)) from None
    return path


def _write(part: Path, returns: Table, reasons: dict[int, list[str]]) -> None:
    headings = [heading.strip() for heading in returns.headings]
    kept = [n for n, heading in enumerate(headings) if heading not in REFUSED]
    # a mark, or Excel takes it for Windows-1252; quotes round all, or one that separates by semicolons splits cells
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([*REFUSED, *(headings[n] for n in kept)])
        for line, cells in returns.rows():
            if line in reasons:
                row = [cells[n] for n in kept if n < len(cells)] + cells[len(headings) :]
                writer.writerow([line, *(safe_cell(cell) for cell in ("; ".join(reasons[line]), *row))])


def safe_cell(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it as a formula. Numbers stay as they are."""
    if not cell.startswith(FORMULA_STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
