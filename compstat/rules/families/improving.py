"""`improving`: a poor level that has been getting better for a year, which a bare level would punish."""

from __future__ import annotations

from compstat.rules.families.travel import BETTER, judge_travel
from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Judgement
from compstat.workspace.rulebook import Rule


def judge(rule: Rule, history: History) -> list[Judgement]:
    """It is good practice worth hearing, low level or not."""
    return judge_travel(rule, history, BETTER, Outcome.COMMEND)
