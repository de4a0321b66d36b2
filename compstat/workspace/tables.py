"""The rows of a workspace's tables. Each model is one row of one CSV file; `line` is where it stood."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from compstat.calendar import CUSTOM

Identifier = Annotated[str, Field(min_length=1, max_length=400)]
CADENCES = ("weekly", "fortnightly", "monthly", "quarterly", "yearly")


def _cadence(name: str) -> str:
    if name not in CADENCES and name.removeprefix(CUSTOM) in {"", name}:
        raise ValueError(f"wanted {', '.join(CADENCES)} or {CUSTOM}NAME with its periods in periods.csv")
    return name


CadenceName = Annotated[str, AfterValidator(_cadence)]


def _yes_no(text: object) -> object:
    return {"yes": True, "no": False}.get(str(text).strip().lower(), text)


YesNo = Annotated[bool, BeforeValidator(_yes_no)]


class Row(BaseModel):
    """A row of a table. Unknown columns are an error: a misspelt heading must not be ignored in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)
    line: int = 0


class Unit(Row):
    """A unit over the days it is valid for; a new row for a new commander or after a split."""

    unit: Identifier
    name: str = ""
    level: str = "unit"
    parent: str | None = None
    commander: str | None = None
    family: str | None = None
    population: float | None = Field(default=None, ge=0)
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def title(self) -> str:
        """The name people use, or the code where no name is given."""
        return self.name or self.unit

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Succession(Row):
    """From the day `on` a unit carries on another's work; `share` of the predecessor's history becomes its own."""

    from_unit: Identifier
    to_unit: Identifier
    on: date
    share: float = Field(default=1, gt=0, le=1)


class Period(Row):
    """A period of a cadence of the team's own, such as a half-term: `custom:NAME` elsewhere, NAME here."""

    cadence: Annotated[Identifier, AfterValidator(lambda name: name.removeprefix(CUSTOM))]
    period_start: date
    period_end: date
    label: str = ""
    year_ago_start: date | None = None


class YearAgo(Row):
    """What a week (or fortnight) is compared with, where it is not the one 364 days before."""

    period_start: date
    year_ago_start: date


class Better(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"
    NEUTRAL = "neutral"


class Indicator(Row):
    """What is measured, how it adds up over time (`aggregate`) and over units (`roll_up`).

    A `ratio` is always re-aggregated from numerator and denominator, never averaged. Left out, `aggregate`
    follows the unit of measure: ratio for percent and rate, mean for days, sum for counts and money;
    `roll_up` follows `aggregate`.
    """

    indicator: Identifier
    name: str = ""
    definition: str = ""
    kind: Literal["target", "measure", "compliance"] = "measure"
    tier: Literal["outcome", "output", "process", "input"] = "outcome"
    scope: Literal["national", "local"] = "local"
    better: Better = Better.NEUTRAL
    unit_of_measure: Literal["count", "percent", "rate", "days", "money"] = "count"
    per: float = Field(default=1, gt=0)
    non_negative: YesNo = True
    cadence: CadenceName = "weekly"
    aggregate: Literal["sum", "mean", "ratio", "last"] = "sum"
    roll_up: Literal["sum", "mean", "ratio", "none"] = "sum"
    weight: float = Field(default=1, ge=0)
    unit_cost: float | None = Field(default=None, ge=0)
    owner: str | None = None
    reviewed: date | None = None
    review_by: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, row: Any) -> Any:
        if isinstance(row, dict):
            by_measure = {"percent": "ratio", "rate": "ratio", "days": "mean"}
            aggregate = row.get("aggregate") or by_measure.get(str(row.get("unit_of_measure")), "sum")
            roll_up = row.get("roll_up") or {"last": "none"}.get(str(aggregate), aggregate)
            row = {**row, "aggregate": aggregate, "roll_up": roll_up}
        return row

    @property
    def title(self) -> str:
        return self.name or self.indicator

    @property
    def is_count(self) -> bool:
        """Whether the figures are events, which the predictive tests for counts may judge."""
        return self.aggregate == "sum" and self.unit_of_measure == "count" and self.non_negative

    @property
    def is_ratio(self) -> bool:
        return self.aggregate == "ratio"

    @property
    def scale(self) -> float:
        """What numerator / denominator is multiplied by: 100 for a percentage, else `per`."""
        return 100.0 if self.unit_of_measure == "percent" else self.per


class Target(Row):
    """A floor, target, aspiration or point of a planned path, for a unit, a level or every unit (`*`)."""

    indicator: Identifier
    unit: Identifier = "*"
    kind: Literal["floor", "target", "aspiration", "trajectory"] = "target"
    start: date | None = None
    end: date | None = None
    value: float
    agreed_by: str | None = None
    agreed_on: date | None = None

    def in_force(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Role(StrEnum):
    ANALYST = "analyst"
    CHALLENGER = "challenger"
    COMMANDER = "commander"
    SPECIALIST = "specialist"
    OBSERVER = "observer"


class Person(Row):
    """Somebody who runs, challenges, commands, supports or watches. `login` is the system user's name."""

    person: Identifier
    name: str = ""
    role: Role = Role.OBSERVER
    unit: str | None = None
    email: str | None = None
    login: str | None = None

    @property
    def title(self) -> str:
        return self.name or self.person


class Rebase(Row):
    """Where control limits start afresh, by hand only, with the reason and who signed it."""

    indicator: Identifier
    unit: Identifier
    week_start: date
    reason: str = Field(min_length=1)
    signed_by: str = Field(min_length=1)


class Break(Row):
    """A change of definition or boundary: comparisons across it are withheld."""

    indicator: Identifier
    unit: Identifier = "*"
    start: date
    kind: Literal["definition", "boundary"] = "definition"
    note: str = ""
