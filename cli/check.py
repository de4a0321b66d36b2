"""`compstat check`: what is wrong with a week's data, before anybody is challenged on them."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption, WeekOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from compstat.findings import Finding
    from compstat.quality.checks.check import Found
    from compstat.quality.waiver import Waiver

app = typer.Typer(add_completion=False)
NAMES_OF_MISSING = 4  # of a unit's missing returns; --json has all of them
MOST_OF_A_CODE = 20  # findings of one check on a terminal; --json has all of them


@app.command(epilog="Example: compstat check --week 2026-W46")
def check(
    context: typer.Context,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    list_checks: Annotated[bool, typer.Option("--list", help="Say which checks there are, and check nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a week's data: complete, in time, possible, plausible. Silent, and exit code 0, when all is well.

    Exit code 1 when anything was found. Errors must be mended, or waived, before `compstat sign-off`.
    """
    if list_checks:
        _print_list(as_json)
        return
    session = session_of(context)
    label, found, waivers = _checked(session, week, cycle, as_of)
    if as_json:
        from compstat.cli.text import print_json

        print_json([_row(one, waivers) for one in found])
    else:
        _print(session, label, found, waivers)
    if found:
        sys.exit(1)


def findings_of_week(session: Session, week: str, cycle: str | None, as_of: str | None) -> list[Finding]:
    """What the checks find and no waiver excuses, errors first: for the weekly round."""
    _, found, waivers = _checked(session, week, cycle, as_of)
    return [one.finding for one in found if _reason(one, waivers) is None]


def _checked(
    session: Session, week: str, cycle: str | None, as_of: str | None
) -> tuple[str, tuple[Found, ...], tuple[Waiver, ...]]:
    """The week's label, what was found, and the waivers that stand."""
    from compstat.cli.moments import moment, no_returns, week_start
    from compstat.cli.progress import steps
    from compstat.quality.checked_week import check_week
    from compstat.quality.sign_off import standing_sign_off
    from compstat.store import open_store
    from compstat.windows.scope import END_OF_TIME, known_at

    workspace, at = session.workspace, moment(as_of)
    chosen = workspace.cycle(cycle)
    with steps(session) as progress, open_store(workspace.store_path, read_only=True) as store:
        progress("checking the week")
        start = week_start(workspace, week, store, cycle, at)
        known = known_at(store, at)
        if known is None:
            raise no_returns()
        found = check_week(store, workspace, chosen, start, known)
        signed = standing_sign_off(store, chosen, start, at or END_OF_TIME)
    label = workspace.calendar.cadence("weekly").label(start)
    return label, found, signed.waivers if signed else ()


def _row(one: Found, waivers: tuple[Waiver, ...]) -> dict[str, Any]:
    return {
        "severity": str(one.finding.severity),
        "code": one.finding.code,
        "where": one.finding.where,
        "what": one.finding.message,
        "fix": one.finding.fix,
        "unit": one.unit,
        "indicator": one.indicator,
        "inputs": dict(one.inputs),
        "waived": _reason(one, waivers),
    }


def _reason(one: Found, waivers: tuple[Waiver, ...]) -> str | None:
    """Why it was waived; None where it was not."""
    return next((waiver.reason for waiver in waivers if waiver.finding in one.names), None)


def _print(session: Session, label: str, found: tuple[Found, ...], waivers: tuple[Waiver, ...]) -> None:
    from compstat.cli.text import printable

    told: Counter[str] = Counter()
    for one in _gathered(session, found, waivers):
        told[one.finding.code] += 1
        if told[one.finding.code] <= MOST_OF_A_CODE:
            reason = _reason(one, waivers)
            print(printable(f"{one.finding.severity}: {one.finding}" + (f"\n  waived: {reason}" if reason else "")))
    for code, count in told.items():
        if count > MOST_OF_A_CODE:
            print(f"... and {count - MOST_OF_A_CODE} more of {code}: see them with --json")
    if found:
        counts = Counter(one.finding.severity for one in found)
        session.say(f"{label}: " + ", ".join(f"{severity} {count}" for severity, count in counts.items()))


def _gathered(session: Session, found: tuple[Found, ...], waivers: tuple[Waiver, ...]) -> list[Found]:
    """The findings, those returns of a unit that did not come told in one: nobody asks a unit sixteen times."""
    missing: dict[str, list[Found]] = {}
    for one in found:
        if one.finding.code == "missing-return" and one.unit and _reason(one, waivers) is None:
            missing.setdefault(one.unit, []).append(one)
    in_one = {unit: _one_of(session, own) for unit, own in missing.items() if len(own) > 1}
    first = {id(own[0]) for own in missing.values()}
    listed = []
    for one in found:
        if one.unit not in in_one or one not in missing[one.unit]:
            listed.append(one)
        elif id(one) in first:
            listed.append(in_one[one.unit])
    return listed


def _one_of(session: Session, own: list[Found]) -> Found:
    """The missing returns of a unit as one finding."""
    from dataclasses import replace

    names = [session.workspace.indicator(one.indicator).title for one in own if one.indicator]
    more = f" and {len(names) - NAMES_OF_MISSING} more" if len(names) > NAMES_OF_MISSING else ""
    listed = ", ".join(names[:NAMES_OF_MISSING]) + more
    message = f"no return of {len(own)} indicators ({listed}); totals are withheld, none is taken for 0"
    periods = sorted({one.finding.where.partition(", ")[2] for one in own})
    return replace(
        own[0], finding=replace(own[0].finding, where=f"{own[0].unit}, {', '.join(periods)}", message=message)
    )


def _print_list(as_json: bool) -> None:
    from compstat.cli.text import print_json, print_table
    from compstat.quality.checks import CHECKS

    names = ("code", "severity", "means", "false_alarms")
    rows = [{name: str(getattr(check, name)) for name in names} for check in CHECKS]
    if as_json:
        print_json(rows)
    else:
        print_table(names[:3], [[row[name] for name in names[:3]] for row in rows])
