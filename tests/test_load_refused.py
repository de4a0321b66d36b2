"""Returns that are refused: what each fault says, whole, and that the store is as it was."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from workspace_example import FILES, contents, load, load_text, make_workspace, remember, returns

from compstat.findings import DataError
from compstat.load.load import MOST_FINDINGS_COUNTED, MOST_FINDINGS_SHOWN
from compstat.workspace.workspace import Workspace

WEEKLY = "unit,indicator,week,value\n"
ENDING = "unit,indicator,week_ending,value\n"
RATIO = "unit,indicator,week,value,numerator,denominator\n"
WIDE = "unit,week_ending,burglary,balance\n"
HEADINGS = "Headings: unit,indicator,week_ending,value (long) or unit,week_ending and a column an indicator (wide)"
DATES = "week, week_start, week_ending, period_start, period_end, month"
PLAIN = "Write the figure in plain digits with a point, or leave the cell empty."
DECLARE = f"{PLAIN} If all are written so: decimal and thousands under [returns] in compstat.toml."
FORMULA = "It is a formula without its result: open the file in a spreadsheet program and save it."

# code, place, message, fix: each word of what is said; then the file
CASES = [
    ("unknown-unit", "returns.csv:2", 'unit "Nroth" is not in units.csv. Did you mean "North"?',
     "Fix the row, or add the unit.", WEEKLY + "Nroth,burglary,2026-W46,12\n"),
    ("unknown-unit", "returns.csv:2", 'unit "NORTH" is not in units.csv. Did you mean "North"?',
     "Fix the row, or add the unit.", WEEKLY + "NORTH,burglary,2026-W46,12\n"),
    ("unknown-unit", "returns.csv:2", "unit is empty",
     "Fix the row, or add the unit.", WEEKLY + ",burglary,2026-W46,12\n"),
    ("unknown-indicator", "returns.csv:2", 'indicator "burgalry" is not in indicators.csv. Did you mean "burglary"?',
     "Fix the row, or add the indicator.", WEEKLY + "North,burgalry,2026-W46,12\n"),
    ("unknown-indicator", "returns.csv:1", 'column "burgalry" is no indicator of indicators.csv. '
     'Did you mean "burglary"?',
     "Fix the heading, or add the indicator.", "unit,week,burgalry\nNorth,2026-W46,12\n"),
    ("duplicate-key", "returns.csv:3", "North, burglary, 2026-11-09 is there 2 times, with the same figures, "
     "first in line 2",
     "Keep the right one.", WEEKLY + "North,burglary,2026-W46,12\n" * 2),
    ("not-a-number", "returns.csv:2", 'value is "a dozen"; wanted a number', PLAIN,
     WEEKLY + "North,burglary,2026-W46,a dozen\n"),
    ("not-a-number", "returns.csv:2", 'value is "1,204"; wanted a number', DECLARE,
     WEEKLY + 'North,burglary,2026-W46,"1,204"\n'),
    ("not-a-number", "returns.csv:2", 'burglary is "12 (est.)"; wanted a number', PLAIN,
     WIDE + "North,2026-11-15,12 (est.),1\n"),
    *(
        ("not-a-number", "returns.csv:2", f'value is "{text}"; wanted a number', fix,
         headings + f'North,burglary,{day},"{text}"\n')
        for texts, fix in (
            (("nan", "inf", "-Infinity", "1e400", "12%", "١٢", "#N/A", "12-", "1,2,3"), PLAIN),
            (("1 204", "1.204,5", "12,5", "1'204"), DECLARE),
            (("=1+1",), FORMULA),
        )
        for text in texts
        for headings, day in ((WEEKLY, "2026-W46"), (ENDING, "2026-11-15"))
    ),
    ("negative-value", "returns.csv:2", "burglary (-1) is negative; wanted 0 or more",
     "Fix the figure, or set non_negative to no.", WEEKLY + "North,burglary,2026-W46,-1\n"),
    ("negative-value", "returns.csv:2", "detected (numerator 1, denominator -4) is negative; wanted 0 or more",
     "Fix the figure, or set non_negative to no.", RATIO + "North,detected,2026-W46,,1,-4\n"),
    ("ratio-without-parts", "returns.csv:2",
     "detected (31.5) lacks a numerator or denominator; wanted both, a ratio is worked out again from its parts",
     "Give both in a long file, or set aggregate to mean in indicators.csv.",
     WEEKLY + "North,detected,2026-W46,31.5\n"),
    ("ratio-without-parts", "returns.csv:2", "detected (value 31, numerator 12) lacks a numerator or denominator; "
     "wanted both, a ratio is worked out again from its parts",
     "Give both in a long file, or set aggregate to mean in indicators.csv.",
     RATIO + "North,detected,2026-W46,31,12,\n"),
    ("ratio-of-nothing", "returns.csv:2", "detected (numerator 3, denominator 0) has the denominator 0; wanted "
     "numerator 0 and no value where there was nothing to divide by",
     "Fix the parts, or leave value empty.", RATIO + "North,detected,2026-W46,,3,0\n"),
    ("ratio-of-nothing", "returns.csv:2", "detected (value 100, numerator 0, denominator 0) has the denominator 0; "
     "wanted numerator 0 and no value where there was nothing to divide by",
     "Fix the parts, or leave value empty.", RATIO + "North,detected,2026-W46,100,0,0\n"),
    ("parts-without-value", "returns.csv:2", "burglary (numerator 3, denominator 12) has parts and no value; wanted "
     "a value, the indicator is no ratio",
     "Give the value, or set aggregate to ratio in indicators.csv.", RATIO + "North,burglary,2026-W46,,3,12\n"),
    ("bad-date", "returns.csv:2", 'week is "2026-W54"; 2026 has 53 weeks, 1 to 53',
     "Write the date that is meant.", WEEKLY + "North,burglary,2026-W54,12\n"),
    *(
        ("bad-date", "returns.csv:2", f'{heading} is "{written}"; {why}', "Write the date that is meant.",
         f"unit,indicator,{heading},value\nNorth,burglary,{written},12\n")
        for heading, written, why in (
            ("week", "2025-W53", "2025 has 52 weeks, 1 to 52"),
            ("week_ending", "2026-02-30", "there is no such day"),
            ("week_ending", "1899-12-31", "days are read from 1901-01-01 to 2199-12-31"),
            ("week_ending", "9999-12-31", "days are read from 1901-01-01 to 2199-12-31"),
            ("week", "1899-W10", "days are read from 1901-01-01 to 2199-12-31"),
            ("month", "2026-13", "there is no such day"),
        )
    ),
    ("bad-date", "returns.csv:2", 'week_ending is "15/11/2026"; wanted a date such as 2026-11-15',
     'Write the date like that. If all are written so: dates = "day-first" or "month-first" under [returns] in '
     "compstat.toml.", ENDING + "North,burglary,15/11/2026,12\n"),
    ("bad-date", "returns.csv:2", "week_ending is empty; wanted a date such as 2026-11-15",
     "Write the date like that.", ENDING + "North,burglary,,12\n"),
    ("bad-date", "returns.csv:2", 'month is "Nov 2026"; wanted a month such as 2026-11',
     "Write the date like that.", "unit,indicator,month,value\nNorth,absence,Nov 2026,3\n"),
    ("off-grid-date", "returns.csv:2", "week_ending is 2026-11-14; wanted 2026-11-15: weeks here end on Sunday",
     "Fix the date; or week_ends_on in compstat.toml, or the indicator's cadence.",
     ENDING + "North,burglary,2026-11-14,12\n"),
    ("off-grid-date", "returns.csv:2", "period_end is 2026-10-30; wanted 2026-10-31: the indicator is monthly",
     "Fix the date; or week_ends_on in compstat.toml, or the indicator's cadence.",
     "unit,indicator,period_end,value\nNorth,absence,2026-10-30,3\n"),
    ("future-period", "returns.csv:2",
     "week is 2026-W47 (2026-11-16); wanted a period that was over by 2026-11-15, before this was recorded; "
     "this one ends with 2026-11-22",
     "Load it when the period is over, or fix the date. For historical loads: --recorded-at.",
     WEEKLY + "North,burglary,2026-W47,12\n"),
    ("wrong-cadence", "returns.csv:2",
     "week is 2026-W45 (2026-11-02); wanted a file with the heading month: the indicator is monthly",
     "Fix the heading, or the indicator's cadence in indicators.csv.", WEEKLY + "North,absence,2026-W45,3\n"),
    ("wrong-cadence", "returns.csv:2",
     "month is 2026-10 (2026-10-01); wanted a file with the heading week_ending: the indicator is weekly",
     "Fix the heading, or the indicator's cadence in indicators.csv.",
     "unit,indicator,month,value\nNorth,burglary,2026-10,3\n"),
    ("unit-not-valid", "returns.csv:2", 'unit "Old Town" is not valid in the period of 2026-W46',
     "Mend its valid_from and valid_to in units.csv, or the row.", WEEKLY + "Old Town,burglary,2026-W46,12\n"),
    ("ragged-row", "returns.csv:3", "has 3 cells; wanted 4",
     "Count the commas; put quotes around a text that holds one. Or the file is cut off here.",
     WEEKLY + "North,burglary,2026-W46,12\nSouth,burglary,2026-W4"),
    ("ragged-row", "returns.csv:2", "has 5 cells; wanted 4",
     "Count the commas; put quotes around a text that holds one. Or the file is cut off here.",
     WEEKLY + "North,burglary,2026-W46,1,204\n"),
    ("empty-file", "returns.csv", "is empty; wanted headings and rows", "Ask for it again.", ""),
    ("empty-file", "returns.csv", "is empty; wanted headings and rows", HEADINGS, "\n\n"),
    ("empty-file", "returns.csv", "has headings and no rows; wanted rows", "", WEEKLY),
    ("empty-file", "returns.csv", "has headings and no rows; wanted rows", "", ENDING + ",,,\n"),
    ("missing-heading", "returns.csv:1", 'column "unit" is missing; found indicator, week, value', HEADINGS,
     "indicator,week,value\nburglary,2026-W46,12\n"),
    ("missing-heading", "returns.csv:1", f"wanted one column with the date ({DATES}), found none", HEADINGS,
     "unit,indicator,value\nNorth,burglary,12\n"),
    ("missing-heading", "returns.csv:1", f"wanted one column with the date ({DATES}), found week, month", HEADINGS,
     "unit,indicator,week,month,value\nNorth,burglary,2026-W46,2026-11,12\n"),
    ("missing-heading", "returns.csv:1", 'column "value" is missing; found unit, indicator, week', HEADINGS,
     "unit,indicator,week\nNorth,burglary,2026-W46\n"),
    ("missing-heading", "returns.csv:1",
     "no column holds figures; wanted indicator and value, or a column named after each indicator", HEADINGS,
     "unit,week\nNorth,2026-W46\n"),
    ("double-heading", "returns.csv:1", 'column "burglary" is there twice', "Keep one of them.",
     "unit,week,burglary,burglary\nNorth,2026-W46,12,13\n"),
    ("unknown-heading", "returns.csv:1",
     'column "nominator" is not known in a long file. Did you mean "denominator"?', HEADINGS,
     "unit,indicator,week,value,nominator\nNorth,burglary,2026-W46,12,3\n"),
    ("double-heading", "returns.csv:1", 'column "burglary" is there twice, once as "Burglary"', "Keep one of them.",
     "unit,week_ending,burglary,Burglary\nNorth,2026-11-15,12,13\n"),
    ("value-unlike-parts", "returns.csv:2", "detected (value 95, numerator 9, denominator 10) has a value that its "
     "parts do not give; wanted 90, or no value",
     "Fix the value or the parts, or leave value empty: it is worked out from its parts.",
     RATIO + "North,detected,2026-W46,95,9,10\n"),
    ("value-unlike-parts", "returns.csv:2", "detected (value 0.9, numerator 9, denominator 10) has a value that its "
     "parts do not give; wanted 90, or no value",
     "Fix the value or the parts, or leave value empty: it is worked out from its parts.",
     RATIO + "North,detected,2026-W46,0.9,9,10\n"),
    ("unknown-heading", "returns.csv:1", "column 5 has no heading", "Name it, or take it out.",
     "unit,indicator,week,value,\nNorth,burglary,2026-W46,12,7\n"),
    ("unclear-separator", "returns.csv:1",
     "the headings can be separated by commas and by semicolons; wanted one of them",
     "Put quotes round the headings, or save it with commas.",
     "week,unit,a;week;unit;b\n2026-W46,North,1;1;1;1\n"),
    ("not-a-number", "returns.csv:2", 'value is "12,5"; wanted a number', DECLARE,
     "unit;indicator;week;value\nNorth;burglary;2026-W46;12,5\n"),
    ("two-date-styles", "returns.csv:3", 'week_ending is written in two styles: "2026-11-08" (returns.csv:2) and here '
     '"15/11/2026"; wanted one, year first',
     "Ask which days are meant, of the first ones too: a spreadsheet may have turned day and month round.",
     ENDING + "North,burglary,2026-11-08,12\nNorth,burglary,15/11/2026,12\n"),
    ("not-csv", "returns.csv:2", "is not CSV: unexpected end of data",
     "Look for a quote that is opened here and not closed. Or the file is cut off, or not what its name says.",
     WEEKLY + 'North,burglary,2026-W46,"12\nSouth,burglary,2026-W46,3\n'),
]  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A store that holds something: what must be as before."""
    made = make_workspace(tmp_path)
    remember("North", date(2026, 11, 2), 7, datetime(2026, 11, 9, 18))
    return made


