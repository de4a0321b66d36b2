"""Cells too small for a p value that have a score all the same: a large change shows in its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from compstat.rules.evaluation import Evaluation


def scored_rows(evaluation: Evaluation) -> list[dict[str, object]]:
    """One dict a count that expects too few events to be tested: its evidence of a change for the worse, and why."""
    rows: list[dict[str, object]] = []
    for history in evaluation.histories.values():
        counts, panel = history.counts, history.panel
        place = np.flatnonzero(counts.scored & ~counts.tested)
        rise, fall = (counts.evidence(place, falls) for falls in (False, True))
        worse = np.where(panel.adverse[counts.row[place]] < 0, fall, rise)
        for at, score in zip(place.tolist(), worse.tolist(), strict=True):
            row = int(counts.row[at])
            rows.append(
                {
                    "unit": panel.units[row],
                    "indicator": panel.indicators[row].indicator,
                    "evidence": None if np.isnan(score) else score,
                    "untested": counts.untested(at),
                }
            )
    return rows
