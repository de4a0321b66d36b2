"""Audits: the same seed draws the same records, a filled sheet is read as meant, the rate has its exact interval."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from command_example import run
from openpyxl import load_workbook
from pypdf import PdfReader
from workspace_example import make_workspace, returns

from compstat.findings import DataError, UsageError
from compstat.quality.audit import Audit, audits, audits_of_week
from compstat.quality.audit_draw import Draw, draw
from compstat.quality.audit_file import read_audit_sheet
from compstat.statistics.exact_interval import clopper_pearson
from compstat.store import open_store
from compstat.workbook.audit_sheet import HEADINGS
from compstat.workspace.workspace import Workspace, load_workspace

WEEK = date(2026, 11, 9)
KNOWN = datetime(2026, 11, 16, 18)
TEXT = (
    "unit,indicator,week_start,value,numerator,denominator\nNorth,burglary,2026-11-09,40,,\nSouth,burglary,2026-11-09,60,,\n"
    "North,detected,2026-11-09,,1,2\nNorth,burglary,2026-11-02,7,,\n"
)
DRAW = ("audit", "draw", "--indicator", "burglary", "--week", "2026-W46")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "force", on_disk=True)
    returns(made, TEXT)
    said = run(made.root, "load", "returns.csv", "--recorded-at", KNOWN.isoformat())
    assert said.code == 0, said.err
    return made


def drawn(workspace: Workspace, number: int, seed: str = "7", **options: Any) -> Draw:
    with open_store(workspace.store_path, read_only=True) as store:
        return draw(store, workspace, "burglary", WEEK, seed, KNOWN, number=number, **options)


def sheet_of(workspace: Workspace, *words: str) -> tuple[Any, dict[tuple[str, int], int]]:
    """A fresh sheet, and the row of each record in it."""
    said = run(workspace.root, *DRAW, "--seed", "7", "--output", "audit.xlsx", "--force", *words)
    assert said.code == 0, said.err
    book = load_workbook(workspace.root / "audit.xlsx")
    sheet = book["Audit"]
    at = next(row[0].row for row in sheet.iter_rows() if tuple(cell.value for cell in row) == HEADINGS)
    return sheet, {
        (str(sheet.cell(n, 1).value), int(sheet.cell(n, 3).value)): n for n in range(at + 1, sheet.max_row + 1)
    }


def fill(sheet: Any, row: int, found: str = "", right: str = "", wrong: str = "", comment: str = "") -> None:
    for column, words in enumerate((found, right, wrong, comment), 5):
        sheet.cell(row, column).value = words or None


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 5
@pytest.mark.parametrize(
    ("hits", "tried", "lower", "upper"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_the_exact_interval_is_the_published_one(hits: int, tried: int, lower: float, upper: float) -> None:
    assert clopper_pearson(hits, tried) == pytest.approx((lower, upper), abs=5e-5)


def test_the_exact_interval_is_scipys_and_ends_at_0_and_1() -> None:
    from scipy.stats import binomtest

    for hits, tried in ((0, 1), (1, 1), (3, 50), (50, 50)):
        wanted = binomtest(hits, tried).proportion_ci(0.95, method="exact")
        assert clopper_pearson(hits, tried) == pytest.approx((wanted.low, wanted.high), abs=1e-12)
    with pytest.raises(ValueError, match="no share"):
        clopper_pearson(1, 0)


def test_the_same_seed_draws_the_same_and_a_larger_sample_holds_the_smaller(workspace: Workspace) -> None:
    first, again, more = drawn(workspace, 10), drawn(workspace, 10), drawn(workspace, 30)
    assert first == again and first.population == 100
    assert set(first.records) < set(more.records)
    assert set(drawn(workspace, 10, "8").records) != set(first.records)
    # which records these are is a promise: an audit is drawn again years later from its seed
    assert [(row.unit, row.record) for row in first.records][:4] == [
        ("North", 2),
        ("North", 9),
        ("North", 10),
        ("North", 18),
    ]


def test_every_record_is_as_likely_as_any_other(workspace: Workspace) -> None:
    """150 draws of 20 of 100: each record 30 times on average, with variance 150 x 0.2 x 0.8 = 24."""
    counts: Counter[tuple[str, int]] = Counter()
    with open_store(workspace.store_path, read_only=True) as store:
        for seed in range(150):
            found = draw(store, workspace, "burglary", WEEK, str(seed), KNOWN, number=20)
            counts.update((row.unit, row.record) for row in found.records)
    assert counts.total() == 3000 and len(counts) == 100
    spread = sum((count - 30) ** 2 / 24 for count in counts.values())
    assert 60 < spread < 150  # chi-squared with 99 degrees of freedom: P(outside) < 0.001
    assert 0.36 < sum(count for (unit, _), count in counts.items() if unit == "North") / 3000 < 0.44


def test_a_census_and_one_unit(workspace: Workspace) -> None:
    assert len(drawn(workspace, 500).records) == 100
    assert {row.unit for row in drawn(workspace, 500, unit="South").records} == {"South"}


def test_what_is_no_count_or_not_there_is_refused(workspace: Workspace) -> None:
    with open_store(workspace.store_path, read_only=True) as store:
        with pytest.raises(UsageError, match="not a count"):
            draw(store, workspace, "detected", WEEK, "7", KNOWN, number=5)
        with pytest.raises(UsageError, match="No record"):
            draw(store, workspace, "burglary", date(2026, 10, 5), "7", KNOWN, number=5)


def test_records_of_two_levels_are_not_drawn_twice(workspace: Workspace) -> None:
    (workspace.root / "units.csv").write_text("unit,level\nNorth,precinct\nSouth,area\n")
    two = load_workspace(workspace.root)
    with pytest.raises(UsageError, match="several levels"):
        drawn(two, 5)
    (workspace.root / "compstat.toml").write_text('[totals]\nlevel = "area"\n')
    assert {row.unit for row in drawn(load_workspace(workspace.root), 500).records} == {"South"}


def test_drawn_filled_recorded_listed(workspace: Workspace) -> None:
    sheet, rows = sheet_of(workspace, "--n", "20")
    for n, row in enumerate(rows.values()):
        if n < 2:
            fill(sheet, row, "yes", wrong="x", comment="=a larceny")
        elif n == 2:
            fill(sheet, row, "no")
        elif n < 19:
            fill(sheet, row, "yes", right="x")
    sheet.parent.save(workspace.root / "filled.xlsx")
    said = run(workspace.root, "audit", "record", "filled.xlsx", "--recorded-at", "2026-11-17T09:00")
    low, high = clopper_pearson(3, 19)
    assert said.code == 0, said.err
    assert said.out == (
        "U-0001: burglary, all units: 3 of 19 records in error (2 wrong, 1 not found), 15.8%, 95% interval "
        f"{100 * low:.1f}% to {100 * high:.1f}%. 100 reported, 84 when corrected ({100 - 100 * high:.0f} to "
        f"{100 - 100 * low:.0f}). 1 of 20 drawn not looked at.\n"
    )
    (listed,) = run(workspace.root, "audit", "list", "--json").json
    assert (listed["rate_low"], listed["rate_high"], listed["corrected"]) == (low, high, pytest.approx(100 * 16 / 19))
    assert "nothing changed" in run(workspace.root, "audit", "record", "filled.xlsx").out
    assert len(run(workspace.root, "audit", "list", "--json").json) == 1
    with open_store(workspace.store_path, read_only=True) as store:
        assert [audit.audit for audit in audits_of_week(store, workspace, WEEK)] == ["U-0001"]
        assert audits_of_week(store, workspace, date(2026, 11, 2)) == []
        assert audits(store, datetime(2026, 11, 17, 8)) == []


def test_a_mended_sheet_takes_the_place_of_the_first_which_stays_on_record(workspace: Workspace) -> None:
    sheet, rows = sheet_of(workspace, "--n", "5")
    for number, right in ((1, "x"), (2, "")):
        for row in rows.values():
            fill(sheet, row, "yes", right=right, wrong="" if right else "x")
        sheet.parent.save(workspace.root / "filled.xlsx")
        at = f"2026-11-17T0{number}:00"
        assert run(workspace.root, "audit", "record", "filled.xlsx", "--recorded-at", at).code == 0
    with open_store(workspace.store_path, read_only=True) as store:
        assert [(one.audit, one.rate) for one in audits(store)] == [("U-0002", 1.0)]
        assert [(one.audit, one.rate) for one in audits(store, datetime(2026, 11, 17, 1, 30))] == [("U-0001", 0.0)]


def test_every_row_that_says_two_things_is_named_and_nothing_is_recorded(workspace: Workspace) -> None:
    sheet, rows = sheet_of(workspace, "--n", "6")
    lines = list(rows.values())
    for line, marks in zip(
        lines,
        (("yes", "x", "x"), ("no", "x", ""), ("yes", "", ""), ("perhaps", "", ""), ("", "x", ""), ("", "", "")),
        strict=True,
    ):
        fill(sheet, line, *marks)
    sheet.parent.save(workspace.root / "filled.xlsx")
    said = run(workspace.root, "audit", "record", "filled.xlsx")
    assert said.code == DataError.exit_code
    assert [f"Audit!{line}:" in said.err for line in lines] == [True, True, True, True, False, False]
    assert run(workspace.root, "audit", "list").out == "No audit is on record.\n"


def test_a_sheet_that_nobody_filled_is_no_audit(workspace: Workspace) -> None:
    sheet, rows = sheet_of(workspace, "--n", "6")
    said = run(workspace.root, "audit", "record", "audit.xlsx")
    assert (said.code, said.out, said.err) == (
        DataError.exit_code,
        "",
        "audit.xlsx:Audit: none of the 6 records is marked: nobody has looked at them yet\n"
        "  Look the records up, write yes or no under found and x under right or wrong, save the file, record it.  "
        "docs/messages.md#sheet-not-filled\naudit.xlsx was not recorded.\n",
    )
    fill(sheet, min(rows.values()), comment="to be looked up")
    sheet.parent.save(workspace.root / "audit.xlsx")
    assert run(workspace.root, "audit", "record", "audit.xlsx").code == DataError.exit_code
    assert run(workspace.root, "audit", "list").out == "No audit is on record.\n"
    fill(sheet, min(rows.values()), "yes", right="x")
    sheet.parent.save(workspace.root / "audit.xlsx")
    assert run(workspace.root, "audit", "record", "audit.xlsx").code == 0


def test_a_sheet_with_a_row_too_few_or_of_another_draw_is_refused(workspace: Workspace) -> None:
    sheet, rows = sheet_of(workspace, "--n", "6")
    sheet.delete_rows(max(rows.values()) - 2)
    sheet.parent.save(workspace.root / "fewer.xlsx")
    sheet, rows = sheet_of(workspace, "--n", "6")
    sheet.cell(min(rows.values()), 3).value = 99
    sheet.parent.save(workspace.root / "other.xlsx")
    for name in ("fewer.xlsx", "other.xlsx"):
        said = run(workspace.root, "audit", "record", name)
        assert said.code == DataError.exit_code and "#not-the-draw" in said.err


def test_what_is_no_audit_sheet_is_said(workspace: Workspace) -> None:
    (workspace.root / "broken.xlsx").write_bytes((workspace.root / "returns.csv").read_bytes())
    for name, code in (
        ("returns.csv", "not-an-audit-sheet"),
        ("broken.xlsx", "not-an-audit-sheet"),
        ("none.xlsx", "no-file"),
    ):
        said = run(workspace.root, "audit", "record", name)
        assert said.code == DataError.exit_code and f"#{code}" in said.err
    assert run(workspace.root, "template", "--unit", "North", "--week", "2026-W47", "--output", "form.xlsx").code == 0
    assert "#not-an-audit-sheet" in run(workspace.root, "audit", "record", "form.xlsx").err


def test_the_sheet_keeps_the_facts_of_its_draw(workspace: Workspace) -> None:
    sheet_of(workspace, "--n", "3", "--unit", "South")
    found = read_audit_sheet(workspace.root / "audit.xlsx")
    assert (found.indicator, found.period_start, found.unit, found.seed, found.known_at) == (
        "burglary", WEEK, "South", "7", KNOWN,
    )  # fmt: skip
    assert {row.outcome for row in found.rows} == {"not_looked_at"}


def test_the_pack_prints_what_was_found(workspace: Workspace) -> None:
    sheet, rows = sheet_of(workspace, "--n", "10")
    for row in rows.values():
        fill(sheet, row, "yes", right="x")
    sheet.parent.save(workspace.root / "filled.xlsx")
    assert run(workspace.root, "audit", "record", "filled.xlsx").code == 0
    said = run(workspace.root, "prepare", "--week", "2026-W46", "--draft")
    assert said.code == 0, said.err
    pages = PdfReader(workspace.root / "packs/2026-W46/briefing.pdf").pages
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    assert "Records audited" in text and "burglary, all units: 0 of 10 records in error" in text


def test_of_a_census_nothing_is_left_to_chance(workspace: Workspace) -> None:
    whole = Audit("U-1", "burglary", WEEK, None, "7", KNOWN, 20, 20, 20, 1, 1, KNOWN, "avery", "a.xlsx")
    assert whole.interval == (0.1, 0.1) and whole.corrected == (18.0, 18.0, 18.0)
    unseen = Audit("U-1", "burglary", WEEK, None, "7", KNOWN, 20, 5, 0, 0, 0, KNOWN, "avery", "a.xlsx")
    assert unseen.rate is None and unseen.corrected is None and "nothing was looked at" in unseen.sentence(workspace)
    assert json.dumps(unseen.as_fields()["rate_low"]) == "null"


def test_a_draw_takes_names_and_says_which_file_to_record(workspace: Workspace) -> None:
    title = workspace.indicator("burglary").title.upper()
    said = run(workspace.root, "audit", "draw", "--indicator", title, "--seed", "7", "-o", "my sheet.xlsx")
    assert said.code == 0 and "compstat audit record 'my sheet.xlsx'" in said.err