@pytest.mark.parametrize(("code", "place", "message", "fix", "text"), CASES)
def test_one_fault_is_named_and_nothing_changes(
    workspace: Workspace, code: str, place: str, message: str, fix: str, text: str
) -> None:
    before = contents(workspace)
    with pytest.raises(DataError) as caught:
        load_text(workspace, text)
    (found,) = caught.value.findings
    assert (found.code, found.where, found.message, found.fix) == (code, place, message, fix)
    assert contents(workspace) == before
    assert caught.value.exit_code == 11


def test_not_a_byte_of_the_store_changes(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, on_disk=True)
    load_text(workspace, WEEKLY + "North,burglary,2026-W45,7\n", at=datetime(2026, 11, 9, 18))
    before = workspace.store_path.read_bytes()
    for text in (CASES[0][-1], CASES[-1][-1], WEEKLY + "North,burglary,2026-W45,\n", ""):
        with pytest.raises(DataError):
            load_text(workspace, text)
    load_text(workspace, WEEKLY + "North,burglary,2026-W46,7\n", dry_run=True)
    assert workspace.store_path.read_bytes() == before


def refused(workspace: Workspace, text: str, **options: bool) -> DataError:
    with pytest.raises(DataError) as caught:
        load_text(workspace, text, **options)
    return caught.value


