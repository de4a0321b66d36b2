"""Extracts counted by declaration: what is a figure, what is 0, what is missing, what changes later."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from feeds_example import feeds_workspace, load_feed, values
from hypothesis import given, settings
from hypothesis import strategies as st
from workspace_example import contents, known, load, returns

from compstat.findings import DataError
from compstat.workspace.workspace import Workspace

FEED = """
[[feed]]
feed = "crime"
date = { column = "occurred", format = ["%d/%m/%Y", "%d/%m/%Y %H:%M"] }
coverage = { from = 2026-11-02, to = 2026-11-15 }
unit = { column = "beat", map = { "N" = "North", "S" = "South" }, ignore = ["0"] }
[[feed.indicator]]
indicator = "burglary"
where = { offence = ["burglary", "break-in"] }
"""
OLD, WEEK = date(2026, 11, 2), date(2026, 11, 9)
EVENING = datetime(2026, 11, 16, 18)
EXTRACT = """occurred,offence,beat
01/11/2026,burglary,N
02/11/2026 00:05,burglary,N
09/11/2026,break-in,N
15/11/2026 23:59,burglary,N
15/11/2026,theft,N
16/11/2026,burglary,S
10/11/2026,burglary,0
"""


def feed(**changed: str) -> str:
    """FEED with some words changed: `feed(coverage="{}")` changes the line of that setting."""
    lines = FEED.splitlines()
    for name, text in changed.items():
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{name} ="))
        lines[place] = f"{name} = {text}"
    return "\n".join(lines)


def counted(workspace: Workspace, text: str, **options: object) -> dict[tuple[str, date], float | None]:
    """What the store holds of burglary after this extract was loaded, by unit and week."""
    load_feed(workspace, "crime", returns(workspace, text, "incidents.csv"), **options)
    return {(unit, start): value for (unit, name, start), value in values(workspace).items() if name == "burglary"}


def test_rows_are_counted_by_week_and_silence_is_0_within_the_coverage_for_units_valid_then(tmp_path: Path) -> None:
    found = counted(feeds_workspace(tmp_path, FEED), EXTRACT)
    assert found == {
        ("North", OLD): 1,
        ("North", WEEK): 2,
        ("South", OLD): 0,
        ("South", WEEK): 0,
        ("Old Town", OLD): 0,  # closed on the Wednesday of that week, and no unit of the week after
    }


def test_what_became_of_each_row_is_told(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED)
    (loaded,) = load_feed(workspace, "crime", returns(workspace, EXTRACT))
    told = loaded.extracted
    assert told and (told.rows, told.counted, told.feed) == (7, 3, "crime")
    assert told.left_out == {"outside the coverage": 2, "of no indicator": 1, "with a beat that the feed ignores": 1}
    assert (told.covers_from, told.covers_to) == (OLD, date(2026, 11, 15))


def test_a_week_that_is_covered_in_part_is_missing_and_not_small(tmp_path: Path) -> None:
    found = counted(feeds_workspace(tmp_path, feed(coverage="{ from = 2026-11-03, to = 2026-11-15 }")), EXTRACT)
    assert {start for _, start in found} == {WEEK}


def test_an_end_that_is_left_out_is_the_first_or_last_date_of_the_file(tmp_path: Path) -> None:
    found = counted(feeds_workspace(tmp_path, feed(coverage="{ from = 2026-11-02 }")), EXTRACT)
    assert {start for _, start in found} == {OLD, WEEK}  # the last row is of Monday 16 November
    found = counted(
        feeds_workspace(tmp_path / "both", feed(coverage="{}")),
        EXTRACT.replace("15/11", "14/11").replace("16/11", "14/11"),
    )
    assert {start for _, start in found} == {OLD}


def test_the_coverage_can_be_told_by_a_column_of_months(tmp_path: Path) -> None:
    coverage = '{ column = "coded", format = "%Y-%m" }'
    extract = "occurred,offence,beat,coded\n05/10/2026,burglary,N,2026-10\n03/03/2019,burglary,N,2026-10\n"
    found = counted(feeds_workspace(tmp_path, feed(coverage=coverage)), extract)
    assert {start for _, start in found} == {date(2026, 10, day) for day in (5, 12, 19)}
    assert found["North", date(2026, 10, 5)] == 1


def test_nothing_is_0_after_the_moment_of_recording_whatever_the_feed_says(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, feed(coverage="{ from = 2026-11-02, to = 2030-12-31 }"))
    extract = "occurred,offence,beat\n03/11/2026,burglary,N\n"
    found = counted(workspace, extract, at=datetime(2026, 11, 14, 18))  # a Saturday
    assert {start for _, start in found} == {OLD}


def test_a_later_extract_restates_and_the_same_one_says_nothing_new(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED)
    counted(workspace, EXTRACT)
    before = contents(workspace)
    (again,) = load_feed(workspace, "crime", returns(workspace, EXTRACT), at=EVENING + timedelta(days=1))
    assert again.batch is None and contents(workspace) == before
    later = EXTRACT + "12/11/2026,burglary,S\n"
    (loaded,) = load_feed(workspace, "crime", returns(workspace, later), at=EVENING + timedelta(days=7))
    assert (loaded.added, loaded.restated) == (0, 1)
    assert values(workspace)["South", "burglary", WEEK] == 1
    assert known(workspace, EVENING)["South", "burglary", WEEK][0] == 0


def test_the_same_extract_through_a_mended_feed_is_counted_again(tmp_path: Path) -> None:
    counted(feeds_workspace(tmp_path, FEED), EXTRACT)
    mended = feeds_workspace(tmp_path, feed(where='{ offence = { starts_with = "b" } }'))
    assert counted(mended, EXTRACT.replace("theft", "bicycle"))["North", WEEK] == 3


def test_a_column_is_summed_and_a_record_taken_back_is_minus_1(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED + 'value = "count"\n')
    extract = "occurred,offence,beat,count\n" + "".join(f"10/11/2026,burglary,N,{n}\n" for n in (1, 1, -1))
    assert counted(workspace, extract)["North", WEEK] == 1


def test_a_sum_below_0_is_refused_and_says_which(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED + 'value = "count"\n')
    with pytest.raises(DataError) as error:
        counted(workspace, "occurred,offence,beat,count\n10/11/2026,burglary,N,-1\n", set_aside=True)
    (finding,) = error.value.findings
    assert (finding.code, finding.where) == ("negative-value", "incidents.csv")
    assert finding.message.startswith("North, burglary, 2026-11-09: burglary (-1) is negative")
    assert contents(workspace) == []


@pytest.mark.parametrize(
    ("where", "beats"),
    [
        ("{ code = { from = 10, to = 19 } }", {"N": 2}),
        ("{ code = { from = 20 } }", {"S": 1}),
        ("{ code = { to = 10 } }", {"N": 1}),
        ("{ code = 19 }", {"N": 1}),
        ('{ code = { starts_with = "1" } }', {"N": 2}),
        ("{ code = { other_than = [10, 19] } }", {"S": 2}),
        ('{ code = { from = 10, other_than = "19" } }', {"N": 1, "S": 1}),
        ('{ code = ["10", "20"], kind = "x" }', {"N": 1}),
    ],
)
def test_conditions(tmp_path: Path, where: str, beats: dict[str, int]) -> None:
    rows = ("N,10,x", "N,19,y", "S,20,y", "S,,x")
    extract = "occurred,beat,code,kind\n" + "".join(f"10/11/2026,{row}\n" for row in rows)
    found = counted(feeds_workspace(tmp_path, feed(where=where)), extract)
    assert (found["North", WEEK], found["South", WEEK]) == (beats.get("N", 0), beats.get("S", 0))


def test_a_share_is_counted_in_its_parts_and_a_silent_week_is_0_of_0(tmp_path: Path) -> None:
    share = """
