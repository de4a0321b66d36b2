"""A flag: one unit and indicator that a rule found worth the room's time, with its receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

LONGEST_LOOK_BACK = 26  # periods; of a flag open for longer only that is said


class Outcome(StrEnum):
    CONCERN = "concern"
    WATCH = "watch"
    COMMEND = "commend"
    DATA = "data"


class State(StrEnum):
    NEW = "new"
    CONTINUING = "continuing"
    RETURNING = "returning"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Flag:
    """Field names are a public contract (docs/cli.md). What is not built yet, or does not apply, is None.

    value, comparator, difference: in events, per cent or the unit of measure of the indicator.
    excess: observed minus expected, in events (or units of measure x volume).
    inputs: counts, exposures, dispersion and the like: enough to compute p_value again.
    supports: the code of the flag this one adds its weight to (same unit and indicator), else None.
    held_back: why a flag is not shown, in words; None when it is.
    """

    flag: str
    week: str
    cycle: str
    unit: str
    indicator: str
    rule: str
    family: str
    outcome: Outcome
    severity: int
    known_at: datetime
    state: State = State.NEW
    weeks_open: int = 1
    rank: int | None = None
    shown: bool = False
    value: float | None = None
    comparator: float | None = None
    difference: float | None = None
    excess: float | None = None
    percent_change: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    evidence: float | None = None
    threshold: float | None = None
    lower_limit: float | None = None
    upper_limit: float | None = None
    expected_low: float | None = None
    expected_high: float | None = None
    fragile: bool | None = None
    step: str | None = None
    test: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    sentence: str = ""
    question: str = ""
    support: str = ""
    supports: str | None = None
    held_back: str | None = None

    def standing(self, period: str) -> str:
        """The state in words: `new`, `continuing, week 3`, `continuing, over 26 weeks` where the look back ended.

        period: what one of the cycle is called, as `period_name` of wording.py says it: `week`, `month`, `half-term`.
        """
        if self.weeks_open > LONGEST_LOOK_BACK:
            return f"{self.state}, over {LONGEST_LOOK_BACK} {period}s"
        return f"{self.state}, {period} {self.weeks_open}" if self.weeks_open > 1 else str(self.state)


def flag_code(unit: str, indicator: str, rule: str) -> str:
    """A short stable code such as `F-7K2QD`: the same in every week that this rule flags this cell.

    It looks at no date, so that a flag open for a year keeps its code, and so does one that comes back. The
    letters leave out those that are mistaken for others on paper (I, L, O, U, 0, 1).
    """
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    digest = hashlib.sha256("\x1f".join((unit, indicator, rule)).encode()).digest()
    number = int.from_bytes(digest[:8])
    code = ""
    for _ in range(5):
        number, place = divmod(number, len(letters))
        code += letters[place]
    return f"F-{code}"