@pytest.mark.parametrize(("headings", "day"), [(WEEKLY, "2026-W46"), (ENDING, "2026-11-15")])
def test_of_rows_that_disagree_each_is_refused(workspace: Workspace, headings: str, day: str) -> None:
    rows = [f"North,burglary,{day},{value}\n" for value in (12, 13, 12)]
    error = refused(workspace, headings + "".join(rows))
    assert [finding.where for finding in error.findings] == ["returns.csv:2", "returns.csv:3", "returns.csv:4"]
    assert "is there 3 times, with different figures, first in line 2" in error.findings[2].message


def test_of_a_cell_given_twice_once_illegibly_both_are_refused(workspace: Workspace) -> None:
    error = refused(workspace, WEEKLY + "North,burglary,2026-W46,12\nNorth,burglary,2026-W46,twelve\n")
    assert {(finding.code, finding.where) for finding in error.findings} == {
        ("duplicate-key", "returns.csv:2"),
        ("duplicate-key", "returns.csv:3"),
        ("not-a-number", "returns.csv:3"),
    }


def test_every_fault_of_every_row_is_named_in_the_files_order(workspace: Workspace) -> None:
    error = refused(
        workspace,
        WEEKLY + "Nroth,burgalry,2026-W54,twelve\nSouth,burglary,2026-W46,3\nNorth,burglary,2026-W47,-1\n",
    )
    assert [(finding.where, finding.code) for finding in error.findings] == [
        ("returns.csv:2", "bad-date"),
        ("returns.csv:2", "not-a-number"),
        ("returns.csv:2", "unknown-unit"),
        ("returns.csv:2", "unknown-indicator"),
        ("returns.csv:4", "future-period"),
        ("returns.csv:4", "negative-value"),
    ]
    assert error.summary.startswith("returns.csv was not loaded: 6 problems in 2 rows. The store is as it was.")


