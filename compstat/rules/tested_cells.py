"""Every tested cell as a row, flagged or not, and the cells too small for a p value that have a score all the same."""

from __future__ import annotations

import numpy as np

from compstat.rules.decision import Decided, Decisions
from compstat.rules.evaluation import Evaluation
from compstat.rules.flagging import number_at, plain
from compstat.rules.judgement import Details


def cell_rows(decisions: Decisions) -> list[dict[str, object]]:
    """Every test with a p value, one dict a cell and rule: what `flags --all-cells` prints."""
    rows: list[dict[str, object]] = []
    for decided in decisions.decided:
        if decided.judgement.has_p:
            every = np.arange(len(decided.judgement.p))
            details = decided.judgement.details(every)
            rows += [_cell(decided, details, at) for at in every.tolist()]
    return rows


def _cell(decided: Decided, details: Details, at: int) -> dict[str, object]:
    judgement = decided.judgement
    row = int(judgement.row[at])
    return {
        "unit": judgement.panel.units[row],
        "indicator": judgement.panel.indicators[row].indicator,
        "rule": judgement.rule.rule,
        "family": judgement.rule.family,
        "value": number_at(judgement.value, at),
        "comparator": number_at(judgement.comparator, at),
        "excess": number_at(judgement.excess, at),
        "p_value": number_at(judgement.p, at),
        "q_value": number_at(decided.q, at),
        "evidence": number_at(details.evidence, at),
        "inputs": plain(judgement.inputs(at)),
    }


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
