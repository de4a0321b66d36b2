"""`compstat ladder`: where units stand on the escalation ladder, why, and the steps that a named person signs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption, WeekOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from compstat.rules.ladder.ladder import Standing
    from compstat.rules.weeks import WeekFlags
    from compstat.store import Store
    from compstat.workspace.tables import Person
    from compstat.workspace.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="The escalation ladder: challenge, support, contestability, removal.",
    epilog="Example: compstat ladder show minster --week 2026-W46",
)


class Rung(StrEnum):
    """The steps by name."""

    CHALLENGE = "challenge"
    SUPPORT = "support"
    CONTESTABILITY = "contestability"
    REMOVAL = "removal"


# What a narrow terminal may leave out of the list.
DROP = (("what would bring it down", (5,)), ("the ladders", (1,)))


@app.command(epilog="Example: compstat ladder show minster --week 2026-W46")
def show(
    context: typer.Context,
    unit: Annotated[str | None, typer.Argument(help="One unit, with its receipts; else every unit.")] = None,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where units stand, which trigger says so, by which flags of which weeks; and the step that waits for a signature.

    Up to support the rule moves a unit. Above it a challenger signs.
    """
    from compstat.cli.moments import moment
    from compstat.cli.names import unit_code
    from compstat.store import open_store

    session = session_of(context)
    code = unit_code(session.workspace, unit) if unit else None
    with open_store(session.workspace.store_path, read_only=True) as store:
        found = _week(session, store, week, cycle, moment(as_of))
    rows = [row for row in found.standings if code in {None, row.unit}]
    if code and not rows:
        raise _no_ladder(session.workspace, code)
    if as_json:
        from compstat.cli.text import print_json

        print_json([_fields(found, row) for row in rows])
    elif code:
        for row in rows:
            _print_one(session.workspace, found, row)
    else:
        _print_all(session.workspace, found)


@app.command(
    epilog='Example: compstat ladder sign minster contestability --by h.lindqvist --reason "Four months, two plans, '
    'no change" --week 2026-W46'
)
def sign(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(help="The unit's code or name.")],
    step: Annotated[Rung, typer.Argument(help="The step that is signed.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why.", show_default=False)],
    by: Annotated[str | None, typer.Option("--by", metavar="PERSON", help="Who signed it. Else who acts.")] = None,
    refused: Annotated[
        str, typer.Option("--refused", metavar="WORDS", help="For removal: what was asked and refused, and when.")
    ] = "",
    ladder: Annotated[str | None, typer.Option("--ladder", help="Which, where the unit is on several.")] = None,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    at: Annotated[str | None, typer.Option("--at", hidden=True, help="When, for historical entries.")] = None,
) -> None:
    """Put a step above support, or one down again, on record: who signed it and why. Nothing on record is changed.

    For challengers, who sign, and for analysts, who enter what a challenger signed.
    """
    from compstat.cli.moments import moment, now
    from compstat.cli.names import unit_code
    from compstat.cli.text import printable
    from compstat.rules.ladder.signed_steps import SignedStep, sign_step
    from compstat.store import open_store
    from compstat.tracker.identity import who_acts
    from compstat.tracker.rights import check_decides
    from compstat.workspace.ladders import Step

    session = session_of(context)
    workspace, wanted, code = session.workspace, Step[step.name], unit_code(session.workspace, unit)
    entered_by = who_acts(workspace)
    check_decides(entered_by, "put a step of the ladder on record")
    signer = _person(workspace, by) if by else entered_by
    with open_store(workspace.store_path) as store:
        found = _week(session, store, week, cycle, None)
        standing = _chosen(workspace, found, code, ladder)
        scope = found.evaluation.scope
        words = reason.strip(), refused.strip()
        people = signer.person, entered_by.person
        signed = SignedStep(
            standing.ladder, code, scope.week, wanted, *words, standing.reached, *people, moment(at) or now()
        )
        sign_step(store, scope.cycle, standing, signed, signer)
    print(printable(f"{workspace.unit(code).title}: {standing.step.word} -> {wanted.word}, signed by {signer.title}"))
    session.say(f"Next: compstat ladder show {code}")


def _week(session: Session, store: Store, week: str, cycle: str | None, as_of: Any) -> WeekFlags:
    from compstat.cli.moments import week_start
    from compstat.cli.progress import steps
    from compstat.rules.weeks import flags_of_week

    workspace = session.workspace
    with steps(session) as progress:
        start = week_start(workspace, week, store, cycle, as_of)
        return flags_of_week(store, workspace, workspace.cycle(cycle), start, as_of, progress)