def test_a_fault_of_a_wide_row_is_said_once(workspace: Workspace) -> None:
    error = refused(workspace, WIDE + "Nroth,2026-11-14,1,2\n")
    assert [finding.code for finding in error.findings] == ["unknown-unit", "off-grid-date"]


def test_lines_count_from_the_first_line_of_a_row(workspace: Workspace) -> None:
    error = refused(workspace, '\nunit,indicator,week,value\n\n"Nor\nth",burglary,2026-W46,1\nX,burglary,2026-W46,1\n')
    assert [finding.where for finding in error.findings] == ["returns.csv:4", "returns.csv:6"]
    assert 'unit "Nor\\nth" is not in units.csv.' in error.findings[0].message


def test_many_faults_are_counted_and_some_are_shown(workspace: Workspace) -> None:
    rows = "".join(f"Unit {n},burglary,2026-W46,1\n" for n in range(150))
    error = refused(workspace, WEEKLY + rows)
    assert len(error.findings) == MOST_FINDINGS_SHOWN
    assert "150 problems in 150 rows (the first 100 are shown)" in error.summary


def test_the_same_unknown_name_is_told_once_with_its_places(workspace: Workspace) -> None:
    rows = "".join(f"Nroth,burglary,2026-W{week},1\nSouth,burgalry,2026-W{week},1\n" for week in range(30, 40))
    error = refused(workspace, WEEKLY + rows)
    assert [str(finding) for finding in error.findings] == [
        'returns.csv:2: unit "Nroth" is not in units.csv. Did you mean "North"? '
        "(10 rows: also in line 4, 6, 8 and 6 more)\n  Fix the row, or add the unit.  docs/messages.md#unknown-unit",
        'returns.csv:3: indicator "burgalry" is not in indicators.csv. Did you mean "burglary"? '
        "(10 rows: also in line 5, 7, 9 and 6 more)\n"
        "  Fix the row, or add the indicator.  docs/messages.md#unknown-indicator",
    ]
    assert "20 problems in 20 rows. The store is as it was." in error.summary


