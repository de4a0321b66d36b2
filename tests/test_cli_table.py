"""Tables at any width of the terminal: no figure is cut, and what there is no room for is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compstat.cli.action_text import print_actions
from compstat.cli.show_text import DROP, HEADINGS
from compstat.cli.table import GAP, columns_kept, print_on_terminal
from compstat.cli.text import print_table
from compstat.tracker.action import Action, ActionState, Promise

RIGHT = range(1, 10)
ROWS = [
    ["Violence with injury", "56", "28", "+28", "174", "133", "+41", "1,817", "1,810", "+7", "concern F-YM866"],
    ["Overtime", "11,250", "11,813", "−563", "46,356", "47,200", "−844", "544,334", "553,566", "−9,232", ""],
    ["x" * 300, "1", "2", "−1", "3", "4", "−1", "5", "6", "−1", "[bold]concern[/] F-A, watch F-B"],
]
SHORT = ["56", "11,250", "+28", "−563"]  # the week's own figures: there at every width


def on_terminal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    width: int,
    rows: Sequence[Sequence[str]] = ROWS,
) -> tuple[str, str]:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "dumb")
    print_on_terminal(HEADINGS, rows, RIGHT, DROP)
    out, err = capsys.readouterr()
    return out, " ".join(err.split())


@pytest.mark.parametrize("width", [30, 60, 80, 100, 140])
def test_no_figure_is_cut_and_no_line_too_long(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = on_terminal(monkeypatch, capsys, width)
    assert all(len(line) <= width for line in out.splitlines())
    assert "…" not in out
    assert set(SHORT) <= set(re.findall(r"[+−]?\d[\d,]*", out))
    assert "[bold]" in "".join(out.split())


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (60, "No room here for the figures of a year ago, the year to date, the four weeks: "),
        (80, "No room here for the figures of a year ago, the year to date: "),
        (100, "No room here for the figures of a year ago: "),
        (140, ""),
    ],
)
def test_what_is_left_out_is_named(
    width: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = on_terminal(monkeypatch, capsys, width)
    assert err.startswith(said) and bool(err) == bool(said)


def test_where_nothing_fits_each_cell_gets_its_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = on_terminal(monkeypatch, capsys, 20, ROWS[1:2])
    assert "four weeks: 46,356\n" in out and "change: −9,232\n" in out
    assert err == ""


def test_a_pipe_gets_all_of_it_at_any_width(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    print_table(HEADINGS, ROWS, RIGHT, DROP)
    out, err = capsys.readouterr()
    assert all(figure in out for row in ROWS for figure in row) and err == ""


@given(st.data(), st.integers(10, 200))
def test_what_is_kept_fits_and_what_is_dropped_was_named_in_order(data: st.DataObject, width: int) -> None:
    cells = st.text("ab ", max_size=70)
    rows = data.draw(st.lists(st.lists(cells, min_size=4, max_size=4), max_size=4))
    drop = (("first", (0,)), ("last", (3,)))
    kept, dropped = columns_kept(["a", "b", "c", "d"], rows, (1,), drop, width)
    assert dropped == ["first", "last"][: len(dropped)]
    assert kept in ([0, 1, 2, 3], [1, 2, 3], [1, 2], [])
    if kept:
        figures = max(len(row[1]) for row in [["", "b"], *rows])
        assert figures + GAP * (len(kept) - 1) <= width
    else:
        assert dropped == []


def test_a_narrow_terminal_keeps_the_owners_of_actions_and_all_of_what_was_agreed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    what = "Visit every home burgled twice since June and fit locks where the owner agrees"
    day = date(2026, 11, 12)
    action = Action(
        action="A-0003", cycle="weekly", unit="millfield", owner="k.oyelaran", what=what, state=ActionState.VERIFIED,
        due=day, original_due=day, times_carried=1, times_slipped=0, raised_week="2026-W40",
        raised_at=datetime(2026, 10, 1, tzinfo=UTC), flag=None, promise=Promise(reason="x"),
    )  # fmt: skip
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    for width in (50, 80):
        monkeypatch.setenv("COLUMNS", str(width))
        print_actions([action], None)
        out = capsys.readouterr().out
        assert "k.oyelaran" in out and "…" not in out and "(verified)" in " ".join(out.split())
        assert set(what.split()) <= set(out.split())
        assert all(len(line) <= width for line in out.splitlines())
