"""`peer`: far from units like it, given its size and how much such units differ anyway. It raises `watch`.

Own history comes first, targets second, peers last: a unit that has always differed has its reasons, so a league
table alone challenges nobody. Ratios go by their cases, counts by population; measurements have no size to go by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from compstat.rules.flag import Outcome
from compstat.rules.history.panel_history import History
from compstat.rules.judgement import SMALLEST_P, SURE_Z, Details, Judgement, chosen, past_gates
from compstat.rules.wording import figure, span_words
from compstat.statistics.funnel import FEWEST_PEERS, rate_funnel, share_funnel
from compstat.statistics.ranking import evidence_from_z
from compstat.windows.panel import Bools, Floats, Integers, Panel
from compstat.workspace.rulebook import Rule

TEST = "funnel of its peers, the spread between peers allowed for"
FORMULA = "z = (f(rate) - f(pooled rate)) / sqrt(s^2 + tau^2), f = arcsin sqrt for shares, sqrt for rates"
OUTER = 1  # row of a funnel's limits: 99.8%


@dataclass(frozen=True)
class _Peers:
    """Cells with peers. amount over size is the rate; peers: how many there are, the unit itself included.

    share: the rate is a part of a whole.
    """

    row: Integers
    amount: Floats
    size: Floats
    peers: Integers
    group: tuple[str, ...]
    share: Bools
    p: Floats
    centre: Floats
    between: Floats
    lower: Floats
    upper: Floats


def judge(rule: Rule, history: History) -> list[Judgement]:
    """Ratios and counts whose recent window is worse than that of their peers."""
    panel = history.panel
    found = _beside_peers(panel, rule)
    row, usual = found.row, found.centre * found.size
    scale = np.where(panel.is_ratio[row], panel.scale[row] / found.size, 1.0)  # to the figure as people read it
    excess = found.amount - usual

    def details(at: Integers) -> Details:
        score = -ndtri(np.clip(found.p[at], SMALLEST_P, 1.0))
        order = history.weights(row[at]) * np.maximum(score - SURE_Z, 0.0)
        limits = (part[at] * found.size[at] * scale[at] for part in (found.lower, found.upper))
        return Details(order, evidence_from_z(score), None, *limits)

    def sentence(at: int) -> str:
        indicator = panel.indicators[int(row[at])]
        seen, peers = (figure(float(part[at] * scale[at]), indicator) for part in (found.amount, usual))
        likely = f"where the {int(found.peers[at])} units of its kind lead us to expect {peers}"
        return f"{indicator.title}: {seen} {span_words(panel, False)}, {likely}."

    return [
        Judgement(
            rule=rule,
            panel=panel,
            row=row,
            p=found.p,
            gates=past_gates(rule, excess * panel.adverse[row], usual),
            outcome=Outcome.WATCH,
            severity=1,
            value=found.amount * scale,
            comparator=usual * scale,
            excess=excess,
            expected=np.maximum(usual, 0.5),
            test=TEST,
            details=details,
            sentence=sentence,
            inputs=lambda at: _inputs(panel, found, at),
            false_flags=lambda p_cut: p_cut * len(row),
            why_untested=lambda: _why_not(panel, rule, row),
        )
    ]


def _beside_peers(panel: Panel, rule: Rule) -> _Peers:
    recent = panel.cadence.recent
    amount, volume = (part[:, -recent:] for part in (panel.amount, panel.volume))
    known = ~np.isnan(amount + volume)
    total = np.where(known.all(axis=1), np.where(known, amount, 0).sum(axis=1), np.nan)
    size = np.where(panel.is_ratio, np.where(known, volume, 0).sum(axis=1), _population(panel))
    wanted = chosen(panel, rule) & (panel.adverse != 0) & (panel.is_ratio | panel.is_count)
    usable = wanted & ~np.isnan(total) & (size > 0)
    parts = [_of_group(panel, peers, judged, total, size, name) for name, peers, judged in _groups(panel, usable)]
    kept = [part for part in parts if part is not None]
    nothing = np.zeros(0)
    if not kept:
        empty = np.zeros(0, dtype=np.int64)
        return _Peers(empty, nothing, nothing, empty, (), nothing.astype(bool), *(nothing,) * 5)
    order = np.argsort(np.concatenate([part.row for part in kept]), kind="stable")
    names = [name for part in kept for name in part.group]

    def of(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in kept])[order]

    group = tuple(names[at] for at in order.tolist())
    return _Peers(
        of("row"),
        of("amount"),
        of("size"),
        of("peers"),
        group,
        *map(of, ("share", "p", "centre", "between", "lower", "upper")),
    )


def _groups(panel: Panel, usable: Bools) -> Iterator[tuple[str, Integers, Integers]]:
    """Of each indicator and kind of unit the peers' places and those judged among them.

    A unit's kind is its family where that has enough members, else its level, beside all units of that.
    """
    scope = panel.scope
    families = {unit: scope.workspace.unit(unit, scope.last).family for unit in set(panel.units)}
    by_level: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_family: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place in np.flatnonzero(usable).tolist():
        unit, indicator = panel.units[place], panel.indicators[place].indicator
        by_level[indicator, scope.levels[unit]].append(place)
        if family := families[unit]:
            by_family[indicator, scope.levels[unit], family].append(place)
    large = {key: places for key, places in by_family.items() if len(places) >= FEWEST_PEERS}
    for (_, _, family), places in large.items():
        yield family, np.array(places), np.array(places)
    placed = {place for places in large.values() for place in places}
    for (_, level), places in by_level.items():
        yield level, np.array(places), np.array([place for place in places if place not in placed], dtype=np.int64)


def _of_group(panel: Panel, peers: Integers, judged: Integers, total: Floats, size: Floats, name: str) -> _Peers | None:
    ratio = _is_share(panel, peers, total, size)
    funnel = (share_funnel if ratio else rate_funnel)(total[peers], size[peers])
    if funnel is None:
        return None
    at = np.searchsorted(peers, judged)
    number = np.full(len(judged), len(peers), dtype=np.int64)
    p_high, p_low = funnel.p_high[at], funnel.p_low[at]
    return _Peers(
        row=judged,
        amount=total[judged],
        size=size[judged],
        peers=number,
        group=(name,) * len(judged),
        share=np.full(len(judged), ratio),
        p=np.where(panel.adverse[judged] > 0, p_high, p_low),
        centre=np.full(len(judged), funnel.centre),
        between=np.full(len(judged), funnel.between),
        lower=funnel.lower[OUTER, at],
        upper=funnel.upper[OUTER, at],
    )


def _is_share(panel: Panel, peers: Integers, total: Floats, size: Floats) -> bool:
    """Whether these are parts of a whole; a ratio that can exceed 1 (complaints per officer) is a rate."""
    return bool(panel.is_ratio[peers[0]] and (total[peers] <= size[peers]).all())


def _population(panel: Panel) -> Floats:
    scope = panel.scope
    of_unit = {unit: scope.workspace.unit(unit, scope.last).population for unit in set(panel.units)}
    return np.array([of_unit[unit] or np.nan for unit in panel.units], dtype=np.float64)


def _inputs(panel: Panel, found: _Peers, at: int) -> Mapping[str, Any]:
    window = panel.windows.four_weeks
    return {
        "first": window.first.isoformat(),
        "last": window.last.isoformat(),
        "amount": found.amount[at],
        "size": found.size[at],
        "kind": "share" if found.share[at] else "rate",
        "worse": "above" if panel.adverse[found.row[at]] > 0 else "below",
        "peers": int(found.peers[at]),
        "peer_group": found.group[at],
        "pooled_rate": found.centre[at],
        "between_variance": found.between[at],
        "formula": FORMULA,
    }


def _why_not(panel: Panel, rule: Rule, tested: Integers) -> dict[int, str]:
    left = np.setdiff1d(np.flatnonzero(chosen(panel, rule)), tested)
    return {place: _reason(panel, place) for place in left.tolist()}


def _reason(panel: Panel, place: int) -> str:
    if panel.adverse[place] == 0:
        return "neither more nor less is better"
    if not (panel.is_ratio[place] or panel.is_count[place]):
        return "measurements have no size to compare by"
    return f"no return in the window, no population in units.csv, or fewer than {FEWEST_PEERS} peers"
