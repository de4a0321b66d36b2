"""What `explain` prints for people: a receipt, short or whole, and the rules that did not flag a cell."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from compstat.cli.text import number
from compstat.packs.words import probability
from compstat.rules.wording import period_name

if TYPE_CHECKING:
    from compstat.rules.flag import Flag
    from compstat.rules.receipts.why_not import WhyNot
    from compstat.rules.weeks import WeekFlags
    from compstat.workspace.workspace import Workspace

WIDTH = 10
LEAST = 20  # characters: narrower no column of words is set, whatever the terminal
MOST_VALUES = 4  # of a list in the inputs, its newest; JSON has them all


def terminal_width() -> int | None:
    """Columns of the terminal; None in a pipe, where no line is broken."""
    if not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def broken(line: str, width: int | None, indent: int = 0) -> list[str]:
    """The line broken between words where the terminal ends, what goes on under its own words."""
    if width is None or len(line) <= width:
        return [line]
    from textwrap import wrap

    return wrap(line, max(width, indent + LEAST), subsequent_indent=" " * indent, break_on_hyphens=False)


def receipt_lines(
    workspace: Workspace, flag: Flag, receipt: Mapping[str, Any], everything: bool, width: int | None = None
) -> list[str]:
    """The sentence first, then the few figures that are asked first, or everything. width: None breaks no line."""
    unit, indicator = workspace.unit(flag.unit).title, workspace.indicator(flag.indicator).title
    period = period_name(workspace.cycle(flag.cycle).cadence)
    lines = [f"{flag.flag}  {unit}, {indicator}: {flag.outcome} ({flag.standing(period)})", flag.sentence]
    if flag.held_back:
        lines.append(f"Not shown: {flag.held_back}.")
    told = _all(flag, receipt) if everything else _main(flag, receipt)
    lines = [part for line in lines for part in broken(line, width)] + [""]
    lines += [part for name, words in told if words for part in broken(f"{name:<{WIDTH}}{words}", width, WIDTH)]
    if everything:
        return [*lines, "", _sql_heading(flag), receipt["sql"].rstrip()]
    return [*lines, "", *broken("Every input, the formula, the batches and the SQL: the same with --all", width)]


def _main(flag: Flag, receipt: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a commander asks first: which figure, against what, how sure, by which rule, on whose return."""
    newest = next(iter(receipt["batches"]), None)
    yield "value", _rounded(flag.value) + _dates(flag)
    yield "compared", _rounded(flag.comparator)
    yield "listed", _from(flag.threshold, flag.comparator)
    yield "chance", _chance(flag)
    yield "season", receipt["season"] or ""
    yield "test", flag.test
    yield "rule", f"{flag.rule}: {_gates(receipt)}" if _gates(receipt) else flag.rule
    known = f"figures as known {flag.known_at:%Y-%m-%d %H:%M}"
    yield "known", known + (f", the last from {newest['source']} ({newest['batch']})" if newest else "")