[[feed.indicator]]
indicator = "detected"
where = { offence = "burglary" }
numerator = "rows"
numerator_where = { outcome = ["charged", "cautioned"] }
denominator = "rows"
"""
    workspace = feeds_workspace(tmp_path, FEED + share)
    outcomes = ("charged", "open", "", "cautioned")
    extract = "occurred,offence,beat,outcome\n" + "".join(f"10/11/2026,burglary,N,{word}\n" for word in outcomes)
    counted(workspace, extract)
    found = known(workspace)
    assert found["North", "detected", WEEK] == (50, 2, 4)
    assert found["South", "detected", WEEK] == (None, 0, 0)


def test_one_extract_feeds_weekly_and_monthly_indicators_and_two_levels(tmp_path: Path) -> None:
    units = "unit,level\nNorth,precinct\nBeat 01,beat\nBeat 02,beat\n"
    indicators = "indicator,unit_of_measure,cadence\nburglary,count,\ntheft,count,monthly\n"
    feeds = """
[[feed]]
feed = "crime"
date = { column = "occurred" }
coverage = { from = 2026-10-01, to = 2026-11-15 }
[[feed.unit]]
column = "precinct"
level = "precinct"
[[feed.unit]]
column = "beat"
level = "beat"
prefix = "Beat "
pad = 2
[[feed.indicator]]
indicator = "burglary"
where = { offence = "burglary" }
[[feed.indicator]]
indicator = "theft"
where = { offence = "theft" }
"""
    workspace = feeds_workspace(tmp_path, feeds, units=units, indicators=indicators)
    rows = ("2026-10-03,burglary", "2026-10-03,theft", "2026-11-02,theft", "2026-11-03,burglary")
    text = "occurred,offence,precinct,beat\n" + "".join(f"{row},North,1\n" for row in rows)
    (loaded,) = load_feed(workspace, "crime", returns(workspace, text))
    found = values(workspace)
    months = {start for _, name, start in found if name == "theft"}
    weeks = {start for _, name, start in found if name == "burglary"}
    assert months == {date(2026, 10, 1)} and min(weeks) == date(2026, 10, 5) and max(weeks) == WEEK
    assert found["North", "theft", date(2026, 10, 1)] == found["Beat 01", "theft", date(2026, 10, 1)] == 1
    assert found["North", "burglary", OLD] == found["Beat 01", "burglary", OLD] == 1
    assert found["Beat 02", "burglary", OLD] == 0
    # a theft in November, which is not over, and a burglary in a week that began before the coverage
    assert loaded.extracted and loaded.extracted.left_out == {"outside the coverage": 2}


def test_columns_may_be_called_anything(tmp_path: Path) -> None:
    names = ["line", "unit_0", "taken_0", "start_weekly", "day", "'; drop table observation; --", "value_0"]
    for name in names:
        feeds = FEED.replace("beat", name.replace('"', "")).replace("{ offence =", f'{{ "{name}2" =')
        workspace = feeds_workspace(tmp_path / str(names.index(name)), feeds)
        extract = f'occurred,"{name}2","{name}"\n10/11/2026,burglary,N\n'
        assert counted(workspace, extract)["North", WEEK] == 1


def test_a_parquet_extract_is_counted_too(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, feed(date='{ column = "occurred" }'))
    path = tmp_path / "incidents.parquet"
    pl.DataFrame({"occurred": [date(2026, 11, 10)] * 2, "offence": "burglary", "beat": ["N", "S"]}).write_parquet(path)
    load_feed(workspace, "crime", path)
    assert values(workspace)["North", "burglary", WEEK] == values(workspace)["South", "burglary", WEEK] == 1


PERIODS = """
[[feed]]
feed = "weekly"
rows = "periods"
date = { column = "ending" }
date_is = "end"
unit = { column = "place" }
[[feed.indicator]]
indicator = "burglary"
value = "n"
[[feed.indicator]]
indicator = "detected"
numerator = "solved"
denominator = "n"
"""


def test_a_file_of_periods_in_other_columns_is_taken_as_it_stands(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, PERIODS)
    text = "ending,place,n,solved\n2026-11-15,North,4,1\n2026-11-15,South,,\n"
    (loaded,) = load_feed(workspace, "weekly", returns(workspace, text))
    assert known(workspace) == {
        ("North", "burglary", WEEK): (4, None, None),
        ("North", "detected", WEEK): (25, 1, 4),
    }
    assert loaded.added == 2  # an empty cell is a missing return, and what no row tells is none


def test_rows_of_periods_that_were_set_aside_can_be_mended_and_loaded(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, PERIODS)
    text = "ending,place,n,solved\n2026-11-15,North,4,1\n2026-11-15,Suoth,2,1\n"
    (loaded,) = load_feed(workspace, "weekly", returns(workspace, text), set_aside=True)
    assert loaded.refused_file and loaded.set_aside == 1
    loaded.refused_file.write_text(loaded.refused_file.read_text("utf-8").replace('15","Suoth', '15","South'), "utf-8")
    load_feed(workspace, "weekly", loaded.refused_file, at=EVENING + timedelta(days=1))
    assert values(workspace)["South", "burglary", WEEK] == 2


def test_several_extracts_are_loaded_in_order_all_or_none(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, feed(coverage="{ from = 2026-11-02 }"))
    first = returns(workspace, "occurred,offence,beat\n03/11/2026,burglary,N\n08/11/2026,theft,N\n", "1.csv")
    second = returns(workspace, "occurred,offence,beat\n10/11/2026,burglary,S\n15/11/2026,theft,N\n", "2.csv")
    broken = returns(workspace, "occurred,offence,beat\n99/11/2026,burglary,S\n", "3.csv")
    with pytest.raises(DataError):
        load_feed(workspace, "crime", first, broken)
    assert contents(workspace) == []
    load_feed(workspace, "crime", first)
    load_feed(workspace, "crime", second, at=EVENING + timedelta(days=1))
    assert values(workspace)["South", "burglary", WEEK] == 1


def test_a_plain_return_and_a_feed_tell_of_the_same_store(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED)
    load(workspace, returns(workspace, "unit,indicator,week_ending,value\nNorth,burglary,2026-11-15,7\n", "r.csv"))
    found = counted(workspace, EXTRACT, at=EVENING + timedelta(days=1))
    assert found["North", WEEK] == 2
    assert known(workspace, EVENING)["North", "burglary", WEEK][0] == 7


DAYS = st.integers(0, 20).map(lambda days: date(2026, 10, 28) + timedelta(days=days))
ROWS = st.lists(st.tuples(DAYS, st.sampled_from("NS0"), st.sampled_from(["burglary", "theft"])), max_size=40)


@settings(max_examples=15)
@given(rows=ROWS)
def test_every_figure_is_the_number_of_its_rows(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:  # type: ignore[type-arg]
    workspace = feeds_workspace(tmp_path_factory.mktemp("law"), FEED)
    text = "occurred,offence,beat\n01/11/2026,theft,N\n"
    text += "".join(f"{day:%d/%m/%Y},{offence},{beat}\n" for day, beat, offence in rows if day <= EVENING.date())
    by_hand = Counter(
        ({"N": "North", "S": "South"}[beat], day - timedelta(days=day.weekday()))
        for day, beat, offence in rows
        if offence == "burglary" and beat != "0"
    )
    found = counted(workspace, text)
    cells = {(unit, start) for unit in ("North", "South") for start in (OLD, WEEK)}
    assert {cell: found[cell] for cell in cells} == {cell: by_hand[cell] for cell in cells}
    assert found.keys() == cells | {("Old Town", OLD)}


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_an_extract_may_be_separated_by_other_signs(tmp_path: Path, separator: str) -> None:
    found = counted(feeds_workspace(tmp_path, FEED), EXTRACT.replace(",", separator))
    assert found["North", WEEK] == 2


def test_an_extract_in_a_workbook_is_found_below_its_title(tmp_path: Path) -> None:
    from openpyxl import Workbook

    workspace = feeds_workspace(tmp_path, feed(date='{ column = "occurred" }'))
    book = Workbook()
    book.active.append(["Incidents of November"])
    book.active.append(["offence", "beat", "occurred"])
    book.active.append(["burglary", "N", datetime(2026, 11, 10, 8, 5)])
    book.create_sheet("Notes").append(["made by records"])
    book.save(tmp_path / "incidents.xlsx")
    load_feed(workspace, "crime", tmp_path / "incidents.xlsx")
    assert values(workspace)["North", "burglary", WEEK] == 1


def test_figures_are_written_as_the_workspace_declares(tmp_path: Path) -> None:
    comma = '[returns]\ndecimal = ","\nthousands = "."\n'
    workspace = feeds_workspace(tmp_path, FEED + 'value = "cost"\n', compstat=comma)
    extract = "occurred;offence;beat;cost\n10/11/2026;burglary;N;1.204,50\n10/11/2026;burglary;N;0,5\n"
    assert counted(workspace, extract)["North", WEEK] == 1205
    with pytest.raises(DataError) as error:
        counted(workspace, extract + "10/11/2026;burglary;N;1,204.50\n")
    assert [finding.code for finding in error.value.findings] == ["not-a-number"]
    assert error.value.findings[0].where == "incidents.csv:4"
