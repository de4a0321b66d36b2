"""The entrance: general options anywhere, exit codes, errors in plain words, nothing heavy at start-up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from compstat.cli.main import COMMANDS, general_options_first
from compstat.cli.text import number, printable, signed


def compstat(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "COMPSTAT_WORKSPACE"}
    command = [sys.executable, "-m", "compstat.cli.main", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["flags", "-q"], ["-q", "flags"]),
        (["flags", "-w", "DIR", "--json"], ["-w", "DIR", "flags", "--json"]),
        (["flags", "--workspace=DIR"], ["--workspace=DIR", "flags"]),
        (["-w", "DIR", "flags"], ["-w", "DIR", "flags"]),
        (["load", "--", "-q"], ["load", "--", "-q"]),
        (["flags", "-w"], ["-w", "flags"]),
        ([], []),
    ],
)
def test_general_options_may_stand_anywhere(typed: list[str], read: list[str]) -> None:
    assert general_options_first(typed) == read


def test_outside_a_workspace_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    done = compstat("flags", cwd=tmp_path)
    assert done.returncode == 10
    assert "compstat init DIR" in done.stderr and done.stdout == ""


def test_a_mistyped_command_is_a_usage_error(tmp_path: Path) -> None:
    done = compstat("flag", cwd=tmp_path)
    assert done.returncode == 2
    assert 'Did you mean "flags"?' in done.stderr


def test_every_broken_table_is_named_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "compstat.toml").write_text("[organisation]\nnmae = 'x'\n")
    (tmp_path / "units.csv").write_text("unit,parent\nA,Z\n")
    (tmp_path / "indicators.csv").write_text("indicator,better\nx,loewr\n")
    done = compstat("flags", cwd=tmp_path)
    assert done.returncode == 10
    for place in ("compstat.toml:2", "units.csv:2", "indicators.csv:2"):
        assert place in done.stderr


def test_help_lists_every_command_with_a_word_on_it() -> None:
    page = compstat("--help").stdout
    assert all(f" {name} " in page for name in COMMANDS)


def test_version_and_help_load_nothing_heavy() -> None:
    code = (
        "import sys; from compstat.cli.main import app\n"
        "heavy = {'duckdb', 'polars', 'scipy', 'reportlab', 'matplotlib', 'numpy'}\n"
        "try: app(['--version'], standalone_mode=False)\n"
        "finally: print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_text_for_a_terminal_obeys_nothing_that_data_say() -> None:
    assert printable("a\x1b[31mb\u202ec") == "a\\x1b[31mb\\u202ec"
    assert printable("Łódź\nΑθήνα") == "Łódź\nΑθήνα"


def test_numbers_as_people_write_them() -> None:
    assert [number(1204.0), number(None), number(float("nan")), number(-3.25, 1)] == ["1,204", "–", "–", "−3.2"]
    assert [signed(18), signed(-7), signed(0), signed(None)] == ["+18", "−7", "0", "–"]
