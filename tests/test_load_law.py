"""Laws of loading: all or nothing for any rows, and a history that agrees with a plain list of what was said."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from workspace_example import EVENING, WEEK, Cell, Figure, contents, known, load_text, make_workspace, withdraw

from compstat.findings import DataError

SOUND, ODD = st.sampled_from(["North", "South"]), st.sampled_from(["Nroth", "", "=1+1", "No\nrth", "é", '"'])
COUNTS = st.sampled_from(["0", "12", "3.5", "1e3", "", "-1", "x", "nan", "1,204", " 7 ", "1e999"])
DATES = {
    "week": st.sampled_from(["2026-W45", "2026-W46", "2026-W47", "2026-W54", ""]),
    "week_ending": st.sampled_from(["2026-11-08", "2026-11-15", "2026-11-22", "2026-11-14", "yesterday", ""]),
    "week_start": st.sampled_from(["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-10", "yesterday", ""]),
}
DAYS = {  # what is a period, by heading
    "week": {"2026-W45": WEEK - timedelta(7), "2026-W46": WEEK},
    "week_ending": {"2026-11-08": WEEK - timedelta(7), "2026-11-15": WEEK},
    "week_start": {"2026-11-02": WEEK - timedelta(7), "2026-11-09": WEEK},
}
Row = tuple[str, str, str, str]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """A date heading, and rows most of which are sound."""
    heading = draw(st.sampled_from(sorted(DATES)))
    sound = st.tuples(SOUND, st.sampled_from(["burglary", "balance"]), st.sampled_from([*DAYS[heading]]), st.just("4"))
    any_row = st.tuples(
        st.one_of(SOUND, ODD), st.sampled_from(["burglary", "balance", "burgalry"]), DATES[heading], COUNTS
    )
    return heading, draw(st.lists(st.one_of(sound, sound, any_row), min_size=1, max_size=6))


def text_of(heading: str, rows: list[Row]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([("unit", "indicator", heading, "value"), *rows])
    return file.getvalue()


def figure_of(row: Row) -> float | None:
    return float(row[3]) if row[3].strip() else None


def is_sound(row: Row, heading: str) -> bool:
    """By the rules of returns, said again here in plain Python."""
    unit, indicator, day, value = row
    if unit not in {"North", "South"} or indicator not in {"burglary", "balance"} or day not in DAYS[heading]:
        return False
    if value in {"x", "nan", "1,204", "1e999"}:
        return False
    return not (value == "-1" and indicator == "burglary")


@given(files(), st.booleans(), st.booleans())
@settings(max_examples=30)
def test_a_load_is_complete_or_the_store_is_as_before(
    file: tuple[str, list[Row]], set_aside: bool, is_first: bool
) -> None:
    heading, rows = file
    keys = [(row[0], row[1], row[2]) for row in rows]
    good = [row for row, key in zip(rows, keys, strict=True) if is_sound(row, heading) and keys.count(key) == 1]
    with TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder))
        if not is_first:
            load_text(workspace, "unit,indicator,week,value\nNorth,burglary,2026-W40,1\n")
        before = contents(workspace)
        held = known(workspace)
        try:
            load_text(workspace, text_of(heading, rows), at=EVENING + timedelta(1), set_aside=set_aside)
        except DataError:
            assert contents(workspace) == before
            assert len(good) < len(rows) or not any(any(cell.strip() for cell in row) for row in rows)
            return
        wanted: dict[Cell, Figure] = {
            (unit, indicator, DAYS[heading][day]): (figure, None, None)
            for unit, indicator, day, value in good
            if (figure := figure_of((unit, indicator, day, value))) is not None
        }
        found = {cell: figure for cell, figure in known(workspace).items() if cell not in held}
        if set_aside:  # of rows that agree one is kept: beside the good rows, figures that were given
            assert wanted.items() <= found.items()
            assert {cell[:2] for cell in found} <= {(row[0], row[1]) for row in rows if is_sound(row, heading)}
        else:
            assert len(good) == len(rows)
            assert found == wanted


# what is done on a day: figures for the two units (None: an empty cell), or which earlier batch is taken back
STEPS = st.lists(
    st.one_of(
        st.dictionaries(SOUND, st.one_of(st.none(), st.integers(0, 3)), min_size=1),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
)


@given(STEPS)
@settings(max_examples=15)
def test_what_is_known_is_what_the_newest_standing_batch_said(steps: list[dict[str, int | None] | int]) -> None:
    said: list[tuple[str, str, int | None]] = []  # batch, unit, figure; only what told something new
    gone: set[str] = set()
    snapshots: dict[datetime, dict[str, float]] = {}

    def now() -> dict[str, float]:
        newest = {unit: figure for batch, unit, figure in said if batch not in gone}
        return {unit: float(figure) for unit, figure in newest.items() if figure is not None}

    with TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder))
        for n, step in enumerate(steps):
            at = EVENING + timedelta(days=n)
            if isinstance(step, dict):
                rows = "".join(f"{unit},burglary,2026-W46,{'' if x is None else x}\n" for unit, x in step.items())
                # a blank line at the end makes each file another one
                loaded = load_text(workspace, f"unit,indicator,week,value\n{rows}{chr(10) * n}", at=at, withdraw=True)
                news = [(unit, x) for unit, x in step.items() if x != now().get(unit)]
                assert (loaded.batch is None) == (not news)
                said += [(loaded.batch or "", unit, x) for unit, x in news]
            else:
                batches = sorted({batch for batch, _, _ in said} - gone)
                if step >= len(batches):
                    continue
                withdraw(workspace, batches[step], at)
                gone.add(batches[step])
            snapshots[at] = now()
        for at, wanted in snapshots.items():
            assert {cell[0]: figure[0] for cell, figure in known(workspace, at).items()} == wanted


def test_the_rows_of_the_law_are_sound_and_unsound() -> None:
    assert is_sound(("North", "burglary", "2026-W46", "12"), "week")
    assert not is_sound(("North", "burglary", "2026-W46", "-1"), "week")
    assert not is_sound(("North", "burglary", "2026-11-15", "12"), "week_start")
    assert DAYS["week_ending"]["2026-11-15"] == date(2026, 11, 9)
