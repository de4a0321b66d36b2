"""`compstat explain`: the receipt of one flag, and of silence: how far a cell was from one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption, WeekOption
from compstat.cli.session import session_of

if TYPE_CHECKING:
    from compstat.rules.weeks import WeekFlags
    from compstat.store import Store
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)

HERE, SEE_HELP = "compstat explain", "See: compstat explain --help"


@app.command(epilog="Example: compstat explain F-YM866 --week 2026-W46")
def explain(
    context: typer.Context,
    flag: Annotated[str | None, typer.Argument(help="The flag's code, as flags and the pack print it.")] = None,
    why_not: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--why-not",
            metavar="UNIT INDICATOR",
            help="Instead of a flag: how far a cell was from one, such as harbour burglary.",
        ),
    ] = None,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every input of the test, its formula, the batches and the SQL.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print a flag's receipt: the sentence, its figures and dates, the rule; with --all or --json everything.

    With --why-not: every rule about that unit and indicator, its p and the p it needed, the count it needed.
    """
    from compstat.cli.moments import moment, week_start
    from compstat.cli.progress import steps
    from compstat.findings import Finding, UsageError
    from compstat.rules.weeks import flags_of_week
    from compstat.store import open_store

    session = session_of(context)
    if flag is None and why_not is None:
        raise UsageError(Finding("missing-word", HERE, "FLAG is missing, or --why-not UNIT INDICATOR", SEE_HELP))
    if flag is not None and why_not is not None:
        raise UsageError(Finding("too-many-words", HERE, "FLAG and --why-not: wanted one of them", SEE_HELP))
    workspace = session.workspace
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        start = week_start(workspace, week, store, cycle, moment(as_of))
        found = flags_of_week(store, workspace, workspace.cycle(cycle), start, moment(as_of), progress)
        if flag is not None:
            _flag(store, workspace, found, flag, everything, as_json)
    if why_not is not None:
        _why_not(workspace, found, why_not, as_json)


def _flag(store: Store, workspace: Workspace, week: WeekFlags, code: str, everything: bool, as_json: bool) -> None:
    from compstat.cli.explain_text import receipt_lines, terminal_width
    from compstat.cli.names import flag_code
    from compstat.cli.text import print_json, printable
    from compstat.rules.receipts.receipt import receipt

    flag = week.code(flag_code(code))
    found = receipt(store, workspace, week, flag)
    if as_json:
        print_json(found)
    else:
        print(printable("\n".join(receipt_lines(workspace, flag, found, everything, terminal_width()))))


def _why_not(workspace: Workspace, week: WeekFlags, cell: tuple[str, str], as_json: bool) -> None:
    from compstat.cli.explain_text import terminal_width, why_not_lines
    from compstat.cli.names import indicator_code, unit_code
    from compstat.cli.text import print_json, printable
    from compstat.rules.receipts.why_not import why_not

    unit, indicator = unit_code(workspace, cell[0]), indicator_code(workspace, cell[1])
    rows = why_not(week, unit, indicator)
    if as_json:
        print_json(
            {
                "unit": unit,
                "indicator": indicator,
                "week": week.evaluation.scope.label,
                "known_at": week.known_at,
                "rules": [asdict(row) for row in rows],
            }
        )
    else:
        print(printable("\n".join(why_not_lines(workspace, week, unit, indicator, rows, terminal_width()))))
