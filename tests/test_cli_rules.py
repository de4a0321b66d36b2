"""`compstat rules` as a person types it, on the sample force."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from command_example import run
from pypdf import PdfReader
from rules_example import W46
from workspace_example import load_text, make_workspace

from compstat.rules.rehearsal.usual_methods import METHODS

LINES = "unit,indicator,week_start,value\n"
SPAN = ("--from", "2026-W45", "--to", "2026-W46")


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small force with a jump in its newest week; its unit's name is no markup, whatever it looks like."""
    root = tmp_path_factory.mktemp("rules") / "force"
    units = 'unit,name,level\nNorth,<b>A&B</b> $x_1$,precinct\nSouth,"=cmd|\x1b[2J",precinct\n'
    indicators = "indicator,name,better,unit_of_measure\nburglary,Burglary,lower,count\n"
    workspace = make_workspace(root, on_disk=True, units=units, indicators=indicators)
    weeks = [(W46 - timedelta(weeks=back)).isoformat() for back in range(109, -1, -1)]
    rows = [f"North,burglary,{week},{30 if week == '2026-11-09' else 10}\n" for week in weeks]
    rows += [f"South,burglary,{week},{20 + number % 2}\n" for number, week in enumerate(weeks)]
    load_text(workspace, LINES + "".join(rows))
    return root


def test_the_list_says_what_each_rule_is_on_and_from_where(force: Path) -> None:
    found = run(force, "rules", "list")
    assert found.code == 0
    assert "spike" in found.out and "20%" in found.out
    page = run(force, "rules", "list", "--json").json
    (spike,) = [rule for rule in page["rules"] if rule["rule"] == "spike"]
    assert spike["threshold_percent"] == 20 and page["decision"]["q"] == 0.2


OWN = """-- what: <b>Too</b> many.\x1b[2J
-- version: 3
select unit, indicator, 'watch' as outcome, 1 as severity, value, 20.0 as comparator, 'Many.' as sentence
from reporting.observation cross join reporting.week
where period_start = week.first_day and value > 25
"""


def test_the_list_names_the_teams_own_rules(force: Path, tmp_path: Path) -> None:
    assert run(force, "rules", "list", "--json").json["own_rules"] == []
    assert "own" not in run(force, "rules", "list").out
    root = Path(shutil.copytree(force, tmp_path / "force"))
    (root / "queries").mkdir()
    (root / "queries" / "many.sql").write_text(OWN, "utf-8")
    (row,) = run(root, "rules", "list", "--json").json["own_rules"]
    assert (row["rule"], row["file"], row["version"]) == ("many", "queries/many.sql", "3")
    assert len(row["sha256"]) == 64
    said = run(root, "rules", "list").out
    assert "queries/many.sql" in said and "<b>Too</b> many." in said and "\x1b" not in said
    (root / "queries" / "many.sql").rename(root / "queries" / "spike.sql")
    found = run(root, "rules", "list")
    assert found.code == 10 and 'the rule "spike" is in rules.toml too' in found.err


def test_one_week_is_a_week(force: Path) -> None:
    assert "\n1 week: " in run(force, "rules", "backtest", "--from", "2026-W46").out
    assert "\n2 weeks: " in run(force, "rules", "backtest", *SPAN).out


def test_a_monthly_cycle_speaks_of_months(tmp_path: Path) -> None:
    """Its flags, their receipts and a rehearsal, of a figure that is too high for three months."""
    made = make_workspace(
        tmp_path / "force",
        on_disk=True,
        compstat='[[cycle]]\ncycle = "board"\ncadence = "monthly"\n',
        units="unit,name,level\nNorth,North,precinct\n",
        indicators="indicator,name,better,unit_of_measure,cadence\ncost,Cost,lower,count,monthly\n",
    )
    months = [f"{year}-{month:02}" for year in range(2023, 2027) for month in range(1, 13)][:46]
    rows = [f"North,cost,{month},{200 if month >= '2026-08' else 100}\n" for month in months]
    load_text(made, "unit,indicator,month,value\n" + "".join(rows))
    (made.root / "queries").mkdir()
    newest = "where period_start = (select max(period_start) from reporting.observation) and value > 150"
    (made.root / "queries" / "many.sql").write_text(OWN.partition("where")[0] + newest, "utf-8")
    said = run(made.root, "flags").out
    assert "continuing, month 3" in said and "week 3" not in said
    flag = next(flag["flag"] for flag in run(made.root, "flags", "--json").json["flags"] if flag["weeks_open"] == 3)
    assert "(continuing, month 3)" in run(made.root, "explain", flag).out
    said = run(made.root, "rules", "backtest", "--from", "2026-W33").out
    assert "\n3 months: " in said and "median months" in said and "a week" not in said


