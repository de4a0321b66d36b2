"""feeds.toml as a model: how an extract in somebody else's columns becomes returns."""

from __future__ import annotations

import re
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from compstat.calendar import EARLIEST
from compstat.findings import Finding, UsageError, nearest
from compstat.workspace.reading import read_table, read_toml
from compstat.workspace.settings import Settings
from compstat.workspace.tables import Identifier, Row

FEEDS_FILE = "feeds.toml"
ISO_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
DIRECTIVES = frozenset("YymdbBjHIMSpaAF%")  # those of strptime that mean the same wherever dates are read
ROWS = "rows"  # instead of a column: each row counts 1


def _texts(value: object) -> object:
    """One word, or a list of words and numbers, as texts: cells of an extract are text."""
    listed = value if isinstance(value, list | tuple) else [value]
    return tuple(str(item) if isinstance(item, str | int | float) else item for item in listed)


def _several(value: object) -> object:
    return (value,) if isinstance(value, dict) else value


def _within(name: str) -> str:
    """A path that stays in the workspace, whatever system it is read on: a feed may be somebody else's."""
    if ".." in re.split(r"[/\\]", name) or re.match(r"[/\\~]|[A-Za-z]:", name):
        raise ValueError(f'"{name}" leads out of the workspace: wanted a file in it')
    return name


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
OwnFile = Annotated[str, AfterValidator(_within)]


