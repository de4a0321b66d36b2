"""Everything a pack says, as plain values: gathered once here, drawn elsewhere, so that pages only draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from compstat.calendar import Span
from compstat.rules.flag import Flag
from compstat.rules.ladder.tier import EarnedTier
from compstat.tracker.action import Action
from compstat.workspace.ladders import Step
from compstat.workspace.settings import Cycle, PackSettings
from compstat.workspace.tables import Indicator, Unit


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """One window of one cell. A figure is None when a return is missing; `reason` then says why.

    numerator, denominator: what a ratio is of; None for all else. percent: change on a year ago in per cent, None when
    the prior is 0 or missing (the printed page withholds it below PackSettings.percent_from as well). Days are the
    exposure of each side; `unequal` where they differ and the figure adds up over time, so that neither change nor
    percentage is a fair comparison.
    """

    current: float | None
    year_ago: float | None
    percent: float | None
    days: int
    days_year_ago: int
    present: int
    expected: int
    reason: str | None = None
    unequal: bool = False
    numerator: float | None = None
    denominator: float | None = None

    @property
    def change(self) -> float | None:
        """The exact difference; None where the two are no fair comparison. Pages print that of the printed figures."""
        if self.current is None or self.year_ago is None or self.unequal:
            return None
        return self.current - self.year_ago


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """What a small chart shows: at most 104 periods of one cell, oldest first.

    mean, lower, upper: limits of the segment that starts at `limits_from` (None where there are none, e.g. sparse
    counts, which have `predictive_upper` instead; `no_limit` says why they have neither). marks: `concern`, `watch`,
    `improvement` or None, one a period. notes: dated words (rebase, new commander, break). remark: of the newest point.
    missing: what stands where there is no newest point. plan: whether the target is a trajectory's.
    """

    starts: tuple[date, ...]
    values: tuple[float | None, ...]
    marks: tuple[str | None, ...]
    mean: float | None
    lower: float | None
    upper: float | None
    predictive_upper: float | None
    target: float | None
    is_count: bool
    decimals: int
    notes: tuple[tuple[date, str], ...] = ()
    floor: float | None = None
    limits_from: int = 0
    no_limit: str = ""
    remark: str = ""
    missing: str = "no return"
    plan: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator of one unit (or of the total): the four windows, its chart, its standing, its flags.

    windows: keys week, four_weeks, year_to_date, rolling_year. variation and assurance: the words of
    `compstat show series`. flags: lead flags of this cell, best first.
    """

    indicator: Indicator
    windows: Mapping[str, WindowFigures]
    chart: ChartSeries
    variation: str | None
    assurance: str | None
    target: float | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class LadderPlace:
    """Where a unit stands on one ladder. covers: units whose flags it answers for. step, proposed: words, "" for none.

    since: the last day of the period whose flags brought the step, or the day it was signed; None on the first step.
    or_earlier: the flags looked at do not reach back to its beginning. because: the trigger, and how often it held.
    receipts: codes of the flags counted, and in how many periods. leaves: what brings the unit down again. signed_by,
    reason, refused: of the signed step in force.
    """

    ladder: str
    unit: str
    covers: tuple[str, ...]
    step: str
    because: str
    since: date | None = None
    or_earlier: bool = False
    receipts: tuple[tuple[str, int], ...] = ()
    proposed: str = ""
    leaves: str = ""
    signed_by: str = ""
    reason: str = ""
    refused: str = ""

    @property
    def is_first(self) -> bool:
        """On the first step with nothing to be signed."""
        return self.step == Step.CHALLENGE.word and not self.proposed


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One unit's page: who commands it since when, its flags shown or held back, every indicator.

    sentence: what the page shows, in one line. answers: known, tried, asked, support (each may be empty).
    ladder: the step in force and the one to be signed, in words; tier: what the unit has earned; "" for neither.
    places, earned: the same with dates and receipts; empty and None where nothing is declared for the unit.
    cautions: what the data checks say of a figure that is commended.
    """

    unit: Unit
    commander: str
    in_post_since: date | None
    sentence: str
    supporting_sentence: str
    flags: tuple[Flag, ...]
    supporting: Mapping[str, tuple[Flag, ...]]
    rows: tuple[IndicatorRow, ...]
    actions: tuple[Action, ...]
    known: str = ""
    tried: str = ""
    asked: str = ""
    support: str = ""
    ladder: str = ""
    tier: str = ""
    places: tuple[LadderPlace, ...] = ()
    earned: EarnedTier | None = None
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A line of the running order; the timings add up to the meeting's length."""

    number: int
    part: str
    title: str
    starts: time
    minutes: int
    speaker: str
    note: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class SeatedPerson:
    """A place in the room, 0-10 from left to right and from the screen (0) to the back (10)."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One square of the heat map: the outcome word, or `none`, `watch`, `not tested`, `missing`."""

    unit: str
    indicator: str
    outcome: str


