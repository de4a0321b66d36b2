"""`compstat flags`: what the rules raise in a week."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import session_of

if TYPE_CHECKING:
    from compstat.rules.weeks import WeekFlags
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)

# What a narrow terminal may leave out of the list; the sentence names the indicator again.
DROP = (("the p values", (5,)), ("the states", (4,)), ("the indicators", (2,)))

WeekOption = Annotated[str, typer.Option("--week", help="2026-W46, a date in the week, or latest.")]
CycleOption = Annotated[str | None, typer.Option("--cycle", help="The service's cycle; the first one when left out.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="As known at a moment: 2026-11-16T18:00 (UTC). Else as known now."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print for programs; docs/json.md has the fields.")]


@app.command(epilog="Example: compstat flags --week 2026-W46")
def flags(
    context: typer.Context,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    all_cells: Annotated[
        bool,
        typer.Option("--all-cells", help="With --json: every tested cell with its p value and evidence."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the flags of a week, best first: how many tests were made, and how many flags chance alone would raise."""
    from compstat.cli.moments import moment, week_start
    from compstat.cli.progress import steps
    from compstat.rules.weeks import flags_of_week
    from compstat.store import open_store

    session = session_of(context)
    workspace = session.workspace
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        start = week_start(workspace, week, store, cycle, moment(as_of))
        found = flags_of_week(store, workspace, workspace.cycle(cycle), start, moment(as_of), progress)
    if as_json:
        _print_for_programs(found, all_cells)
    else:
        _print(workspace, found)


def _print_for_programs(found: WeekFlags, all_cells: bool) -> None:
    from compstat.cli.text import print_json
    from compstat.rules.tested_cells import cell_rows, scored_rows

    decisions = found.evaluation.decisions
    page: dict[str, object] = {
        "week": found.evaluation.scope.label,
        "known_at": found.known_at,
        "tests": decisions.tests,
        "shown": len(found.shown),
        "expected_by_chance": decisions.expected_by_chance,
        "expected_watch": decisions.expected_watch,
        "flags": [asdict(flag) for flag in found.flags],
    }
    if all_cells:
        page["cells"] = cell_rows(decisions)
        page["too_small"] = scored_rows(found.evaluation)
    print_json(page)


def _print(workspace: Workspace, found: WeekFlags) -> None:
    from compstat.cli.text import number, print_table, printable
    from compstat.packs.words import probability
    from compstat.rules.wording import period_name

    decisions, scope = found.evaluation.decisions, found.evaluation.scope
    print(printable(f"{workspace.settings.organisation.name}, {scope.label}, as known {found.known_at:%Y-%m-%d %H:%M}"))
    cleared = sum(flag.state == "cleared" for flag in found.flags)
    print(
        f"{decisions.tests:,} tests, {len(found.shown)} flags shown of {len(found.flags) - cleared:,} raised"
        + (f", {cleared:,} cleared since the last period" if cleared else "")
        + f"; {number(decisions.expected_by_chance, 1)} expected by chance alone\n"
    )
    if not decisions.tests:
        print("Nothing was tested: no indicator says which way is better, or too few returns are here. ", end="")
        print("compstat check says which.\n")
    period = period_name(scope.cycle.cadence)
    rows = [
        [
            flag.flag,
            workspace.unit(flag.unit).title,
            workspace.indicator(flag.indicator).title,
            flag.outcome,
            flag.standing(period),
            probability(flag.p_value),
            flag.sentence if flag.shown else f"{flag.sentence} ({flag.held_back})",
        ]
        for flag in found.flags
    ]
    print_table(["flag", "unit", "indicator", "outcome", "state", "p", ""], rows, right=[5], drop=DROP)
    if decisions.tests and not rows:
        print("Nothing was raised.")
