"""`coasting`: a good level that has been getting worse for a year. No single week of it would raise a flag."""

from __future__ import annotations

from compstat.rules.families.travel import WORSE, judge_travel
from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Judgement
from compstat.workspace.rulebook import Rule


def judge(rule: Rule, history: History) -> list[Judgement]:
    """It is listed for the eye, not challenged: the level is still good."""
    return judge_travel(rule, history, WORSE, Outcome.WATCH)
