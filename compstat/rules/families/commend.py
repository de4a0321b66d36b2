"""`commend`: better than the unit's own last year, by the same tests as `spike` in the good direction."""

from __future__ import annotations

from compstat.rules.families.own_counts import judge_counts
from compstat.rules.families.own_shares import judge_shares
from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Judgement
from compstat.workspace.rulebook import Rule

BETTER = -1


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Counts by the predictive test, ratios by the cautious form."""
    return [
        judge_counts(rule, history, BETTER, Outcome.COMMEND),
        judge_shares(rule, history, BETTER, Outcome.COMMEND),
    ]
