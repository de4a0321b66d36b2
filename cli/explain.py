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
    everything: Annotated[
        bool, typer.Option("--all", help="Every input of the test, its formula, the batches and the SQL.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print a flag's receipt: the sentence, its figures and dates, the rule; with --all or --json everything."""
    from compstat.cli.moments import moment, week_start
    from compstat.cli.progress import steps
    from compstat.queries import read
    from compstat.rules.weeks import flags_of_week
    from compstat.store import open_store

    session = session_of(context)
    workspace = session.workspace
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        start = week_start(workspace, week, store, cycle, moment(as_of))
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
        _print(workspace, found, receipt, everything)


def _print(workspace: Workspace, flag: Flag, receipt: dict[str, Any], everything: bool) -> None:
    from compstat.cli.text import printable

    unit, indicator = workspace.unit(flag.unit).title, workspace.indicator(flag.indicator).title
    lines = [f"{flag.flag}  {unit}, {indicator}: {flag.outcome} ({flag.standing})", flag.sentence]
    if flag.held_back:
        lines.append(f"Not shown: {flag.held_back}.")
    lines += ["", *(_all_lines(flag, receipt) if everything else _main_lines(flag, receipt))]
    print(printable("\n".join(lines)))


def _main_lines(flag: Flag, receipt: dict[str, Any]) -> list[str]:
    """What a commander asks first: which figure, against what, how sure, by which rule, on whose return."""
    chance = [f"{name} {value:.2g}" for name, value in (("p", flag.p_value), ("q", flag.q_value)) if value is not None]
    newest = next(iter(receipt["batches"]), None)
    told = {
        "value": _rounded(flag.value) + _dates(flag),
        "compared": _rounded(flag.comparator),
        "flagged": f"from {_rounded(flag.threshold)} on" if flag.threshold is not None else "",
        "chance": ", ".join(chance),
        "test": flag.test,
        "rule": f"{flag.rule}: {_gates(receipt)}" if _gates(receipt) else flag.rule,
        "known": f"figures as known {flag.known_at:%Y-%m-%d %H:%M}"
        + (f", the last from {newest['source']} ({newest['batch']})" if newest else ""),
    }
    lines = [f"{name:<10}{words}" for name, words in told.items() if words]
    return [*lines, "", "Every input, the formula, the batches and the SQL: the same with --all"]


def _rounded(value: float | None) -> str:
    from compstat.cli.text import number

    return "" if value is None else number(value, 0 if value == round(value) else 1)


def _dates(flag: Flag) -> str:
    """` (2026-10-19 to 2026-11-15)`: the days of the figure, where the test looks at more than one window."""
    window = flag.inputs.get(str(flag.inputs.get("leading_window")))
    return f" ({window['first']} to {window['last']})" if window else ""


def _gates(receipt: dict[str, Any]) -> str:
    """How far from the comparator a figure must be; empty for a rule without such a gate."""
    gates = {"threshold_percent": "{:g}%", "minimum_gap": "{:g}"}
    parts = [words.format(receipt[name]) for name, words in gates.items() if receipt[name]]
    return f"at least {' and '.join(parts)} from what it is compared with" if parts else ""


def _all_lines(flag: Flag, receipt: dict[str, Any]) -> list[str]:
    rule = f"{flag.rule} (family {flag.family}, version {receipt['rule_version']}"
    gates = f"at least {receipt['threshold_percent']:g}% and {receipt['minimum_gap']:g} from the comparator"
    return [
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
