"""Words that do not fit a command: our own form, the nearest word, exit code 2, and help for who asks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from workspace_example import make_workspace

from compstat.cli.main import main
from compstat.cli.moments import moment
from compstat.findings import UsageError

ROOT = Path(__file__).parent.parent


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["compstat", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


@pytest.mark.parametrize(
    ("words", "said", "more"),
    [
        ("flags --wek 2026-W46", 'compstat flags: there is no option --wek. Did you mean "--week"?', "flags"),
        ("--qiet flags", 'compstat: there is no option --qiet. Did you mean "--quiet"?', ""),
        ("show unt harbour", 'compstat show: there is no command "unt". Did you mean "unit"?', "show"),
        ("action lst", 'compstat action: there is no command "lst". Did you mean "list"?', "action"),
        ("meeting xyz", 'compstat meeting: there is no command "xyz". There are: close, list.', "meeting"),
        ("show unit", "compstat show unit: UNIT is missing", "show unit"),
        ("explain", "compstat explain: FLAG is missing", "explain"),
        ("meeting close", "compstat meeting close: --week is missing", "meeting close"),
        ("-w demo load --recorded-at", "compstat load: --recorded-at wants a value", "load"),
        ("action claim A-0001 --note", "compstat action claim: --note wants a value", "action claim"),
        (
            "action drop A-1 --note x",
            'compstat action drop: there is no option --note. Did you mean "--reason"?',
            "action drop",
        ),
        ("action drop A-1 --att x", "compstat action drop: there is no option --att.\n", "action drop"),
        (
            "action update A-1 --reason x",
            'compstat action update: there is no option --reason. Did you mean "--note"?',
            "action update",
        ),
        ("flags --json=yes", "compstat flags: --json takes no value", "flags"),
        ("-w", "compstat: -w wants a value", ""),
        ("show unit Castle Hill", 'compstat show unit: "Hill" is too much.', "show unit"),
        ("show series a b --fix-after x", "compstat show series: --fix-after: wanted a whole number", "show series"),
        ("action update A-1 --state done", "compstat action update: --state: 'done' is not one of", "action update"),
    ],
)
def test_what_does_not_fit_is_said_in_our_own_form(
    words: str, said: str, more: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run(capsys, monkeypatch, *words.split())
    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert f"\n  See: {f'compstat {more}'.strip()} --help  docs/messages.md#" in err
    assert "╭" not in err and "Usage:" not in err


def test_no_words_at_all_get_the_help(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ([], ["show"], ["action"], ["meeting"]):
        code, out, err = run(capsys, monkeypatch, *words)
        assert code == 2
        assert "Usage: compstat" in out + err and "Example" in (out + err if words else "Example")


def test_help_explains_a_message_and_a_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run(capsys, monkeypatch, "help", "unknown-unit")
    assert code == 0
    assert out.startswith("unknown-unit\n\nA unit is named that units.csv does not have") and "```" not in out
    assert run(capsys, monkeypatch, "help", "docs/messages.md#unknown-unit")[1] == out
    assert run(capsys, monkeypatch, "help", "action", "add")[1].startswith("Usage: compstat action add")
    code, _, err = run(capsys, monkeypatch, "help", "unknown-unti")
    assert (code, 'Did you mean "unknown-unit"?' in err) == (2, True)


def test_the_page_that_is_installed_is_the_page_of_the_documents() -> None:
    assert (ROOT / "cli" / "messages.md").read_bytes() == (ROOT / "docs" / "messages.md").read_bytes()


@pytest.mark.parametrize("words", ["9999-12-31T23:00-05:00", "0001-01-01T00:30+02:00", "soon", "2026-02-30"])
def test_a_moment_that_is_none_is_named(words: str) -> None:
    with pytest.raises(UsageError) as refused:
        moment(words)
    assert f'"{words}" is no moment' in str(refused.value)


def test_a_store_without_returns_is_a_usage_error_at_any_moment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path)
    for at in ("0001-01-01", "9999-12-31"):
        code, _, err = run(capsys, monkeypatch, "-w", str(tmp_path), "flags", "--week", "2026-W46", "--as-of", at)
        assert (code, "docs/messages.md#no-returns" in err) == (2, True)