def _all(flag: Flag, receipt: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    version = f"family {flag.family}, version {receipt['rule_version']}"
    yield "rule", f"{flag.rule} ({version}, rules.toml {receipt['rules_version']})"
    yield "gates", _gates(receipt)
    yield "test", flag.test
    yield from _figures(flag)
    for window in receipt["windows"]:
        yield "dates", f"{window['name']}: {window['first']} to {window['last']}"
    yield from _several("formula", receipt["worked"])
    yield "season", receipt["season"] or ""
    if pool := receipt["pool"]:
        accepted = f"accepted up to p = {pool['accepted_up_to_p']:.2g}"
        yield "pool", f"one of {pool['tests']:,} tests of this family, {accepted}"
    yield "undone", str(flag.inputs.get("restatement") or "")
    yield from _several("inputs", list(_inputs("", flag.inputs)))
    yield "known", f"figures as known {flag.known_at:%Y-%m-%d %H:%M}"
    for row in receipt["batches"]:
        when = f"{row['recorded_at']:%Y-%m-%d %H:%M}"
        yield "batch", f"{row['batch']}  {when}  {row['source']}  ({row['figures']} figures)"


def _several(name: str, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at, words in enumerate(lines):
        yield name if at == 0 else "", words


def _figures(flag: Flag) -> Iterator[tuple[str, str]]:
    named = {
        "value": flag.value,
        "compared": flag.comparator,
        "excess": flag.excess,
        "p": flag.p_value,
        "q": flag.q_value,
        "evidence": flag.evidence,
        "from": flag.threshold,
        "lower": flag.lower_limit,
        "upper": flag.upper_limit,
        "breakeven": flag.inputs.get("breakeven"),
    }
    for name, value in named.items():
        yield name, "" if value is None else f"{value:.6g}"


def _chance(flag: Flag) -> str:
    both = (("p", flag.p_value), ("q", flag.q_value))
    return ", ".join(f"{name} {probability(value)}" for name, value in both if value is not None)


def _from(figure: float | None, comparator: float | None) -> str:
    """`from 46 on`, `at 27 or less`: the figure nearest to its comparator that is listed; empty without one."""
    if figure is None:
        return ""
    less = comparator is not None and figure < comparator
    return f"at {_rounded(figure)} or less" if less else f"from {_rounded(figure)} on"


def _rounded(value: float | None) -> str:
    return "" if value is None else number(value, 0 if value == round(value) else 1)


def _dates(flag: Flag) -> str:
    """` (2026-10-19 to 2026-11-15)`: the days of the figure, where the test looks at more than one window."""
    window = flag.inputs.get(str(flag.inputs.get("leading_window")))
    return f" ({window['first']} to {window['last']})" if window else ""


def _gates(receipt: Mapping[str, Any]) -> str:
    """How far from the comparator a figure must be; empty for a rule without such a gate."""
    gates = {"threshold_percent": "{:g}%", "minimum_gap": "{:g}"}
    parts = [words.format(receipt[name]) for name, words in gates.items() if receipt[name]]
    return f"at least {' and '.join(parts)} from what it is compared with" if parts else ""


def _inputs(above: str, inputs: Mapping[str, Any]) -> Iterator[str]:
    for name, value in inputs.items():
        words = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from _inputs(f"{words}.", value)
        elif isinstance(value, list):
            yield f"{words}: {len(value)} values, the last {value[-MOST_VALUES:]}"
        else:
            yield f"{words}: {value:.6g}" if isinstance(value, float) else f"{words}: {value}"


def _sql_heading(flag: Flag) -> str:
    return f"The rule is {flag.inputs['file']}:" if flag.family == "own" else "The series was read by:"


def why_not_lines(
    workspace: Workspace,
    week: WeekFlags,
    unit: str,
    indicator: str,
    rows: Sequence[WhyNot],
    terminal: int | None = None,
) -> list[str]:
    """One heading and a paragraph a rule: what was missing, then how much. terminal: its columns, None for none."""
    titles = f"{workspace.unit(unit).title}, {workspace.indicator(indicator).title}"
    scope = week.evaluation.scope
    lines = [*broken(f"{titles}, {scope.label}, as known {week.known_at:%Y-%m-%d %H:%M}", terminal), ""]
    if not rows:
        return [*lines, "No rule is about it, or it has sent no return in the time that the rules look back."]
    width = max(len(row.rule) for row in rows) + 2
    for row in rows:
        words = "; ".join(part for part in _distance(row) if part)
        line = f"{row.rule:<{width}}{row.reason}" + (f": {words}" if words else "")
        lines += broken(line, terminal, width)
    return lines


def _distance(row: WhyNot) -> Iterator[str]:
    """The figures that say how far it was."""
    if not row.tested:
        return
    when = f" {row.window}," if row.window else ""
    yield f"{_rounded(row.value)}{when} against {_rounded(row.comparator)}" if row.value is not None else ""
    if row.p_value is not None:
        watch = f", {row.p_watch:.2g} for the watch list" if row.p_watch is not None else ""
        needed = f"{row.p_needed:.2g}" if row.p_needed is not None else "none"
        yield f"p {probability(row.p_value)}, needed {needed}{watch}"
    yield f"listed {_from(row.count_needed, row.comparator)}" if row.count_needed is not None else ""
    yield "threshold or gap not passed" if row.gates is False else ""
    yield f"flag {row.flag}" if row.flag else ""
