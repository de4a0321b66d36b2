"""What the checks say of a small force, and series of chance alone to hold their false alarms against."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray
from rules_example import W46, Force

from compstat.quality.checked_week import check_week
from compstat.quality.checks.check import Found
from compstat.windows.scope import known_at

OWNED = "indicator,better,unit_of_measure,owner\nburglary,lower,count,avery\n"
PEOPLE = "person,name,role\navery,Avery Quill,analyst\nblake,Blake Moss,commander\n"


def owned(force: Force) -> Force:
    """The force with people who can own indicators and agree targets."""
    (force.root / "people.csv").write_text(PEOPLE, "utf-8")
    return force


def found(force: Force, week: date = W46) -> list[Found]:
    """Everything that the checks say of a week."""
    known = known_at(force.store, None)
    assert known is not None
    return list(check_week(force.store, force.workspace, force.workspace.cycle(), week, known))


def codes(force: Force, week: date = W46) -> list[str]:
    return [one.finding.code for one in found(force, week)]


def only_found(force: Force, code: str, week: date = W46) -> Found:
    """The one finding of a check."""
    (one,) = [each for each in found(force, week) if each.finding.code == code]
    return one


def poisson(seed: int, mean: float, weeks: int = 110) -> list[float]:
    """Counts that come one by one, the same every time."""
    return [float(n) for n in np.random.default_rng(seed).poisson(mean, weeks)]


def overdispersed(rng: np.random.Generator, mean: float, phi: float, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Counts with a variance of phi times their mean."""
    if phi == 1:
        return rng.poisson(mean, shape).astype(float)
    return rng.negative_binomial(mean / (phi - 1), 1 / phi, shape).astype(float)
