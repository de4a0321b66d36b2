"""`commend`: better than the unit's own last year, by the same tests as `spike` in the good direction.

Nothing is praised that was better still in the same weeks a year ago: one bad winter in the baseline year makes
every summer look like an achievement.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from compstat.rules.families.own_counts import judge_counts
from compstat.rules.families.own_shares import judge_shares
from compstat.rules.families.own_volumes import judge_volumes
from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import Judgement
from compstat.windows.paired_windows import paired_windows
from compstat.windows.panel import Bools, Integers, Panel
from compstat.workspace.rulebook import Rule

BETTER = -1


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Counts by the predictive test, volumes and ratios by the cautious forms."""
    found = [
        judge_counts(rule, history, BETTER, Outcome.COMMEND),
        judge_volumes(rule, history, BETTER, Outcome.COMMEND),
        judge_shares(rule, history, BETTER, Outcome.COMMEND),
    ]
    return [replace(one, gates=one.gates & ~worse_than_a_year_ago(history.panel, one.row)) for one in found]


def worse_than_a_year_ago(panel: Panel, row: Integers) -> Bools:
    """Whether these cells' recent window is worse than the same periods a year ago; where none compare, it is not."""
    both = paired_windows(panel, row)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = both.now / both.volume_now - both.then / both.volume_then
    return np.asarray(np.nan_to_num(apart) * panel.adverse[row] > 0, dtype=np.bool_)
