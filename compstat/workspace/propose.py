"""A first units.csv and indicators.csv from returns: what is guessed is said to be a guess."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from compstat.calendar import WEEKDAYS

TOTALS = re.compile(r"\b(total|overall|average|all)\b", re.IGNORECASE)
# District 12, Ward-07; not RJE01, where the letters are part of a code
NUMBERED = re.compile(r"(\D*?[^\W\d_]{2}[a-z])[\s_.-]*\d+\w?")
MOSTLY = 0.9
WORDS = {  # in an indicator's name -> how it is measured, and added up where no parts come with it
    "percent": (r"pct|percent|percentage|share|%", "mean"),
    "days": (r"days?|hours?|minutes?|mean|median|average", "mean"),
    "money": (r"cost|costs|spend|spending|price|budget|money|overtime|£|€|\$", "sum"),
    "rate": (r"rate|ratio|index|score|per", "mean"),
}
SCALES = {100.0: ("percent", 1), 1.0: ("rate", 1), 1e3: ("rate", 1_000), 1e4: ("rate", 10_000), 1e5: ("rate", 100_000)}
GAPS = (  # days between two periods that follow each other
    (7, 7, "weekly"),
    (14, 14, "fortnightly"),
    (28, 31, "monthly"),
    (89, 92, "quarterly"),
    (365, 366, "yearly"),
)
UNITS, INDICATORS, SETTINGS = "units.csv", "indicators.csv", "compstat.toml"


@dataclass
class Seen:
    """What a file says of one indicator: its days, its figures, and the figures that came with their parts."""

    days: set[date] = field(default_factory=set)
    values: list[float] = field(default_factory=list)
    parts: list[tuple[float | None, float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Guess:
    """One cell or setting that was guessed, and why."""

    file: str
    row: str
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Tables to be checked by hand. `cadence`: of most indicators, for the meeting."""

    units: str
    indicators: str
    week_ends_on: str
    cadence: str
    guesses: tuple[Guess, ...]


def propose(units: Sequence[str], indicators: dict[str, Seen], *, dates_are_ends: bool) -> Proposal:
    """Tables that the returns would load into. `dates_are_ends`: whether a day is a period's last, else its first."""
    guesses: list[Guess] = []
    levels = _levels(units, guesses)
    rows = [_indicator(code, seen, guesses) for code, seen in indicators.items()]
    weekly = {
        day for row, seen in zip(rows, indicators.values(), strict=True) for day in seen.days if row[4] == "weekly"
    }
    cadences = Counter(row[4] for row in rows)
    return Proposal(
        units=_csv(("unit", "level"), zip(units, levels, strict=True)),
        indicators=_csv(("indicator", "name", "unit_of_measure", "per", "cadence", "aggregate", "non_negative"), rows),
        week_ends_on=_week_ends_on(weekly, dates_are_ends, guesses),
        cadence=cadences.most_common(1)[0][0] if cadences else "weekly",
        guesses=tuple(guesses),
    )


def _levels(units: Sequence[str], guesses: list[Guess]) -> list[str]:
    """A level for each unit, by what numbered names have in common: `District 4` is a district."""
    prefixes = {unit: found[1].strip().lower() for unit in units if (found := NUMBERED.fullmatch(unit))}
    shared = {word for word, count in Counter(prefixes.values()).items() if count > 1}
    levels = []
    for unit in units:
        level, reason = "unit", "nothing in its name tells"
        if prefixes.get(unit) in shared:
            level, reason = prefixes[unit], "numbered alike"
        elif found := TOTALS.search(unit):
            level, reason = "total", f"its name says {found[1]}"
        levels.append(level)
        guesses.append(Guess(UNITS, unit, "level", level, reason))
    return levels


def _indicator(code: str, seen: Seen, guesses: list[Guess]) -> tuple[str, ...]:
    measure, per, aggregate, why = _measure(code, seen)
    cadence, gap = _cadence(sorted(seen.days))
    lowest = min(seen.values, default=0.0)
    negative = "no" if lowest < 0 else "yes"
    for column, value, reason in (
        ("unit_of_measure", measure, why),
        ("per", str(per), why),
        ("aggregate", aggregate, why),
        ("cadence", cadence, gap),
        ("non_negative", negative, f"the lowest figure is {lowest:g}"),
    ):
        if column != "per" or per != 1:
            guesses.append(Guess(INDICATORS, code, column, value, reason))
    name = code.replace("_", " ").strip()
    return code, name[:1].upper() + name[1:], measure, str(per), cadence, aggregate, negative


def _measure(code: str, seen: Seen) -> tuple[str, int, str, str]:
    """Unit of measure, per, aggregate, and why."""
    if seen.parts and len(seen.parts) * 2 >= len(seen.values):
        scales = [value * whole / part for value, part, whole in seen.parts if value is not None and part and whole]
        scale = min(SCALES, key=lambda known: abs(known - median(scales))) if scales else 100.0
        measure, per = SCALES[scale]
        off = sum(abs(found / scale - 1) > 0.05 for found in scales)  # rounded figures are a little off
        doubt = f"; {off} of {len(scales)} figures are not" if off else ""
        return measure, per, "ratio", f"comes with its parts; value = numerator / denominator x {scale:g}{doubt}"
    words = re.split(r"[\W_]+", code.casefold()) + re.findall(r"[%£€$]", code)
    for measure, (pattern, aggregate) in WORDS.items():
        if hit := next((word for word in words if re.fullmatch(pattern, word)), None):
            return measure, 1, aggregate, f"its name says {hit}; it comes without parts"
    whole = sum(value.is_integer() for value in seen.values)
    if whole >= MOSTLY * len(seen.values):
        return "count", 1, "sum", f"{whole} of {len(seen.values)} figures are whole numbers"
    return "rate", 1, "mean", "figures with decimals, without parts: averaged over time until somebody says what it is"


def _cadence(days: Sequence[date]) -> tuple[str, str]:
    gaps = Counter((later - earlier).days for earlier, later in pairwise(days))
    if not gaps:
        return "weekly", "one period only"
    commonest, times = gaps.most_common(1)[0]
    for least, most, name in GAPS:
        if least <= commonest <= most:
            fit = sum(count for gap, count in gaps.items() if least <= gap <= most)
            return name, f"{fit} of {sum(gaps.values())} gaps between periods are of {least} to {most} days"
    return "weekly", f"no cadence fits: the commonest gap is of {commonest} days ({times} times)"


def _week_ends_on(days: set[date], dates_are_ends: bool, guesses: list[Guess]) -> str:
    if not days:
        return "sunday"
    weekdays = Counter((day if dates_are_ends else day - timedelta(days=1)).weekday() for day in days)
    weekday, times = weekdays.most_common(1)[0]
    which = "last" if dates_are_ends else "first"
    said = WEEKDAYS[weekday if dates_are_ends else (weekday + 1) % 7].title()
    reason = f"{times} of {len(days)} {which} days are a {said}"
    guesses.append(Guess(SETTINGS, "[calendar]", "week_ends_on", WEEKDAYS[weekday], reason))
    return WEEKDAYS[weekday]


def _csv(headings: Sequence[str], rows: object) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()
