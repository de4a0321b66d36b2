"""`year_on_year`: the recent window against the same window a year ago.

Readers ask for it; it finds less than a test against the whole of last year. Only weeks present in both windows
count. Counts by the quasi-z with continuity, ratios by the difference of two shares; docs/method.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compstat.rules.flag import Outcome
from compstat.rules.history import History
from compstat.rules.judgement import SURE_Z, Details, Judgement, chosen, past_gates
from compstat.rules.panel import Floats, Integers, Panel
from compstat.rules.wording import figure, span_words
from compstat.statistics.ranking import evidence_from_z
from compstat.statistics.year_on_year import Comparison, quasi_z, two_share_z
from compstat.workspace.rulebook import Rule

FEWEST_EVENTS = 8  # of both years together: with fewer no split of them reaches 1%, whatever happened
EQUAL_EXPOSURE = 0.5  # both windows hold the same number of periods
COUNT_FORMULA = (
    "n = c + p; z = max(0, |c - n q| - 1/2) / sqrt(phi n q (1 - q)); p = erfc(z / sqrt 2); "
    "phi = 1: twice the smaller binomial tail"
)
SHARE_FORMULA = (
    "z = (p1 - p0) / sqrt(phi p (1 - p) (1/n1 + 1/n0)); two-sided p of Student's t with the blocks that phi comes "
    "from, less one, as degrees of freedom"
)


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Adverse changes only; what improved is `commend`'s business."""
    return [_counts(rule, history), _shares(rule, history)]


@dataclass(frozen=True)
class _Windows:
    """Both windows of some cells over the periods present in both: sums of amount and volume, periods used."""

    row: Integers
    periods: Floats
    now: Floats
    then: Floats
    volume_now: Floats
    volume_then: Floats

    def at(self, place: Integers) -> _Windows:
        parts = (self.periods, self.now, self.then, self.volume_now, self.volume_then)
        return _Windows(self.row[place], *(part[place] for part in parts))


def _windows(panel: Panel, row: Integers) -> _Windows:
    recent, before = slice(len(panel.starts) - panel.cadence.recent, None), panel.year_ago_columns
    both = panel.amount[row, recent] + panel.amount[row][:, before]
    both += panel.volume[row, recent] + panel.volume[row][:, before]
    present = ~np.isnan(both)

    def total(matrix: Floats) -> Floats:
        return np.asarray(np.where(present, matrix, 0.0).sum(axis=1), dtype=np.float64)

    return _Windows(
        row,
        present.sum(axis=1).astype(float),
        total(panel.amount[row, recent]),
        total(panel.amount[row][:, before]),
        total(panel.volume[row, recent]),
        total(panel.volume[row][:, before]),
    )


@dataclass(frozen=True)
class _Compared:
    """The tested cells: their windows, what was found, the figures people read. base: what the threshold is part of."""

    windows: _Windows
    dispersion: Floats
    freedom: Floats
    found: Comparison
    value: Floats
    comparator: Floats
    excess: Floats
    base: Floats
    untested: Callable[[], Mapping[int, str]]


def _counts(rule: Rule, history: History) -> Judgement:
    panel, counts = history.panel, history.counts
    every = _windows(panel, counts.row)
    wanted = chosen(panel, rule)[counts.row] & (panel.adverse[counts.row] != 0)
    enough = (every.periods >= panel.cadence.recent / 2) & (every.now + every.then >= FEWEST_EVENTS)
    tested = wanted & enough & ~counts.large & ~np.isnan(counts.settled.phi)
    place = np.flatnonzero(tested)
    both, phi = every.at(place), counts.settled.phi[place]

    def why(at: int) -> str:
        few = f"fewer than {FEWEST_EVENTS} events in both years, or weeks missing"
        return counts.untested(at) if counts.large[at] else few

    compared = _Compared(
        windows=both,
        dispersion=phi,
        freedom=np.full(len(place), np.nan),
        found=quasi_z(both.now, both.then, np.full(len(place), EQUAL_EXPOSURE), phi),
        value=both.now,
        comparator=both.then,
        excess=both.now - both.then,
        base=both.then,
        untested=lambda: {int(counts.row[at]): why(at) for at in np.flatnonzero(wanted & ~tested).tolist()},
    )
    return _judgement(rule, history, compared, "quasi-z", COUNT_FORMULA)


