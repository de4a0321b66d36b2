"""`year_on_year`: the recent window against the same window a year ago.

Readers ask for it; it finds less than a test against the whole of last year. Only weeks present in both windows
count. Counts by the quasi-z with continuity, ratios by the difference of two shares; docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.history import History
from compstat.rules.judgement import ROUNDING, Judgement, chosen
from compstat.rules.panel import Floats, Integers, Panel
from compstat.rules.wording import figure, span_words
from compstat.statistics.ranking import evidence_from_z
from compstat.statistics.year_on_year import Comparison, quasi_z, two_share_z
from compstat.workspace.rulebook import Rule

FEWEST_EVENTS = 8  # of both years together: with fewer no split of them reaches 1%, whatever happened
SURE_Z = 1.28


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Adverse changes only; what improved is `commend`'s business."""
    return [_counts(rule, history), _shares(rule, history)]


class _Windows:
    """Both windows of some cells over the weeks present in both: sums of amount and volume, weeks used."""

    def __init__(self, panel: Panel, row: Integers) -> None:
        recent = slice(len(panel.starts) - panel.cadence.recent, None)
        now, then = panel.amount[row][:, recent], panel.amount[row][:, panel.year_ago_columns]
        both = ~np.isnan(now) & ~np.isnan(then)
        self.weeks = both.sum(axis=1).astype(float)
        self.now = np.where(both, now, 0.0).sum(axis=1)
        self.then = np.where(both, then, 0.0).sum(axis=1)
        volumes = panel.volume[row]
        self.volume_now = np.where(both, volumes[:, recent], 0.0).sum(axis=1)
        self.volume_then = np.where(both, volumes[:, panel.year_ago_columns], 0.0).sum(axis=1)


def _counts(rule: Rule, history: History) -> Judgement:
    panel, counts = history.panel, history.counts
    wanted = chosen(panel, rule)[counts.row] & (panel.adverse[counts.row] != 0)
    both = _Windows(panel, counts.row)
    large = np.array([reason.startswith("a large volume") for reason in counts.untested], dtype=bool)
    enough = (both.weeks >= panel.cadence.recent / 2) & (both.now + both.then >= FEWEST_EVENTS)
    place = np.flatnonzero(wanted & enough & ~large & ~np.isnan(counts.weekly.phi))
    row, phi = counts.row[place], counts.weekly.phi[place]
    now, then = both.now[place], both.then[place]
    found = quasi_z(now, then, np.full(len(place), 0.5), phi)
    untested = {
        int(counts.row[at]): "a large volume whose weeks resemble each other: judged by special cause"
        if large[at]
        else f"fewer than {FEWEST_EVENTS} events in both years, or weeks missing"
        for at in np.flatnonzero(wanted & ~(enough & ~large))
    }
    return _judgement(
        rule,
        history,
        row,
        found,
        now,
        then,
        now - then,
        (now + then) / 2,
        "quasi-z",
        phi,
        both.weeks[place],
        untested,
    )


def _shares(rule: Rule, history: History) -> Judgement:
    panel, rows = history.panel, history.share_rows
    wanted = chosen(panel, rule)[rows] & (panel.adverse[rows] != 0)
    both = _Windows(panel, rows)
    phi = history.share_block_dispersion
    enough = (
        (both.weeks >= panel.cadence.recent / 2)
        & (both.volume_now > 0)
        & (both.volume_then > 0)
        & ~np.isnan(phi)
    )
    place = np.flatnonzero(wanted & enough)
    row = rows[place]
    now, then = both.now[place], both.then[place]
    n_now, n_then = both.volume_now[place], both.volume_then[place]
    found = two_share_z(now, n_now, then, n_then, phi[place])
    scale = np.array([panel.indicators[int(at)].scale for at in row], dtype=float)
    excess = now - then / n_then * n_now
    pooled = (now + then) / (n_now + n_then)
    size = np.minimum(pooled, 1 - pooled) * n_now
    untested = {int(rows[at]): "too few weeks in both years" for at in np.flatnonzero(wanted & ~enough)}
    return _judgement(
        rule,
        history,
        row,
        found,
        now / n_now * scale,
        then / n_then * scale,
        excess,
        size,
        "z of two shares",
        phi[place],
        both.weeks[place],
        untested,
        volumes=(now, n_now, then, n_then),
    )


def _judgement(
    rule: Rule,
    history: History,
    row: Integers,
    found: Comparison,
    value: Floats,
    comparator: Floats,
    excess: Floats,
    size: Floats,
    test: str,
    phi: Floats,
    weeks: Floats,
    untested: Mapping[int, str],
    volumes: tuple[Floats, Floats, Floats, Floats] | None = None,
) -> Judgement:
    panel = history.panel
    sign = panel.adverse[row]
    gates = (excess * sign >= rule.minimum_gap - ROUNDING) & (
        excess * sign >= size * rule.threshold_percent / 100 - ROUNDING
    )
    if volumes is None:
        gates &= excess * sign >= comparator * rule.threshold_percent / 100 - ROUNDING
    z = found.z * sign
    # two-sided, so that a fall is no less surprising; only the adverse half can become a flag
    gates &= z > 0

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        now, then = figure(value[at], indicator), figure(comparator[at], indicator)
        return f"{indicator.title}: {now} {span_words(panel, False)}, against {then} in the same weeks a year ago."

    def inputs(at: int) -> Mapping[str, Any]:
        spans = panel.windows.four_weeks, panel.windows.four_weeks_year_ago
        base = {
            "first": spans[0].first.isoformat(),
            "last": spans[0].last.isoformat(),
            "year_ago_first": spans[1].first.isoformat(),
            "year_ago_last": spans[1].last.isoformat(),
            "periods_in_both": weeks[at],
            "dispersion": phi[at],
            "z": found.z[at],
            "share_of_exposure": 0.5,
        }
        if volumes is None:
            return {
                **base,
                "count": value[at],
                "count_year_ago": comparator[at],
                "formula": "z = max(0, |c - n q| - 1/2) / sqrt(phi n q (1 - q)); p = erfc(z / sqrt 2)",
            }
        names = ("numerator", "denominator", "numerator_year_ago", "denominator_year_ago")
        return {
            **base,
            **{name: part[at] for name, part in zip(names, volumes, strict=True)},
            "formula": "z = (p1 - p0) / sqrt(phi p (1 - p) (1/n1 + 1/n0)); p = erfc(|z| / sqrt 2)",
        }

    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=found.p,
        gates=gates,
        outcome=Outcome.CONCERN,
        severity=2,
        value=value,
        comparator=comparator,
        excess=excess,
        expected=size,
        order=history.weights(row) * np.maximum(z - SURE_Z, 0.0),
        evidence=evidence_from_z(z),
        test=test,
        sentence=sentence,
        inputs=inputs,
        untested=untested,
        false_flags=lambda p_cut: p_cut / 2 * len(row),
    )
