"""A cell of a workbook as the text that a CSV cell would hold."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

LARGEST_WHOLE = 1e15  # up to here a number without decimals is written in digits alone; Excel itself keeps 15
MIDNIGHT = time(0)


def cell_text(value: Any, decimal: str = ".") -> str:
    """Dates as 2026-11-15, numbers in the shortest way that is exact and with the workspace's decimal sign.

    TRUE, FALSE and errors such as #DIV/0! stay those words, which no check takes for a figure.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value, decimal)
    if isinstance(value, datetime) and value.time() == MIDNIGHT:
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float, decimal: str) -> str:
    if value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    return repr(value).replace(".", decimal)