def _shares(rule: Rule, history: History) -> Judgement:
    panel, rows = history.panel, history.share_rows
    every, phi = _windows(panel, rows), history.share_block_dispersion
    wanted = chosen(panel, rule)[rows] & (panel.adverse[rows] != 0)
    enough = (every.periods >= panel.cadence.recent / 2) & (every.volume_now > 0) & (every.volume_then > 0)
    tested = wanted & enough & ~np.isnan(phi)
    place = np.flatnonzero(tested)
    both, scale = every.at(place), panel.scale[rows[place]]
    then, freedom = both.then / both.volume_then, history.share_block_freedom[place]
    compared = _Compared(
        windows=both,
        dispersion=phi[place],
        freedom=freedom,
        found=two_share_z(both.now, both.volume_now, both.then, both.volume_then, phi[place], freedom),
        value=both.now / both.volume_now * scale,
        comparator=then * scale,
        excess=both.now - then * both.volume_now,
        base=np.minimum(then, 1 - then) * both.volume_now,  # of the rarer outcome, as against its own history
        untested=lambda: {
            int(rows[at]): "too few weeks in both years" for at in np.flatnonzero(wanted & ~tested).tolist()
        },
    )
    return _judgement(rule, history, compared, "z of two shares", SHARE_FORMULA)


def _judgement(rule: Rule, history: History, cells: _Compared, test: str, formula: str) -> Judgement:
    panel, row = history.panel, cells.windows.row
    z = cells.found.z * panel.adverse[row]
    size = np.maximum(cells.base, 1.0)

    def details(at: Integers) -> Details:
        order = history.weights(row[at]) * np.maximum(z[at] - SURE_Z, 0.0)
        return Details(order=order, evidence=evidence_from_z(z[at]))

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        now, then = figure(cells.value[at], indicator), figure(cells.comparator[at], indicator)
        return f"{indicator.title}: {now} {span_words(panel, False)}, against {then} in the same weeks a year ago."

    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=cells.found.p,
        # the p is two-sided, so that a fall is no less surprising; only the adverse half can become a flag
        gates=past_gates(rule, cells.excess * panel.adverse[row], cells.base) & (z > 0),
        outcome=Outcome.CONCERN,
        severity=2,
        value=cells.value,
        comparator=cells.comparator,
        excess=cells.excess,
        expected=size,
        test=test,
        details=details,
        sentence=sentence,
        inputs=lambda at: {**_inputs(panel, cells, at), "formula": formula},
        false_flags=lambda p_cut: p_cut / 2 * len(row),
        why_untested=cells.untested,
    )


def _inputs(panel: Panel, cells: _Compared, at: int) -> Mapping[str, Any]:
    both, ratio = cells.windows, bool(panel.is_ratio[cells.windows.row[at]])
    now, then = panel.windows.four_weeks, panel.windows.four_weeks_year_ago
    names = ("numerator", "numerator_year_ago") if ratio else ("count", "count_year_ago")
    return {
        "first": now.first.isoformat(),
        "last": now.last.isoformat(),
        "year_ago_first": then.first.isoformat(),
        "year_ago_last": then.last.isoformat(),
        "periods_in_both": both.periods[at],
        "dispersion": cells.dispersion[at],
        "z": cells.found.z[at],
        "share_of_exposure": EQUAL_EXPOSURE,
        names[0]: both.now[at],
        names[1]: both.then[at],
        **(_of_ratio(cells, at) if ratio else {}),
    }


def _of_ratio(cells: _Compared, at: int) -> Mapping[str, Any]:
    return {
        "denominator": cells.windows.volume_now[at],
        "denominator_year_ago": cells.windows.volume_then[at],
        "degrees_of_freedom": cells.freedom[at],
    }
