"""`compstat load` and `compstat withdraw` as people and schedulers meet them: words, exit codes, interruptions."""

from __future__ import annotations

import getpass
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_store import held_by_another
from workspace_example import burglaries, contents, make_workspace, returns, select

from compstat import store as store_module
from compstat.cli import load as command
from compstat.cli.main import main
from compstat.workspace.workspace import Workspace

TEXT = "unit,indicator,week,value\nNorth,burglary,2026-W46,12\nSouth,burglary,2026-W46,3\n"
AT = ("--recorded-at", "2026-11-16T18:00")
PROGRAM = (sys.executable, "-m", "compstat.cli.main")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "force", on_disk=True)


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


def test_a_load_says_what_it_brought_and_what_to_do_next(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT)
    assert run("load", "returns.csv", *AT) == (
        0,
        "returns.csv: 2 new figures; is batch B-0001\n",
        "Next: compstat flags --week latest\n",
    )
    again = "returns.csv: this very file was loaded before (B-0001); nothing changed\n"
    assert run("load", "returns.csv", *AT) == (0, again, "")
    returns(workspace, TEXT.replace(",12", ",14").replace("South,burglary,2026-W46,3", "North,burglary,2026-W45,9"))
    said = "returns.csv: 1 new figure, 1 restated; is batch B-0002\n"
    assert run("-q", "load", "returns.csv", "--recorded-at", "2026-11-17") == (0, said, "")
    returns(workspace, TEXT.replace(",3\n", ",\n"))
    assert run("-q", "load", "returns.csv", "--withdraw", "--recorded-at", "2026-11-18")[1] == (
        "returns.csv: 1 restated, 1 withdrawn; is batch B-0003\n"
    )
    said = "returns.csv: holds nothing that the store does not know; nothing changed\n"
    returns(workspace, TEXT.partition("South")[0])
    assert run("load", "returns.csv", "--recorded-at", "2026-11-19") == (0, said, "")


def test_a_refusal_goes_to_stderr_with_the_class_as_exit_code(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT.replace("North", "Nroth"))
    code, out, err = run("load", "returns.csv", *AT)
    assert (code, out) == (11, "")
    assert err == (
        'returns.csv:2: unit "Nroth" is not in units.csv. Did you mean "North"?\n'
        "  Fix the row, or add the unit.  docs/messages.md#unknown-unit\n"
        "returns.csv was not loaded: 1 problem in 1 row. The store is as it was.\n"
        "  To load the good rows and keep the others in a file: compstat load returns.csv --set-aside\n"
    )
    assert contents(workspace) == []


def test_set_aside_names_the_file(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT + "X,burglary,2026-W46,1\n")
    code, out, _ = run("load", "returns.csv", "--set-aside", "--dry-run", *AT)
    assert (code, out) == (0, "returns.csv: 2 new figures; would become batch B-0001\n  1 row would be set aside\n")
    code, out, _ = run("load", "returns.csv", "--set-aside", *AT)
    (path,) = (workspace.root / "refused").iterdir()
    assert code == 0
    assert out == f"returns.csv: 2 new figures; is batch B-0001\n  1 row set aside, with reasons, in {path}\n"


def test_a_dry_run_leaves_no_store_behind(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT)
    assert run("load", "returns.csv", "--dry-run", *AT)[:2] == (
        0,
        "returns.csv: 2 new figures; would become batch B-0001\n",
    )
    assert not workspace.store_path.exists()


def test_json_for_programs(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT)
    (loaded,) = json.loads(run("load", "returns.csv", "--json", *AT)[1])
    assert loaded == {
        "source": "returns.csv",
        "batch": "B-0001",
        "recorded_at": "2026-11-16T18:00:00",
        "added": 2,
        "restated": 0,
        "withdrawn": 0,
        "set_aside": 0,
        "refused_file": None,
        "already": None,
        "differs": 0,
        "sent_again": None,
        "no_figure": 0,
        "notes": [],
        "extracted": None,
        "reopened": [],
    }


