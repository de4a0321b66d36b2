"""Every problem of a workspace's tables is named with its file and line, all at once, and nothing else is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compstat.findings import WorkspaceError
from compstat.workspace import checks, reading
from compstat.workspace.workspace import load_workspace

SOUND = {
    "compstat.toml": '[[cycle]]\ncycle = "weekly"\nchair = "ann"\nlevels = ["precinct"]\n',
    "units.csv": "unit,level,parent,commander\nforce,force,,\nnorth,precinct,force,ann\nsouth,precinct,force,bo\n",
    "indicators.csv": "indicator,better,owner,unit_of_measure\n"
    "burglary,lower,ann,\nrobbery,lower,,\nabsence,lower,,days\n",
    "people.csv": "person,role,unit\nann,commander,north\nbo,commander,south\n",
    "targets.csv": "indicator,unit,kind,start,end,value\nburglary,precinct,target,,,10\n",
    "rebases.csv": "indicator,unit,week_start,reason,signed_by\nburglary,north,2026-11-09,New beat,ann\n",
    "breaks.csv": "indicator,unit,start,kind,note\nburglary,*,2026-08-31,definition,New law\n",
    "rules.toml": '[[rule]]\nrule = "spike"\nfamily = "spike"\nindicators = ["burglary"]\nunits = ["precinct"]\n',
    "agenda.toml": '[[agenda]]\ncycle = "weekly"\n[[agenda.part]]\npart = "actions"\ntitle = "Actions"\nminutes = 15\n',
}


def swap(name: str, old: str, new: str) -> tuple[str, str]:
    """A file of the sound workspace with some words changed."""
    return name, SOUND[name].replace(old, new)


def plus(name: str, more: str) -> tuple[str, str]:
    """A file of the sound workspace with more at its end."""
    return name, SOUND[name] + more


CYCLE = "compstat.toml:1 [[cycle]] weekly"
RULE = "rules.toml:1 [[rule]] spike"
DATED_UNITS = "unit,level,valid_from,valid_to\n"

# code, place, words of the message, the file changed, its text (None: taken away, bytes: written as they are)
CASES: list[tuple[str, str, str, str, str | bytes | None]] = [
    ("missing-file", "compstat.toml", "is not there", "compstat.toml", None),
    ("missing-file", "units.csv", "wanted a table with the column unit", "units.csv", None),
    ("missing-file", "indicators.csv", "is not there", "indicators.csv", None),
    ("unreadable-table", "units.csv", "cannot be read", "units.csv", b"unit\nn\xf6rd\n"),
    ("unreadable-table", "people.csv:3", "is not CSV", "people.csv", 'person,name\nann,Ann\nbo,"B"o\n'),
    ("empty-table", "units.csv:1", "has no headings", "units.csv", ""),
    ("unknown-column", "units.csv:1", 'Did you mean "level"?', *swap("units.csv", "level", "levl")),
    ("unknown-column", "units.csv:1", '"level" is there twice', *swap("units.csv", "parent", "level")),
    ("unknown-column", "people.csv:1", 'column "line"', "people.csv", "person,line\nann,1\n"),
    ("missing-column", "units.csv:1", 'column "unit" is missing', "units.csv", "name\nNorth\n"),
    ("missing-column", "targets.csv:1", 'column "value"', "targets.csv", "indicator\nburglary\n"),
    ("ragged-row", "people.csv:4", "more or fewer cells", *plus("people.csv", "cy\n")),
    ("ragged-row", "people.csv:4", "more or fewer cells", *plus("people.csv", "cy,analyst,,\n")),
    ("bad-cell", "people.csv:4", 'found "boss"', *plus("people.csv", "cy,boss,\n")),
    ("bad-cell", "people.csv:4", "a value is wanted", *plus("people.csv", ",analyst,\n")),
    ("bad-cell", "targets.csv:2", "finite", "targets.csv", "indicator,value\nburglary,nan\n"),
    ("bad-cell", "targets.csv:2", "number", "targets.csv", "indicator,value\nburglary,ten\n"),
    ("bad-cell", "targets.csv:2", "end is before start",
     *swap("targets.csv", ",,,", ",2026-02-01,2026-01-31,")),
    ("bad-cell", "units.csv:2", "valid_to is before valid_from", "units.csv",
     DATED_UNITS + "north,precinct,2026-02-01,2026-01-31\nsouth,precinct,,\nforce,force,,\n"),
    ("bad-cell", "breaks.csv:3", "date", *plus("breaks.csv", "burglary,*,31/08/2026,definition,\n")),
    ("unreadable-settings", "compstat.toml:2", "is not TOML", "compstat.toml", "[calendar]\nholidays = \n"),
    ("unreadable-settings", "rules.toml", "is not TOML", "rules.toml", b"version = '\xf6'\n"),
    ("unknown-setting", "compstat.toml:6", '"calendar.week_ends"',
     *plus("compstat.toml", "[calendar]\nweek_ends = 1\n")),
    ("unknown-setting", "compstat.toml:5", 'Did you mean "calendar"?',
     *plus("compstat.toml", "[calender]\n")),
    ("bad-setting", "compstat.toml:6", "week_ends_on",
     *plus("compstat.toml", "[calendar]\nweek_ends_on = 1\n")),
    ("bad-setting", "compstat.toml:6", "a day that every year has",
     *plus("compstat.toml", '[calendar]\nyear_starts = "02-30"\n')),
    ("bad-setting", "rules.toml:6", "rule: a value is wanted",
     *plus("rules.toml", '[[rule]]\nfamily = "target"\n[[rule]]\nrule = "c"\nfamily = "floor"\n')),
    ("bad-setting", "agenda.toml:10", "minutes",
     *plus("agenda.toml", '[[agenda.part]]\npart = "force"\ntitle = "F"\nminutes = -5\n')),
    ("double-row", "units.csv:4", 'unit "north" has two rows', "units.csv",
     DATED_UNITS
     + "south,precinct,,\nnorth,precinct,,2026-01-01\nnorth,precinct,2026-01-01,\nforce,force,,\n"),
    ("double-row", "indicators.csv:5", "is there twice", *plus("indicators.csv", "burglary,lower,,\n")),
    ("double-row", "people.csv:4", 'person "ann" is there twice', *plus("people.csv", "ann,,\n")),
    ("double-row", "compstat.toml:5 [[cycle]] weekly", "is there twice",
     *plus("compstat.toml", '[[cycle]]\ncycle = "weekly"\n')),
    ("double-row", "rules.toml:6 [[rule]] spike", "is there twice",
     *plus("rules.toml", '[[rule]]\nrule = "spike"\nfamily = "floor"\n')),
    ("double-row", "agenda.toml:7 [[agenda]] weekly", "is there twice",
     *plus("agenda.toml", '[[agenda]]\ncycle = "weekly"\n')),
    ("unit-circle", "units.csv:2", "force is above itself: force, north, force",
     *swap("units.csv", "force,force,,", "force,force,north,")),
    ("unknown-unit", "units.csv:3", 'Did you mean "force"?', *swap("units.csv", "force,ann", "forse,ann")),
    ("unknown-unit", "people.csv:2", 'unit "nroth"', *swap("people.csv", "north", "nroth")),
    ("unknown-unit", "targets.csv:2", 'unit "ward"', *swap("targets.csv", "precinct", "ward")),
    ("unknown-unit", "rebases.csv:2", 'unit "precinct"', *swap("rebases.csv", "north", "precinct")),
    ("unknown-unit", "breaks.csv:2", 'unit "east"', *swap("breaks.csv", "*", "east")),
    ("unknown-unit", RULE, 'unit "east"', *swap("rules.toml", "precinct", "east")),
    ("unknown-unit", CYCLE, 'unit "east"', *plus("compstat.toml", 'units = ["east"]\n')),
    ("unknown-indicator", "targets.csv:2", 'Did you mean "burglary"?',
     *swap("targets.csv", "glary", "glery")),
    ("unknown-indicator", "rebases.csv:2", 'indicator "arson"', *swap("rebases.csv", "burglary", "arson")),
    ("unknown-indicator", "breaks.csv:2", 'indicator "arson"', *swap("breaks.csv", "burglary", "arson")),
    ("unknown-indicator", RULE, 'indicator "arson"', *swap("rules.toml", "burglary", "arson")),
    ("unknown-indicator", "rules.toml:6 [[leak]] burglary", 'indicator "lost"',
     *plus("rules.toml", '[[leak]]\nfrom = "burglary"\nto = "lost"\n')),
    ("unlike-indicators", "rules.toml:6 [[leak]] burglary", "wanted counts of one cadence",
     *plus("rules.toml", '[[leak]]\nfrom = "burglary"\nto = "absence"\n')),
    ("unknown-indicator", CYCLE, 'indicator "arson"', *plus("compstat.toml", 'indicators = ["arson"]\n')),
    ("unknown-person", "units.csv:3", 'person "al"', *swap("units.csv", "ann", "al")),
    ("unknown-person", "indicators.csv:2", 'person "al"', *swap("indicators.csv", "ann", "al")),
    ("unknown-person", CYCLE, 'person "al"', *swap("compstat.toml", "ann", "al")),
    ("unknown-level", CYCLE, 'Did you mean "precinct"?', *swap("compstat.toml", "precinct", "precint")),
    ("unknown-level", "compstat.toml [totals]", '"ward"',
     *plus("compstat.toml", '[totals]\nlevel = "ward"\n')),
    ("unknown-cycle", "agenda.toml", 'cycle "monthly"', *swap("agenda.toml", "weekly", "monthly")),
    ("agenda-too-long", "agenda.toml", "take 95 minutes, the meeting 90", *swap("agenda.toml", "15", "95")),
    ("double-target", "targets.csv:3", "with line 2",
     *plus("targets.csv", "burglary,precinct,target,2026-01-01,,12\n")),
    ("rebase-off-grid", "rebases.csv:2", "wanted 2026-11-09", *swap("rebases.csv", "11-09", "11-10")),
]  # fmt: skip


def workspace_in(root: Path, changed: dict[str, str | bytes | None] | None = None) -> Path:
    """A sound workspace with some files changed."""
    root.mkdir(exist_ok=True)
    for name, text in {**SOUND, **(changed or {})}.items():
        if isinstance(text, bytes):
            (root / name).write_bytes(text)
        elif text is not None:
            (root / name).write_text(text, encoding="utf-8")
    return root


def problems(root: Path) -> list[tuple[str, str, str]]:
    """Code, place and message of every problem; none for a sound workspace."""
    try:
        load_workspace(root)
    except WorkspaceError as error:
        return [(found.code, found.where, found.message) for found in error.findings]
    return []


def test_the_sound_workspace_is_sound(tmp_path: Path) -> None:
    assert problems(workspace_in(tmp_path)) == []


@pytest.mark.parametrize(("code", "where", "words", "name", "text"), CASES, ids=lambda value: str(value)[:30])
def test_a_problem_is_named_with_its_place_and_alone(
    tmp_path: Path, code: str, where: str, words: str, name: str, text: str | bytes | None
) -> None:
    found = problems(workspace_in(tmp_path, {name: text}))
    assert [(found_code, place) for found_code, place, _ in found] == [(code, where)]
    assert words in found[0][2]


def test_every_code_of_the_two_files_has_a_case() -> None:
    source = "".join(Path(module.__file__ or "").read_text("utf-8") for module in (reading, checks))
    written = set(re.findall(r'Finding\(\s*"([a-z-]+)"', source))
    looked_up = {f"unknown-{what}" for what in re.findall(r'_look_up\(where, "([a-z]+)"', source)}
    assert len(looked_up) == 5
    assert {case[0] for case in CASES} == written | looked_up


def test_all_problems_of_all_tables_come_at_once(tmp_path: Path) -> None:
    changed: dict[str, str | bytes | None] = {
        "people.csv": "person,role\nann,boss\nbo,chief\n",
        "targets.csv": "indicator,value\nburglary,ten\narson,4\n",
        "rules.toml": "[decision]\nq = 2\nwatch = 1\n",
        "agenda.toml": SOUND["agenda.toml"].replace("weekly", "monthly"),
    }
    found = {(code, where) for code, where, _ in problems(workspace_in(tmp_path, changed))}
    assert found == {
        ("bad-cell", "people.csv:2"),
        ("bad-cell", "people.csv:3"),
        ("bad-cell", "targets.csv:2"),
        ("unknown-indicator", "targets.csv:3"),
        ("bad-setting", "rules.toml:2"),
        ("unknown-setting", "rules.toml:3"),
        ("unknown-cycle", "agenda.toml"),
    }


def test_a_refused_row_is_not_also_said_to_be_missing(tmp_path: Path) -> None:
    """units.csv:3 is refused; that people.csv names its unit is no second problem."""
    units = SOUND["units.csv"].replace("commander\n", "commander,population\n", 1)
    units = units.replace(",force,ann", ",force,ann,many").replace("force,,\n", "force,,,\n").replace(",bo\n", ",bo,\n")
    assert [where for _, where, _ in problems(workspace_in(tmp_path, {"units.csv": units}))] == ["units.csv:3"]


def test_unreadable_settings_do_not_make_other_files_wrong(tmp_path: Path) -> None:
    changed: dict[str, str | bytes | None] = {
        "compstat.toml": '[calendar]\nweek_ends_on = "saturday"\n[[cycle]\n',
        "rebases.csv": SOUND["rebases.csv"].replace("11-09", "11-08"),  # a Sunday: right for Saturday weeks
    }
    assert [code for code, _, _ in problems(workspace_in(tmp_path, changed))] == ["unreadable-settings"]


def test_a_row_that_spans_lines_is_named_by_its_first_line(tmp_path: Path) -> None:
    breaks = 'indicator,note,start\nburglary,"two\nlines",2026-08-31\nburglary,"three\nmore\nlines",soon\n'
    assert [where for _, where, _ in problems(workspace_in(tmp_path, {"breaks.csv": breaks}))] == ["breaks.csv:4"]


def test_a_setting_of_the_second_agenda_is_named_by_its_own_line(tmp_path: Path) -> None:
    agenda = (
        '[[agenda]]\ncycle = "weekly"\n[[agenda.part]]\npart = "actions"\ntitle = "A"\nminutes = 5\n'
        '[[agenda]]\ncycle = "monthly"\n[[agenda.part]]\npart = "actions"\ntitle = "A"\nminutes = "long"\n'
    )
    changed: dict[str, str | bytes | None] = {
        "agenda.toml": agenda,
        "compstat.toml": SOUND["compstat.toml"] + '[[cycle]]\ncycle = "monthly"\n',
    }
    assert [where for _, where, _ in problems(workspace_in(tmp_path, changed))] == ["agenda.toml:12"]


def test_every_row_that_meets_a_longer_one_is_named(tmp_path: Path) -> None:
    targets = (
        "indicator,value,start,end\n"
        "burglary,1,2024-01-01,2026-12-31\nburglary,2,2024-02-01,2024-02-28\nburglary,3,2025-01-01,2025-06-30\n"
    )
    found = problems(workspace_in(tmp_path, {"targets.csv": targets}))
    assert [(where, message[-6:]) for _, where, message in found] == [
        ("targets.csv:3", "line 2"),
        ("targets.csv:4", "line 2"),
    ]


def test_rows_that_only_touch_are_no_problem(tmp_path: Path) -> None:
    targets = "indicator,unit,kind,value,start,end\n" + "".join(
        f"burglary,{unit},{kind},1,{start},{end}\n"
        for unit in ("*", "precinct", "north")
        for kind in ("floor", "target")
        for start, end in (("", "2025-12-31"), ("2026-01-01", ""))
    )
    assert problems(workspace_in(tmp_path, {"targets.csv": targets})) == []


def test_points_of_a_planned_path_may_share_days(tmp_path: Path) -> None:
    targets = "indicator,kind,value\nburglary,trajectory,9\nburglary,trajectory,8\n"
    assert problems(workspace_in(tmp_path, {"targets.csv": targets})) == []


@pytest.mark.parametrize(
    "name", ["targets.csv", "people.csv", "rebases.csv", "breaks.csv", "rules.toml", "agenda.toml"]
)
def test_a_table_that_nothing_needs_may_be_left_out(tmp_path: Path, name: str) -> None:
    everything_about_people = {
        "compstat.toml": '[[cycle]]\ncycle = "weekly"\n',
        "units.csv": "unit,level\nnorth,precinct\n",
        "indicators.csv": "indicator\nburglary\n",
        "people.csv": "person\nann\n",
    }
    assert problems(workspace_in(tmp_path, {**everything_about_people, name: None})) == []


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_spreadsheets_do_to_a_file_is_no_problem(tmp_path: Path, ending: str, mark: bytes) -> None:
    text = (SOUND["units.csv"] + ",,,\n\n  ,,,\n").replace("\n", ending)
    root = workspace_in(tmp_path, {"units.csv": mark + text.encode()})
    assert [row.line for row in load_workspace(root).units] == [2, 3, 4]


def test_names_that_look_like_paths_markup_or_formulas_are_kept_as_they_are(tmp_path: Path) -> None:
    odd = ["../x", "<b>A&B</b>", "=1+1", "x" * 300, "日本", "a'; drop table observation; --"]
    text = "unit,level\n" + "".join(f'"{name}",precinct\n' for name in odd)
    without = dict.fromkeys(("people.csv", "targets.csv", "rebases.csv", "agenda.toml", "rules.toml"))
    changed = {**without, "units.csv": text, "compstat.toml": "", "indicators.csv": "indicator\nburglary\n"}
    root = workspace_in(tmp_path, changed)
    assert [row.unit for row in load_workspace(root).units] == odd


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), min_size=1, max_size=12))
def test_overlaps_names_a_row_exactly_when_an_earlier_one_covers_its_start(
    spans: list[tuple[int, int]],
) -> None:
    zero = date(2026, 1, 1)
    rows = [(zero + timedelta(first), zero + timedelta(first + days), line) for line, (first, days) in enumerate(spans)]
    ordered = sorted(rows)
    wanted = {line for n, (first, _, line) in enumerate(ordered) if any(first <= last for _, last, _ in ordered[:n])}
    assert {line for line, _ in checks._overlaps(rows)} == wanted
