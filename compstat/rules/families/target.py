"""`target`: a target missed beyond chance over the recent window, and for long enough.

The question is whether the level behind the figures still meets the target. Ratios: z with the extra variance of
four-week blocks. Counts: the negative binomial with the target as its mean. Measurements: the mean of the window
with the spread of the chart (moving range / 1.128), Student's t for that spread is itself estimated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri, stdtr

from compstat.rules.flag import Outcome
from compstat.rules.goals import goal_values, missed
from compstat.rules.history import History
from compstat.rules.judgement import ROUNDING, Judgement
from compstat.rules.panel import Bools, Floats, Integers
from compstat.rules.wording import figure, span_words
from compstat.statistics.predictive import Expectation, probability_at_least, probability_at_most
from compstat.statistics.ranking import evidence_from_z
from compstat.workspace.rulebook import Rule

SURE_Z = 1.28
SIGMAS_BETWEEN_LIMITS = 6.0


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Cells with a target in force and a return in the recent window."""
    panel = history.panel
    goals = goal_values(panel, rule, "target")
    recent = panel.amount[:, -panel.cadence.recent :]
    row = np.flatnonzero(~np.isnan(goals) & (~np.isnan(recent)).any(axis=1))
    goal, sign = goals[row], panel.adverse[row]
    p, value, volume, spread = _p_values(history, row, goal, sign)
    tested = ~np.isnan(p)
    row, goal, sign, p, value, volume, spread = (
        part[tested] for part in (row, goal, sign, p, value, volume, spread)
    )
    scale = np.array([panel.indicators[int(at)].scale if panel.is_ratio[int(at)] else 1.0 for at in row])
    apart = (value - goal) * sign
    times = missed(panel, goals, max(rule.of, rule.periods))[row].sum(axis=1)
    gates = (
        (apart > 0)
        & (apart >= rule.minimum_gap - ROUNDING)
        & (apart >= np.abs(goal) * rule.threshold_percent / 100 - ROUNDING)
        & (times >= rule.periods)
    )
    score = -ndtri(np.clip(p, 1e-300, 1.0))
    excess = (value - goal) / scale * volume

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        seen, wanted = figure(value[at], indicator), figure(goal[at], indicator)
        return f"{indicator.title}: {seen} {span_words(panel, False)}, missing its target of {wanted} beyond chance."

    def inputs(at: int) -> Mapping[str, Any]:
        window = panel.amount[row[at], -panel.cadence.recent :]
        return {
            "target": goal[at],
            "amounts": [None if np.isnan(one) else float(one) for one in window],
            "volumes": [
                None if np.isnan(one) else float(one) for one in panel.volume[row[at], -len(window) :]
            ],
            "spread": spread[at],
            "missed_periods": int(times[at]),
            "kind": "ratio"
            if panel.is_ratio[row[at]]
            else "count"
            if panel.is_count[row[at]]
            else "measurement",
            "formula": "ratio: z = (t - p) / sqrt(phi t (1 - t) / n); count: NB with mean = target; "
            "measurement: t = (mean - target) / (sigma / sqrt n); spread = phi or sigma",
        }

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=p,
            gates=gates,
            outcome=Outcome.CONCERN,
            severity=2,
            value=value,
            comparator=goal,
            excess=excess,
            expected=np.maximum(np.abs(goal) / scale * volume, 1.0),
            order=history.weights(row) * np.minimum(np.maximum(score - SURE_Z, 0.0), 30.0),
            evidence=evidence_from_z(score),
            test="level of the recent window against the target",
            sentence=sentence,
            threshold=goal,
            inputs=inputs,
            false_flags=lambda p_cut: p_cut * len(row),
        )
    ]


def _p_values(
    history: History, row: Integers, goal: Floats, sign: Integers
) -> tuple[Floats, Floats, Floats, Floats]:
    """One-sided p, the window's value, its volume and the spread used (phi of counts and ratios, sigma)."""
    panel = history.panel
    amount, volume = (part[row][:, -panel.cadence.recent :] for part in (panel.amount, panel.volume))
    present = ~np.isnan(amount)
    total, size = np.nansum(amount, axis=1), np.where(present, volume, 0.0).sum(axis=1)
    is_ratio, is_count = panel.is_ratio[row], panel.is_count[row]
    p, spread = np.full(len(row), np.nan), np.full(len(row), np.nan)
    scale = np.array([panel.indicators[int(at)].scale if panel.is_ratio[int(at)] else 1.0 for at in row])
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(is_ratio, total / size * scale, total / present.sum(axis=1))
    _ratio_p(history, row, is_ratio, goal / scale, total, size, sign, p, spread)
    _count_p(history, row, is_count, goal, total, present.sum(axis=1), sign, p, spread)
    other = ~is_ratio & ~is_count
    sigma = (history.limits.upper[row] - history.limits.lower[row]) / SIGMAS_BETWEEN_LIMITS
    freedom = np.maximum(np.sum(~np.isnan(history.segment[row]), axis=1) - 1.0, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = (value - goal) * sign / (sigma / np.sqrt(present.sum(axis=1)))
    p[other], spread[other] = stdtr(freedom, -t)[other], sigma[other]
    return p, value, size, spread


def _ratio_p(
    history: History,
    row: Integers,
    mask: Bools,
    share: Floats,
    x: Floats,
    n: Floats,
    sign: Integers,
    p: Floats,
    spread: Floats,
) -> None:
    place = np.searchsorted(history.share_rows, row[mask])
    phi = np.maximum(np.nan_to_num(history.share_block_dispersion[place], nan=1.0), 1.0)
    target = np.clip(share[mask], 1e-6, 1 - 1e-6)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (x[mask] / n[mask] - target) * sign[mask] / np.sqrt(phi * target * (1 - target) / n[mask])
    p[mask], spread[mask] = ndtr(-z), phi


def _count_p(
    history: History,
    row: Integers,
    mask: Bools,
    goal: Floats,
    x: Floats,
    weeks: Integers,
    sign: Integers,
    p: Floats,
    spread: Floats,
) -> None:
    place = np.searchsorted(history.counts.row, row[mask])
    phi = history.counts.blocks.phi[place]
    expectation = Expectation(np.maximum(goal[mask] * weeks[mask], 1e-9), phi)
    worse_up = probability_at_least(x[mask], expectation)
    p[mask] = np.where(sign[mask] > 0, worse_up, probability_at_most(x[mask], expectation))
    spread[mask] = phi
