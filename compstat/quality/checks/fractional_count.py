"""`fractional-count`: validity. Counts that are not whole: often a point for thousands that was read as a decimal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compstat.findings import Finding
from compstat.quality.checks.check import NEVER, Check, Found, Severity
from compstat.rules.evaluation import Evaluation
from compstat.store import Store
from compstat.windows.panel import Floats, Panel

THOUSAND = 1000
FIX = "Mend the return, or unit_of_measure in indicators.csv if it is no count."
FIX_THOUSANDS = (
    'If 2.300 stands for 2300 there: decimal = "," and thousands = "." under [returns] in compstat.toml, then load '
    "the file again with --again."
)


def _find(_store: Store, evaluation: Evaluation) -> Iterator[Found]:
    """Every period of the year up to now, told once an indicator: one program wrote all of a return's figures."""
    for history in evaluation.histories.values():
        panel = history.panel
        counts = panel.of_indicator(lambda row: row.unit_of_measure == "count" and row.aggregate == "sum").astype(bool)
        value = np.where(counts[:, np.newaxis], panel.value[:, -panel.cadence.year :], np.nan)
        broken = ~np.isnan(value) & (value != np.rint(value))
        codes = np.array([row.indicator for row in panel.indicators])
        for code in dict.fromkeys(codes[broken.any(axis=1)].tolist()):
            yield _told(panel, np.where((codes == code)[:, np.newaxis] & broken, value, np.nan), code)


def _told(panel: Panel, broken: Floats, code: str) -> Found:
    """broken: the indicator's figures that are not whole, all else NaN."""
    there = ~np.isnan(broken)
    column = int(np.flatnonzero(there.any(axis=0))[-1])
    row = int(np.flatnonzero(there[:, column])[0])
    found, units = int(there.sum()), int(there.any(axis=1).sum())
    message = f"{broken[row, column]:,.12g} is a count with a fraction"
    if found > 1:
        message += f", one of {found:,} of the year in {units:,} unit{'s' if units > 1 else ''}"
    fix = FIX
    if looks_like_thousands(broken[there]):
        message += ". Each such figure has three decimals at most and is below 1,000: its point may stand for thousands"
        fix = f"{FIX_THOUSANDS} Else: {FIX[0].lower()}{FIX[1:]}"
    where = f"{panel.units[row]}:{code}, {panel.cadence.label(panel.starts[column - broken.shape[1]])}"
    return Found(Finding("fractional-count", where, message, fix), None, code, {"figures": found, "units": units})


def looks_like_thousands(values: Floats) -> bool:
    """Whether 1.204 for 1204 would give such figures: below a thousand, and whole when taken a thousand times."""
    times = np.abs(values) * THOUSAND
    return bool(np.all((np.abs(values) < THOUSAND) & np.isclose(times, np.rint(times), rtol=0, atol=1e-6)))


CHECK = Check(
    code="fractional-count",
    severity=Severity.WARNING,
    means="A figure that indicators.csv calls a count is not whole; a point for thousands reads so: 2.300 is 2.3.",
    false_alarms=NEVER,
    find=_find,
)