def _person(workspace: Workspace, code: str) -> Person:
    from compstat.findings import Finding, UsageError, nearest

    person = workspace.person(code)
    if person is None:
        message = f'person "{code}" is not in people.csv.{nearest(code, [row.person for row in workspace.people])}'
        raise UsageError(Finding("unknown-person", "", message, "Give a person id of people.csv."))
    return person


def _chosen(workspace: Workspace, found: WeekFlags, unit: str, ladder: str | None) -> Standing:
    """The one standing that is meant. Raises UsageError."""
    from compstat.findings import Finding, UsageError

    its = [row for row in found.standings if row.unit == unit and ladder in {None, row.ladder}]
    if not its:
        raise _no_ladder(workspace, unit)
    if len(its) > 1:
        message = f"{workspace.unit(unit).title} is on several ladders: {', '.join(row.ladder for row in its)}"
        raise UsageError(Finding("no-ladder", "", message, "Say which: --ladder NAME"))
    return its[0]


def _no_ladder(workspace: Workspace, unit: str) -> Exception:
    from compstat.findings import Finding, UsageError

    message = f"{workspace.unit(unit).title} is on no such ladder this week"
    return UsageError(Finding("no-ladder", "", message, "Ladders are declared in rules.toml: [[ladder]]."))


def _fields(found: WeekFlags, row: Standing) -> dict[str, Any]:
    from dataclasses import asdict

    signed = row.signed and {
        "step": row.signed.step.word,
        "reason": row.signed.reason,
        "refused": row.signed.refused or None,
        "signed_by": row.signed.signed_by,
        "entered_by": row.signed.entered_by,
        "signed_at": row.signed.signed_at,
        "week_start": row.signed.week_start,
    }
    return {
        "week": found.evaluation.scope.label,
        "known_at": found.known_at,
        "unit": row.unit,
        "ladder": row.ladder,
        "step": row.step.word,
        "reached": row.reached.word,
        "proposed": row.proposed.word if row.proposed is not None else None,
        "because": row.because,
        "leaves_in": row.leaves_in,
        "signed": signed,
        "periods": [asdict(one) for one in row.periods],
    }


def _print_all(workspace: Workspace, found: WeekFlags) -> None:
    from compstat.cli.text import print_table

    rows = [
        [
            workspace.unit(row.unit).title,
            row.ladder,
            row.step.word,
            row.proposed.word if row.proposed is not None else "",
            row.because,
            _down(found, row),
        ]
        for row in found.standings
    ]
    print_table(["unit", "ladder", "step", "to be signed", "", ""], rows, drop=DROP)
    if not rows:
        print("No ladder is declared in rules.toml.")


def _print_one(workspace: Workspace, found: WeekFlags, row: Standing) -> None:
    from compstat.cli.text import print_table, printable

    lines = [
        f"{workspace.unit(row.unit).title}, ladder {row.ladder}: {row.step.word}",
        f"{row.because}. {_down(found, row)}",
    ]
    if row.proposed is not None:
        lines.append(f"To be signed by a challenger: {row.proposed.word}")
    if row.signed is not None:
        signed, signer = row.signed, _title(workspace, row.signed.signed_by)
        entered = (
            f", entered by {_title(workspace, signed.entered_by)}" if signed.entered_by != signed.signed_by else ""
        )
        lines.append(f"{signed.step.word}, signed by {signer} {signed.signed_at:%Y-%m-%d}{entered}: {signed.reason}")
        lines += [f"Refused: {row.signed.refused}"] if row.signed.refused else []
    print(printable("\n".join(lines)) + "\n")
    rows = [[one.week, str(one.concerns), ", ".join(one.indicators), ", ".join(one.flags)] for one in row.periods]
    print_table(["week", "concerns", "indicators", "flags"], rows, right=[1])


def _title(workspace: Workspace, code: str) -> str:
    person = workspace.person(code)
    return person.title if person else code


def _down(found: WeekFlags, row: Standing) -> str:
    from compstat.rules.wording import period_name

    if row.leaves_in is None:
        return ""
    name = period_name(found.evaluation.scope.cycle.cadence)
    return f"Left after {row.leaves_in} {name}{'s' if row.leaves_in > 1 else ''} without a concern."
