"""Over which time the figure of a rule is taken: a week and a year in one column must not be read as alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from compstat.statistics.drift import NEWEST

Length = Literal["period", "recent", "year", "mean", "periods", ""]
# families of one window each; spike and commend say in their inputs which of two leads
_LENGTHS: dict[str, Length] = {
    "floor": "period",
    "special_cause": "period",
    "trajectory": "period",
    "no_return": "period",
    "spike": "period",
    "commend": "period",
    "year_on_year": "recent",
    "target": "recent",
    "peer": "recent",
    "drift": "mean",
    "improving": "year",
    "coasting": "year",
    "leak": "periods",
}

_MEANS = frozenset({"target", "drift", "coasting", "improving"})


@dataclass(frozen=True, slots=True)
class FigureWindow:
    """The window of a figure; `periods` is how many a mean is of, or a window of no other name has.

    length: "" where a team's own rule does not say. is_mean: where events are added up, the figure is a mean of the
    window's periods and not their sum.
    """

    length: Length
    periods: int = 0
    is_mean: bool = False


def window_of(family: str, inputs: Mapping[str, Any]) -> FigureWindow:
    """The window of value and comparator of a family's flag or test, from the inputs of its receipt."""
    if inputs.get("leading_window") == "four_weeks":
        return FigureWindow("recent")
    length = _LENGTHS.get(family, "")
    periods = {"mean": NEWEST, "periods": int(inputs.get("periods") or 0)}.get(length, 0)
    return FigureWindow(length, periods, family in _MEANS)
