"""`compstat explain`: the receipt of one flag."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption, WeekOption
from compstat.cli.session import session_of

if TYPE_CHECKING:
    from compstat.rules.flag import Flag
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)

SQL_OF_WINDOWS = "windows/recent_figures"


@app.command(epilog="Example: compstat explain F-YM866 --week 2026-W46")
def explain(
    context: typer.Context,
    flag: Annotated[str, typer.Argument(help="The flag's code, as flags and the pack print it.")],
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a flag's receipt: rule, figures, windows with their dates, formula, batches and SQL."""
    from compstat.cli.moments import moment, week_start
    from compstat.cli.progress import steps
    from compstat.queries import read
    from compstat.rules.weeks import flags_of_week
    from compstat.store import open_store

    session = session_of(context)
    workspace = session.workspace
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        start = week_start(workspace, week, store, cycle)
        found = flags_of_week(store, workspace, workspace.cycle(cycle), start, moment(as_of), progress).code(flag)
        batches = store.rows(
            "quality/batches_of_cell", unit=found.unit, indicator=found.indicator, known_at=found.known_at
        )
    sql = read(SQL_OF_WINDOWS).sql
    rule = next(row for row in workspace.rules.rule if row.rule == found.rule)
    receipt = {
        **asdict(found),
        "rule_version": rule.version,
        "rules_version": workspace.rules.version,
        "threshold_percent": rule.threshold_percent,
        "minimum_gap": rule.minimum_gap,
        "batches": [
            {"batch": batch, "recorded_at": at, "source": source, "figures": count}
            for batch, at, source, count in batches
        ],
        "sql": sql,
    }
    if as_json:
        from compstat.cli.text import print_json

        print_json(receipt)
    else:
        _print(workspace, found, receipt)


def _print(workspace: Workspace, flag: Flag, receipt: dict[str, Any]) -> None:
    from compstat.cli.text import printable

    unit, indicator = workspace.unit(flag.unit).title, workspace.indicator(flag.indicator).title
    rule = f"{flag.rule} (family {flag.family}, version {receipt['rule_version']}"
    gates = f"at least {receipt['threshold_percent']:g}% and {receipt['minimum_gap']:g} from the comparator"
    lines = [
        f"{flag.flag}  {unit}, {indicator}: {flag.outcome} ({flag.standing})",
        flag.sentence,
        "",
        f"rule      {rule}, rules.toml {receipt['rules_version']})",
        f"gates     {gates}",
        f"test      {flag.test}",
        *_numbers(flag),
        *_inputs("", flag.inputs),
        f"known     figures as known {flag.known_at:%Y-%m-%d %H:%M}",
        *(_batch(row) for row in receipt["batches"]),
        "",
        "The series was read by:",
        receipt["sql"].rstrip(),
    ]
    if flag.held_back:
        lines.insert(2, f"Not shown: {flag.held_back}.")
    print(printable("\n".join(lines)))


def _batch(row: dict[str, Any]) -> str:
    when = f"{row['recorded_at']:%Y-%m-%d %H:%M}"
    return f"batch     {row['batch']}  {when}  {row['source']}  ({row['figures']} figures)"


def _numbers(flag: Flag) -> list[str]:
    named = {
        "value": flag.value,
        "compared": flag.comparator,
        "excess": flag.excess,
        "p": flag.p_value,
        "q": flag.q_value,
        "evidence": flag.evidence,
        "from": flag.threshold,
    }
    return [f"{name:<9} {value:.6g}" for name, value in named.items() if value is not None]


def _inputs(above: str, inputs: Any) -> list[str]:
    lines: list[str] = []
    for name, value in inputs.items():
        words = f"{above}{name}"
        if hasattr(value, "items"):
            lines += _inputs(f"{words}.", value)
        elif isinstance(value, list):
            lines.append(f"  {words}: {len(value)} values, the last {value[-4:]}")
        else:
            lines.append(f"  {words}: {value:.6g}" if isinstance(value, float) else f"  {words}: {value}")
    return lines
