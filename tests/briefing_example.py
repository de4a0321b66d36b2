"""An invented meeting as a Briefing: rich, seeded, with hostile names, missing figures and slipped actions."""

# ruff: noqa: E501 - the figures of one row stand together

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from compstat.calendar import Calendar, Span
from compstat.meeting.briefing import (
    AgendaItem,
    Briefing,
    ChartSeries,
    HeatCell,
    IndicatorRow,
    LadderPlace,
    NotFlagged,
    PromiseScore,
    QualityStatement,
    SeatedPerson,
    UnitReport,
    WindowFigures,
)
from compstat.rules.flag import Flag, Outcome, State, flag_code
from compstat.rules.ladder.tier import EarnedTier
from compstat.tracker.action import Action, ActionState, Promise
from compstat.workspace.settings import Cycle, PackSettings
from compstat.workspace.tables import Indicator, Unit

WEEK = "2026-W46"
MONDAY = date(2026, 11, 9)
KNOWN_AT = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
MEETS_ON = date(2026, 11, 19)
HOSTILE = ("<b>A&B</b>", "../x", "=1+1", "Ł" + "ong name " * 33, "Αθήνα", "Київ", "Łódź", "北京 \u202eevil\x1b[31m")
UNITS = ("Harbour", "Eastgate", "Millfield", "Southbank", "Northgate", "Riverside", "Old Town", "Westfield")
INDICATORS: tuple[tuple[str, str, str, str, float], ...] = (
    # code, name, unit of measure, better, level
    ("burglary", "Burglary", "count", "lower", 13),
    ("robbery", "Robbery", "count", "lower", 5),
    ("theft", "Theft from person", "count", "lower", 10),
    ("vehicle", "Vehicle crime", "count", "lower", 17),
    ("violence", "Violence with injury", "count", "lower", 22),
    ("sexual", "Sexual offences", "count", "lower", 2),
    ("arson", "Arson", "count", "lower", 0.4),
    ("damage", "Criminal damage", "count", "lower", 31),
    ("antisocial", "Antisocial behaviour", "count", "lower", 64),
    ("complaints", "Complaints", "count", "lower", 1),
    ("detected", "Detected", "percent", "higher", 21),
    ("response", "Response within 15 min", "percent", "higher", 87),
    ("victims", "Victims satisfied", "percent", "higher", 78),
    ("absence", "Absence", "percent", "lower", 5.2),
    ("overtime", "Overtime, £000", "money", "lower", 14),
    ("files", "Days to file", "days", "lower", 9),
)
SCORES = (
    PromiseScore("A-0001", "Harbour", "burglary", "met", "recent", 61, 49, 38, 44, 66),
    PromiseScore("A-0002", "u1", "burglary", "within_chance", "period", 22, 18, 17, 9, 24),
    PromiseScore("A-0003", "Millfield", "response", "missed", "recent", 84.2, 87.2, 84.9, 83.1, 88.0),
    PromiseScore("A-0005", "u3", "burglary", "not_testable", reason="returns are missing in the review window"),
)
WINDOWS = {"week": 1, "four_weeks": 4, "year_to_date": 46, "rolling_year": 52}


