"""Writes the returns of the invented force into `police/`: run `python sample_data/generate.py`.

The same run gives the same bytes. The tables beside the returns (units, indicators, rules, actions) are
written by hand. Counts are negative binomial with variance `1 + 0.03 x mean` times their mean, shares are
beta-binomial with a mild memory from week to week, sums of money are normal. Every story of `STORIES` is a
change of the level a figure is drawn from, never a figure typed in: what chance adds, it adds to them too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FORCE = Path(__file__).parent / "police"
LAST_WEEK = date(2026, 11, 9)  # 2026-W46, Monday
WEEKS = 130
STARTS = tuple(LAST_WEEK - timedelta(weeks=n) for n in reversed(range(WEEKS)))
FIRST_LOAD_TO = 42  # the weeks up to W42 are loaded at once, the later ones week by week

OVERDISPERSION = 0.03  # variance / mean = 1 + this x mean, as in published precinct counts (docs/method.md)
MEMORY = 0.2  # correlation of a share with the week before
SEASON = 0.03  # a few per cent, highest in August

SIZES = {
    "harbour": 1.45, "eastgate": 1.10, "southbank": 0.90, "seamoor": 0.55,
    "northgate": 1.30, "millfield": 1.00, "minster": 1.55, "castle_hill": 1.20,
    "ashworth": 0.80, "thornley": 0.70, "kingsmead": 0.75, "brackendale": 0.50,
}  # fmt: skip
PRECINCTS = tuple(SIZES)


@dataclass(frozen=True, slots=True)
class Plan:
    """How an indicator's figures are drawn.

    level: events a week, percent, or pounds a week, for a precinct of size 1 (a share does not grow).
    spread: how far the precincts lie apart (as a factor; in points for a share).
    volume and dispersion: denominator a week at size 1 and variance against the binomial, for shares.
    noise: standard deviation as a part of the level, for money.
    seed: chosen so that, beside the stories, no cell of 2026-W46 is outside chance (README).
    """

    kind: str
    level: float
    seed: int
    spread: float = 0.12
    volume: float = 0.0
    dispersion: float = 1.0
    noise: float = 0.0


PLANS: Mapping[str, Plan] = {
    "burglary": Plan("count", 14, seed=28),
    "robbery": Plan("count", 5, seed=2),
    "theft_from_person": Plan("count", 9, seed=1),
    "vehicle_crime": Plan("count", 18, seed=115),
    "violence_with_injury": Plan("count", 24, seed=1),
    "sexual_offences": Plan("count", 4, seed=1),
    "arson": Plan("count", 1.2, seed=1),
    "shoplifting": Plan("count", 36, seed=2),
    "criminal_damage": Plan("count", 22, seed=1),
    "lost_property": Plan("count", 12, seed=8),
    "complaints": Plan("count", 2.5, seed=1),
    "overtime": Plan("money", 9000, seed=1, noise=0.09),
    "fleet_cost": Plan("money", 4200, seed=1, noise=0.06),
    "detections": Plan("share", 25.5, seed=1, spread=2.5, volume=150, dispersion=1.3),
    "response_15min": Plan("share", 92.9, seed=4, spread=1.1, volume=320, dispersion=1.6),
    "absence": Plan("share", 4.9, seed=8, spread=0.5, volume=950, dispersion=2.0),
}  # fmt: skip
SHARES = tuple(name for name, plan in PLANS.items() if plan.kind == "share")
WIDE = tuple(name for name, plan in PLANS.items() if plan.kind != "share")

Shape = Callable[[float, float], float]  # the level a week would have, its place in time -> the level it has


def week_number(start: date) -> float:
    """Weeks counted so that 2026-W46 is 46; the weeks before 2026 go on downwards."""
    return 46 + (start - LAST_WEEK).days / 7


def step(factor: float, first: float, last: float = 46) -> Shape:
    """The level times a factor from one week of 2026 to another."""
    return lambda level, week: level * factor if first <= week <= last else level


def growth(percent_a_week: float, first: float) -> Shape:
    """The level grows by so many per cent a week, from a week of 2026 on."""
    return lambda level, week: level * (1 + percent_a_week / 100) ** max(0.0, week - first + 1)


def path(start: float, end: float) -> Shape:
    """A straight way from one level to another over all weeks."""
    return lambda _level, week: end + (start - end) * (46 - week) / (WEEKS - 1)


def fixed(level: float) -> Shape:
    return lambda _level, _week: level


def dip(normal: float, low: float, first: float) -> Shape:
    """One level, and a lower one from a week of 2026 on."""
    return lambda _level, week: low if week >= first else normal


# Where a level is not left to the plan. The stories of `STORIES` and the rebase of rebases.csv.
SHAPES: Mapping[tuple[str, str], Shape] = {
    ("harbour", "burglary"): step(1.75, 43),
    ("eastgate", "burglary"): step(1.55, 43),
    ("ashworth", "criminal_damage"): step(2.4, 40, 40),
    ("brackendale", "vehicle_crime"): growth(1.5, 17),
    ("kingsmead", "response_15min"): path(96.0, 92.4),
    ("thornley", "detections"): path(12.0, 22.0),
    ("millfield", "response_15min"): dip(91.6, 81.0, 44),
    ("minster", "absence"): fixed(8.2),
    ("northgate", "vehicle_crime"): step(0.48, 39),
    ("castle_hill", "theft_from_person"): step(0.66, 39),
    ("castle_hill", "lost_property"): step(1.34, 39),
    ("seamoor", "overtime"): step(1.5, 46),
    ("thornley", "fleet_cost"): step(1.25, -1000, -38),  # until the rebase of 2025-04-07
}

# story, unit, indicator, week in which it is to be found, family that sees it, outcome
STORIES = (
    ("a real step up", "harbour", "burglary", "2026-W46", "spike", "concern"),
    ("a real step up", "harbour", "burglary", "2026-W46", "year_on_year", "concern"),
    ("a step up next door", "eastgate", "burglary", "2026-W46", "spike", "concern"),
    ("a spike that went back by itself", "ashworth", "criminal_damage", "2026-W40", "spike", "concern"),
    ("a slow drift", "brackendale", "vehicle_crime", "2026-W46", "drift", "watch"),
    ("a coasting unit", "kingsmead", "response_15min", "2026-W46", "coasting", "watch"),
    ("improving from a low base", "thornley", "detections", "2026-W46", "improving", "commend"),
    ("below the floor for three weeks", "millfield", "response_15min", "2026-W46", "floor", "concern"),
    ("a target missed for a year", "minster", "absence", "2026-W46", "target", "concern"),
    ("a restated month", "southbank", "burglary", "2026-W46", "restated", "data"),
    ("a missing return", "brackendale", "absence", "2026-W46", "no_return", "data"),
    ("quietly excellent", "northgate", "vehicle_crime", "2026-W46", "commend", "commend"),
    ("a leak", "castle_hill", "theft_from_person", "2026-W46", "leak", "watch"),
    ("a plan that will not be kept", "southbank", "absence", "2026-W46", "trajectory", "watch"),
    ("far from its peers", "minster", "absence", "2026-W46", "peer", "watch"),
    ("overtime beyond its limits", "seamoor", "overtime", "2026-W46", "special_cause", "watch"),
)
MISSING = ("brackendale", "absence", LAST_WEEK)
RESTATED = ("southbank", "burglary", {date(2026, 8, 3): 2, date(2026, 8, 10): 1, date(2026, 8, 17): 2,
                                      date(2026, 8, 24): 1})  # fmt: skip

Share = tuple[int, int]  # numerator, denominator
Table = Sequence[Sequence[object]]


def levels(plan: Plan, unit: str, indicator: str, own: float) -> NDArray[np.float64]:
    """The level of each week: of the plan, the precinct's own, the season's, and what a story makes of it."""
    grows = 1.0 if plan.kind == "share" else SIZES[unit]
    base = plan.level + own if plan.kind == "share" else plan.level * grows * own
    shape = SHAPES.get((unit, indicator), lambda level, _week: level)
    weeks = np.array([week_number(start) for start in STARTS])
    season = 1 + SEASON * np.cos(2 * np.pi * (weeks - 33) / 52.18) if plan.kind == "count" else np.ones(WEEKS)
    return np.array([shape(base, week) for week in weeks]) * season


def draw(indicator: str, seed: int | None = None) -> dict[str, list[int] | list[Share]]:
    """Every precinct's figures of one indicator, oldest first: numbers, or (numerator, denominator)."""
    plan = PLANS[indicator]
    rng = np.random.default_rng([list(PLANS).index(indicator), plan.seed if seed is None else seed])
    drawn: dict[str, list[int] | list[Share]] = {}
    for unit in PRECINCTS:
        own = rng.uniform(-plan.spread, plan.spread) + (0.0 if plan.kind == "share" else 1.0)
        level = levels(plan, unit, indicator, own)
        if plan.kind == "share":
            drawn[unit] = _shares(rng, plan, SIZES[unit], level / 100)
        elif plan.kind == "money":
            drawn[unit] = [int(n) for n in np.rint(rng.normal(level, plan.noise * level))]
        else:
            phi = 1 + OVERDISPERSION * level
            drawn[unit] = [int(n) for n in rng.negative_binomial(level / (phi - 1), 1 / phi)]
    return drawn


