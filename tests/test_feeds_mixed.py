"""Monthly returns of NHS England beside Scotland's weekly extract: one workspace, like compared with like."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from feeds_example import published, real_file, units_csv
from test_feeds_real_data import SCOTLAND

from compstat.cli.main import main

HOSPITALS = ("A111H", "C418H", "G405H", "S314H")
TRUSTS = ("RJ1", "RXH", "RX1", "RTD")
SHORT = "attendances_type_1", "pct_within_4h_type_1"
INDICATORS = """indicator,better,unit_of_measure,cadence
attendances,neutral,count,weekly
over_12h,lower,count,weekly
pct_within_4h,higher,percent,weekly
pct_over_8h,lower,percent,weekly
pct_over_12h,lower,percent,weekly
attendances_type_1,neutral,count,monthly
pct_within_4h_type_1,higher,percent,monthly
"""
WEEK = "2019-W13"  # ends on Sunday 31 March 2019, and so does that month
MONDAY, MARCH = date(2019, 3, 25), date(2019, 3, 1)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    scotland = real_file("nhs_scotland_ae_weekly", "original_weekly_ae_activity_20231008.csv.gz")
    england = real_file("nhs_ae_england_monthly", "observations.csv.gz")
    root = tmp_path_factory.mktemp("mixed") / "both"
    run(root.parent, "init", str(root), "--preset", "blank")
    levels = [(unit, "hospital") for unit in HOSPITALS] + [(unit, "trust") for unit in TRUSTS]
    (root / "units.csv").write_text(units_csv(levels))
    (root / "indicators.csv").write_text(INDICATORS)
    only = 'unknown_units = "drop"\nrows = "periods"'
    of_hospitals = 'unit = { column = "TreatmentLocation", level = "hospital" }'
    feed = SCOTLAND.replace('rows = "periods"', only).replace('unit = { column = "TreatmentLocation" }', of_hospitals)
    (root / "feeds.toml").write_text(feed)
    with gzip.open(england, "rt", encoding="utf-8") as file:
        heading, *lines = file
    few = [line for line in lines if line.split(",")[0] in TRUSTS and line.split(",")[1] in SHORT]
    (root / "england.csv").write_text("".join([heading, *few]))
    run(root, "load", "--feed", "emergency", str(scotland), "--set-aside")
    run(root, "load", "england.csv")
    yield root


def run(folder: Path, *words: str) -> str:
    said = io.StringIO()
    with chdir(folder), patch.object(sys, "argv", ["compstat", *words]), redirect_stdout(said):
        try:
            main()
        except SystemExit as end:
            assert not end.code, words
    return said.getvalue()


def shown(folder: Path, unit: str) -> dict[str, dict[str, Any]]:
    told = json.loads(run(folder, "show", "unit", unit, "--week", WEEK, "--json"))
    return {row["indicator"]: row for row in told["indicators"]}


def test_a_month_is_shown_beside_the_same_month_of_last_year(both: Path) -> None:
    of = {cell: figure for cell, figure in published("nhs_ae_england_monthly") if cell[0] == "RJ1"}
    rows = shown(both, "RJ1")
    assert rows.keys() == set(SHORT)
    row = rows["attendances_type_1"]
    assert row["week_current"] == of["RJ1", "attendances_type_1", MARCH][0] == 14_828
    assert row["week_year_ago"] == of["RJ1", "attendances_type_1", date(2018, 3, 1)][0] == 13_467
    quarter = [of["RJ1", "attendances_type_1", date(2019, month, 1)][0] or 0 for month in (1, 2, 3)]
    assert row["four_weeks_current"] == sum(quarter)
    share = rows["pct_within_4h_type_1"]
    parts = [of["RJ1", "pct_within_4h_type_1", date(2019, month, 1)] for month in (1, 2, 3)]
    whole = 100 * sum(part[1] or 0 for part in parts) / sum(part[2] or 0 for part in parts)
    assert share["four_weeks_current"] == pytest.approx(whole)


def test_a_week_is_shown_beside_the_week_364_days_before(both: Path) -> None:
    of = {cell: figure for cell, figure in published("nhs_scotland_ae_weekly") if cell[0] == "A111H"}
    row = shown(both, "A111H")["attendances"]
    assert row["week_current"] == of["A111H", "attendances", MONDAY][0]
    assert row["week_year_ago"] == of["A111H", "attendances", date(2018, 3, 26)][0]


def test_no_flag_compares_a_month_with_weeks(both: Path) -> None:
    told = json.loads(run(both, "flags", "--week", WEEK, "--all-cells", "--json"))
    tested = {(cell["unit"], cell["indicator"]) for cell in told["cells"]}
    assert {unit for unit, _ in tested} == {*HOSPITALS, *TRUSTS}
    monthly = {"attendances_type_1", "pct_within_4h_type_1"}
    assert {unit for unit, indicator in tested if indicator in monthly} == set(TRUSTS)
    assert told["flags"]
    for flag in told["flags"]:
        of_trust = flag["unit"] in TRUSTS
        assert (flag["indicator"] in monthly) == of_trust
        window = flag["inputs"].get("week") or {}
        if "first" in window:
            assert window["first"] == (MARCH if of_trust else MONDAY).isoformat(), flag
