"""feeds.toml: every problem of it listed with file and line, beside those of the other tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_example import run
from feeds_example import feeds_workspace
from workspace_example import make_workspace

from compstat.findings import UsageError, WorkspaceError
from compstat.rules.own.own_rules import own_rules

FEED = """[[feed]]
feed = "crime"
files = "incidents*.csv*"
date = { column = "occurred", format = "%d/%m/%Y" }
coverage = { from = 2026-11-02 }

[feed.unit]
column = "beat"
prefix = ""

[[feed.indicator]]
indicator = "burglary"
where = { offence = "burglary", code = { from = 1, to = 9 } }

[[feed.indicator]]
indicator = "detected"
numerator = "solved"
denominator = "rows"
"""


def problems(root: Path, feeds: str, **tables: str) -> list[tuple[str, str, str]]:
    workspace = feeds_workspace(root, feeds, **tables)
    with pytest.raises(WorkspaceError) as error:
        _ = workspace.sound_feeds
    return [(finding.code, finding.where, finding.message) for finding in error.value.findings]


@pytest.mark.parametrize(
    ("was", "instead", "code", "line", "words"),
    [
        ('feed = "crime"', 'fed = "crime"', "unknown-setting", 2, "fed"),
        ("occurred", "", "bad-setting", 4, "at least 1 character"),
        ("%d/%m/%Y", "%d/%m", "bad-setting", 4, '"%d/%m" does not say year, month and day'),
        ("%d/%m/%Y", "%d/%m/%Q", "bad-setting", 4, "%Q is not known in a date format"),
        ("coverage = { from = 2026-11-02 }", "", "bad-setting", 1, "coverage is wanted"),
        ("from = 2026-11-02", "from = 2026-11-02, to = 2026-11-01", "bad-setting", 5, "to is before from"),
        ("from = 2026-11-02", "since = 2026-11-02", "unknown-setting", 5, "since"),
        ('column = "beat"', "", "bad-setting", 7, "column"),
        ('prefix = ""', "pad = -1", "bad-setting", 9, "pad"),
        ('prefix = ""', 'level = "force"', "unknown-level", 9, 'level "force" is not in units.csv'),
        ('prefix = ""', 'map = { "N" = "Nroth" }', "unknown-unit", 9, 'unit "Nroth" is not in units.csv'),
        ('indicator = "burglary"', 'indicator = "burglry"', "unknown-indicator", 12, 'Did you mean "burglary"?'),
        ('indicator = "burglary"', 'indicator = "detected"', "bad-setting", 12, "wants numerator and denominator"),
        ('indicator = "detected"', 'indicator = "balance"', "bad-setting", 16, "balance wants value"),
        ('indicator = "detected"', 'indicator = "burglary"', "double-row", 16, 'indicator "burglary" is there twice'),
        ("{ from = 1, to = 9 }", "{ above = 1 }", "unknown-setting", 13, "above"),
        ("{ from = 1, to = 9 }", "2026-01-01", "bad-setting", 13, "where.code"),
        ('denominator = "rows"', "", "bad-setting", 15, "numerator and denominator together"),
        ('denominator = "rows"', 'denominator = "rows"\nvalue = "n"', "bad-setting", 15, "a ratio's value"),
        ('files = "inc', 'rows = "periods"\nfiles = "inc', "bad-setting", 1, "rows are not counted"),
        ('files = "inc', 'database = "env:X"\nfiles = "inc', "bad-setting", 1, "wanted database and query together"),
    ],
)
def test_a_problem_is_named_with_its_line(
    tmp_path: Path, was: str, instead: str, code: str, line: int, words: str
) -> None:
    assert FEED.count(was) == 1
    found = problems(tmp_path, FEED.replace(was, instead))
    assert any(each == code and words in message for each, _, message in found), found
    assert f"feeds.toml:{line}" in {where for each, where, _ in found if each == code}


def test_a_second_feed_is_looked_up_below_the_first(tmp_path: Path) -> None:
    second = FEED.replace("burglary", "burglry", 1).replace('feed = "crime"', 'feed = "other"')
    lines = len(FEED.splitlines())
    found = problems(tmp_path, FEED + second)
    assert [(code, where) for code, where, _ in found] == [("unknown-indicator", f"feeds.toml:{lines + 12}")]
    found = problems(tmp_path, FEED + FEED)
    assert [(code, where) for code, where, _ in found] == [("double-row", f"feeds.toml:{lines + 2}")]


def test_units_of_several_levels_want_one_named(tmp_path: Path) -> None:
    units = "unit,level\nAll,force\nNorth,precinct\n"
    ((code, where, message),) = problems(tmp_path, FEED, units=units)
    assert (code, where) == ("bad-setting", "feeds.toml:8")
    assert "level is wanted: units.csv has several (force, precinct)" in message
    sound = feeds_workspace(tmp_path, FEED.replace('prefix = ""', 'level = "precinct"'), units=units)
    assert sound.feed_problems == ()


def test_a_file_of_codes_is_read_and_checked_with_the_rest(tmp_path: Path) -> None:
    coded = FEED.replace('prefix = ""', 'codes = "codes.csv"')
    assert [found[:2] for found in problems(tmp_path, coded)] == [("missing-file", "codes.csv")]
    (tmp_path / "codes.csv").write_text("code,unit\n1,North\n2,South\n31,\n", "utf-8")
    (unit,) = feeds_workspace(tmp_path, coded).feeds.named("crime").unit
    assert unit.map == {"1": "North", "2": "South"} and unit.ignore == ("31",)
    (tmp_path / "codes.csv").write_text("code,unit\n1,Nroth\n,South\n", "utf-8")
    found = problems(tmp_path, coded)
    assert {code for code, _, _ in found} == {"unknown-unit", "bad-cell"}
    assert ("bad-cell", "codes.csv:3") in {(code, where) for code, where, _ in found}


@pytest.mark.parametrize("url", ["postgresql://u:secret@host/db", "mysql+pymysql://u:s:ecret@host:33/db"])
def test_a_password_does_not_belong_in_the_file_and_is_not_repeated(tmp_path: Path, url: str) -> None:
    (tmp_path / "q.sql").write_text("select 1", "utf-8")
    asked = f'database = "{url}"\nquery = "q.sql"\nfiles = "inc'
    found = problems(tmp_path, FEED.replace('files = "inc', asked))
    assert [(code, where) for code, where, _ in found] == [("bad-setting", "feeds.toml:3")]
    assert "password" in found[0][2] and "ecret" not in found[0][2]
    sound = feeds_workspace(
        tmp_path, FEED.replace('files = "inc', asked.replace(":secret", "").replace(":s:ecret", ""))
    )
    assert sound.feed_problems == ()


def test_a_query_must_be_there(tmp_path: Path) -> None:
    asked = 'database = "env:X"\nquery = "crime.sql"\nfiles = "inc'
    ((code, where, _),) = problems(tmp_path, FEED.replace('files = "inc', asked))
    assert (code, where) == ("missing-file", "feeds.toml:4")


def test_a_feed_is_found_by_its_name_or_by_that_of_a_file(tmp_path: Path) -> None:
    feeds = feeds_workspace(tmp_path, FEED).feeds
    crime = feeds.named("crime")
    assert feeds.for_file("incidents-2026-W46.csv.gz") is crime
    assert feeds.for_file("returns.csv") is None
    with pytest.raises(UsageError, match="crime"):
        feeds.named("crmie")


def test_a_workspace_without_feeds_has_none(tmp_path: Path) -> None:
    assert make_workspace(tmp_path).feeds.feed == ()


BROKEN = FEED.replace('indicator = "burglary"', 'indicator = "burglry"')


@pytest.mark.parametrize("feeds", [BROKEN, "[[feed]]\nfeed =\n"])
def test_a_mistake_stops_who_uses_feeds_and_nobody_else(tmp_path: Path, feeds: str) -> None:
    root = feeds_workspace(tmp_path, feeds).root
    (root / "returns.csv").write_text("unit,indicator,week,value\nNorth,burglary,2026-W46,12\n", "utf-8")
    for words in ("load returns.csv", "status", "restated --since 2026-11-01", "flags --week 2026-W46"):
        said = run(tmp_path, *words.split())
        assert said.code == 0, (words, said.err)
    for words in ("load --feed crime returns.csv", "template --unit North --week 2026-W46"):
        said = run(tmp_path, *words.split())
        assert said.code == 10 and "feeds.toml:" in said.err, (words, said)
    doctor = run(tmp_path, "doctor")
    assert doctor.code == 10
    assert "feeds     WRONG cannot be used\n  feeds.toml:" in doctor.out


def test_an_inbox_waits_for_sound_feeds(tmp_path: Path) -> None:
    root = feeds_workspace(tmp_path, BROKEN).root
    (root / "inbox").mkdir()
    assert run(tmp_path, "load", "inbox").code == 0  # nothing waits
    (root / "inbox" / "incidents.csv").write_text("occurred\n", "utf-8")
    said = run(tmp_path, "load", "inbox")
    assert said.code == 10 and 'Did you mean "burglary"?' in said.err
    assert (root / "inbox" / "incidents.csv").exists()


def test_a_query_of_feeds_that_cannot_be_read_is_no_rule(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "crime.sql").write_text("select occurred from incident", "utf-8")
    workspace = feeds_workspace(tmp_path, '[[feed]]\nfed = "crime"\ndatabase = "env:X"\nquery = "queries/crime.sql"\n')
    assert workspace.feed_problems
    assert own_rules(workspace) == ()
