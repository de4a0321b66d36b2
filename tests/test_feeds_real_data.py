"""Published extracts as they came, through feeds, against the figures that others made of them."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

from feeds_example import feeds_workspace, load_feed, published, real_file, units_csv, values
from workspace_example import known, load, make_workspace

NOW = datetime(2026, 11, 16, 18)

CHICAGO = """
[[feed]]
feed = "assaults"
files = "incidents*.csv*"
date = { column = "date", format = "%Y-%m-%d %H:%M" }
coverage = { from = 2010-01-01, to = 2019-12-31 }
unit = { column = "district", prefix = "District ", pad = 2, ignore = ["31"] }

[[feed.indicator]]
indicator = "aggravated_assault"

[[feed.indicator]]
indicator = "aggravated_assault_street"
where = { loc_cat = "street" }

[[feed.indicator]]
indicator = "aggravated_assault_residence"
where = { loc_cat = "residence" }
"""

OFFENCES = (
    "homicide", "rape", "robbery", "aggravated_assault", "burglary", "larceny", "motor_vehicle_theft", "arson",
)  # fmt: skip
ST_LOUIS = """
[[feed]]
feed = "crime"
date = { column = "DateOccur", format = "%m/%d/%Y %H:%M" }
coverage = { from = 2016-01-04, to = 2018-12-30 }

[[feed.unit]]
column = "District"
level = "district"
prefix = "District "
ignore = ["0"]

[[feed.unit]]
column = "Neighborhood"
level = "neighborhood"
prefix = "Neighborhood "
pad = 2
ignore = ["0", "80", "81", "82", "83", "84", "85", "86", "87", "88"]
""" + "".join(
    f"""
[[feed.indicator]]
indicator = "{offence}"
where = {{ Crime = {{ from = {n}0000, to = {n}9999 }} }}
value = "Count"
"""
    for n, offence in enumerate(OFFENCES, 1)
)

SCOTLAND = """
[[feed]]
feed = "emergency"
rows = "periods"
date = { column = "WeekEndingDate", format = "%Y%m%d" }
date_is = "end"
unit = { column = "TreatmentLocation" }

[[feed.indicator]]
indicator = "attendances"
value = "NumberOfAttendancesEpisode"

[[feed.indicator]]
indicator = "over_12h"
value = "NumberOver12HoursEpisode"

[[feed.indicator]]
indicator = "pct_within_4h"
numerator = "NumberWithin4HoursEpisode"
denominator = "NumberOfAttendancesEpisode"

[[feed.indicator]]
indicator = "pct_over_8h"
numerator = "NumberOver8HoursEpisode"
denominator = "NumberOfAttendancesEpisode"

