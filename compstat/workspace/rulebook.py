"""rules.toml as a model: which rules are in force, on what, with which thresholds."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from compstat.workspace.ladders import Ladder, Tier
from compstat.workspace.settings import Settings
from compstat.workspace.tables import Identifier

Family = Literal[
    "floor",
    "target",
    "trajectory",
    "year_on_year",
    "spike",
    "drift",
    "special_cause",
    "peer",
    "coasting",
    "improving",
    "leak",
    "commend",
    "no_return",
]


MOST_PERIODS = 104  # a chart's two years of weeks: what a rule looks at


class Decision(Settings):
    """What makes a test a flag, over all rules. Sources: docs/method.md.

    q: share of the shown concerns that may be noise (false discovery rate, Benjamini-Hochberg 1995).
    watch_p: tests at or below this p that miss q are listed as `watch`.
    minimum_expected: cells whose recent window expects fewer events are not tested.
    minimum_baseline: periods of the baseline year that must be present (26 of 52; half of any cadence's year).
    small_unit_share: share of the shown items kept for units outside the largest third.
    """

    q: float = Field(default=0.20, gt=0, lt=1)
    watch_p: float = Field(default=0.01, gt=0, lt=1)
    minimum_expected: float = Field(default=5.0, ge=0)
    minimum_baseline: float = Field(default=0.5, gt=0, le=1)
    small_unit_share: float = Field(default=1 / 3, ge=0, le=1)


class Rule(Settings):
    """One rule. A flag needs threshold and signal and gap together (a floor breach needs no signal).

    threshold_percent: difference from the comparator, in per cent, at or above which a flag may be raised.
    minimum_gap: the same in events, percentage points or the unit of measure.
    periods, of: for floor and target, breached in `periods` of the last `of`.
    support: what is offered with the challenge; question: what the challenger asks.
    """

    rule: Identifier
    family: Family
    version: int = 1
    indicators: tuple[str, ...] = ("*",)
    units: tuple[str, ...] = ("*",)
    threshold_percent: float = Field(default=0.0, ge=0, le=10_000)
    minimum_gap: float = Field(default=0.0, ge=0, le=1e12)
    periods: int = Field(default=1, ge=1, le=MOST_PERIODS)
    of: int = Field(default=1, ge=1, le=MOST_PERIODS)
    question: str = ""
    support: str = ""

    @field_validator("of")
    @classmethod
    def _holds_the_periods(cls, of: int, given: ValidationInfo) -> int:
        if of < given.data.get("periods", 1):
            raise ValueError(f"wanted at least periods, which is {given.data['periods']}")
        return of


class Sum(Settings):
    """A total that is returned beside its parts: `compstat check` adds them up. tolerance: in the figure's unit."""

    total: Identifier
    parts: tuple[Identifier, ...] = Field(min_length=1)
    tolerance: float = Field(default=0.0, ge=0)


class Leak(Settings):
    """A count (`from`) and the one its events can be recorded as instead (`to`): `compstat check` watches both.

    minimum_gap: by how many events of the recent window the one must have fallen and the other risen.
    """

    source: Identifier = Field(alias="from")
    to: Identifier
    minimum_gap: float = Field(default=3.0, ge=0)


DEFAULT_RULES = (
    Rule(rule="spike", family="spike", threshold_percent=20, minimum_gap=3),
    Rule(rule="year-on-year", family="year_on_year", threshold_percent=20, minimum_gap=3),
    Rule(rule="special-cause", family="special_cause"),
    Rule(rule="floor", family="floor"),
    Rule(rule="target", family="target"),
    Rule(rule="trajectory", family="trajectory"),
    Rule(rule="drift", family="drift", threshold_percent=10, minimum_gap=1),
    Rule(rule="coasting", family="coasting", threshold_percent=10, minimum_gap=0.5),
    Rule(rule="improving", family="improving", threshold_percent=10, minimum_gap=1),
    Rule(rule="peer", family="peer", threshold_percent=20, minimum_gap=3),
    Rule(rule="leak", family="leak"),
    Rule(rule="commend", family="commend", threshold_percent=20, minimum_gap=3),
    Rule(rule="no-return", family="no_return"),
)


class Rulebook(Settings):
    """The whole of rules.toml; without one, every family at its documented defaults."""

    version: str = "default"
    decision: Decision = Decision()
    rule: tuple[Rule, ...] = DEFAULT_RULES
    sum: tuple[Sum, ...] = ()
    leak: tuple[Leak, ...] = ()
    ladder: tuple[Ladder, ...] = ()
    tier: tuple[Tier, ...] = ()
