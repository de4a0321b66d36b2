"""`compstat check` and `compstat sign-off` as an analyst meets them: silent when all is well, else what and where."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from quality_example import OWNED, PEOPLE, poisson
from workspace_example import make_workspace, returns, select

from compstat.cli.check import MOST_OF_A_CODE, findings_of_week
from compstat.cli.main import main
from compstat.cli.session import Session
from compstat.quality.checks import CHECKS
from compstat.workspace.workspace import Workspace

PAGE = (Path(__file__).parent.parent / "docs" / "messages.md").read_text("utf-8")
SUM = '[[sum]]\ntotal = "all_crime"\nparts = ["burglary", "theft"]\n'
SUMMED = f"{OWNED}theft,lower,count,avery\nall_crime,lower,count,avery\n"
HEADINGS = "unit,indicator,week_start,value\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "force"
    root.mkdir()
    (root / "people.csv").write_text(PEOPLE, "utf-8")
    (root / "rules.toml").write_text(SUM, "utf-8")
    return make_workspace(root, on_disk=True, indicators=SUMMED)


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program in this process, in the workspace's folder; exit code, stdout, stderr."""
    monkeypatch.chdir(workspace.root)
    monkeypatch.setenv("COMPSTAT_USER", "avery")

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["compstat", *words])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def load(workspace: Workspace, run: Run, total: int, at: str = "2026-11-16T18:00", name: str = "first.csv") -> None:
    """One week whose total is this, its parts 12 and 30."""
    figures = {"burglary": 12, "theft": 30, "all_crime": total}
    rows = "".join(f"North,{code},2026-11-09,{value}\n" for code, value in figures.items())
    returns(workspace, HEADINGS + rows, name)
    code, _, err = run("load", name, "--recorded-at", at)
    assert code == 0, err


def test_it_is_silent_when_all_is_well(workspace: Workspace, run: Run) -> None:
    load(workspace, run, 42)
    assert run("check", "--week", "2026-W46") == (0, "", "")
    assert run("check", "--json") == (0, "[]\n", "")


def test_it_says_severity_place_figures_and_fix_and_exits_1(workspace: Workspace, run: Run) -> None:
    load(workspace, run, 43)
    assert run("check", "--week", "2026-W46") == (
        1,
        "error: North:all_crime, 2026-W46: 43 is not burglary 12 + theft 30 = 42\n"
        "  Mend the total or a part, or the [[sum]] in rules.toml.  docs/messages.md#sum-mismatch\n",
        "2026-W46: error 1\n",
    )
    code, out, _ = run("check", "--json")
    (row,) = json.loads(out)
    assert code == 1
    assert (row["severity"], row["code"], row["unit"], row["indicator"], row["waived"]) == (
        "error",
        "sum-mismatch",
        "North",
        "all_crime",
        None,
    )
    assert row["where"] and row["what"] and row["fix"]


def test_it_looks_at_what_was_known_at_a_moment(workspace: Workspace, run: Run) -> None:
    load(workspace, run, 43)
    load(workspace, run, 42, "2026-11-17T18:00", "second.csv")
    assert run("check")[0] == 0
    assert run("check", "--as-of", "2026-11-16T20:00")[0] == 1


def test_a_week_without_returns_and_an_empty_store_are_told(workspace: Workspace, run: Run) -> None:
    assert run("check")[0] == 2
    load(workspace, run, 42)
    code, out, err = run("check", "--week", "2026-W40")
    assert (code, out) == (2, "") and "no-returns" in err


def test_hundreds_of_findings_are_counted_not_listed(workspace: Workspace, run: Run) -> None:
    units = "unit\n" + "".join(f"u{n}\n" for n in range(30))
    (workspace.root / "units.csv").write_text(units, "utf-8")
    rows = "".join(
        f"u{n},all_crime,2026-11-09,5\nu{n},theft,2026-11-09,3\nu{n},burglary,2026-11-09,3\n" for n in range(30)
    )
    returns(workspace, HEADINGS + rows)
    assert run("load", "returns.csv", "--recorded-at", "2026-11-16")[0] == 0
    _, out, _ = run("check")
    assert out.count("#sum-mismatch") == MOST_OF_A_CODE
    assert "... and 10 more of sum-mismatch: see them with --json" in out
    assert len(json.loads(run("check", "--json")[1])) == 30


def test_names_from_the_data_do_not_reach_the_terminal_as_control(workspace: Workspace, run: Run) -> None:
    (workspace.root / "units.csv").write_text("unit\nNor\x1b[31mth\n", "utf-8")
    rows = "".join(f"Nor\x1b[31mth,{code},2026-11-09,5\n" for code in ("burglary", "theft", "all_crime"))
    returns(workspace, HEADINGS + rows)
    assert run("load", "returns.csv", "--recorded-at", "2026-11-16")[0] == 0
    _, out, _ = run("check")
    assert "\x1b" not in out and "Nor\\x1b[31mth" in out


