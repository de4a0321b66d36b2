"""Every check of a week, run over what the rules look at; and what was found, as known at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from compstat.quality.checks import CHECKS
from compstat.quality.checks.check import Found, Severity
from compstat.rules.evaluation import Evaluation, evaluate
from compstat.store import Store
from compstat.windows.scope import refuse_empty
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace


def check_week(store: Store, workspace: Workspace, cycle: Cycle, week: date, known: datetime) -> tuple[Found, ...]:
    """What is to be said of a week's figures as known at the moment of a batch; errors first.

    Raises UsageError for a week without a single return.
    """
    refuse_empty(store, workspace, cycle, week, known)
    return check_evaluation(store, evaluate(store, workspace, cycle, week, known, families=()))


def check_evaluation(store: Store, evaluation: Evaluation) -> tuple[Found, ...]:
    """The same of a week that has been judged: the series are read already."""
    found = [
        replace(one, finding=replace(one.finding, severity=check.severity))
        for check in CHECKS
        for one in check.find(store, evaluation)
    ]
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: order.index(Severity(one.finding.severity))))
