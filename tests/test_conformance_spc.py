"""Charts against NHSRplotthedots 0.2.2 on R 4.2.2: limits to 1e-9, labels exactly. Skipped without cases."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from compstat.statistics.xmr import chart

CASES = Path(__file__).resolve().parents[2] / "shared" / "conformance" / "spc"
BETTER = {"increase": "higher", "decrease": "lower", "neutral": "neutral"}
REASONS = {"Above UCL": "outside_limits", "Below LCL": "outside_limits", "Common Cause": None}
REASONS |= {"7 Point Trend (Increasing)": "trend", "7 Point Trend (Decreasing)": "trend"}
REASONS |= {f"2 in 3 {side} CL": "two_of_three" for side in ("Above", "Below")}
REASONS |= {f"7 Points {side} CL": "run" for side in ("Above", "Below")}


def read(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def number(text: str) -> float:
    return float(text) if text else math.nan


NAMES = [row["case"] for row in read("cases.csv")] if CASES.is_dir() else []


@pytest.mark.skipif(not NAMES, reason="the conformance cases are not beside the project")
@pytest.mark.parametrize("name", NAMES or ["none"])
def test_chart_matches_the_package(name: str) -> None:
    case = next(row for row in read("cases.csv") if row["case"] == name)
    given, wanted = read(f"{name}.csv"), read(f"{name}.expected.csv")
    drawn = chart(
        [number(row["value"]) for row in given],
        BETTER[case["improvement_direction"]],
        rebases=[at for at, row in enumerate(given) if row["rebase"] == "1"],
        fix_after=int(case["fix_after_n_points"]) if case["fix_after_n_points"] else None,
        screen=case["screen_outliers"] == "TRUE",
    )
    for point, expected in zip(drawn.points, wanted, strict=True):
        for found, column in ((point.mean, "mean"), (point.lower_limit, "lpl"), (point.upper_limit, "upl")):
            assert (math.nan if found is None else found) == pytest.approx(
                number(expected[column]), rel=1e-9, nan_ok=True
            )
        assert point.point_type == expected["point_type"]
        assert point.reason == REASONS[expected["special_cause_type"]]
        assert point.segment == int(expected["rebase_group"])
    assert drawn.variation == case["last_variation_type"]
    assert drawn.assurance(number(case["target"])) == (case["assurance_type"] or None)
    assert drawn.trial_limits == (case["warning"] == "TRUE")
    assert sum(point.reason is not None for point in drawn.points) == int(case["n_special"])