def test_the_list_of_checks_is_the_page_of_messages(run: Run) -> None:
    code, out, _ = run("check", "--list", "--json")
    listed = {row["code"]: row["severity"] for row in json.loads(out)}
    part = PAGE.split("\n# What the checks find\n")[1].split("\n# ")[0]
    documented = dict(re.findall(r"^## (\S+)$.*?^Severity: (\w+)\.$", part, re.M | re.S))
    assert code == 0 and listed == documented
    assert set(re.findall(r"^## (\S+)$", part, re.M)) == set(listed) == {check.code for check in CHECKS}
    assert all(row["means"] and row["false_alarms"] for row in json.loads(out))


def test_the_list_needs_no_workspace(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("check", "--list")
    assert code == 0 and out.splitlines()[0].split() == ["code", "severity", "means"]


# Sign-off


def test_sign_off_runs_the_checks_and_refuses_an_error(workspace: Workspace, run: Run) -> None:
    load(workspace, run, 43)
    code, out, err = run("sign-off", "--week", "2026-W46")
    assert (code, out) == (11, "") and "43 is not" in err
    assert '--waive "sum-mismatch:North:all_crime" --reason' in err
    assert select(workspace, "select * from sign_off") == []


def test_a_waiver_with_a_reason_signs_it_off_and_check_says_so(workspace: Workspace, run: Run) -> None:
    load(workspace, run, 43)
    waiver = ("--waive", "sum-mismatch:North", "--reason", "One case is counted in the total only")
    code, out, _ = run("sign-off", "--week", "2026-W46", *waiver, "--at", "2026-11-17T09:00")
    assert code == 0 and "signed off by Avery Quill" in out
    _, out, _ = run("check")
    assert "waived: One case is counted in the total only" in out
    assert json.loads(run("check", "--json")[1])[0]["waived"] == "One case is counted in the total only"
    assert json.loads(run("check", "--as-of", "2026-11-17T08:00", "--json")[1])[0]["waived"] is None
    assert findings_of_week(Session(workspace.root, True), "latest", None, None) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--waive", "sum-mismatch:North"), "waiver-without-reason"),
        (("--reason", "because"), "waiver-without-reason"),
        (("--waive", "sum-mismatch:South", "--reason", "because"), "nothing-to-waive"),
    ],
)
def test_a_waiver_that_does_not_fit_signs_nothing(
    workspace: Workspace, run: Run, words: tuple[str, ...], code: str
) -> None:
    load(workspace, run, 43)
    exit_code, _, err = run("sign-off", "--week", "2026-W46", *words)
    assert exit_code == 2 and code in err
    assert select(workspace, "select * from sign_off") == []


def test_findings_and_waivers_are_printed_in_the_pack(workspace: Workspace, run: Run) -> None:
    from pypdf import PdfReader

    load(workspace, run, 43)
    rows = "".join(f"South,burglary,2026-11-09,{n}\n" for n in poisson(1, 10, 1))
    returns(workspace, HEADINGS + rows, "south.csv")
    run("load", "south.csv", "--recorded-at", "2026-11-16T19:00")
    waiver = ("--waive", "sum-mismatch", "--reason", "<b>A&B</b> is counted twice")
    run("sign-off", "--week", "2026-W46", *waiver, "--at", "2026-11-17T09:00")
    assert run("prepare", "--week", "2026-W46")[0] == 0
    pages = PdfReader(workspace.root / "packs" / "2026-W46" / "briefing.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "What the checks found 1 finding" in text and "43 is not burglary 12 + theft 30 = 42" in text
    assert "“<b>A&B</b> is counted twice”. Waived by Avery Quill, 17 Nov 2026 09:00." in text
    assert run("verify", "packs/2026-W46")[0] == 0


def test_a_waiver_may_say_names_and_the_hint_says_the_week(workspace: Workspace, run: Run) -> None:
    load(workspace, run, 43)
    assert '  compstat sign-off --week 2026-W46 --waive "sum-mismatch:North:all_crime"' in run("sign-off")[2]
    waiver = ("--waive", "sum-mismatch:NORTH:All_Crime", "--reason", "One case is in the total only")
    assert run("sign-off", *waiver)[0] == 0
    assert select(workspace, "select finding from waiver") == [("sum-mismatch:North:all_crime",)]


def test_the_missing_returns_of_a_unit_are_told_in_one(workspace: Workspace, run: Run) -> None:
    rows = "".join(f"North,{code},2026-11-02,10\n" for code in ("burglary", "theft"))
    rows += "".join(
        f"South,{code},{day},10\n" for code in ("burglary", "theft") for day in ("2026-11-02", "2026-11-09")
    )
    returns(workspace, HEADINGS + rows)
    assert run("load", "returns.csv", "--recorded-at", "2026-11-16")[0] == 0
    _, out, err = run("check", "--week", "2026-W46")
    assert "warning: North, 2026-W46: no return of 2 indicators (burglary, theft); totals are withheld" in out
    assert out.count("#missing-return") == 1 and "warning 2" in err
    assert [row["code"] for row in json.loads(run("check", "--json")[1])].count("missing-return") == 2