def test_each_bad_figure_is_told_though_the_words_are_the_same(workspace: Workspace) -> None:
    error = refused(workspace, WEEKLY + "North,burglary,2026-W45,-1\nSouth,burglary,2026-W45,-1\n")
    assert [finding.where for finding in error.findings] == ["returns.csv:2", "returns.csv:3"]


def test_setting_aside_is_offered_only_where_something_is_left(workspace: Workspace) -> None:
    bad = "Nroth,burglary,2026-W46,1\n"
    assert "--set-aside" in refused(workspace, WEEKLY + bad + "North,burglary,2026-W46,1\n").summary
    summary = refused(workspace, WEEKLY + bad).summary
    assert "--set-aside" not in summary and "Is it the right file" in summary


def test_a_file_of_nothing_but_faults_is_not_told_to_the_end(workspace: Workspace) -> None:
    rows = "".join(f"Unit {n},burglary,2026-W46,1\n" for n in range(MOST_FINDINGS_COUNTED + 500))
    assert f"at least {MOST_FINDINGS_COUNTED:,} problems" in refused(workspace, WEEKLY + rows).summary


def test_a_command_to_copy_is_safe_to_copy(workspace: Workspace) -> None:
    path = returns(workspace, WEEKLY + "X,burglary,2026-W46,1\nNorth,burglary,2026-W46,1\n", "$(reboot) 'a'.csv")
    with pytest.raises(DataError) as caught:
        load(workspace, path)
    assert caught.value.summary.endswith("""/$(reboot) '"'"'a'"'"'.csv' --set-aside""")


