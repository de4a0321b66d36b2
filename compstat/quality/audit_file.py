"""A filled audit sheet, read back: what was drawn and what was found, every unclear row named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.formats.cells import cell_text
from compstat.load.formats.kind import Kind, kind_of
from compstat.load.formats.limits import check_archive
from compstat.load.formats.workbook import open_sheets, readable
from compstat.load.quoted import plain, quoted
from compstat.load.returns_file import ReturnsFile, check_file, returns_file
from compstat.workbook.audit_sheet import HEADINGS, SHEET

YES, NO = {"x", "yes", "y", "1", "✓", "✔"}, {"no", "n", "0"}
OURS = "It is the sheet that `compstat audit draw` wrote, filled; draw it again with the same seed."


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One record and what was found of it: right, wrong, not_found or not_looked_at."""

    line: int
    unit: str
    record: int
    outcome: str
    comment: str


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet as it came back. `unit` is None where records of every unit were drawn."""

    source: str
    indicator: str
    period_start: date
    unit: str | None
    seed: str
    known_at: datetime
    rows: tuple[FilledRow, ...]


def read_audit_sheet(path: Path) -> FilledSheet:
    """The filled sheet. Raises DataError with every row that says two things, or where it is no sheet of ours."""
    check_file(path)
    file = returns_file(path)
    rows = _cells(file)
    heading = next((n for n, row in enumerate(rows) if tuple(row[: len(HEADINGS)]) == HEADINGS), None)
    if heading is None:
        raise _foreign(file.source, "no row with its headings")
    facts = {row[0]: row[1] for row in rows[:heading] if len(row) > 1 and row[0]}
    findings: list[Finding] = []
    filled = [_row(file.source, n, row, findings) for n, row in enumerate(rows[heading + 1 :], heading + 2) if any(row)]
    if findings:
        raise DataError(findings, summary=f"{file.source} was not recorded.")
    try:
        return FilledSheet(
            source=file.source,
            indicator=facts["indicator"],
            period_start=date.fromisoformat(facts["period_start"]),
            unit=facts["unit"] or None,
            seed=facts["seed"],
            known_at=datetime.fromisoformat(facts["known_at"]),
            rows=tuple(row for row in filled if row),
        )
    except (KeyError, ValueError) as error:
        raise _foreign(file.source, f"the facts of the draw are not as written: {plain(str(error))}") from None


def _cells(file: ReturnsFile) -> list[list[str]]:
    if kind_of(file) is not Kind.WORKBOOK:
        raise _foreign(file.source, "no workbook")
    with readable(file):
        with zipfile.ZipFile(io.BytesIO(file.path.read_bytes())) as archive:
            check_archive(file.source, [(one.file_size, one.compress_size) for one in archive.infolist()])
        sheets = open_sheets(file, formulas=False)
        if SHEET not in sheets.results.sheetnames:
            raise _foreign(file.source, f"no sheet {SHEET}")
        return [[cell_text(cell).strip() for cell in row] for row in sheets.values(SHEET)]


def _row(source: str, line: int, cells: Sequence[str], findings: list[Finding]) -> FilledRow | None:
    unit, _, record, _, found, right, wrong, comment = [*cells, *[""] * len(HEADINGS)][: len(HEADINGS)]
    outcome = _outcome(found.casefold(), right.casefold(), wrong.casefold())
    place = f"{source}:{SHEET}!{line}"
    if outcome is None:
        said = ", ".join(
            f"{name} {quoted(mark)}" for name, mark in zip(HEADINGS[4:7], (found, right, wrong), strict=True) if mark
        )
        message = f"{said}: not clear; wanted found yes or no, and x under right or wrong of what was found"
        findings.append(Finding("unclear-mark", place, message, "Mend the marks of this row."))
    elif not record.isdecimal():
        findings.append(Finding("unclear-mark", place, f"record is {quoted(record)}; wanted a number", OURS))
    else:
        return FilledRow(line, unit, int(record), outcome, comment)
    return None


def _outcome(found: str, right: str, wrong: str) -> str | None:
    """What the marks say; None where they say two things, or nothing that is known."""
    if {found, right, wrong} - YES - NO - {""}:
        return None
    is_right, is_wrong = right in YES, wrong in YES
    if found in NO:
        return None if is_right else "not_found"
    if is_right and is_wrong:
        return None
    if is_right or is_wrong:
        return "right" if is_right else "wrong"
    return None if found else "not_looked_at"


def _foreign(source: str, why: str) -> DataError:
    return DataError(Finding("not-an-audit-sheet", source, f"is no audit sheet: {why}", OURS))
