"""A filled audit sheet put on record: drawn again, compared, and kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.returns_file import sha256_of
from compstat.quality.audit import Audit, audit_of
from compstat.quality.audit_draw import Draw, draw
from compstat.quality.audit_file import OURS, FilledSheet, read_audit_sheet
from compstat.store import Store
from compstat.workbook.audit_sheet import SHEET
from compstat.workspace.workspace import Workspace


def record_audit(
    store: Store, workspace: Workspace, path: Path, recorded_at: datetime, recorded_by: str
) -> tuple[Audit, bool]:
    """Put a filled sheet on record; the audit, and whether it is new (the same file twice changes nothing).

    The draw is made again from its facts, and every record of it must be in the sheet, and no other; at least one
    must have been looked at. Raises DataError.
    """
    sheet = read_audit_sheet(path)
    sha256 = sha256_of(path)
    held = store.rows("quality/audit_of_file", sha256=sha256)
    if held:
        return audit_of(store, str(held[0][0])), False
    drawn = _drawn_again(store, workspace, sheet)
    _refuse_unfilled(sheet)
    of = {(row.unit, row.record): row.of_records for row in drawn.records}
    store.put(
        "audited_record",
        {
            "unit": [row.unit for row in sheet.rows],
            "record": [row.record for row in sheet.rows],
            "of_records": [of[row.unit, row.record] for row in sheet.rows],
            "outcome": [row.outcome for row in sheet.rows],
            "comment": [row.comment for row in sheet.rows],
        },
    )
    ((number,),) = store.rows("quality/next_audit")
    audit = f"U-{number:04d}"
    with store.transaction():
        store.run(
            "quality/insert_audit",
            audit_id=audit,
            indicator=sheet.indicator,
            period_start=sheet.period_start,
            unit_drawn=sheet.unit,
            seed=sheet.seed,
            known_at=sheet.known_at,
            population=drawn.population,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
            source=sheet.source,
            sha256=sha256,
        )
    return audit_of(store, audit), True


def _drawn_again(store: Store, workspace: Workspace, sheet: FilledSheet) -> Draw:
    """The draw that the sheet came from. Raises DataError where its rows are not those drawn."""
    drawn = draw(
        store, workspace, sheet.indicator, sheet.period_start, sheet.seed, sheet.known_at,
        number=len(sheet.rows), unit=sheet.unit,
    )  # fmt: skip
    wanted = {(row.unit, row.record) for row in drawn.records}
    found = {(row.unit, row.record) for row in sheet.rows}
    if wanted != found or len(found) != len(sheet.rows):
        message = "its rows are not the records that its seed draws"
        raise DataError(Finding("not-the-draw", sheet.source, message, f"Take no row out and add none. {OURS}"))
    return drawn


def _refuse_unfilled(sheet: FilledSheet) -> None:
    """A sheet as it was drawn would go on record as an audit that found nothing wrong."""
    if all(row.outcome == "not_looked_at" for row in sheet.rows):
        place = f"{sheet.source}:{SHEET}"
        message = f"none of the {len(sheet.rows)} records is marked: nobody has looked at them yet"
        fix = "Look the records up, write yes or no under found and x under right or wrong, save the file, record it."
        raise DataError(Finding("sheet-not-filled", place, message, fix), summary=f"{sheet.source} was not recorded.")