def test_a_batch_is_taken_back_and_can_be_asked_for_as_of_before(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT)
    run("load", "returns.csv", *AT)
    code, out, _ = run("withdraw", "B-0001", "--recorded-at", "2026-11-17")
    assert (code, out) == (0, "B-0001 withdrawn: 2 figures closed, 0 earlier ones stand again\n")
    assert burglaries(workspace) == {}
    code, _, err = run("withdraw", "B-0001")
    assert (code, err.splitlines()[0]) == (11, "B-0001: was withdrawn on 2026-11-17 23:59")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["load"], 2),
        (["load", "returns.csv", "--recorded-at", "yesterday"], 2),
        (["load", "returns.csv", "--nonsense"], 2),
        (["load", "nothing.csv"], 11),
        (["load", "."], 11),
        (["load", "returns.csv", "returns.csv", "--recorded-at", "2026-11-01"], 11),
        (["withdraw", "B-0009"], 11),
    ],
)
def test_exit_codes(workspace: Workspace, run: Run, words: list[str], code: int) -> None:
    returns(workspace, TEXT)
    assert run(*words)[0] == code


def test_a_file_that_is_no_store(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT)
    workspace.store_path.write_text("not a store", "utf-8")
    code, out, err = run("load", "returns.csv", *AT)
    assert (code, out) == (15, "")
    assert "docs/messages.md#store-unreadable" in err
    assert workspace.store_path.read_text("utf-8") == "not a store"


