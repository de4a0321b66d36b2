"""Counts against their own history, in either direction: what `spike` and `commend` share.

The negative-binomial predictive on the newest period and on the recent window; docs/method.md.
"""

from __future__ import annotations

import numpy as np

from compstat.rules.families.count_cells import CountCells
from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Judgement, chosen
from compstat.rules.wording import window_sentence
from compstat.workspace.rulebook import Rule

TEST = "negative-binomial predictive on one and on several periods, smaller p doubled"


def judge_counts(rule: Rule, history: History, direction: int, outcome: Outcome) -> Judgement:
    """Counts that moved in this direction: 1 for worse, -1 for better."""
    cells, counts = _cells(rule, history, direction), history.counts
    row = counts.row[cells.place]
    untested = np.flatnonzero(chosen(history.panel, rule)[counts.row] & ~counts.tested & ~counts.large)
    lead = cells.lead
    excess = lead.count - lead.expectation.mean
    return Judgement(
        rule=rule,
        panel=history.panel,
        row=row,
        p=cells.p,
        gates=cells.gates,
        outcome=outcome,
        severity=2 if outcome is Outcome.CONCERN else 1,
        value=lead.count,
        comparator=lead.expectation.mean,
        excess=excess,
        expected=lead.expectation.mean,
        test=TEST,
        details=cells.details,
        sentence=lambda at: window_sentence(
            history.panel,
            int(row[at]),
            lead.count[at],
            lead.expectation.mean[at],
            bool(cells.led_by_one[at]),
            float(lead.length[at]),
            bool(counts.season.handled[cells.place[at]]),
        ),
        inputs=cells.inputs,
        false_flags=cells.false_flags,
        fragility=cells.fragility,
        why_untested=lambda: {int(counts.row[at]): counts.untested(at) for at in untested.tolist()},
    )


def _cells(rule: Rule, history: History, direction: int) -> CountCells:
    counts = history.counts
    falls = history.panel.adverse[counts.row] * direction < 0
    place = np.flatnonzero(counts.tested & chosen(history.panel, rule)[counts.row])
    found = CountCells(rule, history, place, falls[place], counts.leading(falls)[place], counts.p(falls)[place])
    return found if direction > 0 or not history.restatement.learnt else found.as_they_settle()
