"""`year_on_year`: the recent window against the same window a year ago.

Readers ask for it; it finds less than a test against the whole of last year. Only weeks present in both windows
count. Counts by the quasi-z with continuity, ratios by the difference of two shares; docs/method.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compstat.public_holidays import holiday_names
from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.history.restatement import settled_range
from compstat.rules.judgement import SURE_Z, Details, Fragility, Judgement, chosen, past_gates
from compstat.rules.wording import figure, present_words
from compstat.statistics.ranking import evidence_from_z
from compstat.statistics.year_on_year import Comparison, quasi_z, two_share_z
from compstat.windows.paired_windows import PairedWindows, paired_windows
from compstat.windows.panel import Floats, Integers, Panel
from compstat.workspace.rulebook import Rule

FEWEST_EVENTS = 8  # of both years together: with fewer no split of them reaches 1%, whatever happened
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
class _Compared:
    """The tested cells: their windows, what was found, the figures people read. base: what the threshold is part of.

    settling: of counts, the usual growth and spread of this year's; settled: what is found on the grown count.
    """

    windows: PairedWindows
    dispersion: Floats
    freedom: Floats
    found: Comparison
    value: Floats
    comparator: Floats
    excess: Floats
    base: Floats
    untested: Callable[[], Mapping[int, str]]
    settling: tuple[Floats, Floats] | None = None
    settled: Comparison | None = None


def _counts(rule: Rule, history: History) -> Judgement:
    panel, counts = history.panel, history.counts
    every = paired_windows(panel, counts.row)
    wanted = chosen(panel, rule)[counts.row] & (panel.adverse[counts.row] != 0)
    enough = (every.periods >= panel.cadence.recent / 2) & (every.now + every.then >= FEWEST_EVENTS)
    tested = wanted & enough & ~counts.large & ~np.isnan(counts.settled.phi)
    place = np.flatnonzero(tested)
    both, phi = every.at(place), counts.settled.phi[place]
    growth, spread = _settling(history, both)
    share, usual = both.share_of_days, both.then_in_these_days

    def why(at: int) -> str:
        few = f"fewer than {FEWEST_EVENTS} events in both years, or weeks missing"
        return counts.untested(at) if counts.large[at] else few

    compared = _Compared(
        windows=both,
        dispersion=phi,
        freedom=np.full(len(place), np.nan),
        found=quasi_z(both.now, both.then, share, phi),
        value=both.now,
        comparator=both.then,
        excess=both.now - usual,
        base=usual,
        untested=lambda: {int(counts.row[at]): why(at) for at in np.flatnonzero(wanted & ~tested).tolist()},
        settling=(growth, spread),
        settled=quasi_z(np.rint(both.now * np.nan_to_num(growth, nan=1.0)), both.then, share, phi),
    )
    return _judgement(rule, history, compared, "quasi-z", COUNT_FORMULA)


def _settling(history: History, both: PairedWindows) -> tuple[Floats, Floats]:
    """Usual growth and spread of this year's counts; against figures that were as old, both years grow alike."""
    panel, row = history.panel, both.row
    codes = [panel.indicators[at].indicator for at in row.tolist()]
    growth, spread = history.restatement.of_windows(codes, panel.amount[row, -panel.cadence.recent :])
    return np.where(both.like & ~np.isnan(growth), 1.0, growth), spread