@pytest.mark.parametrize(
    "name",
    ["../x", "<b>A&B</b>", "=1+1", "x" * 300, "\x1b[31mred\x07", "a\nreturns.csv:9: lie", "\u202eevil", "'; drop"],
)
def test_a_hostile_unit_is_quoted_on_one_line(workspace: Workspace, name: str) -> None:
    error = refused(workspace, WEEKLY + f'"{name}",burglary,2026-W46,1\n')
    message = error.findings[0].message
    assert message.isprintable()
    assert len(message) < 150
    assert error.findings[0].where == "returns.csv:2"


@pytest.mark.parametrize("name", ["../x", "<b>A&B</b>", "=1+1", "x" * 300, "Ünit 'Nörd' \"1\"", "../../etc/passwd"])
def test_a_hostile_unit_that_is_known_loads_like_any_other(tmp_path: Path, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    workspace = make_workspace(tmp_path, units=f"unit\n{quoted}\n")
    assert load_text(workspace, WEEKLY + f"{quoted},burglary,2026-W46,12\n").added == 1
    assert load_text(workspace, ENDING + f"{quoted},burglary,2026-11-08,12\n").added == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*FILES, "returns.csv"])


def test_an_unread_figure_is_not_called_a_missing_one(workspace: Workspace) -> None:
    """The store holds 7; the cell holds text: nobody left it empty."""
    error = refused(workspace, WEEKLY + "North,burglary,2026-W45,seven\n")
    assert [finding.code for finding in error.findings] == ["not-a-number"]


def test_all_faults_of_all_files_are_told_and_no_file_is_loaded(workspace: Workspace) -> None:
    before = contents(workspace)
    files = [
        returns(workspace, WEEKLY + "North,burglary,2026-W46,12\n", "good.csv"),
        returns(workspace, WEEKLY + "Nroth,burglary,2026-W46,12\n", "bad.csv"),
        returns(workspace, "", "empty.csv"),
    ]
    with pytest.raises(DataError) as caught:
        load(workspace, *files)
    assert [(finding.where, finding.code) for finding in caught.value.findings] == [
        ("bad.csv:2", "unknown-unit"),
        ("empty.csv", "empty-file"),
    ]
    assert caught.value.summary.splitlines()[-1] == (
        "2 of 3 files cannot be loaded, so none was. The store is as it was."
    )
    assert contents(workspace) == before


def test_a_workspace_without_tables_refuses_every_row(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, units="unit\n", indicators="indicator\n")
    codes = [finding.code for finding in refused(workspace, WEEKLY + "North,burglary,2026-W46,12\n").findings]
    assert codes == ["unknown-unit", "unknown-indicator"]
