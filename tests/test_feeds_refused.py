"""What an extract may get wrong: every row named with its place, nothing loaded, or the bad rows set aside."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from feeds_example import feeds_workspace, load_feed, values
from test_feeds_counting import EXTRACT, FEED, PERIODS, WEEK, feed
from workspace_example import contents, returns

from compstat.findings import DataError, Finding
from compstat.load.batch import Loaded
from compstat.workspace.workspace import Workspace

HEAD = "occurred,offence,beat\n"


def refused(workspace: Workspace, text: str, name: str = "crime", **options: object) -> list[Finding]:
    """Why an extract is refused; the store is then as it was."""
    before = contents(workspace)
    with pytest.raises(DataError) as error:
        load_feed(workspace, name, returns(workspace, text, "incidents.csv"), **options)
    assert contents(workspace) == before
    return list(error.value.findings)


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.where, finding.message) for finding in findings]


@pytest.mark.parametrize(
    "text", ["2026-11-10", "10/11/26", "31/02/2026", "10/11/2026 24:10", "", "yesterday", "1/1/16"]
)
def test_a_date_in_no_format_of_the_feed(tmp_path: Path, text: str) -> None:
    found = refused(feeds_workspace(tmp_path, FEED), f"{HEAD}10/11/2026,burglary,N\n{text},burglary,N\n")
    said = f'occurred is "{text}"' if text else "occurred is empty"
    wanted = "wanted a date like 15/11/2026 or 15/11/2026 18:05"
    assert told(found) == [("bad-date", "incidents.csv:3", f"{said}; {wanted}")]


def test_a_date_that_two_formats_read_as_different_days_is_no_guess(tmp_path: Path) -> None:
    both = feed(date='{ column = "occurred", format = ["%d/%m/%Y", "%m/%d/%Y"] }')
    workspace = feeds_workspace(tmp_path, both)
    found = refused(workspace, HEAD + "11/11/2026,burglary,N\n13/11/2026,burglary,N\n03/11/2026,burglary,N\n")
    message = 'occurred is "03/11/2026"; two of the feed\'s formats read it, as different days'
    assert told(found) == [("bad-date", "incidents.csv:4", message)]


def test_a_day_after_the_recording(tmp_path: Path) -> None:
    found = refused(feeds_workspace(tmp_path, FEED), HEAD + "17/11/2026,burglary,N\n")
    message = 'occurred is "17/11/2026"; wanted a day by 2026-11-16, when this was recorded'
    assert told(found) == [("future-period", "incidents.csv:2", message)]


def test_a_day_long_ago_is_outside_the_coverage_and_no_error(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED)
    (loaded,) = load_feed(workspace, "crime", returns(workspace, EXTRACT + "01/01/1900,burglary,X\n"))
    assert loaded.extracted and loaded.extracted.left_out["outside the coverage"] == 3


def test_a_code_that_stands_for_no_unit_is_told_once_for_all_its_rows(tmp_path: Path) -> None:
    found = refused(feeds_workspace(tmp_path, FEED), HEAD + "10/11/2026,burglary,X\n" * 30 + "10/11/2026,burglary,\n")
    assert [(finding.code, finding.where) for finding in found] == [
        ("unknown-unit", "incidents.csv:2"),
        ("unknown-unit", "incidents.csv:32"),
    ]
    assert 'beat is "X"; it stands for no unit in units.csv (30 rows' in found[0].message
    assert "beat is empty" in found[1].message


def test_codes_of_rows_that_do_not_count_are_nobodys_business(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED)
    load_feed(workspace, "crime", returns(workspace, EXTRACT + "10/11/2026,theft,X\n01/10/2026,burglary,X\n"))
    assert values(workspace)["North", "burglary", WEEK] == 2


def test_a_unit_that_was_closed_by_then(tmp_path: Path) -> None:
    mapped = feed(unit='{ column = "beat", map = { "N" = "North", "O" = "Old Town" } }')
    found = refused(feeds_workspace(tmp_path, mapped), HEAD + "04/11/2026,burglary,O\n09/11/2026,burglary,O\n")
    message = 'beat is "O" for a period of 2026-11-09; units.csv does not hold that unit valid then'
    assert told(found) == [("unit-not-valid", "incidents.csv:3", message)]


def with_unknown(policy: str) -> str:
    return FEED.replace("coverage =", f'unknown_units = "{policy}"\ncoverage =')


BAD = EXTRACT + "10/11/2026,burglary,X\n11/11/2026,burglary,S\n"


@pytest.mark.parametrize("policy", ["drop", "set-aside"])
def test_a_feed_can_say_what_becomes_of_unknown_units(tmp_path: Path, policy: str) -> None:
    workspace = feeds_workspace(tmp_path, with_unknown(policy))
    (loaded,) = load_feed(workspace, "crime", returns(workspace, BAD))
    assert values(workspace)["South", "burglary", WEEK] == 1
    dropped = loaded.extracted and loaded.extracted.left_out.get("with a beat that is no unit")
    assert (dropped, loaded.set_aside) == ((1, 0) if policy == "drop" else (None, 1))
    assert (loaded.refused_file is None) == (policy == "drop")


def set_aside(workspace: Workspace, text: str) -> Loaded:
    (loaded,) = load_feed(workspace, "crime", returns(workspace, text, "incidents.csv"), set_aside=True)
    return loaded


def test_bad_rows_are_set_aside_as_they_stand_with_every_reason(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED)
    loaded = set_aside(workspace, BAD + "2026-11-10,burglary,N\n10/11/2026,burglary\n")
    assert loaded.set_aside == 3 and loaded.refused_file
    with loaded.refused_file.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows] == ["refused_line", "9", "11", "12"]
    assert [row[1].partition(":")[0] for row in rows[1:]] == ["unknown-unit", "bad-date", "ragged-row"]
    assert rows[1][2:] == ["10/11/2026", "burglary", "X"]
    assert loaded.extracted and loaded.extracted.rows == 11 and loaded.extracted.counted == 4


def test_rows_that_were_set_aside_are_no_extract(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, FEED)
    path = set_aside(workspace, BAD).refused_file
    assert path
    before = contents(workspace)
    with pytest.raises(DataError) as error:
        load_feed(workspace, "crime", path, at=datetime(2026, 11, 20))
    assert [finding.code for finding in error.value.findings] == ["rows-set-aside"]
    assert contents(workspace) == before


@pytest.mark.parametrize("cell", ["one", "", "1,5", "nan", "inf", "0x1"])
def test_text_in_a_column_that_is_summed(tmp_path: Path, cell: str) -> None:
    workspace = feeds_workspace(tmp_path, FEED + 'value = "count"\n')
    extract = f'occurred,offence,beat,count\n10/11/2026,burglary,N,1\n10/11/2026,burglary,N,"{cell}"\n'
    found = refused(workspace, extract + '10/11/2026,theft,N,"not looked at"\n')
    said = f'count is "{cell}"' if cell else "count is empty"
    assert told(found) == [("not-a-number", "incidents.csv:3", f"{said}; wanted a number")]


def test_text_in_a_column_that_is_compared_with_numbers(tmp_path: Path) -> None:
    workspace = feeds_workspace(tmp_path, feed(where="{ offence = { from = 1, to = 5 } }"))
    found = refused(workspace, HEAD + "10/11/2026,3,N\n10/11/2026,three,N\n10/11/2026,,N\n")
    assert told(found) == [("not-a-number", "incidents.csv:3", 'offence is "three"; wanted a number')]


def test_columns_that_are_not_there_are_all_named(tmp_path: Path) -> None:
    found = refused(feeds_workspace(tmp_path, FEED), "occured,beat,beat\n10/11/2026,N,N\n")
    assert [finding.code for finding in found] == ["missing-heading", "double-heading", "missing-heading"]
    assert found[0].where == "incidents.csv:1"
    assert 'column "occurred" of feed crime is not there. Did you mean "occured"?' in found[0].message


@pytest.mark.parametrize("text", ["\n\n", HEAD])
def test_an_extract_without_rows_says_nothing_of_the_world(tmp_path: Path, text: str) -> None:
    found = refused(feeds_workspace(tmp_path, FEED), text)
    assert [finding.code for finding in found] == ["empty-file"]


def test_an_extract_that_covers_no_whole_week(tmp_path: Path) -> None:
    found = refused(
        feeds_workspace(tmp_path, feed(coverage="{}")), HEAD + "10/11/2026,burglary,N\n12/11/2026,theft,N\n"
    )
    assert [finding.code for finding in found] == ["nothing-covered"]
    assert "2 outside the coverage" in found[0].message
    found = refused(feeds_workspace(tmp_path, feed(coverage="{ from = 2027-01-04 }")), EXTRACT)
    assert [finding.code for finding in found] == ["nothing-covered"]


def test_a_period_given_twice_with_other_figures_is_refused_both_times(tmp_path: Path) -> None:
    text = "ending,place,n,solved\n2026-11-15,North,4,1\n2026-11-15,South,1,0\n2026-11-15,North,5,1\n"
    found = refused(feeds_workspace(tmp_path, PERIODS), text, "weekly")
    assert {(finding.code, finding.where) for finding in found} == {
        ("duplicate-key", "incidents.csv:2"),
        ("duplicate-key", "incidents.csv:4"),
    }
    workspace = feeds_workspace(tmp_path, PERIODS)
    (loaded,) = load_feed(workspace, "weekly", returns(workspace, text), set_aside=True)
    assert loaded.set_aside == 2
    assert {cell[0] for cell in values(workspace)} == {"South"}


def test_a_date_that_is_no_periods_end(tmp_path: Path) -> None:
    text = "ending,place,n,solved\n2026-11-15,North,4,1\n2026-11-14,South,1,0\n"
    (finding,) = refused(feeds_workspace(tmp_path, PERIODS), text, "weekly")
    assert told([finding]) == [
        ("off-grid-date", "incidents.csv:3", 'ending is "2026-11-14"; wanted 2026-11-15: these figures are weekly')
    ]


def test_a_first_day_and_any_day_of_a_period(tmp_path: Path) -> None:
    text = "ending,place,n,solved\n2026-11-09,North,4,1\n"
    for kind in ("start", "within"):
        workspace = feeds_workspace(tmp_path / kind, PERIODS.replace('"end"', f'"{kind}"'))
        load_feed(workspace, "weekly", returns(workspace, text))
        assert values(workspace)["North", "burglary", date(2026, 11, 9)] == 4


def test_what_a_cell_holds_is_only_ever_text_in_a_message(tmp_path: Path) -> None:
    found = refused(feeds_workspace(tmp_path, FEED), HEAD + '10/11/2026,burglary,"\x1b[31m<b>\n=1+1"\n')
    assert 'beat is "\\x1b[31m<b>\\n=1+1"' in found[0].message