def example(
    units: int = 12,
    indicators: int = 16,
    *,
    flagged: int = 5,
    actions: int = 14,
    draft: bool = False,
    paper: str = "A4",
    plain: bool = False,
) -> Briefing:
    """A briefing of so many units and indicators; `plain` leaves hostile names out."""
    dice = random.Random(46)
    catalogue = [_indicator(n) for n in range(indicators)]
    codes = _unit_names(units, plain=plain)
    names = {unit.indicator: unit.name for unit in catalogue} | dict(codes)
    people = {f"p{n}": f"Supt. {name[:40]}" for n, (_, name) in enumerate(codes)}
    flags = _flags(codes, catalogue, flagged, dice)
    reports = tuple(
        _report(code, name, f"Supt. {name[:40]}", catalogue, flags, dice, n) for n, (code, name) in enumerate(codes)
    )
    acts = tuple(_action(n, codes, list(people), dice) for n in range(actions))
    reports = tuple(replace(report, actions=tuple(a for a in acts if a.unit == report.unit.unit)) for report in reports)
    reports = tuple(_standing(report, n) for n, report in enumerate(reports))
    flagged_units = {flag.unit for flag in flags if flag.shown and flag.outcome is not Outcome.COMMEND}
    challenged = tuple(report for report in reports if report.unit.unit in flagged_units)
    commended = tuple(report for report in reports if any(f.outcome is Outcome.COMMEND for f in report.flags))
    held = tuple(_held(flag) for flag in flags[:2]) + tuple(
        replace(flags[0], flag=f"F-HELD{n}", unit=codes[-1][0], shown=False, held_back="a fourth flag of the unit; at most 3 are shown")
        for n in range(2) if flags
    )  # fmt: skip
    heat, quiet = _cells(codes, catalogue, flags, dice)
    shown = sum(flag.shown for flag in flags)
    return Briefing(
        organisation="Northshire Police",
        cycle=Cycle(cycle="weekly", name="Weekly performance meeting", place="Harbour station, room 2"),
        pack=PackSettings(paper="Letter" if paper == "Letter" else "A4"),
        week=WEEK,
        period=Span(MONDAY, MONDAY + timedelta(days=6)),
        meets_on=MEETS_ON,
        known_at=KNOWN_AT,
        draft=draft,
        one_minute=(
            "Burglary is up across the coast: Harbour and Eastgate carry 31 of the 38 excess offences of the last four weeks.",
            "Response within 15 minutes fell below its floor of 85% in Millfield for the third week running.",
            "Three of fourteen open actions are overdue; A-0009 has been carried four times and is item 1.",
            "Northgate cut vehicle crime by a quarter since June, well outside chance: good practice, 10:45.",
        ),
        tests=units * indicators,
        shown=shown,
        raised=shown + len(held),
        expected_by_chance=0.6,
        agenda=_agenda(challenged),
        seats=SEATS,
        actions=acts,
        total_name="Northshire",
        totals=tuple(_row(indicator, (), dice, scale=12) for indicator in catalogue),
        window_dates=_dates(),
        heat=heat,
        flags=flags,
        challenged=challenged,
        units=reports,
        commended=commended,
        held_back=held if flags else (),
        not_flagged=quiet,
        quality=_quality(codes, catalogue, draft=draft),
        rules_version="2026-03",
        read_with_care=(
            "2 returns came late (Millfield custody, Southbank absence): included, not estimated.",
            "Arson was redefined on 1 Sep: no comparison with last year is shown.",
            "August burglary was restated by +6 offences since the pack you held.",
        ),
        scores=SCORES[: min(actions, 4)],
        places=tuple(place for report in reports for place in report.places),
        meetings_held=45,
        meetings_planned=46,
        names={**names, **people, "dcc": "Deputy chief"},
        excess_intervals={
            flag.flag: (flag.excess - 9.0, flag.excess + 11.0) for flag in flags if flag.excess is not None
        },
    )


SEATS = (
    SeatedPerson("Harbour", 5, 4),
    SeatedPerson("Analysis", 0.5, 1.5),
    SeatedPerson("Intelligence", 0.5, 4.8),
    SeatedPerson("Crime Prevention", 0.5, 8),
    SeatedPerson("Millfield", 9.5, 1.5),
    SeatedPerson("Eastgate", 9.5, 4.8),
    SeatedPerson("Northgate", 9.5, 8),
    SeatedPerson("Deputy chief", 2.6, 10),
    SeatedPerson("Chief", 5, 10),
    SeatedPerson("Police authority", 7.4, 10),
)


def _unit_names(count: int, *, plain: bool) -> list[tuple[str, str]]:
    names = [*UNITS[:4], *(() if plain else HOSTILE), *UNITS[4:]]
    names += [f"District {n}" for n in range(len(names), count)]
    return [(f"u{n}" if n % 2 else name, name) for n, name in enumerate(names[:count])]


