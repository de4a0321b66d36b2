"""Workspaces and packs from real returns, by the documented steps: init, tables, load, prepare."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

RECORDED_AT = "2026-11-16"  # the same moment each time, so that the pages are the same
RETURNS = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class RealSet:
    """One folder of real returns: its name, what it is called, its level by the start of a unit's name."""

    folder: str
    organisation: str
    indicators: str
    levels: tuple[tuple[str, str], ...]
    targets: str = "indicator,value\n"
    set_aside: bool = False


ASSAULTS = """indicator,name,better,unit_of_measure
aggravated_assault,Aggravated assault,lower,count
aggravated_assault_residence,Aggravated assault in homes,lower,count
aggravated_assault_street,Aggravated assault in the street,lower,count
"""
CRIME = """indicator,name,better,unit_of_measure
homicide,Homicide,lower,count
rape,Rape,lower,count
robbery,Robbery,lower,count
aggravated_assault,Aggravated assault,lower,count
burglary,Burglary,lower,count
larceny,Larceny,lower,count
motor_vehicle_theft,Motor vehicle theft,lower,count
arson,Arson,lower,count
"""
EMERGENCY = """indicator,name,better,unit_of_measure
attendances,Attendances,neutral,count
over_12h,Waits over 12 hours,lower,count
pct_within_4h,Seen within 4 hours,higher,percent
pct_over_8h,Waits over 8 hours,lower,percent
pct_over_12h,Waits over 12 hours (share),lower,percent
"""
SETS = (
    RealSet("chicago_aggravated_assaults", "Chicago districts", ASSAULTS, (("", "district"),)),
    RealSet("stl_crime", "St Louis police", CRIME, (("District", "district"), ("", "neighbourhood"))),
    RealSet(
        "nhs_scotland_ae_weekly",
        "Emergency departments, Scotland",
        EMERGENCY,
        (("", "hospital"),),
        targets="indicator,unit,kind,value\npct_within_4h,*,target,95\n",
        set_aside=True,  # the published file holds a key twice, with unequal values
    ),
)


def prepare_real_packs(folder: Path) -> Iterator[tuple[str, Path]]:
    """The briefing of each real set that is here, made in `folder`: its name for a sheet, and the PDF."""
    for real in SETS:
        if (RETURNS / real.folder).is_dir():
            workspace = make_workspace(real, folder / real.folder)
            compstat("-w", str(workspace), "prepare", "--week", "latest", "--draft")
            (briefing,) = workspace.glob("packs/*/briefing.pdf")
            yield real.folder.replace("_", "-"), briefing


def make_workspace(real: RealSet, root: Path) -> Path:
    """A workspace with these returns loaded."""
    returns = RETURNS / real.folder / "observations.csv.gz"
    compstat("init", str(root), "--preset", "blank")
    (root / "units.csv").write_text(_units(real, _names(returns)), "utf-8")
    (root / "indicators.csv").write_text(real.indicators, "utf-8")
    (root / "targets.csv").write_text(real.targets, "utf-8")
    settings = f'[organisation]\nname = "{real.organisation}"\n\n[totals]\nlevel = "{real.levels[0][1]}"\n'
    (root / "compstat.toml").write_text(f'{settings}\n[[cycle]]\ncycle = "main"\n', "utf-8")
    aside = ["--set-aside"] if real.set_aside else []
    compstat("-w", str(root), "load", str(returns), "--recorded-at", RECORDED_AT, *aside)
    return root


def compstat(*arguments: str) -> None:
    """Run the program as a person would; its errors are shown, and stop the work."""
    command = [sys.executable, "-m", "compstat.cli.main", "--quiet", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _names(returns: Path) -> list[str]:
    with gzip.open(returns, "rt", encoding="utf-8", newline="") as file:
        return sorted({row["unit"] for row in csv.DictReader(file)})


def _units(real: RealSet, names: Iterable[str]) -> str:
    lines = ["unit,name,level"]
    for name in names:
        level = next(level for start, level in real.levels if name.startswith(start))
        lines.append(f'"{name}","{name}",{level}')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for title, pdf in prepare_real_packs(Path(sys.argv[1])):
        print(title, pdf)
