"""A rehearsal and a scorecard as tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from compstat.cli.text import number, print_table, printable
from compstat.rules.wording import period_name

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace

Page = Mapping[str, Any]


def print_rehearsal(workspace: Workspace, page: Page) -> None:
    """Totals, then by week, rule, unit and usual method."""
    known = "as known then" if page["as_known"] else "as known now"
    print(
        printable(
            f"{workspace.settings.organisation.name}, {page['from']} to {page['to']}, {known}, "
            f"rules.toml {page['rules_version']}"
        )
    )
    period = printable(period_name(workspace.cycle(page["cycle"]).cadence))
    a_week = {name: number(page[f"{name}_per_week"], 1) for name in ("shown", "raised", "expected_by_chance")}
    print(
        f"{_counted(page['weeks'], period)}: {a_week['shown']} flags shown a {period} of {a_week['raised']} raised; "
        f"{a_week['expected_by_chance']} a {period} expected by chance alone"
    )
    if silent := page["weeks_without_returns"]:
        print(f"Without any return: {_counted(silent, period)}; the first is that of the week from {silent[0]}")
    print()
    _print_weeks(page)
    print()
    _print_rules(page, period)
    if page["units"]:
        print()
        _print_units(workspace, page, period)
    if page["usual_methods"]:
        print()
        _print_methods(page, period)


def _counted(found: Sequence[object], period: str) -> str:
    return f"{len(found):,} {period}" if len(found) == 1 else f"{len(found):,} {period}s"


def _print_weeks(page: Page) -> None:
    methods = [row["method"] for row in page["usual_methods"]]
    rows = [
        [
            week["week"],
            number(week["tests"]),
            *(number(week[outcome]) for outcome in ("concern", "commend", "data", "watch", "shown")),
            number(week["expected_by_chance"], 1),
            *(number(week["usual_methods"].get(method)) for method in methods),
        ]
        for week in page["weeks"]
    ]
    headings = ["week", "tests", "concern", "commend", "data", "watch", "shown", "by chance", *methods]
    print_table(headings, rows, right=range(1, len(headings)), drop=(("the usual methods", range(8, len(headings))),))


def _print_rules(page: Page, period: str) -> None:
    rows = [
        [
            row["rule"],
            number(row["tested"]),
            number(row["raised_per_week"], 1),
            number(row["shown_per_week"], 1),
            _percent(row["share_flagged"]),
            number(row["spells"]),
            number(row["one_period"]),
            number(row["median_periods"], 1),
            number(row["longest"]),
        ]
        for row in page["rules"]
    ]
    lasting = ["flags", "gone next", f"median {period}s", "longest"]
    headings = ["rule", "tested", f"a {period}", "shown", "flagged", *lasting]
    print_table(headings, rows, right=range(1, len(headings)), drop=(("what was tested", (1,)),))


def _print_units(workspace: Workspace, page: Page, period: str) -> None:
    rows = [
        [
            workspace.unit(row["unit"]).title,
            number(row["raised"]),
            number(row["shown"]),
            number(row["weeks_with_a_shown_flag"]),
        ]
        for row in page["units"]
    ]
    print_table(["unit", "raised", "shown", f"{period}s with one shown"], rows, right=[1, 2, 3])


def _print_methods(page: Page, period: str) -> None:
    rows = [
        [f"these rules: {words}", "", number(page[f"{name}_per_week"], 1), cells]
        for words, name, cells in (
            ("concerns with a seat", "concern_cells_shown", ""),
            ("concerns", "concern_cells", number(page["concern_cells"])),
            ("concerns and watch list", "listed_cells", ""),
        )
    ]
    rows += [
        [row["what"], number(row["tested"]), number(row["listed_per_week"], 1), number(row["cells"])]
        for row in page["usual_methods"]
    ]
    print_table(["method", "tested", f"listed a {period}", "distinct cells"], rows, right=[1, 2, 3])


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def print_scorecard(workspace: Workspace, page: Page) -> None:
    """One line a rule, group and time; then what it does not prove."""
    print(printable(f"{workspace.settings.organisation.name}, {page['from']} to {page['to']}: what became of it\n"))
    rows = [
        [
            row["rule"],
            "flagged" if row["group"] == "flagged" else "just missed",
            f"{row['periods_later']} later",
            number(row["cells"]),
            number(row["known"]),
            _interval(row, "back_within_chance", 100),
            _interval(row, "half_of_gap_left", 100),
            _interval(row, "change_percent", 1),
        ]
        for row in page["rows"]
    ]
    headings = [
        "rule",
        "group",
        "when",
        "cells",
        "known",
        "% back within chance",
        "% half the gap left",
        "change in %",
    ]
    print_table(headings, rows, right=[3, 4, 5, 6, 7], drop=(("how many are known", (4,)),))
    if not rows:
        print("No figure was flagged, and none just missed.")
    print("\nIn brackets: 95% intervals. Change: in per cent of the expected, on the side that was flagged.")
    print(f"Just missed: threshold and gap passed, p above the cut but at most {page['near_miss_up_to']:g} times it.")
    print(page["caution"])


def _interval(row: Page, name: str, times: float) -> str:
    """`83 (61–95)`; a dash where nothing is known."""
    value, low, high = (row[field] for field in (name, f"{name}_low", f"{name}_high"))
    if value is None:
        return "–"
    words = number(times * value)
    return words if low is None else f"{words} ({number(times * low)} to {number(times * high)})"