def _indicator(n: int) -> Indicator:
    code, name, measure, better, _ = INDICATORS[n % len(INDICATORS)]
    again = "" if n < len(INDICATORS) else str(n // len(INDICATORS) + 1)
    return Indicator(
        indicator=code + again, name=f"{name} {again}".strip(), unit_of_measure=measure, better=better,
        tier="outcome" if measure == "count" else "process",
    )  # fmt: skip


def _level(indicator: Indicator) -> float:
    return next(level for code, *_, level in INDICATORS if indicator.indicator.startswith(code))


def _flags(
    codes: list[tuple[str, str]], catalogue: list[Indicator], count: int, dice: random.Random
) -> tuple[Flag, ...]:
    flags = []
    for n in range(count + (1 if count else 0)):
        commend = n == count
        unit = codes[(4 if commend else n % 4) % len(codes)][0]
        indicator = catalogue[(3 if commend else (0, 0, 11, 2, 9, 4, 5, 6)[n % 8]) % len(catalogue)]
        ratio = indicator.unit_of_measure == "percent"
        outcome = Outcome.COMMEND if commend else Outcome.CONCERN
        excess = -26.0 if commend else round(22 / (n + 1) + 3)
        rule = "commend" if commend else "floor" if ratio else "year-on-year"
        flags.append(
            Flag(
                flag=flag_code(unit, indicator.indicator, f"{rule} {n}"), week=WEEK, cycle="weekly",
                unit=unit, indicator=indicator.indicator, rule=rule, family=rule.replace("-", "_"), outcome=outcome,
                severity=3 if ratio else 2, known_at=KNOWN_AT, rank=n + 1, shown=True,
                state=(State.CONTINUING, State.NEW, State.CONTINUING, State.NEW, State.RETURNING)[n % 5], weeks_open=3,
                value=81.4 if ratio else 61 - n, comparator=85 if ratio else 43.2, difference=-3.6 if ratio else 17.8 - n,
                excess=None if n == 7 else excess, percent_change=41, p_value=None if ratio else 0.006 * (n + 1),
                q_value=None if ratio else 0.03 * (n + 1), lower_limit=None if ratio else 30, upper_limit=None if ratio else 57,
                threshold=85 if ratio else None, expected_low=49, expected_high=66, fragile=n == 3,
                step="step 2 of 4, support" if n == 0 else None,
                test="4 of the last 4 weeks below the floor" if ratio else "quasi-z of the years by days of exposure, dispersion 1.4",
                sentence="Burglary has run at 1.4 times its own last year for four weeks: 61 offences against 43.",
                question="What in the plan reaches Quay ward by day?", support="Crime Prevention: 2 officers for 3 weeks.",
            )
        )  # fmt: skip
    return tuple(flags)


def _held(flag: Flag) -> Flag:
    return replace(
        flag, flag=f"{flag.flag}X", indicator="robbery", shown=False, rank=None, p_value=0.034,
        held_back="on watch: p is below 0.01 alone, but not among so many tests (q 0.27)",
    )  # fmt: skip


def _report(
    code: str,
    name: str,
    commander: str,
    catalogue: list[Indicator],
    flags: tuple[Flag, ...],
    dice: random.Random,
    n: int,
) -> UnitReport:
    mine = tuple(flag for flag in flags if flag.unit == code)
    rows = tuple(
        _row(indicator, tuple(f for f in mine if f.indicator == indicator.indicator), dice) for indicator in catalogue
    )
    return UnitReport(
        unit=Unit(unit=code, name=name, level="precinct", population=84200, family="coastal towns"),
        commander=commander,
        in_post_since=date(2025, 3, 3) if n % 3 == 0 else None,
        sentence=mine[0].sentence if mine else "",
        supporting_sentence="With no real change, chance would do this in about 1 of 160 such comparisons. If nothing is done, expect 49–66 in the next four." if mine else "",
        flags=mine,
        supporting={f.flag: (replace(f, flag="F-SUPP", family="special_cause"),) for f in mine[:1]},
        rows=rows,
        actions=(),
        known="28 of 61 in Quay ward, 19 by forced rear doors, weekday afternoons (A-0031)." if n == 0 else "",
        tried="A-0031 patrol plan, claimed 2 Nov. Scored 14 Nov: within chance." if n == 0 else "",
        asked="What in the plan reaches Quay ward by day? Who owns rear-door advice?" if n == 0 else "",
        support="Crime Prevention: 2 officers for 3 weeks. Analysis: repeat-victim list." if n == 0 else "",
    )  # fmt: skip


def _standing(report: UnitReport, n: int) -> UnitReport:
    """The first unit on support with contestability to be signed; of the others every third has a tier."""
    unit = report.unit.unit
    if n == 0:
        return replace(
            report, ladder="support; contestability to be signed", places=(on_support(unit),), earned=NO_TIER
        )
    place = LadderPlace("precincts", unit, (unit,), "challenge", "a concern in 2 of the last 12 weeks; support takes 8")
    earned = LIGHTER if n % 3 == 1 else NO_TIER
    return replace(report, tier=earned.tier or "", places=(place,), earned=earned)


def on_support(unit: str) -> LadderPlace:
    return LadderPlace(
        "precincts", unit, (unit,), "support", "a concern in 16 of the last 16 weeks; contestability takes 16",
        since=date(2026, 9, 20), or_earlier=True, receipts=(("F-K4YNF", 16), ("F-VG422", 1)), proposed="contestability",
        leaves="no longer proposed after 6 weeks without a concern",
    )  # fmt: skip


LIGHTER = EarnedTier(
    "", "lighter touch", "of the last 20 weeks 2 with a concern (at most 2), none with a floor flag",
    "earned autonomy after 20 more weeks without any of these; lighter touch is lost by a concern in the next week", 2,
)  # fmt: skip
NO_TIER = EarnedTier(
    "", None, "for lighter touch: 4 of the last 20 weeks with a concern, at most 2",
    "lighter touch after 18 more weeks without any of these",
)  # fmt: skip


def _row(indicator: Indicator, flags: tuple[Flag, ...], dice: random.Random, scale: float = 1) -> IndicatorRow:
    level = _level(indicator) * (scale if indicator.unit_of_measure in {"count", "money"} else 1)
    adds = indicator.aggregate == "sum"
    windows = {}
    for window, weeks in WINDOWS.items():
        size = level * (weeks if adds else 1)
        spread = size**0.5 if adds else level * 0.06
        now, ago = (round(max(0.0, dice.gauss(size, spread)), 0 if adds else 1) for _ in range(2))
        missing = indicator.indicator == "complaints" and window == "four_weeks"
        windows[window] = WindowFigures(
            current=None if missing else now, year_ago=ago,
            percent=None if missing or not ago else 100 * (now - ago) / ago,
            days=7 * weeks, days_year_ago=7 * weeks, present=weeks - missing, expected=weeks,
            reason="3 of 4 returns are in" if missing else None,
        )  # fmt: skip
    chart = _chart(indicator, level, flags, dice)
    return IndicatorRow(indicator, windows, chart, "common_cause", None, chart.target, flags)


def _chart(indicator: Indicator, level: float, flags: tuple[Flag, ...], dice: random.Random) -> ChartSeries:
    count = indicator.unit_of_measure == "count"
    decimals = 0 if indicator.unit_of_measure in {"count", "money"} else 1
    spread = level**0.5 if decimals == 0 else level * 0.05
    values: list[float | None] = [round(max(0.0, dice.gauss(level, spread)), decimals) for _ in range(104)]
    marks: list[str | None] = [None] * 104
    if flags:
        good = flags[0].outcome is Outcome.COMMEND
        for n in range(100, 104):
            values[n] = round(max(0.0, level + (-2 if good or decimals else 2) * spread), decimals)
            marks[n] = "improvement" if good else "concern"
    values[30] = None
    if indicator.indicator == "files":
        values[-1] = None
    if indicator.indicator == "sexual":
        values = [None, *([None, 2.0] * 51), None]
    sparse = level < 3 and count
    targets = {"response": 85.0, "absence": 6.0, "detected": 21.0}
    return ChartSeries(
        starts=tuple(MONDAY - timedelta(days=7 * n) for n in reversed(range(104))),
        values=tuple(values), marks=tuple(marks),
        mean=None if sparse else level, lower=None if sparse else level - 2.7 * spread,
        upper=None if sparse else level + 2.7 * spread, predictive_upper=5.0 if sparse else None,
        target=targets.get(indicator.indicator), is_count=count, decimals=decimals,
        notes=((date(2025, 12, 1), "new commander"), (date(2026, 1, 12), "redefined"), (date(2026, 10, 5), "rebased by hand"))
        if indicator.indicator in {"burglary", "detected"} else (),
    )  # fmt: skip


def _action(n: int, codes: list[tuple[str, str]], people: list[str], dice: random.Random) -> Action:
    original = MEETS_ON + timedelta(days=(-21, -9, 0, 3, 14, 60)[n % 6])
    slips = n % 3
    measured = n % 4 != 3
    return Action(
        action=f"A-{n + 1:04d}", cycle="weekly", unit=codes[n % len(codes)][0], owner=people[n % len(people)],
        what=(
            "Patrol plan for Quay ward on weekday afternoons, with rear-door advice to every house within 200 m of a burglary."
            if n % 2 else "Clear the backlog of files older than 14 days."
        ),
        state=(ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.CLAIMED)[n % 3],
        due=original + timedelta(days=14 * slips), original_due=original, times_carried=(0, 1, 3, 4, 7, 12, 2)[n % 7],
        times_slipped=slips, raised_week="2026-W40", raised_at=KNOWN_AT - timedelta(weeks=6), flag="F-7K2",
        promise=Promise("burglary", "down", 12, "2026-W50") if measured else Promise(reason="a one-off clearance"),
        last_note="Two of three posts filled; <i>the third</i> starts on Monday." if n % 3 else "",
        last_note_by=people[n % len(people)] if n % 3 else "", last_note_at=KNOWN_AT - timedelta(days=4) if n % 3 else None,
        step=("challenge", "support", "intervention")[n % 3], score=(None, "met", "within_chance", "missed")[n % 4],
    )  # fmt: skip


def _agenda(challenged: tuple[UnitReport, ...]) -> tuple[AgendaItem, ...]:
    lines = [("actions", "Follow-up on actions", 15, "Deputy chief", "14 open, 3 overdue, 2 claimed", None)]
    lines.append(("force", "Force-wide picture", 10, "Head of analysis", "burglary on the coast", None))
    for report in challenged[:8]:
        lines.append(("challenge", report.unit.title, 10, report.commander, "burglary, complaints", report.unit.unit))  # type: ignore[arg-type]
    lines.append(("good-practice", "Good practice and awards", 10, "Chief", "Northgate vehicle crime", None))
    lines.append(("new-actions", "New actions read back", 5, "Deputy chief", "", None))
    start, items = datetime.combine(MEETS_ON, time(9, 30)), []
    for n, (part, title, minutes, speaker, note, unit) in enumerate(lines, 1):
        items.append(AgendaItem(n, part, title, start.time(), minutes, speaker, note, unit))
        start += timedelta(minutes=minutes)
    return tuple(items)


def _dates() -> dict[str, tuple[Span, Span]]:
    calendar = Calendar()
    days = calendar.windows(calendar.cadence("weekly"), MONDAY + timedelta(days=6))
    return {name: (getattr(days, name), getattr(days, f"{name}_year_ago")) for name in WINDOWS}


def _cells(
    codes: list[tuple[str, str]], catalogue: list[Indicator], flags: tuple[Flag, ...], dice: random.Random
) -> tuple[tuple[HeatCell, ...], tuple[NotFlagged, ...]]:
    flagged = {(flag.unit, flag.indicator): flag.outcome.value for flag in flags}
    heat, quiet = [], []
    for unit, _ in codes:
        for indicator in catalogue:
            cell = (unit, indicator.indicator)
            p: float | None = round(dice.random() ** 1.3, 4)
            outcome, reason = "none", f"p {p:.2f}: within what chance does"
            if cell in flagged:
                outcome = flagged[cell]
            elif _level(indicator) < 1.5:
                p, outcome, reason = None, "not tested", "fewer than 5 events expected in four weeks"
            elif indicator.unit_of_measure == "days" and dice.random() < 0.2:
                p, outcome, reason = None, "missing", "no return"
            elif p is not None and p < 0.03:
                outcome, reason = "watch", f"p {p:.3f}, but the gap of 2 is below the least of 3"
            heat.append(HeatCell(*cell, outcome))
            if cell not in flagged:
                quiet.append(NotFlagged(*cell, reason, p))
    return tuple(heat), tuple(quiet)


def _quality(codes: list[tuple[str, str]], catalogue: list[Indicator], *, draft: bool) -> QualityStatement:
    cells = len(codes) * len(catalogue)
    return QualityStatement(
        returns_expected=cells, returns_present=cells - 2,
        missing=((codes[0][0], catalogue[0].indicator), (codes[-1][0], catalogue[-1].indicator)),
        batches=tuple((f"b{n:03d}", KNOWN_AT - timedelta(days=7 * n), f"returns-{n}.csv", 192) for n in range(4)),
        notes=("Overtime of Southbank is three times its usual size: checked with the unit, correct.",),
        signed_by=None if draft else "dcc", signed_at=None if draft else KNOWN_AT,
    )  # fmt: skip
