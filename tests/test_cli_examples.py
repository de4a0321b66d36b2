"""The sample force on the command line: every example of every --help runs, and no terminal cuts a figure."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from command_example import run
from sample_force_example import demo_copied_into

from compstat.cli.main import COMMANDS, main

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))
MAY_END_WITH = {  # 1: found something, or not signed off; 11: the audit's sheet is recorded as drawn, unfilled
    "prepare": {0, 1},
    "check": {0, 1},
    "week": {0, 1},
    "audit": {0, 11},
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample force, made by the first example of all: compstat demo."""
    folder = demo_copied_into(tmp_path_factory.mktemp("examples") / "my-demo", tmp_path_factory)
    assert (folder / "packs" / "2026-W46" / "briefing.pdf").exists()
    return folder


def examples() -> Iterator[tuple[str, list[str]]]:
    """Each command as typed and the words of its example."""
    for command, text in importlib.import_module("make_cli").helps():
        found = re.search(r"^  Example: (.*)\Z", text, re.M | re.S)
        if found:
            yield command, [word for word in shlex.split(found[1]) if not word.startswith("COMPSTAT_USER=")]


def test_every_command_and_group_has_an_example() -> None:
    helps = {command for command, _ in importlib.import_module("make_cli").helps()} - {"compstat"}
    assert helps - {command for command, _ in examples()} == set()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "demo"])
def test_the_examples_of_help_run_on_the_sample_force(
    name: str, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of one command after each other, in a copy of the sample force, as its analyst."""
    monkeypatch.chdir(shutil.copytree(demo, tmp_path / "force"))
    monkeypatch.setenv("COMPSTAT_USER", "m.okafor")
    monkeypatch.delenv("COMPSTAT_WORKSPACE", raising=False)
    done: list[list[str]] = []  # a group shows the example of one of its commands
    for command, words in examples():
        if command.split()[1:2] != [name] or words in done:
            continue
        done.append(words)
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr().err
        assert int(stop.value.code or 0) in MAY_END_WITH.get(name, {0}), f"{shlex.join(words)}\n{said}"


def test_the_five_minutes_of_the_readme_run_as_they_are_written(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shutil.copytree(demo, tmp_path / "force"))
    monkeypatch.delenv("COMPSTAT_WORKSPACE", raising=False)
    tour = (ROOT / "README.md").read_text("utf-8").split("## Five minutes")[1].split("\n## ")[0]
    lines = "".join(re.findall(r"```sh\n(.*?)```", tour, re.S)).replace("\\\n", " ").splitlines()
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[:1] == ["export"]:
            monkeypatch.setenv(*words[1].split("=", 1))
        elif words[:1] == ["compstat"]:
            monkeypatch.setattr(sys, "argv", words)
            with pytest.raises(SystemExit) as stop:
                main()
            assert not stop.value.code, f"{line}\n{capsys.readouterr().err}"
    assert sum(line.startswith("compstat") for line in lines) >= 9


def test_a_receipt_says_the_sentence_and_the_main_figures_first_and_all_on_demand(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def explained(*more: str) -> str:
        monkeypatch.setattr(sys, "argv", ["compstat", "-q", "-w", str(demo), "explain", "f-ym866", *more])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out

    short, whole = explained(), explained("--all")
    assert short.splitlines()[:5] == [
        "F-YM866  Harbour, Burglary: concern (continuing, week 3)",
        "Burglary: 178 over four weeks, where its own last year led us to expect 93.",
        "",
        "value     178 (2026-10-19 to 2026-11-15)",
        "compared  92.7",
    ]
    assert len(short.splitlines()) < 15 and "select" not in short and "--all" in short
    assert whole.splitlines()[:2] == short.splitlines()[:2]
    assert "four_weeks.dispersion" in whole and "select" in whole and "B-0003" in whole
    assert json.loads(explained("--json"))["inputs"]["four_weeks"]["count"] == 178


def test_a_promise_is_scored_from_the_figures_once(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shutil.copytree(demo, tmp_path / "force"))

    def said(user: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("COMPSTAT_USER", user)
        monkeypatch.setattr(sys, "argv", ["compstat", "action", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), capsys.readouterr().out

    assert said("t.marlowe", "score")[0] == 13  # a commander does not score promises
    code, words = said("r.adeyemi", "score", "--week", "2026-W46")
    assert (code, words[:21]) == (0, "A-0001 within chance:")
    assert "promised 29, came 19" in words
    said("r.adeyemi", "score", "--week", "2026-W46")
    events = json.loads(said("r.adeyemi", "log", "A-0001", "--json")[1])
    assert [event["kind"] for event in events].count("scored") == 1
    assert json.loads(said("r.adeyemi", "show", "A-0001", "--json")[1])["score"] == "within_chance"


FIGURE = re.compile(r"(?<![\w-])[+−]?\d[\d,.]*(?![\w-])")
ALL_ACTIONS = "action list --all --on 2026-11-19"


@pytest.mark.parametrize(
    ("words", "width"),
    [("show unit harbour", 60), ("show unit harbour", 100), *((ALL_ACTIONS, width) for width in (60, 80, 100, 140))],
)
def test_a_terminal_cuts_no_figure_and_names_what_it_leaves_out(words: str, width: int, demo: Path) -> None:
    shown = screen(demo, width, words)
    assert all(len(line) <= width for line in shown.splitlines())
    assert set(FIGURE.findall(shown)) <= set(FIGURE.findall(piped(demo, words))), "a figure was cut"
    assert ("No room here for" in shown) == (width < 140)


@pytest.mark.parametrize("width", [60, 100])
def test_a_terminal_shows_every_flag_with_its_sentence(width: int, demo: Path) -> None:
    shown = screen(demo, width, "flags --week 2026-W46")
    table = shown.split("\n\n", 1)[1]  # the sentences above it wrap as they will
    assert all(len(line) <= width for line in table.splitlines())
    every = {line.split()[0] for line in piped(demo, "flags --week 2026-W46").splitlines() if line.startswith("F-")}
    assert set(re.findall(r"^F-\w+", shown, re.M)) == every
    assert len(every) > 10
    assert "…" not in shown


@cache
def piped(demo: Path, words: str) -> str:
    """What a pipe gets, of a terminal's width or not: all of it."""
    with patch.dict("os.environ", {"COLUMNS": "60"}):
        said = run(demo, *words.split())
    assert said.code == 0, said.err
    return said.out


def screen(demo: Path, width: int, words: str) -> str:
    """What a terminal of this width shows, without colour."""
    pty = pytest.importorskip("pty", reason="this system has no terminals to open")
    outer, inner = pty.openpty()
    with ThreadPoolExecutor(1) as beside:  # a terminal holds little: it is read while the command writes
        shown = beside.submit(lambda: b"".join(_read(outer)))
        with (
            os.fdopen(inner, "w", encoding="utf-8") as terminal,
            patch.dict("os.environ", {"COLUMNS": str(width), "TERM": "dumb"}),
        ):
            code = run(demo, *words.split(), user="m.okafor", screen=terminal).code
        said = shown.result().decode().replace("\r\n", "\n")
    os.close(outer)
    assert code == 0, said
    return said


def _read(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            yield os.read(terminal, 65536)
        except OSError:  # nobody is at the other end any more
            return
