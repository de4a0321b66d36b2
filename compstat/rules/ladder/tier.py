"""The autonomy a unit has earned by its record, why, and what would change it; slipping takes it back.

Source: HM Treasury and Cabinet Office, Devolving decision making: 1 (March 2004), 3.11-3.13, 4.6-4.9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from compstat.rules.ladder.ladder import Standing
from compstat.rules.ladder.track_record import Period, Record
from compstat.rules.wording import period_name
from compstat.windows.scope import Scope
from compstat.workspace.ladders import Step, Tier


@dataclass(frozen=True, slots=True)
class EarnedTier:
    """tier: None where none is earned. because: on what record. change: what would change it. All in words."""

    unit: str
    tier: str | None
    because: str
    change: str
    review_every: int = 1


@dataclass(frozen=True, slots=True)
class _Told:
    """One period of one unit: whether there was a concern, a floor flag, a return missing."""

    concern: bool
    floor: bool
    missing: bool


QUIET = _Told(False, False, False)


def longest_look_back(tiers: Sequence[Tier]) -> int:
    """Periods before the newest one that the tiers look at."""
    return max((tier.of - 1 for tier in tiers), default=0)


def earned_tiers(scope: Scope, record: Record, standings: Sequence[Standing]) -> dict[str, EarnedTier]:
    """The tier of every unit that a tier is declared for."""
    steps: dict[str, Step] = {}
    for row in standings:
        for unit in row.covers:
            steps[unit] = max(row.step, steps.get(unit, Step.CHALLENGE))
    found = {}
    for unit, level in sorted(scope.levels.items()):
        tiers = [row for row in scope.workspace.rules.tier if {"*", unit, level} & set(row.units)]
        if tiers:
            told = [_told(period, unit) for period in record]
            found[unit] = _earned(unit, tiers, told, steps.get(unit, Step.CHALLENGE), period_name(scope.cycle.cadence))
    return found


def _told(period: Period, unit: str) -> _Told:
    its_own = {cell[0] for cell in period.floors}, {cell[0] for cell in period.silent}
    return _Told(unit in period.concerns, unit in its_own[0], unit in its_own[1])


def _earned(unit: str, tiers: Sequence[Tier], told: Sequence[_Told], step: Step, name: str) -> EarnedTier:
    if step > Step.CHALLENGE:
        because = f"it is at {step.word} on the ladder"
        return EarnedTier(unit, None, because, "the ladder comes first: at challenge again, its record counts again")
    place = next((at for at, tier in enumerate(tiers) if not list(_against(tier, told, name))), None)
    wanted = tiers[-1] if place is None else tiers[max(place - 1, 0)]
    if place is None:
        because = f"for {wanted.tier}: {'; '.join(_against(wanted, told, name))}"
        return EarnedTier(unit, None, because, _soonest(wanted, told, name))
    tier = tiers[place]
    change = _lost(tier, told, name)
    if place:
        change = f"{_soonest(wanted, told, name)}; {change}"
    return EarnedTier(unit, tier.tier, f"{_counts(tier, told, name)}", change, tier.review_every)


def _tally(tier: Tier, told: Sequence[_Told]) -> Mapping[str, tuple[int, int]]:
    """What was counted, in words: how often, and how often it may be."""
    seen = told[: tier.of]
    return {
        "a concern": (sum(one.concern for one in seen), tier.concern_periods),
        "a floor flag": (sum(one.floor for one in seen), tier.floor_periods),
        "a return missing": (sum(one.missing for one in seen), tier.missing_periods),
    }


def _against(tier: Tier, told: Sequence[_Told], name: str) -> Iterator[str]:
    """What keeps a unit from a tier."""
    if len(told) < tier.of:
        yield f"only {len(told)} of {tier.of} {name}s are known"
    for words, (times, most) in _tally(tier, told).items():
        if times > most:
            yield f"{times} of the last {tier.of} {name}s with {words}, at most {most}"


def _counts(tier: Tier, told: Sequence[_Told], name: str) -> str:
    """`of the last 20 weeks 2 with a concern (at most 2), none with a floor flag or a return missing`."""
    tally = _tally(tier, told)
    parts = [f"{times} with {words} (at most {most})" for words, (times, most) in tally.items() if times]
    none = [words for words, (times, _) in tally.items() if not times]
    if none:
        parts.append(f"none with {' or '.join([', '.join(none[:-1]), none[-1]] if none[1:] else none)}")
    return f"of the last {tier.of} {name}s {', '.join(parts)}"


def _soonest(tier: Tier, told: Sequence[_Told], name: str) -> str:
    ahead = next(n for n in range(1, 2 * tier.of + 1) if not list(_against(tier, [*[QUIET] * n, *told], name)))
    return f"{tier.tier} after {ahead} more {name}{'s' if ahead > 1 else ''} without any of these"


def _lost(tier: Tier, told: Sequence[_Told], name: str) -> str:
    """How many more concerns would take the tier away, if they came in the next periods."""
    ahead = next(
        n for n in range(1, tier.of + 1) if list(_against(tier, [*[_Told(True, False, False)] * n, *told], name))
    )
    more = f"the next {name}" if ahead == 1 else f"each of the next {ahead} {name}s"
    return f"{tier.tier} is lost by a concern in {more}"