def _shares(rng: np.random.Generator, plan: Plan, size: float, share: NDArray[np.float64]) -> list[Share]:
    """Beta-binomial draws whose hidden share remembers a little of the week before."""
    volume = rng.poisson(plan.volume * size, WEEKS)
    alike = (plan.dispersion - 1) / (plan.volume * size - 1)  # correlation of two calls of one week
    pull = (1 - alike) / alike
    shocks, hidden = rng.normal(size=WEEKS), np.empty(WEEKS)
    hidden[0] = shocks[0]
    for week in range(1, WEEKS):
        hidden[week] = MEMORY * hidden[week - 1] + np.sqrt(1 - MEMORY**2) * shocks[week]
    week_share = stats.beta.ppf(stats.norm.cdf(hidden), share * pull, (1 - share) * pull)
    events = rng.binomial(volume, week_share)
    return [(int(x), int(n)) for x, n in zip(events, volume, strict=True)]


def week_name(start: date) -> str:
    year, week, _ = start.isocalendar()
    return f"{year}-W{week:02d}"


def loads() -> Iterator[tuple[str, str, Sequence[date]]]:
    """File stem, moment it is loaded, weeks in it: the history first, then a week every Monday at 18:00."""
    history = [start for start in STARTS if week_number(start) <= FIRST_LOAD_TO]
    yield "history", _monday_after(history[-1]), history
    for start in STARTS[len(history) :]:
        yield week_name(start), _monday_after(start), [start]


