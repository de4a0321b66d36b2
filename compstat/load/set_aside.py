"""The rows that were not taken, in a file with the reasons, ready to be mended and loaded."""

from __future__ import annotations

import csv
from pathlib import Path

from compstat.findings import Finding
from compstat.load.careful import TEXT_COLUMNS
from compstat.load.staging import Staged

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_refused(root: Path, staged: Staged, problems: list[tuple[int, Finding]]) -> Path:
    """Write `refused/NAME-HASH.csv` in the workspace: line and reason, then the row as it was read."""
    folder = root / "refused"
    folder.mkdir(exist_ok=True)
    path = folder / f"{staged.path.name.split('.')[0]}-{staged.sha256[:8]}.csv"
    reasons: dict[int, list[str]] = {}
    for line, finding in problems:
        reasons.setdefault(line, []).append(f"{finding.code}: {finding.message}")
    assert staged.rows is not None, "rows are refused by the careful way only"
    by_line: dict[int, list[tuple[object, ...]]] = {}
    for row in staged.rows.rows():
        by_line.setdefault(row[0], []).append(row[1:])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *TEXT_COLUMNS])
        for line, words in sorted(reasons.items()):
            for cells in by_line.get(line, [()]):
                writer.writerow([line, *(safe_cell(cell) for cell in ("; ".join(words), *cells))])
    return path


def safe_cell(cell: object) -> object:
    """The cell with an apostrophe before it where a spreadsheet would run it as a formula. Numbers stay as they are."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        try:
            float(cell)
        except ValueError:
            return f"'{cell}"
    return cell
