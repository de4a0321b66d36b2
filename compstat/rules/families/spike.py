"""`spike`: worse than the unit's own last year, in the newest period or over the recent window."""

from __future__ import annotations

from compstat.rules.families.own_counts import judge_counts
from compstat.rules.families.own_shares import judge_shares
from compstat.rules.families.own_volumes import judge_volumes
from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Judgement
from compstat.workspace.rulebook import Rule

WORSE = 1


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Counts by the predictive test, volumes and ratios by the cautious forms; measurements: see `special_cause`."""
    return [
        judge_counts(rule, history, WORSE, Outcome.CONCERN),
        judge_volumes(rule, history, WORSE, Outcome.CONCERN),
        judge_shares(rule, history, WORSE, Outcome.CONCERN),
    ]