@dataclass(frozen=True, slots=True)
class NotFlagged:
    """A cell without a flag and how far it was from one, in words.

    test: the rule family that came closest, empty where none could test it. p_value: None for a family without.
    untested: why the newest figures could not be tested, where only a rule over a year could; "" where they were.
    """

    unit: str
    indicator: str
    reason: str
    p_value: float | None
    test: str = ""
    untested: str = ""

    @property
    def tested(self) -> bool:
        return bool(self.test) or self.p_value is not None


@dataclass(frozen=True, slots=True)
class PromiseScore:
    """A promise on its review week: what was there, what was promised, what came, what inaction would have given.

    score: met, within_chance, missed or not_testable. start, promised, found: totals over `window` (counts) or its
    level; low and high: the 90% band of that window if nothing had been done. reason: why it is not testable.
    """

    action: str
    unit: str
    indicator: str | None
    score: str
    window: str = ""
    start: float | None = None
    promised: float | None = None
    found: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckNote:
    """What one check found: its code, its severity, what it means, how many findings, the first of them in words."""

    code: str
    severity: str
    means: str
    count: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualityStatement:
    """What the reader must know of the data: returns in and missing, what the checks found, waivers, who signed."""

    returns_expected: int
    returns_present: int
    missing: tuple[tuple[str, str], ...]
    batches: tuple[tuple[str, datetime, str, int], ...]  # batch id, recorded at, source, rows
    notes: tuple[str, ...]
    signed_by: str | None
    signed_at: datetime | None
    checks: tuple[CheckNote, ...] = ()
    waivers: tuple[str, ...] = ()
    audits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """One meeting's whole pack. `draft` until the week's data are signed off."""

    organisation: str
    cycle: Cycle
    pack: PackSettings
    week: str
    period: Span
    meets_on: date
    known_at: datetime
    draft: bool
    one_minute: tuple[str, ...]
    tests: int
    shown: int
    raised: int
    expected_by_chance: float
    agenda: tuple[AgendaItem, ...]
    seats: tuple[SeatedPerson, ...]
    actions: tuple[Action, ...]
    total_name: str
    totals: tuple[IndicatorRow, ...]
    window_dates: Mapping[str, tuple[Span, Span]]
    heat: tuple[HeatCell, ...]
    flags: tuple[Flag, ...]
    challenged: tuple[UnitReport, ...]
    units: tuple[UnitReport, ...]
    commended: tuple[UnitReport, ...]
    held_back: tuple[Flag, ...]
    not_flagged: tuple[NotFlagged, ...]
    quality: QualityStatement
    rules_version: str
    read_with_care: tuple[str, ...]
    meetings_held: int
    meetings_planned: int
    names: Mapping[str, str]  # unit, indicator and person codes to the names people use
    bases: Mapping[str, str] = field(default_factory=dict)  # flag of a percentage -> `269 of 335`
    asked_of_most: tuple[tuple[str, int], ...] = ()  # of the units challenged, and of how many: once for all of them
    offered_to_most: tuple[tuple[str, int], ...] = ()
    acted_at: datetime | None = None  # the newest entry of the tracker that the pack shows
    excess_intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # flag -> 90% interval
    q: float = 0.20  # of rules.toml [decision], printed in the method
    watch_p: float = 0.01
    cleared: tuple[Flag, ...] = ()  # raised last period, no longer: neither shown nor held back
    scores: tuple[PromiseScore, ...] = ()  # of the promises reviewed this period, open or closed
    promise_windows: Mapping[str, str] = field(default_factory=dict)  # open action -> `period` or `recent`
    places: tuple[LadderPlace, ...] = ()  # every unit on every ladder, those above the units of the reports too
