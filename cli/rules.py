"""`compstat rules`: the rules in force, what they would have raised, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import CycleOption, JsonOption
from compstat.cli.session import session_of

if TYPE_CHECKING:
    from datetime import date

    from compstat.cli.session import Session
    from compstat.workspace.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: compstat rules list",
)

FromOption = Annotated[str, typer.Option("--from", metavar="WEEK", help="The first week: 2026-W01, or a date in it.")]
ToOption = Annotated[str, typer.Option("--to", metavar="WEEK", help="The last week, or latest.")]
AsKnownOption = Annotated[
    bool,
    typer.Option("--as-known", help="Judge each week by what was recorded before the next one's returns came."),
]
RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="A changed rules.toml to try; else the workspace's own."),
]
ChartOption = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="Draw it as well: a name that ends in .pdf or .png.")
]


OWN_FIELDS = ("rule", "file", "what", "question", "support", "version", "sha256")
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a chart that is there already.")]


@app.callback()
def rules() -> None:
    """The rules in force; a rehearsal of them over past weeks; what became of flagged figures."""


@app.command("list", epilog="Example: compstat rules list")
def list_rules(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the rules in force: on what, from which difference on."""
    from compstat.cli.text import print_json, print_table
    from compstat.rules.own.own_rules import own_rules

    workspace = session_of(context).workspace
    book, own = workspace.rules, own_rules(workspace)
    if as_json:
        ours = [{name: getattr(rule, name) for name in OWN_FIELDS} for rule in own]
        rules = [rule.model_dump() for rule in book.rule]
        print_json({"version": book.version, "decision": book.decision.model_dump(), "rules": rules, "own_rules": ours})
        return
    decision = book.decision
    print(f"rules.toml {book.version}: q {decision.q:g} for concerns, p {decision.watch_p:g} for the watch list\n")
    rows = [
        [
            rule.rule,
            rule.family,
            "all" if "*" in rule.indicators else ", ".join(rule.indicators),
            "all" if "*" in rule.units else ", ".join(rule.units),
            f"{rule.threshold_percent:g}%" if rule.threshold_percent else "–",
            f"{rule.minimum_gap:g}" if rule.minimum_gap else "–",
            f"{rule.periods} of {max(rule.of, rule.periods)}" if rule.family in {"floor", "target"} else "–",
        ]
        for rule in book.rule
    ]
    headings = ["rule", "family", "indicators", "units", "from", "gap", "periods"]
    print_table(headings, rows, right=[4, 5], drop=(("the units", (3,)), ("the periods", (6,))))
    if own:
        print("\nThe team's own:\n")
        lines = [[rule.rule, rule.version, rule.file, rule.what] for rule in own]
        print_table(["rule", "version", "file", "what"], lines, drop=(("the files", (2,)),))


@app.command("backtest", epilog="Example: compstat rules backtest --from 2026-W35 --to 2026-W46 --compare")
def backtest(
    context: typer.Context,
    first: FromOption,
    last: ToOption = "latest",
    as_known: AsKnownOption = False,
    rules_file: RulesOption = None,
    compare: Annotated[bool, typer.Option("--compare", help="Add what the usual methods would have listed.")] = False,
    cycle: CycleOption = None,
    chart: ChartOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Rehearse the rules over past weeks: flags by week, rule and unit, how long they last, how many by chance."""
    from compstat.cli.progress import steps
    from compstat.cli.rules_text import print_rehearsal
    from compstat.cli.text import print_json
    from compstat.rules.rehearsal.backtest import rehearse
    from compstat.rules.rehearsal.backtest_summary import as_public, warnings
    from compstat.store import open_store

    session = session_of(context)
    workspace = with_rules(session.workspace, rules_file)
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        span = _span(workspace, first, last, store, cycle)
        found = rehearse(
            store, workspace, workspace.cycle(cycle), *span, as_known=as_known, compare=compare, progress=progress
        )
    page = as_public(found)
    if as_json:
        print_json(page)
    else:
        print_rehearsal(workspace, page)
    for finding in warnings(found):
        session.say(str(finding))
    if chart:
        from compstat.packs.plates.rehearsal import draw_rehearsal

        _draw(session, chart, force, draw_rehearsal, page)


def with_rules(workspace: Workspace, file: Path | None) -> Workspace:
    """The workspace with the rules of another file, checked as its own are. Raises WorkspaceError."""
    from dataclasses import replace

    from compstat.findings import Finding, WorkspaceError
    from compstat.workspace.checks import cross_checks
    from compstat.workspace.reading import read_toml
    from compstat.workspace.rulebook import Rulebook

    if file is None:
        return workspace
    findings: list[Finding] = []
    if not file.exists():
        message = "is not there; wanted a changed copy of rules.toml"
        raise WorkspaceError(Finding("missing-file", str(file), message, "Give the path of the file to try."))
    book = read_toml(file, Rulebook, findings, required=True)
    changed = workspace if book is None else replace(workspace, rules=book)
    findings += [found for found in cross_checks(changed) if found.where.startswith("rules.toml")]
    if any(finding.severity == "error" for finding in findings):
        raise WorkspaceError([replace(one, where=one.where.replace("rules.toml", file.name, 1)) for one in findings])
    return changed


def _span(workspace: Workspace, first: str, last: str, store: Any, cycle: str | None) -> tuple[date, date]:
    """First days of the first and the last week. Raises UsageError where they are the wrong way round."""
    from compstat.cli.moments import week_start
    from compstat.findings import Finding, UsageError

    start, end = (week_start(workspace, words, store, cycle) for words in (first, last))
    if start > end:
        label = workspace.calendar.cadence("weekly").label
        message = f"--from {label(start)} is after --to {label(end)}."
        raise UsageError(Finding("bad-value", "", message, "Give the earlier week first."))
    return start, end


def _draw(session: Session, path: Path, force: bool, draw: Callable[..., None], page: Any) -> None:
    """Draw into a file, whole or not at all. Raises UsageError."""
    from compstat.findings import Finding, UsageError
    from compstat.new_file import new_file

    if path.suffix.lower() not in {".pdf", ".png"}:
        message = f'--chart: "{path.name}" ends neither in .pdf nor in .png.'
        raise UsageError(Finding("bad-value", "", message, "Name the chart so that it ends in one of them."))
    with new_file(path, force=force) as part:
        draw(part, path.suffix, session.workspace.settings.organisation.name, page)
    session.say(f"Chart: {path}")


@app.command("scorecard", epilog="Example: compstat rules scorecard --from 2026-W10 --to 2026-W46")
def scorecard(
    context: typer.Context,
    first: FromOption,
    last: ToOption = "latest",
    as_known: AsKnownOption = False,
    rules_file: RulesOption = None,
    cycle: CycleOption = None,
    chart: ChartOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say what became of flagged figures after 4 and 12 weeks, beside those that just missed a flag."""
    from compstat.cli.progress import steps
    from compstat.cli.rules_text import print_scorecard
    from compstat.cli.text import print_json
    from compstat.rules.rehearsal.scorecard import keep_score
    from compstat.rules.rehearsal.scorecard_summary import as_public
    from compstat.store import open_store

    session = session_of(context)
    workspace = with_rules(session.workspace, rules_file)
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        span = _span(workspace, first, last, store, cycle)
        card = keep_score(store, workspace, workspace.cycle(cycle), *span, as_known=as_known, progress=progress)
    page = as_public(card)
    if as_json:
        print_json(page)
    else:
        print_scorecard(workspace, page)
    if chart:
        from compstat.packs.plates.rehearsal import draw_scorecard

        _draw(session, chart, force, draw_scorecard, page)
