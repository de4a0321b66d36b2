"""The recent window of some cells beside the same window a year ago, over the periods present in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compstat.windows.panel import Bools, Floats, Integers, Panel


@dataclass(frozen=True)
class PairedWindows:
    """Both windows of some cells over the periods present in both: sums of amount and volume, periods used.

    like: the year-ago figures are those known when they were as old as this year's are now. then_now: their sum as
    known now. days, days_then: of the periods used, this year and a year ago.
    """

    row: Integers
    periods: Floats
    now: Floats
    then: Floats
    volume_now: Floats
    volume_then: Floats
    like: Bools
    then_now: Floats
    days: Floats
    days_then: Floats

    @property
    def share_of_days(self) -> Floats:
        """This year's part of the days of both: a half, but for leap years and cadences of uneven periods."""
        return np.asarray(self.days / (self.days + self.days_then), dtype=np.float64)

    @property
    def then_in_these_days(self) -> Floats:
        """What the year-ago amount would be in as many days as this year's window has."""
        return np.asarray(self.then * self.days / self.days_then, dtype=np.float64)

    def at(self, place: Integers) -> PairedWindows:
        return PairedWindows(
            row=self.row[place],
            periods=self.periods[place],
            now=self.now[place],
            then=self.then[place],
            volume_now=self.volume_now[place],
            volume_then=self.volume_then[place],
            like=self.like[place],
            then_now=self.then_now[place],
            days=self.days[place],
            days_then=self.days_then[place],
        )


def paired_windows(panel: Panel, row: Integers) -> PairedWindows:
    """The windows of these cells of the panel; of like age wherever the store knew every year-ago figure in time."""
    recent, before = slice(len(panel.starts) - panel.cadence.recent, None), panel.year_ago_columns
    amount, volume = panel.amount[row][:, before], panel.volume[row][:, before]
    present = ~np.isnan(panel.amount[row, recent] + amount + panel.volume[row, recent] + volume)
    then, volume_then = amount, volume
    like: Bools = np.zeros(len(row), dtype=np.bool_)
    if panel.same_age:
        aged, aged_volume = panel.same_age.amount[row], panel.same_age.volume[row]
        unknown = present & np.isnan(aged + aged_volume)
        like = np.asarray(present.any(axis=1) & ~unknown.any(axis=1), dtype=np.bool_)
        then, volume_then = (np.where(like[:, np.newaxis], *pair) for pair in ((aged, amount), (aged_volume, volume)))

    def total(matrix: Floats) -> Floats:
        return np.asarray(np.where(present, matrix, 0.0).sum(axis=1), dtype=np.float64)

    return PairedWindows(
        row,
        present.sum(axis=1).astype(float),
        total(panel.amount[row, recent]),
        total(then),
        total(panel.volume[row, recent]),
        total(volume_then),
        like,
        total(amount),
        present @ panel.days[recent],
        present @ panel.days[before],
    )
