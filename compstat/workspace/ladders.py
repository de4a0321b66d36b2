"""The escalation ladder and the autonomy tiers as declared in rules.toml: trigger points agreed before they are needed.

Source: HM Treasury and Cabinet Office, Devolving decision making: 1 (March 2004), 3.11-3.13, 4.11, A.6.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

from pydantic import Field, model_validator

from compstat.workspace.settings import Settings
from compstat.workspace.tables import Identifier

LONGEST_TRIGGER = 26  # periods that a trigger, or a tier, may look back


class Step(IntEnum):
    """Where a unit stands. Up to support the rule moves it; what lies above, a named person signs."""

    CHALLENGE = 0
    SUPPORT = 1
    CONTESTABILITY = 2
    REMOVAL = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Trigger(Settings):
    """When a step is proposed: `concerns` or more in `periods` of the last `of` periods."""

    step: Literal["support", "contestability", "removal"]
    concerns: int = Field(default=1, ge=1)
    periods: int = Field(ge=1)
    of: int = Field(ge=1, le=LONGEST_TRIGGER)

    @model_validator(mode="after")
    def _possible(self) -> Trigger:
        if self.periods > self.of:
            raise ValueError(f"wanted at most {self.of} periods (of = {self.of}), found {self.periods}")
        return self

    @property
    def reaches(self) -> Step:
        return Step[self.step.upper()]


class Ladder(Settings):
    """A ladder of its units over its indicators. `below`: a unit also answers for the units below it (a provider).

    down_after: periods after the trigger last held until the step is left.
    """

    ladder: Identifier
    units: tuple[str, ...] = ("*",)
    indicators: tuple[str, ...] = ("*",)
    below: bool = False
    down_after: int = Field(default=8, ge=1, le=LONGEST_TRIGGER)
    trigger: tuple[Trigger, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising(self) -> Ladder:
        for lower, higher in zip(self.trigger, self.trigger[1:], strict=False):
            if higher.reaches <= lower.reaches:
                raise ValueError(f"wanted each step once, the lowest first, found {higher.step} after {lower.step}")
            easier = higher.concerns <= lower.concerns and higher.periods <= lower.periods and higher.of >= lower.of
            if easier:  # whatever reaches the lower step reaches the higher one: nobody would ever be on the lower
                raise ValueError(f"wanted {higher.step} to take more than {lower.step}, found no more")
        return self


class Tier(Settings):
    """What a unit earns by its record over the last `of` periods; the highest tier first.

    concern_periods, floor_periods, missing_periods: at most so many of them with a concern, a floor breached, a
    return missing. review_every: it is looked at in every so many-th meeting.
    """

    tier: Identifier
    units: tuple[str, ...] = ("*",)
    of: int = Field(default=LONGEST_TRIGGER, ge=1, le=LONGEST_TRIGGER)
    concern_periods: int = Field(default=0, ge=0)
    floor_periods: int = Field(default=0, ge=0)
    missing_periods: int = Field(default=0, ge=0)
    review_every: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _can_be_lost(self) -> Tier:
        if self.concern_periods >= self.of:
            raise ValueError(f"wanted fewer concern_periods than {self.of} (of = {self.of}): else every unit earns it")
        return self
