"""Follow-up on actions: every open action, the most carried first, with its promise and its score; then the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from compstat.meeting.briefing import Briefing, PromiseScore
from compstat.packs import type as t
from compstat.packs.canvas.marks import arrow, tally
from compstat.packs.sections.names import in_order_of_challenge, indicators_of, name_of
from compstat.packs.sections.standing import ladder_table
from compstat.packs.sheet import Sheet
from compstat.packs.table import Column, Drawing, Row, Table
from compstat.packs.words import (
    DASH,
    change_unit,
    counted,
    due_words,
    number,
    period_title,
    recent_title,
    short_day,
    week_title,
    with_unit,
)
from compstat.tracker.action import OPEN_STATES, Action, ActionState, Promise

PART: Final = "Follow-up on actions"
LEADING: Final = 11.6
SCORES: Final = {
    "met": "met, beyond chance",
    "within_chance": "within chance: reached, but doing nothing would have reached it too",
    "missed": "missed: not reached",
    "not_testable": "not testable",
}


def follow_up(sheet: Sheet, briefing: Briefing, note: str = "") -> None:
    """Draw the part: a line that counts, the actions, the commitments due, the units on the ladder."""
    actions = in_order_of_challenge(briefing.actions)
    keep = 20.0 if not actions else min(300.0, 40.0 + 60.0 * len(actions)) + 44 * min(len(briefing.scores), 2)
    sheet.part(PART, _count(actions, briefing), note, keep=keep)
    if actions:
        sheet.text(_sentence(actions, briefing), t.SENTENCE, after=6)
        action_table(sheet, briefing, actions)
    else:
        sheet.text("No action is open.")
    if briefing.scores:
        sheet.advance(14)
        _scores(sheet, briefing)
    ladder_table(sheet, briefing)


def _scores(sheet: Sheet, briefing: Briefing) -> None:
    """The promises due for review: from where, to where, what came, and what inaction would have given."""
    sheet.heading("Commitments due and their score", "scored from the figures, not from what is said", keep=50)
    fixed = 48 + 52 + 58 + 52 + 78 + 14
    columns = (
        Column("action", 48, style=t.CELL_BOLD),
        Column("promise", (sheet.paper.measure - fixed) * 0.5, lines=4),
        Column("from", 52, "right"),
        Column("promised", 58, "right"),
        Column("came", 52, "right", t.CELL_BOLD),
        Column("if nothing done", 78, "right", colour=t.GREY),
        Column("", 14),
        Column("score", (sheet.paper.measure - fixed) * 0.5, lines=5),
    )
    Table(columns).draw(sheet, [_score_row(briefing, score) for score in briefing.scores])


def _score_row(briefing: Briefing, score: PromiseScore) -> Row:
    indicator = indicators_of(briefing).get(score.indicator or "")
    where = f"{name_of(briefing, score.unit)}, {name_of(briefing, score.indicator or '')}"
    over_words = f", over {_over(briefing, score, score.window)}" if score.window else ""
    band = DASH if score.low is None else f"{with_unit(score.low, indicator)}{DASH}{with_unit(score.high, indicator)}"
    figures = [with_unit(value, indicator) for value in (score.start, score.promised, score.found)]
    words = SCORES.get(score.score, score.score) + (f": {score.reason}" if score.reason else "")
    return Row([score.action, where + over_words, *figures, band, "", words], bold=score.score == "missed")


def _count(actions: Sequence[Action], briefing: Briefing) -> str:
    if not actions:  # the page says so once
        return f"{counted(len(briefing.scores), 'commitment')} due for review" if briefing.scores else ""
    opened = [action for action in actions if action.state in OPEN_STATES]
    overdue = sum(action.due < briefing.meets_on for action in opened)
    claimed = sum(action.state is ActionState.CLAIMED for action in opened)
    due = f" · {counted(len(briefing.scores), 'commitment')} due for review" if briefing.scores else ""
    return f"{len(opened)} open · {overdue} overdue · {claimed} claimed done, to be verified{due} · most carried first"


def _sentence(actions: Sequence[Action], briefing: Briefing) -> str:
    """What the page shows, in one line."""
    overdue = [action for action in actions if action.due < briefing.meets_on]
    most = actions[0]
    first = f"{counted(len(overdue), 'action')} of {len(actions)} {'is' if len(overdue) == 1 else 'are'} overdue"
    if most.times_carried == 0:
        return f"{first[0].upper()}{first[1:]}; none has been carried before."
    return f"{first[0].upper()}{first[1:]}; {most.action} has been carried {_times(most.times_carried)}."


def _times(count: int) -> str:
    return {1: "once", 2: "twice", 3: "three times", 4: "four times"}.get(count, f"{count} times")


def action_table(sheet: Sheet, briefing: Briefing, actions: Sequence[Action]) -> None:
    """A row an action, over as many pages as they take; who and when stand below each other beside the words."""
    fixed = 54 + 104 + 60
    columns = (
        Column("action", 54),
        Column("what was agreed, its promise, the owner's last word", sheet.paper.measure - fixed),
        Column("owner, due", 104),
        Column("carried, step", 60),
    )
    Table(columns, padding=4).draw(sheet, [_row(briefing, action, columns[1].width - 12) for action in actions])


def _row(briefing: Briefing, action: Action, width: float) -> Row:
    lines = _what(briefing, action, width)
    step = t.wrap(action.step, t.CELL, 60.0, 2)
    height = max(len(lines), 1 + len(step), 4) * LEADING - 2

    def what(canvas: Any, x: float, top: float, _width: float) -> None:
        for n, (words, style, colour) in enumerate(lines):
            t.left(canvas, x, top - 8.2 - n * LEADING, words, style, colour)

    def code(canvas: Any, x: float, top: float, room: float) -> None:
        t.left(canvas, x, top - 8.2, action.action, t.TEXT_BOLD, width=room)
        t.left(canvas, x, top - 8.2 - LEADING, action.state.value.replace("_", " "), t.CELL, t.GREY, width=room)

    def who_and_when(canvas: Any, x: float, top: float, room: float) -> None:
        t.left(canvas, x, top - 8.2, name_of(briefing, action.owner), t.CELL_BOLD, width=room)
        t.left(canvas, x, top - 8.2 - LEADING, name_of(briefing, action.unit), t.CELL, t.GREY, width=room)
        _due(canvas, briefing, action, (x, top - 2 * LEADING, room))

    def carried(canvas: Any, x: float, top: float, room: float) -> None:
        if action.times_carried:
            tally(canvas, x, top - 8.2, action.times_carried)
        else:
            t.left(canvas, x, top - 8.2, "new", t.CELL, t.GREY)
        for n, line in enumerate(step, 1):
            t.left(canvas, x, top - 8.2 - n * LEADING, line, t.CELL, t.GREY)

    return Row([Drawing(height, draw) for draw in (code, what, who_and_when, carried)])


def _what(briefing: Briefing, action: Action, width: float) -> list[tuple[str, t.Style, Any]]:
    lines: list[tuple[str, t.Style, Any]] = [(line, t.TEXT, t.INK) for line in t.wrap(action.what, t.TEXT, width, 4)]
    promise = f"Promise: {promise_words(briefing, action)}"
    lines += [(line, t.CELL, t.INK) for line in t.wrap(promise, t.CELL, width, 3)]
    scored = next((row.score for row in briefing.scores if row.action == action.action), action.score)
    if scored:
        lines.append((f"Score: {scored.replace('_', ' ')}", t.CELL_BOLD, t.INK))
    if action.last_note:
        by = name_of(briefing, action.last_note_by) if action.last_note_by else ""
        when = short_day(action.last_note_at, briefing.meets_on) if action.last_note_at else ""
        said = ", ".join(filter(None, (by, when)))
        note = f"“{action.last_note}”" + (f" {said}" if said else "")
        lines += [(line, t.CELL, t.GREY) for line in t.wrap(note, t.CELL, width, 3)]
    return lines


def _due(canvas: Any, briefing: Briefing, action: Action, place: tuple[float, float, float]) -> None:
    """Due in words; below it the current date, or the original one, an arrow and the current one."""
    x, top, room = place
    late = action.due < briefing.meets_on
    words = due_words(action.due, briefing.meets_on)
    t.left(canvas, x, top - 8.2, words, t.CELL_BOLD if late else t.CELL, width=room + 4)
    y = top - 8.2 - LEADING
    current = short_day(action.due, briefing.meets_on)
    if action.due == action.original_due:
        t.left(canvas, x, y, current, t.CELL, t.GREY)
        return
    original = short_day(action.original_due, action.due)
    t.left(canvas, x, y, original, t.CELL, t.GREY)
    start = x + t.width_of(original, t.CELL) + 3
    arrow(canvas, start, start + 12, y + 2.8)
    t.left(canvas, start + 15, y, current, t.CELL)
    if action.times_slipped > 1:
        after = start + 15 + t.width_of(current, t.CELL) + 3
        t.left(canvas, after, y, f"×{action.times_slipped}", t.CELL, t.GREY)


def promise_words(briefing: Briefing, action: Action) -> str:
    """`Burglary down by 12 over four weeks, reviewed week 50`, or why there is no measure."""
    promise = action.promise
    if promise.indicator is None:
        return f"no measure: {promise.reason}" if promise.reason else "no measure"
    by = f" by {_size(briefing, promise)}" if promise.size is not None else ""
    window = briefing.promise_windows.get(action.action, "")
    over = f" over {_over(briefing, promise, window)}" if window else ""
    review = week_title(promise.review_week) if promise.review_week else ""
    until = f", reviewed {review[0].lower()}{review[1:]}" if review else ""
    return f"{name_of(briefing, promise.indicator)} {promise.direction or ''}{by}{over}{until}"


def _size(briefing: Briefing, promise: Promise) -> str:
    """`12`, `3 points`, `0.5 points`, `1 point`: with the unit of a change, whole where it was promised so."""
    known = indicators_of(briefing).get(promise.indicator or "")
    size = number(promise.size, 1 if promise.size and promise.size % 1 else 0)
    unit = change_unit(known) if known else ""
    return size + (unit.removesuffix("s") if promise.size == 1 and unit in {" points", " days"} else unit)


def _over(briefing: Briefing, promise_or_score: Promise | PromiseScore, window: str) -> str:
    """`four weeks`, `one week`: the window of a promise by the cadence of its indicator."""
    known = indicators_of(briefing).get(promise_or_score.indicator or "")
    cadence = known.cadence if known else briefing.cycle.cadence
    return recent_title(cadence) if window == "recent" else f"one {period_title(cadence)}"