class Match(Settings):
    """Which cells of a column are meant. All that is given must hold; `from` and `to` are numbers, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    one_of: Texts = ()
    other_than: Texts = ()
    starts_with: Texts = ()
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None

    @property
    def is_range(self) -> bool:
        return self.from_ is not None or self.to is not None


def _match(value: object) -> object:
    return value if isinstance(value, dict | Match) else {"one_of": value}


Where = dict[str, Annotated[Match, BeforeValidator(_match)]]


class FeedDate(Settings):
    """The column whose date counts, and how it is written."""

    column: Identifier
    format: Texts = ISO_FORMATS

    @field_validator("format")
    @classmethod
    def _says_a_day(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for text in formats:
            _check_format(text, day_wanted=True)
        return formats


class FeedUnit(Settings):
    """From a column to units: `map` or a file of codes first, else the text itself, padded and prefixed."""

    column: Identifier
    level: str | None = None
    map: dict[str, str] = Field(default_factory=dict)
    codes: OwnFile | None = None
    prefix: str = ""
    pad: int = Field(default=0, ge=0, le=20)
    ignore: Texts = ()

    def unit_of(self, text: str) -> str:
        """The unit that a cell stands for, whether or not there is one of that code."""
        return self.map.get(text) or f"{self.prefix}{text.zfill(self.pad)}"


class Coverage(Settings):
    """The days of which an extract tells everything. An end left out is the first or last date of `column`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    column: str | None = None
    format: Texts = ISO_FORMATS

    @field_validator("format")
    @classmethod
    def _says_a_month(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for text in formats:
            _check_format(text, day_wanted=False)
        return formats

    @model_validator(mode="after")
    def _in_order(self) -> Coverage:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError("to is before from")
        if self.from_ and self.from_ < EARLIEST:  # a year mistyped would say 0 of every week since
            raise ValueError(f"wanted a day from {EARLIEST} on")
        return self


class FeedIndicator(Settings):
    """What is counted for one indicator: rows, or the sum of a column; of a ratio, its two parts."""

    indicator: Identifier
    where: Where = Field(default_factory=dict)
    value: str | None = None
    numerator: str | None = None
    numerator_where: Where = Field(default_factory=dict)
    denominator: str | None = None

    @property
    def figures(self) -> dict[str, str]:
        """`value`, or `numerator` and `denominator`, each with its column or `rows`."""
        if self.numerator is None or self.denominator is None:
            return {"value": self.value or ROWS}
        return {"numerator": self.numerator, "denominator": self.denominator}

    @model_validator(mode="after")
    def _value_or_parts(self) -> FeedIndicator:
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("wanted numerator and denominator together")
        if self.value is not None and self.numerator is not None:
            raise ValueError("wanted value, or numerator and denominator; a ratio's value is worked out from its parts")
        if self.numerator_where and self.numerator is None:
            raise ValueError("numerator_where wants a numerator and a denominator")
        return self


class Feed(Settings):
    """One kind of extract. `events`: rows are summed; `periods`: a row is a unit's figures for one period."""

    feed: Identifier
    files: str = ""
    rows: Literal["events", "periods"] = "events"
    date: FeedDate
    date_is: Literal["within", "start", "end"] = "within"
    unit: Annotated[tuple[FeedUnit, ...], BeforeValidator(_several)] = Field(min_length=1)
    unknown_units: Literal["refuse", "set-aside", "drop"] = "refuse"
    absent_units: Literal["refuse", "zero", "leave"] = "refuse"
    coverage: Coverage | None = None
    indicator: tuple[FeedIndicator, ...] = Field(min_length=1)
    database: str | None = None
    query: OwnFile | None = None

    @property
    def is_events(self) -> bool:
        return self.rows == "events"

    @model_validator(mode="after")
    def _fits_together(self) -> Feed:
        if self.is_events and self.coverage is None:
            raise ValueError("coverage is wanted: without it nobody can tell a silent week from a missing one")
        if not self.is_events and any(ROWS in indicator.figures.values() for indicator in self.indicator):
            raise ValueError('an indicator wants value = "COLUMN" (or its parts): with periods, rows are not counted')
        if (self.database is None) != (self.query is None):
            raise ValueError("wanted database and query together")
        return self

    @field_validator("database")
    @classmethod
    def _no_password(cls, value: str | None) -> str | None:
        if value and re.search(r"//[^/@]*:[^/@]*@", value):
            raise ValueError('a password does not belong in a file: wanted "env:NAME", the URL in that variable')
        return value


class Feeds(Settings):
    """The whole of feeds.toml."""

    feed: tuple[Feed, ...] = ()

    def named(self, name: str) -> Feed:
        """The feed of that name. UsageError for an unknown one."""
        for feed in self.feed:
            if feed.feed == name:
                return feed
        known = [feed.feed for feed in self.feed]
        there = f"Feeds: {', '.join(known)}." if known else f"Declare it in {FEEDS_FILE}: docs/how-to-feeds.md"
        raise UsageError(Finding("unknown-feed", "", f'There is no feed "{name}".{nearest(name, known)}', there))

    def for_file(self, name: str) -> Feed | None:
        """The first feed whose `files` fit a file's name, for whoever takes files from a folder."""
        return next((feed for feed in self.feed if feed.files and fnmatchcase(name, feed.files)), None)


class _Code(Row):
    """A row of a file of codes. Without a unit the code is known to be none of ours."""

    code: Identifier
    unit: str | None = None


def read_feeds(root: Path, found: list[Finding]) -> Feeds:
    """feeds.toml, its files of codes read into the maps; problems go to `found`."""
    feeds = read_toml(root / FEEDS_FILE, Feeds, found, required=False) or Feeds()
    with_codes = tuple(
        feed.model_copy(update={"unit": tuple(_with_codes(root, unit, found) for unit in feed.unit)})
        for feed in feeds.feed
    )
    return Feeds(feed=with_codes)


def unread_feeds(root: Path) -> Feeds:
    """Of a feeds.toml that cannot be read the queries it names, so that none is taken for a rule of the team's own."""
    try:
        text = (root / FEEDS_FILE).read_text("utf-8-sig", errors="replace")
    except OSError:
        return Feeds()
    named = re.findall(r"""^\s*query\s*=\s*["']([^"']+)["']""", text, re.MULTILINE)
    date = FeedDate(column="-")
    return Feeds.model_construct(
        feed=tuple(Feed.model_construct(feed="", date=date, unit=(), indicator=(), query=query) for query in named)
    )


def _with_codes(root: Path, unit: FeedUnit, found: list[Finding]) -> FeedUnit:
    if unit.codes is None:
        return unit
    rows = read_table(root / unit.codes, _Code, found, required=True)
    codes = {row.code: row.unit for row in rows if row.unit}
    ignored = tuple(row.code for row in rows if not row.unit)
    return unit.model_copy(update={"map": codes | unit.map, "ignore": unit.ignore + ignored})


def _check_format(text: str, *, day_wanted: bool) -> None:
    """Raises ValueError for a date format that is none, or that leaves the day (or the month) open."""
    used = set(re.findall(r"%(.?)", text))
    if unknown := used - DIRECTIVES:
        raise ValueError(f"%{min(unknown)} is not known in a date format: wanted one such as %d/%m/%Y %H:%M")
    month, day = used & {"m", "b", "B", "j", "F"}, used & {"d", "j", "F"}
    if not used & {"Y", "y", "F"} or not month or (day_wanted and not day):
        wanted = "year, month and day" if day_wanted else "year and month"
        raise ValueError(f'"{text}" does not say {wanted}')