[[feed.indicator]]
indicator = "pct_over_12h"
numerator = "NumberOver12HoursEpisode"
denominator = "NumberOfAttendancesEpisode"
"""


def counts(*names: str) -> str:
    return "indicator,unit_of_measure\n" + "".join(f"{name},count\n" for name in names)


def test_chicago_incidents_give_exactly_the_published_counts(tmp_path: Path) -> None:
    expected = {cell: figure[0] for cell, figure in published("chicago_aggravated_assaults")}
    units = units_csv((unit, "district") for unit in sorted({cell[0] for cell in expected}))
    indicators = counts(*sorted({cell[1] for cell in expected}))
    workspace = feeds_workspace(tmp_path, CHICAGO, units=units, indicators=indicators)
    (loaded,) = load_feed(workspace, "assaults", real_file("chicago_aggravated_assaults", "incidents.csv.gz"))
    assert values(workspace) == expected  # the 22 districts in all 521 full weeks, the silent ones 0
    assert loaded.added == len(expected) == 34_386
    told = loaded.extracted
    assert told and told.rows == 148_636
    # three days at the beginning, two at the end; the one row of a district that was closed long ago
    assert told.left_out == {"outside the coverage": 187, "with a district that the feed ignores": 1}
    assert told.counted == 148_636 - 187 - 1


def test_st_louis_records_give_the_published_counts_and_the_one_day_those_lack(tmp_path: Path) -> None:
    expected = {cell: figure[0] or 0.0 for cell, figure in published("stl_crime")}
    units = sorted({cell[0] for cell in expected})
    levels = units_csv((unit, unit.split()[0].lower()) for unit in units)
    workspace = feeds_workspace(tmp_path, ST_LOUIS, units=levels, indicators=counts(*OFFENCES))
    path = real_file("stl_crime", "incidents.csv.gz")
    load_feed(workspace, "crime", path)
    found = values(workspace)
    assert found.keys() == expected.keys() and len(found) == 85 * 8 * 156
    # The published counts stop at midnight before the last Sunday, 30 December 2018: of that day they hold only
    # what was booked at 00:00. All other weeks are the same; the last differs by that Sunday's records.
    more = {cell: (figure or 0) - expected[cell] for cell, figure in found.items() if figure != expected[cell]}
    assert more == last_sunday(path)
    assert {cell[2] for cell in more} == {date(2018, 12, 24)} and sum(more.values()) == 90


def last_sunday(path: Path) -> dict[tuple[str, str, date], float]:
    """The sum of Count of 30 December 2018 after 00:00, by unit and offence, counted by hand."""
    sums: Counter[tuple[str, str, date]] = Counter()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            offence = int(row["Crime"]) // 10_000
            if row["DateOccur"].startswith("12/30/2018") and "00:00" not in row["DateOccur"] and 1 <= offence <= 8:
                places = [f"District {row['District']}"] if row["District"] != "0" else []
                if 1 <= int(row["Neighborhood"]) <= 79:
                    places.append(f"Neighborhood {row['Neighborhood'].zfill(2)}")
                for unit in places:
                    sums[unit, OFFENCES[offence - 1], date(2018, 12, 24)] += int(row["Count"])
    return {cell: float(number) for cell, number in sums.items() if number}


def test_scotlands_file_loads_as_it_came_but_for_the_week_it_gives_twice(tmp_path: Path) -> None:
    expected = published("nhs_scotland_ae_weekly")
    twice = {cell for cell, times in Counter(cell for cell, _ in expected).items() if times > 1}
    units = units_csv((unit, "hospital") for unit in sorted({cell[0] for cell, _ in expected}))
    percent = "".join(f"{name},percent\n" for name in ("pct_within_4h", "pct_over_8h", "pct_over_12h"))
    indicators = counts("attendances", "over_12h") + percent
    workspace = feeds_workspace(tmp_path, SCOTLAND, units=units, indicators=indicators)
    path = real_file("nhs_scotland_ae_weekly", "original_weekly_ae_activity_20231008.csv.gz")
    (loaded,) = load_feed(workspace, "emergency", path, set_aside=True)
    found = known(workspace)
    assert found.keys() == {cell for cell, _ in expected} - twice
    for cell, (value, *parts) in expected:
        if cell not in twice:
            assert found[cell][1:] == tuple(parts), cell
            # the published percentage is rounded to six places; ours is worked out from its parts
            assert abs((found[cell][0] or 0) - (value or 0)) < 1e-6, cell
    assert {cell[0] for cell in twice} == {"G405H"} and len(twice) == 5
    assert loaded.set_aside == 2 and loaded.refused_file
    assert "20150503" in loaded.refused_file.read_text("utf-8-sig")


def test_deaths_in_weeks_that_end_on_friday_load(tmp_path: Path) -> None:
    expected = {cell: figure[0] for cell, figure in published("ons_weekly_deaths")}
    units = units_csv((f'"{unit}"', "region") for unit in sorted({cell[0] for cell in expected}))
    indicators = counts(*sorted({cell[1] for cell in expected}))
    friday = '[calendar]\nweek_ends_on = "friday"\n'
    workspace = make_workspace(tmp_path, units=units, indicators=indicators, compstat=friday)
    load(workspace, real_file("ons_weekly_deaths", "observations.csv.gz"))
    assert values(workspace) == expected
    assert {(cell[2] + timedelta(days=6)).strftime("%A") for cell in expected} == {"Friday"}