def _monday_after(start: date) -> str:
    return f"{start + timedelta(weeks=1)}T18:00:00"


def wide_rows(figures: Mapping[str, Mapping[str, Sequence[int]]], weeks: Iterable[date]) -> Table:
    """One row a precinct and week, one column an indicator."""
    rows: list[Sequence[object]] = [("unit", "week_ending", *WIDE)]
    for start in weeks:
        place = STARTS.index(start)
        for unit in PRECINCTS:
            rows.append((unit, _ending(start), *(figures[name][unit][place] for name in WIDE)))
    return rows


def long_rows(figures: Mapping[str, Mapping[str, Sequence[Share]]], weeks: Iterable[date]) -> Table:
    """One row a precinct, share and week; the missing return is not there."""
    rows: list[Sequence[object]] = [("unit", "indicator", "week_ending", "value", "numerator", "denominator")]
    for start in weeks:
        for unit in PRECINCTS:
            for name in SHARES:
                x, n = figures[name][unit][STARTS.index(start)]
                if (unit, name, start) != MISSING:
                    rows.append((unit, name, _ending(start), f"{100 * x / n:.4f}", x, n))
    return rows


def restated_rows(figures: Mapping[str, Mapping[str, Sequence[int]]]) -> Table:
    """August of one precinct as it was counted again."""
    unit, indicator, more = RESTATED
    counts = figures[indicator][unit]
    rows = [(unit, _ending(start), counts[STARTS.index(start)] + n) for start, n in more.items()]
    return [("unit", "week_ending", indicator), *rows]


def _ending(start: date) -> str:
    return (start + timedelta(days=6)).isoformat()


def files() -> dict[str, str]:
    """Every generated file, by its path inside the force's folder."""
    counts = {name: draw(name) for name in WIDE}
    shares = {name: draw(name) for name in SHARES}
    written: dict[str, str] = {}
    order: list[Sequence[object]] = [("file", "recorded_at")]
    for stem, moment, weeks in loads():
        if weeks[-1] == LAST_WEEK:  # counted again on the last Monday, half an hour before the week came in
            written["returns/restated-2026-08.csv"] = as_csv(restated_rows(counts))
            order.append(("returns/restated-2026-08.csv", moment.replace("18:00", "17:30")))
        for kind, rows in (("counts", wide_rows(counts, weeks)), ("shares", long_rows(shares, weeks))):
            name = f"returns/{stem}-{kind}.csv"
            written[name] = as_csv(rows)
            order.append((name, moment))
    written["loads.csv"] = as_csv(order)
    written["stories.csv"] = as_csv([("story", "unit", "indicator", "week", "family", "outcome"), *STORIES])
    return written


def as_csv(rows: Table) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def main() -> None:
    for name, text in files().items():
        target = FORCE / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