def _shares(rule: Rule, history: History) -> Judgement:
    panel, rows = history.panel, history.share_rows
    every, phi = paired_windows(panel, rows), history.share_block_dispersion
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
    p = cells.found.p
    gates = past_gates(rule, cells.excess * panel.adverse[row], cells.base) & (z > 0)
    if cells.settling and cells.settled:  # of another age: flagged only if the count as it usually settles agrees
        settled = np.rint(cells.windows.now * np.nan_to_num(cells.settling[0], nan=1.0))
        p = np.maximum(p, cells.settled.p)
        gates &= past_gates(rule, (settled - cells.base) * panel.adverse[row], cells.base)
        gates &= cells.settled.z * panel.adverse[row] > 0

    def details(at: Integers) -> Details:
        order = history.weights(row[at]) * np.maximum(z[at] - SURE_Z, 0.0)
        return Details(order=order, evidence=evidence_from_z(z[at]))

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        now, then = figure(cells.value[at], indicator), figure(cells.comparator[at], indicator)
        weeks = "in the same weeks a year ago"
        if cells.windows.like[at]:
            weeks += f", {_age(panel)}"
        seen = present_words(panel, False, float(cells.windows.periods[at]))
        return f"{indicator.title}: {now} {seen}, against {then} {weeks}."

    return Judgement(
        rule=rule,
        panel=panel,
        row=row,
        p=p,
        # the p is two-sided, so that a fall is no less surprising; only the adverse half can become a flag
        gates=gates,
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
        fragility=(lambda at, limits: _fragility(rule, panel, cells, at, limits)) if cells.settling else None,
    )


def _fragility(rule: Rule, panel: Panel, cells: _Compared, at: Integers, limits: Floats) -> Fragility:
    """Break-even by trying every count between last year's and this year's."""
    both, (growth, spread) = cells.windows.at(at), cells.settling or (cells.base, cells.base)
    falls = panel.adverse[both.row] < 0
    breakeven = np.full(len(at), np.nan)
    for number, (now, usual, limit) in enumerate(zip(both.now, cells.base[at], limits, strict=True)):
        low, high = sorted((now, usual))
        tried = np.arange(np.floor(low), np.ceil(high) + 1)
        found = quasi_z(tried, both.then[number], both.share_of_days[number], cells.dispersion[at[number]])
        sign = -1.0 if falls[number] else 1.0
        passes = (found.p <= limit) & (found.z * sign > 0) & past_gates(rule, (tried - usual) * sign, np.asarray(usual))
        if passes.any():
            breakeven[number] = tried[passes].max() if falls[number] else tried[passes].min()
    return Fragility(breakeven, *settled_range(both.now, growth[at], spread[at]), falls)


def _age(panel: Panel) -> str:
    """`as known 2 days after the period's end in both years`."""
    days = panel.same_age.days if panel.same_age else 0
    return f"as known {days} {'day' if days == 1 else 'days'} after the period's end in both years"


def _holidays(panel: Panel) -> Mapping[str, str | None]:
    """The public holidays of both windows, where they differ: one moved, or fell into another week."""
    place = panel.scope.workspace.settings.calendar.holidays
    spans = panel.windows.four_weeks, panel.windows.four_weeks_year_ago
    now, then = (holiday_names(place, span.first, span.last) for span in spans)
    return {} if now == then else {"holidays": now, "holidays_year_ago": then}


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
        "days": both.days[at],
        "days_year_ago": both.days_then[at],
        "share_of_exposure": both.share_of_days[at],
        "age": _age(panel) if both.like[at] else "figures of different age are compared",
        **_holidays(panel),
        names[0]: both.now[at],
        names[1]: both.then[at],
        **({f"{names[1]}_as_known_now": both.then_now[at]} if both.like[at] else {}),
        **(_of_ratio(cells, at) if ratio else _of_count(cells, at)),
    }


def _of_count(cells: _Compared, at: int) -> Mapping[str, Any]:
    """What the count usually settles at, where that was tested too: the larger p counts."""
    if cells.settling is None or cells.settled is None or not cells.settling[0][at] > 0 or cells.windows.like[at]:
        return {}
    return {"growth": cells.settling[0][at], "p_as_recorded": cells.found.p[at], "p_settled": cells.settled.p[at]}


def _of_ratio(cells: _Compared, at: int) -> Mapping[str, Any]:
    return {
        "denominator": cells.windows.volume_now[at],
        "denominator_year_ago": cells.windows.volume_then[at],
        "degrees_of_freedom": cells.freedom[at],
    }