def test_a_rehearsal_prints_weeks_rules_units_and_methods(force: Path) -> None:
    found = run(force, "rules", "backtest", *SPAN, "--compare")
    assert found.code == 0
    assert "2026-W45" in found.out and "2026-W46" in found.out
    assert all(words in found.out for words in METHODS.values())
    assert "\x1b" not in found.out and "<b>A&B</b>" in found.out


def test_a_rehearsal_for_programs(force: Path) -> None:
    page = run(force, "rules", "backtest", *SPAN, "--compare", "--json").json
    assert [week["week"] for week in page["weeks"]] == ["2026-W45", "2026-W46"]
    assert [week["raised"] > 0 for week in page["weeks"]] == [False, True]
    assert page["weeks"][1]["usual_methods"]["percent_week"] == 1
    assert page["as_known"] is False
    assert run(force, "rules", "backtest", *SPAN, "--as-known", "--json").json["as_known"] is True


def test_changed_rules_are_tried_and_the_workspace_is_left_alone(force: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.toml"
    changed.write_text(
        'version = "try"\n[[rule]]\nrule = "spike"\nfamily = "spike"\nthreshold_percent = 400\n', "utf-8"
    )
    page = run(force, "rules", "backtest", *SPAN, "--rules", str(changed), "--json").json
    assert page["rules_version"] == "try" and page["raised_per_week"] == 0
    assert [rule["rule"] for rule in page["rules"]] == ["spike"]
    assert not (force / "rules.toml").exists()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[[rule]]\nrule = "spike"\nfamily = "spike"\nindicators = ["burglry"]\n', "changed.toml"),
        ('[[rule]]\nrule = "spike"\nfamily = "spyke"\n', "changed.toml"),
        ('[[rule]]\nrule = "spike"\nfamily = "spike"\nthreshold_percent = -5\n', "changed.toml"),
        ("[[rule\n", "changed.toml:1"),
        (None, "changed.toml"),
    ],
)
def test_changed_rules_that_are_wrong_are_refused_by_name(
    force: Path, tmp_path: Path, text: str | None, where: str
) -> None:
    changed = tmp_path / "changed.toml"
    if text is not None:
        changed.write_text(text, "utf-8")
    found = run(force, "rules", "backtest", *SPAN, "--rules", str(changed))
    assert found.code == 10
    assert where in found.err and found.out == ""


def test_a_rule_that_flags_most_is_warned_about_and_the_work_is_done(force: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(force, tmp_path / "force"))
    (root / "targets.csv").write_text("indicator,unit,kind,value\nburglary,*,target,5\n", "utf-8")
    found = run(root, "rules", "backtest", *SPAN)
    assert found.code == 0
    assert "rules.toml [[rule]] target: flags 4 of 4 cells" in found.err and "#rule-flags-most" in found.err
    page = run(root, "rules", "backtest", *SPAN, "--json").json
    assert [one["code"] for one in page["warnings"]] == ["rule-flags-most"]
    assert run(root, "-q", "rules", "backtest", *SPAN).err == ""


def test_weeks_the_wrong_way_round_and_weeks_without_returns_are_refused(force: Path) -> None:
    wrong = run(force, "rules", "backtest", "--from", "2026-W46", "--to", "2026-W45")
    assert (wrong.code, "2026-W46 is after --to 2026-W45" in wrong.err) == (2, True)
    empty = run(force, "rules", "backtest", "--from", "2001-W01", "--to", "2001-W02")
    assert (empty.code, "No return from 2001-W01" in empty.err) == (2, True)


@pytest.mark.parametrize("command", ["backtest", "scorecard"])
def test_charts_are_drawn_and_never_over_a_file_unasked(force: Path, tmp_path: Path, command: str) -> None:
    chart, words = tmp_path / "chart.pdf", ("rules", command, *SPAN, "--chart")
    assert run(force, *words, str(chart)).code == 0
    first = chart.read_bytes()
    again = run(force, *words, str(chart))
    assert again.code == 2 and "is there already" in again.err
    assert run(force, *words, str(chart), "--force").code == 0
    assert chart.read_bytes() == first, "the same figures, the same bytes"
    assert run(force, *words, str(chart.with_suffix(".png"))).code == 0
    assert chart.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    text = PdfReader(chart).pages[0].extract_text()
    assert ("Rehearsal of the rules" if command == "backtest" else "What became of it") in text
    assert "mathdefault" not in text
    wrong = run(force, *words, str(chart.with_suffix(".docx")))
    assert wrong.code == 2 and "neither in .pdf nor in .png" in wrong.err


def test_a_scorecard_for_people_and_for_programs(force: Path) -> None:
    words = ("rules", "scorecard", "--from", "2026-W40", "--to", "2026-W46")
    found = run(force, *words)
    assert found.code == 0 and "no proof" in found.out
    page = run(force, *words, "--json").json
    assert {row["group"] for row in page["rows"]} <= {"flagged", "near_miss"}
    assert all(row["known"] == 0 for row in page["rows"]), "the weeks after the jump have not come yet"
