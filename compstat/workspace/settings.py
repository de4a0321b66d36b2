"""compstat.toml and agenda.toml as models: organisation, calendar, stores, cycles, the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from compstat.calendar import WEEKDAYS, Calendar, DeclaredPeriod
from compstat.workspace.date_order import DateOrder
from compstat.workspace.tables import CadenceName, Identifier

# What a column of a return can be called: compstat.load.columns says what each holds
OurHeading = Literal[
    "unit", "indicator", "value", "numerator", "denominator",
    "week", "week_start", "week_ending", "period_start", "period_end", "month",
]  # fmt: skip


class Settings(BaseModel):
    """A table of a TOML file. An unknown key is an error, so that a misspelt setting is never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Organisation(Settings):
    name: str = "Our organisation"


class CalendarSettings(Settings):
    """How time is counted here. `year_starts` is month-day, 04-01 for a financial year."""

    week_ends_on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "sunday"
    year_ago: Literal["364-days", "table"] = "364-days"
    year_starts: str = Field(default="01-01", pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    holidays: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Za-z0-9]{1,4})?$")  # GB, or GB-SCT

    @field_validator("year_starts")
    @classmethod
    def _day_of_every_year(cls, value: str) -> str:
        try:
            date.fromisoformat(f"2001-{value}")  # not a leap year
        except ValueError:
            raise ValueError(f"wanted a day that every year has, such as 04-01, found {value}") from None
        return value

    def calendar(
        self, periods: Mapping[str, tuple[DeclaredPeriod, ...]], year_ago_starts: Mapping[date, date]
    ) -> Calendar:
        """With what periods.csv and year_ago.csv declare."""
        month, day = self.year_starts.split("-")
        return Calendar(self.week_ends_on, (int(month), int(day)), periods, year_ago_starts)


class StoreSettings(Settings):
    path: Path = Path("compstat.duckdb")


class ReturnsSettings(Settings):
    """How returns are written here: figures and dates in text (workbooks hold numbers and dates), and headings."""

    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""
    dates: DateOrder = DateOrder.YEAR_FIRST
    columns: dict[str, OurHeading] = Field(default_factory=dict)
    pass_over: tuple[str, ...] = ()
    remark_rows: Literal["refuse", "pass-over"] = "refuse"

    @model_validator(mode="after")
    def _two_signs(self) -> ReturnsSettings:
        if self.decimal == self.thousands:
            raise ValueError(f"wanted another sign than decimal for thousands, found {self.decimal} for both")
        return self


class TrackerSettings(Settings):
    """Where actions are kept: a file beside the store, or later a server's URL."""

    location: str = "actions.sqlite"


class PackSettings(Settings):
    paper: Literal["A4", "Letter"] = "A4"
    percent_from: int = Field(default=20, ge=1)  # a percentage is printed only from this prior count on


class TotalsSettings(Settings):
    """From which one level totals are rolled up, and what the total is called."""

    level: str | None = None
    name: str = "All units"


class Cycle(Settings):
    """One service's meeting: how often, who chairs, which units are challenged on which indicators.

    Empty `levels` or `units` stand for all units that return; `indicators` may hold `*`.
    `minutes` is the length of the meeting; `meets_on` the first such weekday after the period's end.
    """

    cycle: Identifier
    name: str = "Performance meeting"
    cadence: CadenceName = "weekly"
    meets_on: str = "thursday"
    starts_at: str = Field(default="09:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    minutes: int = Field(default=90, ge=10, le=600)
    place: str = ""
    chair: str | None = None
    challenger: str | None = None
    levels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ("*",)
    host_rotation: Literal["none", "fair"] = "none"
    items_per_unit: int = Field(default=3, ge=1)
    items_per_meeting: int = Field(default=12, ge=1)
    carries_before_step: int = Field(default=2, ge=1)  # carries of an action that raise the challenge one step

    @field_validator("meets_on")
    @classmethod
    def _weekday(cls, value: str) -> str:
        if value.lower() not in WEEKDAYS:
            raise ValueError(f"wanted a weekday such as thursday, found {value!r}")
        return value.lower()


class Compstat(Settings):
    """The whole of compstat.toml."""

    organisation: Organisation = Organisation()
    calendar: CalendarSettings = CalendarSettings()
    store: StoreSettings = StoreSettings()
    returns: ReturnsSettings = ReturnsSettings()
    tracker: TrackerSettings = TrackerSettings()
    pack: PackSettings = PackSettings()
    totals: TotalsSettings = TotalsSettings()
    cycle: tuple[Cycle, ...] = (Cycle(cycle="main"),)


class AgendaPart(Settings):
    """One part of a meeting. 0 minutes: a share of what is left. `speaks`: a person id or a role."""

    part: Literal["actions", "force", "themes", "host", "challenge", "good-practice", "new-actions"]
    title: str
    minutes: int = Field(default=0, ge=0)
    speaks: str = "challenger"


class Seat(Settings):
    """Where somebody sits: a place on a 0-10 by 0-10 floor plan, the screen at the top."""

    who: str
    x: float = Field(ge=0, le=10)
    y: float = Field(ge=0, le=10)


class CycleAgenda(Settings):
    """The choreography of one cycle's meeting."""

    cycle: Identifier
    part: tuple[AgendaPart, ...] = ()
    seat: tuple[Seat, ...] = ()


class Agenda(Settings):
    """The whole of agenda.toml."""

    agenda: tuple[CycleAgenda, ...] = ()
