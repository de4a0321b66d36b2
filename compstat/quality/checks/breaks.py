"""`break-in-series`: a definition or boundary changed within the year: comparisons across it are withheld."""

from __future__ import annotations

from collections.abc import Iterator

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity, whose
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.windows.panel import named_cells


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    """A row of breaks.csv that lies between a period of this cycle and the same period a year ago."""
    workspace = evaluation.scope.workspace
    for row in workspace.breaks:
        for history in evaluation.histories.values():
            panel = history.panel
            year_ago = panel.windows.week_year_ago.first
            cells = named_cells(panel, row.indicator, row.unit).size
            if cells and year_ago < row.start <= panel.current:
                where = "" if row.unit == "*" else f" for {whose(workspace, row.unit)}"
                note = f" ({row.note})" if row.note else ""
                name = workspace.indicator(row.indicator).title
                message = f"the {row.kind} of {name} changed on {row.start}{where}{note}"
                fix = "Nothing is compared across that day; nothing is to be done."
                finding = Finding("break-in-series", f"breaks.csv:{row.line}", message, fix)
                unit = row.unit if any(row.unit == one.unit for one in workspace.units) else None
                yield Found(finding, unit, row.indicator)


CHECK = Check(
    code="break-in-series",
    severity=Severity.INFORMATION,
    means="A definition or boundary changed within the year; comparisons across it are withheld.",
    false_alarms=NEVER,
    find=_find,
)
