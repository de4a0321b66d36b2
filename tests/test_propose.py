"""A first workspace from a file: what is guessed is marked, a style of dates is never guessed, and it loads."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from command_example import Said, run
from openpyxl import Workbook

from compstat.workspace.propose import Seen, propose
from compstat.workspace.workspace import load_workspace

DATA = Path(__file__).parents[2] / "shared" / "data"
LONG = (
    "unit,indicator,week_ending,value\n"
    "District 1,burglary,2026-11-06,4\nDistrict 1,burglary,2026-11-13,5\nDistrict 2,burglary,2026-11-13,0\n"
    "All districts,balance,2026-11-13,-2.5\n"
)


def made_from(folder: Path, text: str | bytes, name: str = "returns.csv") -> Said:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return run(folder, "init", "team", "--from", name)


def load_as_told(folder: Path, said: Said) -> Said:
    """Run the command that init printed last."""
    words = said.err.splitlines()[-1].split()
    assert words[0] == "compstat"
    return run(folder, *words[1:])


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "team" / name).read_text("utf-8"))))


def test_what_it_proposes_loads_with_the_command_it_prints(tmp_path: Path) -> None:
    said = made_from(tmp_path, LONG)
    assert said.code == 0, said.err
    assert {row["unit"]: row["level"] for row in table(tmp_path, "units.csv")} == {
        "District 1": "district",
        "District 2": "district",
        "All districts": "total",
    }
    indicators = {row["indicator"]: row for row in table(tmp_path, "indicators.csv")}
    assert indicators["burglary"] | {"name": ""} == {
        "indicator": "burglary", "name": "", "unit_of_measure": "count", "per": "1", "cadence": "weekly",
        "aggregate": "sum", "non_negative": "yes",
    }  # fmt: skip
    assert indicators["balance"]["non_negative"] == "no"
    assert load_workspace(tmp_path / "team").settings.calendar.week_ends_on == "friday"
    loaded = load_as_told(tmp_path, said)
    assert loaded.code == 0 and "4 new figures" in loaded.out, loaded.err


def test_every_guess_is_listed_with_its_reason_and_said_on_the_terminal(tmp_path: Path) -> None:
    said = made_from(tmp_path, LONG)
    page = (tmp_path / "team" / "proposal.md").read_text("utf-8")
    assert "| units.csv | District 1 | level | district | numbered alike |" in page
    assert "| indicators.csv | burglary | cadence | weekly | 1 of 1 gaps" in page
    assert "| compstat.toml | \\[calendar\\] | week\\_ends\\_on | friday | 2 of 2 last days are a Friday |" in page
    assert "units.csv level: guessed district (2), total (1)" in said.err
    assert "These are guesses" in said.err and "proposal.md" in said.err


def test_headings_that_are_only_close_are_reworded_and_that_is_said(tmp_path: Path) -> None:
    text = "Ward,Offence,Week Commencing,Count,Remark\nNorth,Theft,2026-11-09,3,late\nSouth,Theft,2026-11-09,1,\n"
    said = made_from(tmp_path, text)
    assert said.code == 0, said.err
    assert '"Week Commencing" is read as week_start.' in said.err and '"Remark" is passed over' in said.err
    assert (tmp_path / "team/returns/returns.csv").read_text().splitlines()[:2] == [
        "unit,indicator,week_start,value,numerator,denominator",
        "North,Theft,2026-11-09,3,,",
    ]
    assert "2 new figures" in load_as_told(tmp_path, said).out


def test_a_wide_workbook_is_understood(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["unit", "week_ending", "burglary", "=1+1", "note"])
    for day in (1, 8, 15):
        for unit in ("North", "South"):
            sheet.append([unit, date(2026, 11, day), day, None, "x"])
    sheet.cell(1, 4).data_type = "s"
    sheet.cell(2, 4).value = 1.5
    book.save(tmp_path / "returns.xlsx")
    said = run(tmp_path, "init", "team", "--from", "returns.xlsx")
    assert said.code == 0, said.err
    assert [row["indicator"] for row in table(tmp_path, "indicators.csv")] == ["burglary", "=1+1"]
    assert "7 new figures" in load_as_told(tmp_path, said).out


@pytest.mark.parametrize(
    "dates", [("03/04/2026", "04/04/2026"), ("20260403", "20260410"), ("3 Apr 2026", "10 Apr 2026")]
)
def test_a_date_style_is_never_guessed(dates: tuple[str, str], tmp_path: Path) -> None:
    said = made_from(tmp_path, f"unit,indicator,week_ending,value\nNorth,a,{dates[0]},1\nNorth,a,{dates[1]},1\n")
    assert said.code == 11 and "#bad-date" in said.err and dates[0] in said.err
    assert not (tmp_path / "team").exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("place,indicator,week_ending,value\nNorth,a,2026-11-15,1\n", "missing-heading"),
        ("unit,indicator,when,value\nNorth,a,2026-11-15,1\n", "missing-heading"),
        ("unit,week_ending,remark\nNorth,2026-11-15,late\n", "missing-heading"),
        ("", "empty-file"),
    ],
)
def test_what_cannot_be_understood_is_said_and_makes_nothing(text: str, code: str, tmp_path: Path) -> None:
    said = made_from(tmp_path, text)
    assert said.code == 11 and f"#{code}" in said.err
    assert not (tmp_path / "team").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "proposal.md").write_text("mine")
    said = made_from(tmp_path, LONG)
    assert said.code == 10 and "#file-exists" in said.err
    assert [path.name for path in (tmp_path / "team").iterdir()] == ["proposal.md"]
    assert run(tmp_path, "init", "other", "--from", "returns.csv", "--preset", "police").code == 2


def test_names_from_a_file_are_only_text_on_the_page(tmp_path: Path) -> None:
    said = made_from(tmp_path, 'unit,indicator,week_ending,value\n"<b>A|B</b>",[x](y),2026-11-15,1\n')
    assert said.code == 0, said.err
    page = (tmp_path / "team" / "proposal.md").read_text("utf-8")
    assert "<b>" not in page and "\\<b\\>A\\|B\\</b\\>" in page and "| \\[x\\](y) |" in page


def seen(*values: float, step: int = 7, parts: list[tuple[float | None, float, float]] | None = None) -> Seen:
    days = {date(2026, 1, 5) + timedelta(days=step * n) for n in range(max(2, len(values)))}
    return Seen(days, [float(value) for value in values], parts or [])


@pytest.mark.parametrize(
    ("code", "found", "wanted"),
    [
        ("burglary", seen(1, 2, 0), ("count", "1", "weekly", "sum")),
        ("pct_seen", seen(75.0, 50.0, parts=[(75, 3, 4), (50, 1, 2)]), ("percent", "1", "weekly", "ratio")),
        ("crime", seen(3.1, 2.9, parts=[(3.1, 31, 10_000), (2.9, 29, 10_000)]), ("rate", "1000", "weekly", "ratio")),
        ("share_seen", seen(75.5, 50.5), ("percent", "1", "weekly", "mean")),
        ("median_days", seen(3.5, 4), ("days", "1", "weekly", "mean")),
        ("overtime", seen(1200.5, 900), ("money", "1", "weekly", "sum")),
        ("mystery", seen(1.5, 2.25), ("rate", "1", "weekly", "mean")),
        ("personnel", seen(1, 2), ("count", "1", "weekly", "sum")),  # `per` is in it, but is no word of it
        ("burglary", seen(1, 2, step=14), ("count", "1", "fortnightly", "sum")),
        ("burglary", Seen({date(2026, n, 1) for n in (1, 2, 3)}, [1.0], []), ("count", "1", "monthly", "sum")),
        ("burglary", Seen({date(2026, n, 1) for n in (1, 4, 7)}, [1.0], []), ("count", "1", "quarterly", "sum")),
        ("burglary", seen(1, 2, step=9), ("count", "1", "weekly", "sum")),
    ],
)
def test_how_an_indicator_is_measured_is_guessed_from_its_figures_and_name(
    code: str, found: Seen, wanted: tuple[str, ...]
) -> None:
    proposal = propose(["North"], {code: found}, dates_are_ends=False)
    row = next(csv.DictReader(io.StringIO(proposal.indicators)))
    assert (row["unit_of_measure"], row["per"], row["cadence"], row["aggregate"]) == wanted


def test_codes_are_no_levels() -> None:
    proposal = propose(["RJE01", "RJE02", "Ward 1", "Ward 2a", "Depot 9"], {}, dates_are_ends=False)
    levels = [row["level"] for row in csv.DictReader(io.StringIO(proposal.units))]
    assert levels == ["unit", "unit", "ward", "ward", "unit"]


@pytest.mark.parametrize(
    ("name", "ends", "levels"),
    [
        ("ons_weekly_deaths", "friday", {"unit", "total"}),
        ("nhs_ae_england_monthly", "sunday", {"unit"}),
    ],
)
def test_real_returns_load_into_what_is_proposed(name: str, ends: str, levels: set[str], tmp_path: Path) -> None:
    path = DATA / name / "observations.csv.gz"
    if not path.exists():
        pytest.skip(f"../shared/data/{name} is not here")
    said = run(tmp_path, "init", "team", "--from", str(path))
    assert said.code == 0, said.err
    workspace = load_workspace(tmp_path / "team")
    assert workspace.settings.calendar.week_ends_on == ends
    assert {row.level for row in workspace.units} == levels
    assert load_as_told(tmp_path, said).code == 0


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ('"1,000"', 'thousands = ","'),
        ("1 000", 'thousands = " "'),
        ("1'000", 'thousands = "\'"'),
        ('"1.204,5"', 'thousands = "." and decimal = ","'),
        ("£12", "without a sign of money"),
    ],
)
def test_figures_in_another_writing_are_named_with_what_to_declare(cell: str, says: str, tmp_path: Path) -> None:
    said = made_from(tmp_path, f"unit,week_ending,burglary\nNorth,2026-11-15,3\nSouth,2026-11-15,{cell}\n")
    plainly = cell.strip('"')
    assert said.code == 11
    assert said.err.startswith(f'returns.csv:3: "burglary" would hold the figures, but "{plainly}" is none\n')
    assert says in said.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("unit,week_ending,burglary\nNorth,2026-11-15,3\nnorth,2026-11-08,4\n",
         'returns.csv:3: unit "north" is spelt "North" in returns.csv:2'),
        ("unit,week_ending,burglary\nOld Town,2026-11-15,3\nOld  Town,2026-11-08,4\n",
         'returns.csv:3: unit "Old  Town" is spelt "Old Town" in returns.csv:2'),
        ("unit,indicator,week_ending,value\nNorth,Theft,2026-11-15,3\nNorth,theft,2026-11-08,4\n",
         'returns.csv:3: indicator "theft" is spelt "Theft" in returns.csv:2'),
    ],
)  # fmt: skip
def test_two_spellings_are_refused_with_their_lines(text: str, message: str, tmp_path: Path) -> None:
    said = made_from(tmp_path, text)
    assert (said.code, said.err.splitlines()[0]) == (11, message)
    assert not (tmp_path / "team").exists()


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (("1.000", "2.300", "3.800"), True),
        (("950", "1.204", "12"), True),
        (("0.125", "1.204"), False),
        (("1.2", "1.204"), False),
        (("1204", "1.204"), False),
    ],
)
def test_a_point_that_may_stand_for_thousands_is_told(figures: tuple[str, ...], told: bool, tmp_path: Path) -> None:
    rows = "".join(f"North,2026-11-{day:02},{figure}\n" for day, figure in zip((1, 8, 15), figures, strict=False))
    said = made_from(tmp_path, "unit,week_ending,burglary\n" + rows)
    page = (tmp_path / "team" / "proposal.md").read_text("utf-8")
    for text in (said.err, page.replace("\\", "")):
        assert ("If its point stands for thousands" in text) is told
        assert ('decimal = "," and thousands = "."' in text) is told