def test_a_busy_store(workspace: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    returns(workspace, TEXT)
    run("load", "returns.csv", *AT)
    monkeypatch.setattr(store_module, "PATIENCE_SECONDS", 0.2)
    with held_by_another(workspace.store_path) as pid:
        code, _, err = run("load", "returns.csv", *AT)
    assert code == 12
    assert err.startswith(f"compstat.duckdb: is in use by process {pid}\n")


def test_control_characters_of_a_file_do_not_reach_the_terminal(workspace: Workspace, run: Run) -> None:
    returns(
        workspace, '\ufeffunit,indicator,week,value\n"\x1b]0;owned\x07\n\u202ex",burglary,2026-W46,1\n', "\x1b[2J.csv"
    )
    code, out, err = run("load", "\x1b[2J.csv", *AT)
    assert code == 11
    assert all(character == "\n" or character.isprintable() for character in out + err)
    code, out, err = run("load", "\x1b[2J.csv", "--set-aside", *AT)
    assert code == 0
    assert all(character == "\n" or character.isprintable() for character in out + err)


def test_who_loads_is_recorded_even_where_the_system_has_no_name_for_them(
    workspace: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.delenv("COMPSTAT_USER")
    monkeypatch.setattr(getpass, "getuser", nobody)
    returns(workspace, TEXT)
    assert command.who_loads() == "unknown"
    assert run("load", "returns.csv", *AT)[0] == 0
    assert select(workspace, "select loaded_by from batch") == [("unknown",)]


def program(workspace: Workspace, *words: str) -> subprocess.Popen[str]:
    command = [*PROGRAM, "-w", str(workspace.root), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_real_program(workspace: Workspace) -> None:
    path = returns(workspace, TEXT)
    with program(workspace, "load", str(path), *AT) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "returns.csv: 2 new figures; is batch B-0001\n")
    assert "Next:" in err
    with program(workspace, "load", str(returns(workspace, TEXT + "X,,,", "bad.csv")), *AT) as process:
        assert "bad.csv was not loaded" in process.communicate(timeout=60)[1]
    assert process.returncode == 11


@pytest.fixture
def many(workspace: Workspace) -> Path:
    """A wide file that takes a second or two."""
    weeks = [f"{year}-W{week:02}" for year in range(1910, 2026) for week in range(1, 53)]
    rows = [f"{unit},{week},{n},{n / 7}" for n, week in enumerate(weeks) for unit in ("North", "South")]
    return returns(workspace, "unit,week,burglary,balance\n" + "\n".join(rows) + "\n", "many.csv")


def started(workspace: Workspace, path: Path) -> subprocess.Popen[str]:
    """A load that has opened the store."""
    process = program(workspace, "load", str(path), *AT)
    until = time.monotonic() + 60
    while not workspace.store_path.exists() and time.monotonic() < until:
        time.sleep(0.005)
    return process


def test_after_kill_9_the_store_opens_and_holds_all_or_nothing(workspace: Workspace, many: Path) -> None:
    for moment in (0.05, 0.3, 0.6):
        workspace.store_path.unlink(missing_ok=True)
        workspace.store_path.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        with started(workspace, many) as process:
            time.sleep(moment)
            process.kill()
            process.communicate(timeout=60)
        with store_module.open_store(workspace.store_path) as store:
            batches = store.rows("load/next_batch")[0][0] - 1
        rows = select(workspace, "select count(*) from observation")[0][0]
        assert (batches, rows) in {(0, 0), (1, 4 * 116 * 52)}


def test_ctrl_c_ends_with_130_and_the_store_as_it_was(workspace: Workspace, many: Path) -> None:
    with started(workspace, many) as process:
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    with store_module.open_store(workspace.store_path) as store:
        assert store.rows("load/next_batch") == [(1,)]


def test_an_old_file_sent_again_is_told_and_the_exit_code_says_it(workspace: Workspace, run: Run) -> None:
    returns(workspace, TEXT)
    returns(workspace, TEXT.replace("12", "14"), "newer.csv")
    run("load", "returns.csv", *AT)
    run("load", "newer.csv", "--recorded-at", "2026-11-17")
    later = ("--recorded-at", "2026-11-18")
    code, out, err = run("load", "returns.csv", *later)
    assert (code, out) == (
        11,
        "returns.csv: was loaded before (B-0001), and the store differs from it in 1 cell; nothing changed\n",
    )
    assert "North, burglary, 2026-11-09 is 12 here and 14 there (B-0002)" in err
    assert "compstat load returns.csv --again" in err
    code, out, _ = run("load", "returns.csv", "--json", *later)
    (loaded,) = json.loads(out)
    assert (code, loaded["differs"], loaded["sent_again"]["code"]) == (11, 1, "sent-again")
    assert run("load", "returns.csv", "--again", *later)[1] == "returns.csv: 1 restated; is batch B-0003\n"


@pytest.mark.parametrize(
    "text",
    ["unit,indicator,week,value\nNorth,burglary,2026-W46,\nSouth,burglary,2026-W46,\n",
     "unit,week,burglary,balance\nNorth,2026-W46,,\nSouth,2026-W46,,\n"],
)  # fmt: skip
def test_a_file_without_a_single_figure_is_told(workspace: Workspace, run: Run, text: str) -> None:
    returns(workspace, text)
    said = "returns.csv: holds no figure at all (2 rows); nothing changed\n"
    assert run("load", "returns.csv", *AT)[:2] == (0, said)
    assert json.loads(run("load", "returns.csv", "--json", *AT)[1])[0]["no_figure"] == 2


def test_the_moment_is_taken_when_the_store_is_open(
    workspace: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two loads at once the second waits for the store: it is recorded after the first, not refused."""
    really, opened = store_module.open_store, []

    def open_late(*words: Any, **options: Any) -> Any:
        time.sleep(0.2)
        opened.append(datetime.now(UTC).replace(tzinfo=None))
        return really(*words, **options)

    monkeypatch.setattr(store_module, "open_store", open_late)
    returns(workspace, TEXT)
    (loaded,) = json.loads(run("load", "returns.csv", "--json")[1])
    assert datetime.fromisoformat(loaded["recorded_at"]) >= opened[0]


@pytest.mark.parametrize(("who", "code"), [("blake", 13), ("avery", 0)])
def test_only_an_analyst_lets_an_empty_cell_take_a_figure_back(
    workspace: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch, who: str, code: int
) -> None:
    people = "person,name,role\navery,Avery Quill,analyst\nblake,Blake Moss,commander\n"
    (workspace.root / "people.csv").write_text(people, "utf-8")
    returns(workspace, TEXT)
    returns(workspace, TEXT.replace(",12", ","), "empty.csv")
    monkeypatch.setenv("COMPSTAT_USER", who)
    assert run("load", "returns.csv", *AT)[0] == 0  # loading needs no role
    found, _, err = run("load", "empty.csv", "--withdraw", "--recorded-at", "2026-11-17")
    assert found == code
    assert ("a figure is taken back by an analyst" in err) is (code == 13)


def test_a_week_that_ends_today_is_not_over(workspace: Workspace, run: Run) -> None:
    last = date.today() + timedelta(days=(6 - date.today().weekday()) % 7)  # this week's Sunday, or today
    over = last - timedelta(days=7)
    for day, wanted in ((last, 11), (over, 0)):
        returns(workspace, f"unit,indicator,week_ending,value\nNorth,burglary,{day},12\n")
        code, _, err = run("load", "returns.csv")
        assert (code, f"this one ends with {last}" in err) == (wanted, bool(wanted))
