"""In which order day, month and year are written. Apart from the settings: a command line knows it before them."""

from __future__ import annotations

from enum import StrEnum


class DateOrder(StrEnum):
    YEAR_FIRST = "year-first"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
