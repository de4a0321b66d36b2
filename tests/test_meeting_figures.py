"""Windows as people read them: recomputed from the sample's own files, withheld where a return is missing."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from command_example import run

SAMPLE = Path(__file__).parents[1] / "sample_data" / "police"


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample force loaded, without a pack."""
    from compstat.cli.demo import _load
    from compstat.cli.session import Session
    from compstat.workspace.create import sample_force_into

    laid_out = sample_force_into(tmp_path_factory.mktemp("figures") / "force")
    _load(Session(laid_out.root, True), [(load.recorded_at, load.file) for load in laid_out.loads])
    return laid_out.root


def shown(root: Path, *words: str) -> dict[str, object]:
    page: dict[str, object] = run(root, "show", *words, "--json").json
    return page


def figures_of(indicator: str, unit: str) -> dict[date, float]:
    """The last figure given for each week, read by hand from the returns in the order of loads.csv."""
    found: dict[date, float] = {}
    with (SAMPLE / "loads.csv").open(newline="") as loads:
        for load in csv.DictReader(loads):
            with (SAMPLE / load["file"]).open(newline="") as file:
                for row in csv.DictReader(file):
                    if row["unit"] == unit and row.get(indicator):
                        found[date.fromisoformat(row["week_ending"])] = float(row[indicator])
                    if row["unit"] == unit and row.get("indicator") == indicator and row.get("value"):
                        found[date.fromisoformat(row["week_ending"])] = float(row["value"])
    return found


def test_every_window_of_a_count_is_the_sum_of_its_weeks(force: Path) -> None:
    page = shown(force, "unit", "harbour", "--week", "2026-W46")
    rows = {row["indicator"]: row for row in page["indicators"]}  # type: ignore[attr-defined]
    weeks = figures_of("burglary", "harbour")
    end = date(2026, 11, 15)
    for window, length in (("week", 1), ("four_weeks", 4), ("rolling_year", 52)):
        for side, last in (("current", end), ("year_ago", end - timedelta(days=364))):
            wanted = sum(weeks[last - timedelta(days=7 * n)] for n in range(length))
            assert rows["burglary"][f"{window}_{side}"] == pytest.approx(wanted)
    to_date = sum(figure for day, figure in weeks.items() if date(2026, 1, 1) <= day <= end)
    before = sum(figure for day, figure in weeks.items() if date(2025, 1, 1) <= day <= end - timedelta(days=364))
    assert rows["burglary"]["year_to_date_current"] == pytest.approx(to_date)
    assert rows["burglary"]["year_to_date_year_ago"] == pytest.approx(before)
    assert rows["burglary"]["year_to_date_percent"] == pytest.approx(100 * (to_date - before) / before)
    assert page["windows"]["week"] == {"first": "2026-11-09", "last": "2026-11-15"}  # type: ignore[index]


def test_a_ratio_is_worked_out_from_its_parts_never_averaged(force: Path) -> None:
    page = shown(force, "unit", "millfield", "--week", "2026-W46")
    row = next(row for row in page["indicators"] if row["indicator"] == "response_15min")  # type: ignore[attr-defined]
    parts: dict[str, float] = defaultdict(float)
    for name in ("2026-W43", "2026-W44", "2026-W45", "2026-W46"):
        with (SAMPLE / "returns" / f"{name}-shares.csv").open(newline="") as file:
            for line in csv.DictReader(file):
                if line["unit"] == "millfield" and line["indicator"] == "response_15min":
                    parts["numerator"] += float(line["numerator"])
                    parts["denominator"] += float(line["denominator"])
    assert row["four_weeks_current"] == pytest.approx(100 * parts["numerator"] / parts["denominator"])


def test_a_missing_return_withholds_the_total_with_the_reason(force: Path) -> None:
    page = shown(force, "unit", "brackendale", "--week", "2026-W46")
    row = next(row for row in page["indicators"] if row["indicator"] == "absence")  # type: ignore[attr-defined]
    assert row["week_current"] is None and row["four_weeks_current"] is None
    assert row["week_reason"] == "0 of 1 returns" and row["four_weeks_reason"] == "3 of 4 returns"
    assert row["four_weeks_percent"] is None


def test_a_break_withholds_the_comparison_across_it(force: Path) -> None:
    page = shown(force, "indicator", "arson", "--week", "2026-W46")
    for row in page["indicators"]:  # type: ignore[attr-defined]
        assert row["week_current"] is not None and row["week_year_ago"] is None
        assert "changed on" in row["week_reason"]
