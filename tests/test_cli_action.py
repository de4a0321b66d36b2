"""The commands of the tracker as they are typed: what they print, what they refuse, how fast they start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tracker_example import MEETING, agreed, person, raise_one, write_workspace

from compstat.cli.main import main
from compstat.rules.flag import flag_code
from compstat.tracker.readers import units_of_reader
from compstat.tracker.record import DEFAULT_LOCATION
from compstat.tracker.rights import units_commanded
from compstat.tracker.tracker import open_tracker
from compstat.workspace.settings import TrackerSettings
from compstat.workspace.workspace import load_workspace

AT = "2026-11-19T10:00"
ADD = (
    "action", "add", "--unit", "north", "--what", "Patrol the market", "--due", "2026-12-03",
    "--indicator", "burglary", "--direction", "down", "--by-how-much", "12", "--review-week", "2026-W50",
    "--raised-week", "2026-W46",
)  # fmt: skip


class Result:
    """What a command left: its exit code and what it said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command in the example force, as the analyst unless `by` says who."""
    write_workspace(tmp_path)
    monkeypatch.setenv("LOGNAME", "nobody-known")

    def run(*words: str, by: str | None = "ana") -> Result:
        monkeypatch.setenv("COMPSTAT_USER", by or "")
        monkeypatch.setattr(sys, "argv", ["compstat", "-w", str(tmp_path), *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return run


def test_the_life_of_an_action(run: Run) -> None:
    assert run(*ADD, "--at", AT).out == "A-0001 raised: Patrol the market\n"
    started = run("action", "update", "A-0001", "--note", "First out", "--state", "in_progress", by="nils")
    assert started.out == "A-0001 updated: Patrol the market\n"
    assert run("action", "update", "A-0001", "--due", "2026-12-10", "--note", "Two ill", by="nils").code == 0
    assert run("action", "claim", "A-0001", "--note", "Four quiet weeks", by="nils").code == 0
    assert run("action", "verify", "A-0001", by="nils").code == 13
    closing = ("action", "verify", "A-0001", "--note", "Seen", "--reason", "The market has closed")
    assert run(*closing, by="chad").out == (
        "A-0001 verified and closed: Patrol the market\n  score: not scored yet; its review week is 2026-W50\n"
    )
    assert run("action", "list").out == ""
    (closed,) = run("action", "list", "--all", "--json").json
    assert (closed["state"], closed["times_slipped"]) == ("verified", 1)
    kinds = [event["kind"] for event in run("action", "log", "--json").json]
    assert kinds == ["raised", "started", "due_changed", "claimed", "verified"]


def test_the_fields_that_programs_are_promised(run: Run) -> None:
    code = flag_code("north", "burglary", "spike")
    run(*ADD, "--flag", code.removeprefix("F-").lower(), "--at", AT)
    assert run("action", "list", "--json").json == [
        {
            "action": "A-0001",
            "cycle": "weekly",
            "unit": "north",
            "owner": "nils",
            "what": "Patrol the market",
            "state": "open",
            "due": "2026-12-03",
            "original_due": "2026-12-03",
            "times_carried": 0,
            "times_slipped": 0,
            "raised_week": "2026-W46",
            "flag": code,
            "promise": {
                "indicator": "burglary",
                "direction": "down",
                "size": 12.0,
                "review_week": "2026-W50",
                "reason": None,
            },
            "score": None,
        }
    ]
    (event,) = run("action", "log", "--json").json
    assert list(event) == ["sequence", "action", "kind", "at", "by", "payload", "note", "previous", "hash"]


def test_the_list_in_a_pipe(run: Run) -> None:
    run(*ADD, "--at", AT)
    run("action", "add", "--unit", "south", "--what", "Talk to the school " * 5, "--due", "2026-11-20",
        "--no-measure", "no returns", "--at", AT)  # fmt: skip
    plain = run("action", "list")
    assert plain.out == (
        "action  unit   owner  what                                                          state  due         carried  slipped  step\n"  # noqa: E501
        "A-0001  north  nils   Patrol the market                                             open   2026-12-03        0        0  challenge\n"  # noqa: E501
        "A-0002  south  sol    Talk to the school Talk to the school Talk to the school Ta…  open   2026-11-20        0        0  challenge\n"  # noqa: E501
    )
    counted = run("action", "list", "--on", "2026-11-26").out
    assert "2026-12-03 (in 7 days)" in counted
    assert "2026-11-20 (overdue by 6 days)" in counted
    assert "2026-12-03 (today)" in run("action", "list", "--on", "2026-12-03").out
    assert "2026-12-03 (in 1 day)" in run("action", "list", "--on", "2026-12-02").out


def test_overdue_in_a_pipe_is_counted_from_the_newest_entry_not_the_clock(run: Run) -> None:
    for due in ("2026-11-25", "2026-11-26", "2026-11-27"):
        run("action", "add", "--unit", "north", "--what", due, "--due", due, "--no-measure", "x", "--at", AT)
    run("action", "update", "A-0001", "--note", "Seen", "--at", "2026-11-26T10:00")
    listed = run("action", "list", "--overdue", "--json")
    assert [row["what"] for row in listed.json] == ["2026-11-25"]
    assert "Overdue on 2026-11-26, the day of the newest entry" in listed.err
    later = run("action", "list", "--overdue", "--on", "2026-11-28", "--json")
    assert len(later.json) == 3


def test_whose_list_it_is(run: Run) -> None:
    run(*ADD, "--at", AT)
    run("action", "add", "--unit", "south", "--what", "Talk", "--due", "2026-12-03", "--no-measure", "x", "--at", AT)

    def units(*words: str, by: str | None) -> list[str]:
        return [row["unit"] for row in run("action", "list", *words, "--json", by=by).json]

    assert units(by="nils") == ["north"]
    assert units(by="nora") == []  # she commanded north until October
    assert units("--all", by="nils") == ["north", "south"]
    assert units("--unit", "south", by="nils") == ["south"]
    assert units("--owner", "sol", by="nils") == ["south"]
    for by in ("ana", "chad", "spec", "olga", "unknown", None):
        assert units(by=by) == ["north", "south"]


def test_reading_needs_no_identity_and_writing_does(run: Run) -> None:
    run(*ADD)
    for words in (["list"], ["show", "1"], ["log"], ["log", "--verify"]):
        assert run("action", *words, by=None).code == 0
    for by in (None, "annn"):
        refused = run("action", "claim", "1", by=by)
        assert refused.code == 13
        assert "Set COMPSTAT_USER to a person id of people.csv" in refused.err
    assert 'Did you mean "nora"' in run("action", "claim", "1", by="noar").err


def test_the_system_user_acts_through_the_login(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ana-login")
    assert run(*ADD, by=None).code == 0
    assert run("action", "log", "--json").json[0]["by"] == "ana"


@pytest.mark.parametrize("who", ["nils", "nora", "sol", "ana", "olga"])
def test_the_quick_way_to_a_commanders_units_is_the_long_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setenv("COMPSTAT_USER", who)
    workspace = load_workspace(write_workspace(tmp_path))
    quick = units_of_reader(tmp_path)
    reader = person(workspace, who)
    assert quick == (units_commanded(workspace, reader) if reader.role == "commander" else None)


def test_the_quick_way_to_the_tracker_is_the_long_one(tmp_path: Path, run: Run) -> None:
    assert TrackerSettings().location == DEFAULT_LOCATION
    with (tmp_path / "compstat.toml").open("a") as file:
        file.write('\n[tracker]\nlocation = "elsewhere.sqlite"\n')
    run(*ADD)
    assert (tmp_path / "elsewhere.sqlite").exists()
    assert len(run("action", "list", "--json").json) == 1


GOLDEN = {
    ("nils", "action verify 1"): (
        13,
        "A-0001: nils (commander) may not verify it: only a challenger or an analyst may\n"
        "  Claim it with: compstat action claim A-0001 --note WORDS  docs/messages.md#not-allowed\n",
    ),
    ("sol", "action claim 1"): (
        13,
        "A-0001: sol (commander) may not claim it: unit north is commanded by nils and the owner is nils\n"
        "  Allowed: the unit's commander, the action's owner, an analyst or a challenger.  "
        "docs/messages.md#not-allowed\n",
    ),
    ("olga", "meeting close --week 2026-W46"): (
        13,
        "olga (observer) may not close a meeting: only a challenger or an analyst may\n"
        "  Ask one of them.  docs/messages.md#not-allowed\n",
    ),
    ("ana", "action show A-0007"): (
        14,
        'There is no action "A-0007"; the newest is A-0002\n'
        "  See them with: compstat action list --all  docs/messages.md#unknown-action\n",
    ),
    ("ana", "action claim 2"): (
        14,
        "A-0002: is dropped and cannot be claimed\n"
        "  A closed action stays closed; raise a new one with: compstat action add  "
        "docs/messages.md#step-not-allowed\n",
    ),
    ("ana", "action update 1 --due tomorrow"): (
        2,
        '--due: "tomorrow" is not a date\n  Wanted year-month-day: 2026-11-26.  docs/messages.md#bad-date\n',
    ),
    ("ana", "action list --unit nroth"): (
        2,
        'There is no unit "nroth". Did you mean "north"?\n  docs/messages.md#unknown-unit\n',
    ),
    ("ana", "meeting close --week never"): (
        2,
        '"never" is not a week: write 2026-W46, or a date such as 2026-11-15\n  docs/messages.md#bad-week\n',
    ),
    ("ana", "action add --unit labs --what x --due 2026-12-01 --no-measure x"): (
        2,
        "unit labs has no commander in units.csv\n  Name somebody with --owner PERSON.  docs/messages.md#no-owner\n",
    ),
    ("ana", "action add --unit north --what x --due 2026-12-01"): (
        14,
        "a promise that cannot be measured: no --indicator, --direction, --by-how-much, --review-week\n"
        "  Give --indicator I --direction down --by-how-much N --review-week W, "
        "or --no-measure with the reason.  docs/messages.md#no-promise\n",
    ),
}


@pytest.mark.parametrize(("by", "words"), GOLDEN)
def test_what_a_refusal_says(tmp_path: Path, run: Run, by: str, words: str) -> None:
    tracker = open_tracker(load_workspace(tmp_path))
    raise_one(tracker)
    raise_one(tracker)
    tracker.drop("A-0002", "twice", person(tracker.workspace, "ana"), MEETING)
    result = run(*words.split(), by=by)
    assert (result.code, result.err, result.out) == (*GOLDEN[by, words], "")
    assert len(tracker.events()) == 3


def test_a_server_is_not_built_yet(tmp_path: Path, run: Run) -> None:
    with (tmp_path / "compstat.toml").open("a") as file:
        file.write('\n[tracker]\nlocation = "postgresql://team/actions"\n')
    for words in (["action", "list"], list(ADD)):
        refused = run(*words)
        assert refused.code == 14
        assert "a tracker on a server (postgresql) is not built yet" in refused.err


def test_broken_settings_are_named_by_the_quick_way_too(tmp_path: Path, run: Run) -> None:
    (tmp_path / "compstat.toml").write_text("[tracker\n")
    refused = run("action", "list")
    assert (refused.code, refused.err.startswith("compstat.toml:1")) == (10, True)


def load_a_week(run: Run, folder: Path, day: str = "2026-11-09") -> None:
    file = folder / f"{day}.csv"
    file.write_text(f"unit,indicator,week_start,value\nnorth,burglary,{day},12\n")
    assert run("load", str(file), "--recorded-at", AT).code == 0


def test_meetings(tmp_path: Path, run: Run) -> None:
    run(*ADD, "--at", AT)
    load_a_week(run, tmp_path)
    closed = run("meeting", "close", "--week", "2026-W46", "--at", AT)
    assert closed.out == "Meeting 2026-W46 (weekly) closed; 1 open action carried to the next one.\n"
    again = run("meeting", "close", "--week", "2026-W46")
    assert (again.code, "was closed at 2026-11-19 10:00 UTC by ana" in again.err) == (14, True)
    assert run("meeting", "list").out == (
        "week      cycle   closed (UTC)      by   carried\n2026-W46  weekly  2026-11-19 10:00  ana        1\n"
    )
    assert run("meeting", "list", "--json").json[0]["carried"] == ["A-0001"]
    assert run("action", "list", "--json").json[0]["times_carried"] == 1


def test_a_meeting_about_a_week_that_nobody_looked_at(tmp_path: Path, run: Run) -> None:
    run(*ADD, "--at", AT)
    empty = run("meeting", "close", "--week", "2026-W46", "--at", AT)
    assert (empty.code, "no returns" in empty.err) == (2, True)
    load_a_week(run, tmp_path, "2026-11-02")
    load_a_week(run, tmp_path)
    for week in ("2031-W01", "1999-W01"):
        unseen = run("meeting", "close", "--week", week)
        assert (unseen.code, f"No return for {week}" in unseen.err) == (2, True)
    latest = run("meeting", "close", "--week", "latest", "--at", AT)
    assert latest.out.startswith("Meeting 2026-W46 (weekly) closed")
    before = run("meeting", "close", "--week", "2026-W45")
    assert (before.code, "the meeting of 2026-W46 is on record already" in before.err) == (14, True)
    assert run("action", "list", "--json").json[0]["times_carried"] == 1
    assert run("meeting", "close", "--week", "2026-W46", by="olga").code == 13


def test_a_claim_says_what_shows_that_it_worked(run: Run) -> None:
    run(*ADD, "--at", AT)
    for words in (["claim", "A-0001"], ["claim", "A-0001", "--note", " "], ["update", "A-0001", "--state", "claimed"]):
        refused = run("action", *words, by="nils")
        assert (refused.code, "what shows that it worked" in refused.err) == (14, True)
    assert run("action", "list", "--json").json[0]["state"] == "open"


def test_names_are_as_good_as_codes(run: Run) -> None:
    words = ["Burglary" if word == "burglary" else "NORTH" if word == "north" else word for word in ADD]
    assert run(*words, "--at", AT).code == 0
    (row,) = run("action", "list", "--unit", "North", "--json").json
    assert (row["unit"], row["promise"]["indicator"]) == ("north", "burglary")


def test_a_list_for_somebody_unknown_says_so_and_is_whole(run: Run) -> None:
    run(*ADD, "--at", AT)
    listed = run("action", "list", by="nisl")
    assert listed.err.count('"nisl"') == 1 and "people.csv" in listed.err
    assert "A-0001" in listed.out
    assert run("action", "list", by="sol").err.startswith("Actions of south")
    assert run("action", "list", by=None).err == ""


def test_one_action_in_full(run: Run) -> None:
    run(*ADD, "--at", AT)
    run("action", "update", "1", "--due", "2026-12-10", "--note", "Two ill", "--at", AT, by="nils")
    shown = run("action", "show", "A-0001", "--on", "2026-12-12").out
    assert shown == (
        "A-0001  Patrol the market\n"
        "  unit     north\n"
        "  owner    nils\n"
        "  state    open\n"
        "  due      2026-12-10 (overdue by 2 days), first agreed for 2026-12-03, slipped once\n"
        "  carried  never; step: challenge\n"
        "  raised   2026-W46, weekly\n"
        "  promise  burglary down by 12 by 2026-W50\n"
        "  score    not scored yet; its review week is 2026-W50\n"
        "\n"
        "no.  when (UTC)        action  event        by    what and why\n"
        "  1  2026-11-19 10:00  A-0001  raised       ana   Patrol the market, due 2026-12-03, owner nils\n"
        "  2  2026-11-19 10:00  A-0001  due changed  nils  due 2026-12-10; Two ill\n"
    )
    assert run("action", "show", "1", "--json").json["last_note"] == "Two ill"


def test_a_tampered_tracker_is_found(tmp_path: Path, run: Run) -> None:
    import sqlite3

    run(*ADD, "--at", AT)
    run("action", "update", "1", "--due", "2026-12-10", "--note", "Two ill", by="nils")
    sound = run("action", "log", "--verify")
    assert (sound.code, "2 events, the chain is whole" in sound.err) == (0, True)
    connection = sqlite3.connect(tmp_path / "actions.sqlite")
    connection.executescript(
        "drop trigger event_is_never_changed;"
        "update event set payload = replace(payload, '2026-12-10', '2026-12-03') where sequence = 2;"
    )
    connection.close()
    found = run("action", "log", "--verify", "--json")
    assert (found.code, found.out) == (14, "")
    assert "event 2: due_changed A-0001 does not match its hash" in found.err


def test_files(tmp_path: Path, run: Run) -> None:
    run(*ADD, "--at", AT)
    path = str(tmp_path / "out.csv")
    assert run("action", "export", path).out == f"1 actions written to {path}\n"
    assert run("action", "import", path, by="nils").code == 13
    assert run("action", "import", path).out == f"0 actions put on record from {path}\n"
    (tmp_path / "actions.sqlite").unlink()
    assert run("action", "import", path).out == f"1 actions put on record from {path}\n"
    assert run("action", "import", str(tmp_path / "none.csv")).code == 11


def test_text_from_data_is_not_obeyed(tmp_path: Path, run: Run) -> None:
    name = "\x1b[31m<b>A&B</b>\u202e"
    with (tmp_path / "units.csv").open("a", encoding="utf-8") as file:
        file.write(f"{name},x,precinct,sol,,\n")
    raised = run("action", "add", "--unit", name, "--what", "[red]x[/red]\x1b]0;t\x07\r\nsecond line",
                 "--due", "2026-12-03", "--no-measure", "=1+1", "--at", AT)  # fmt: skip
    assert raised.code == 0
    for words in (["list"], ["show", "1"], ["log"]):
        shown = run("action", *words)
        assert shown.code == 0
        assert not set(shown.out) & set("\x1b\u202e\x07\r")
        assert "[red]x[/red]" in shown.out
    assert len(run("action", "list").out.splitlines()) == 2
    assert run("action", "list", "--json").json[0]["unit"] == name


@pytest.mark.parametrize(
    "words",
    ["list", "show", "add", "update", "claim", "verify", "drop", "reassign", "log", "export", "import"],
)
def test_every_command_has_an_example(run: Run, words: str) -> None:
    shown = run("action", words, "--help")
    assert (shown.code, f"Example: compstat action {words}" in shown.out) == (0, True)
    assert words in run("action", "--help").out


def test_the_list_starts_light(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    tracker = open_tracker(load_workspace(tmp_path))
    raise_one(tracker, agreed())
    script = (
        "import sys; from compstat.cli.main import app\n"
        "app(['action', 'list'], prog_name='compstat', standalone_mode=False)\n"
        "heavy = {'duckdb', 'polars', 'scipy', 'numpy', 'rich', 'reportlab', 'matplotlib',\n"
        "         'compstat.workspace.workspace', 'compstat.cli.action_changes'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    environment = {**os.environ, "COMPSTAT_WORKSPACE": str(tmp_path), "COMPSTAT_USER": "nils"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "A-0001" in done.stdout


def test_two_commands_at_once_are_both_kept(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    tracker = open_tracker(load_workspace(tmp_path))
    raise_one(tracker)
    environment = {**os.environ, "COMPSTAT_WORKSPACE": str(tmp_path)}
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "compstat.cli.main", "action", "update", "1", "--note", who],
            env={**environment, "COMPSTAT_USER": who},
            stdout=subprocess.DEVNULL,
        )
        for who in ("nils", "ana")
    ]
    assert [command.wait(timeout=60) for command in commands] == [0, 0]
    assert sorted(event.note for event in tracker.events()[1:]) == ["ana", "nils"]


def test_an_unknown_owner_is_told_with_who_may_be_meant(run: Run) -> None:
    run(*ADD, "--at", AT)
    unknown = run("action", "list", "--owner", "nilss")
    assert unknown.code == 2 and 'There is no person "nilss". Did you mean "nils"?' in unknown.err
    assert "A-0001" in run("action", "list", "--owner", "NILS").out
    nothing = run("action", "list", "--owner", "sol")
    assert nothing.code == 0 and "No actions to show" in nothing.err


def test_a_date_is_not_moved_without_a_word(run: Run) -> None:
    run(*ADD, "--at", AT)
    refused = run("action", "update", "1", "--due", "2026-12-31", by="nils")
    assert refused.code == 14 and "Give --note WORDS." in refused.err
