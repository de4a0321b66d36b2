"""`show series` against NHSRplotthedots 0.2.2: the cases of other people's program, through the real command."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from compstat.cli.main import app

CASES = Path(__file__).parents[1].parent / "shared" / "conformance" / "spc"
BETTER = {"increase": "higher", "decrease": "lower", "neutral": "neutral"}


def case_names() -> list[str]:
    if not (CASES / "cases.csv").exists():
        return []
    with (CASES / "cases.csv").open(newline="") as file:
        return [row["case"] for row in csv.DictReader(file)]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def workspace_of(folder: Path, case: dict[str, str], points: list[dict[str, str]]) -> None:
    """A blank workspace whose one indicator holds the case's series."""
    starts = [date.fromisoformat(row["period"]) for row in points]
    monthly = all(start.day == 1 for start in starts) and (starts[1] - starts[0]).days > 7
    week_ends = "sunday" if monthly else (starts[0].weekday() - 1) % 7
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    ends = week_ends if isinstance(week_ends, str) else days[week_ends]
    (folder / "compstat.toml").write_text(f'[calendar]\nweek_ends_on = "{ends}"\n')
    (folder / "units.csv").write_text("unit\nA\n")
    cadence = "monthly" if monthly else "weekly"
    better = BETTER[case["improvement_direction"]]
    (folder / "indicators.csv").write_text(
        f"indicator,better,cadence,aggregate,roll_up,unit_of_measure,non_negative\nx,{better},{cadence},mean,none,days,no\n"
    )
    if case["target"]:
        (folder / "targets.csv").write_text(f"indicator,unit,kind,value\nx,*,target,{case['target']}\n")
    if case["rebase"]:
        lines = "".join(f"x,A,{day},step,me\n" for day in case["rebase"].replace(";", " ").split())
        (folder / "rebases.csv").write_text(f"indicator,unit,week_start,reason,signed_by\n{lines}")
    returns = "".join(f"A,x,{row['period']},{row['value']}\n" for row in points if row["value"])
    (folder / "returns.csv").write_text(f"unit,indicator,period_start,value\n{returns}")


def run(folder: Path, *words: str) -> str:
    """The command in this process; what it printed."""
    from io import StringIO

    kept, sys.stdout = sys.stdout, StringIO()
    try:
        app(["-q", "-w", str(folder), *words], prog_name="compstat", standalone_mode=False)
        return sys.stdout.getvalue()
    finally:
        sys.stdout = kept


def same(found: float | None, wanted: str) -> bool:
    if wanted in {"", "NaN", "NA"}:
        return found is None
    return found is not None and math.isclose(found, float(wanted), rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.skipif(not case_names(), reason="../shared/conformance is not here")
@pytest.mark.parametrize("name", case_names())
def test_show_series_agrees_with_the_program(name: str, tmp_path: Path) -> None:
    case = next(row for row in rows_of(CASES / "cases.csv") if row["case"] == name)
    points = rows_of(CASES / f"{name}.csv")
    expected = rows_of(CASES / f"{name}.expected.csv")
    workspace_of(tmp_path, case, points)
    run(tmp_path, "load", str(tmp_path / "returns.csv"), "--recorded-at", "2030-01-01T00:00")
    options = ["--screen" if case["screen_outliers"] == "TRUE" else "--no-screen"]
    if case["fix_after_n_points"]:
        options += ["--fix-after", case["fix_after_n_points"]]
    found = json.loads(run(tmp_path, "show", "series", "A", "x", *options, "--json"))
    # a period without a row is a point without a value here, and no point at all there
    periods = {row["period"] for row in expected}
    assert all(point["value"] is None for point in found["points"] if point["period_start"] not in periods)
    shown = [point for point in found["points"] if point["period_start"] in periods]
    assert [point["point_type"] for point in shown] == [row["point_type"] for row in expected]
    for point, row in zip(shown, expected, strict=True):
        assert same(point["mean"], row["mean"]) and same(point["lower_limit"], row["lpl"]), (point, row)
        assert same(point["upper_limit"], row["upl"]), (point, row)
    assert found["variation"] == case["last_variation_type"]
    assert found["assurance"] == (case["assurance_type"] or None)
    assert found["trial_limits"] == (case["warning"] == "TRUE")


def test_the_series_of_the_sample_starts_at_its_first_return() -> None:
    """The command is the program's own: a process of its own prints the same words as its help says."""
    shown = subprocess.run(
        [sys.executable, "-m", "compstat.cli.main", "show", "series", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "NHSRplotthedots" in shown.stdout
