"""Several services in one workspace: each with its own cadence, units, chair and pack."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from command_example import Said, run

SETTINGS = """
[[cycle]]
cycle = "streets"
name = "Street services"
levels = ["depot"]
indicators = ["missed_bins"]

[[cycle]]
cycle = "housing"
name = "Housing"
cadence = "monthly"
levels = ["office"]
indicators = ["void_days"]
"""


def compstat(root: Path, *words: str, code: int = 0) -> Said:
    """A command in this process."""
    said = run(root, "-w", str(root), *words, user="a")
    assert said.code == code, said.out + said.err
    return said


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weekly and a monthly service, two years of returns each."""
    root = tmp_path_factory.mktemp("city")
    (root / "compstat.toml").write_text(SETTINGS)
    (root / "units.csv").write_text("unit,level\nNorth,depot\nSouth,depot\nEast,office\n")
    (root / "indicators.csv").write_text(
        "indicator,better,cadence,unit_of_measure\nmissed_bins,lower,weekly,count\nvoid_days,lower,monthly,days\n"
    )
    weeks = [date(2024, 10, 6) + timedelta(days=7 * n) for n in range(104)]
    weekly = [
        f"{unit},missed_bins,{day},{20 + (n * 7) % 5}\n" for n, day in enumerate(weeks) for unit in ("North", "South")
    ]
    (root / "weekly.csv").write_text("unit,indicator,week_ending,value\n" + "".join(weekly))
    months = [f"East,void_days,{2024 + n // 12}-{n % 12 + 1:02d},{30 + n % 3}\n" for n in range(30)]
    (root / "monthly.csv").write_text("unit,indicator,month,value\n" + "".join(months))
    compstat(root, "load", str(root / "weekly.csv"), str(root / "monthly.csv"))
    return root


def test_each_cycle_has_its_own_pack(city: Path) -> None:
    streets = compstat(city, "prepare", "--draft").out.strip()
    housing = compstat(city, "prepare", "--cycle", "housing", "--draft").out.strip()
    assert streets.endswith("packs/2026-W39/briefing.pdf")
    assert housing.endswith("packs/2026-W27-housing/briefing.pdf")
    assert sorted(path.name for path in Path(housing).parent.glob("units/*.pdf")) == ["East.pdf"]
    assert sorted(path.name for path in Path(streets).parent.glob("units/*.pdf")) == ["North.pdf", "South.pdf"]


def test_latest_is_the_newest_of_the_cycle_s_own_cadence(city: Path) -> None:
    assert "2026-W39" in compstat(city, "flags").out
    assert "2026-W27" in compstat(city, "flags", "--cycle", "housing").out


def test_an_unknown_cycle_is_named_with_the_nearest(city: Path) -> None:
    refused = compstat(city, "flags", "--cycle", "housin", code=2)
    assert 'Did you mean "housing"?' in refused.err
