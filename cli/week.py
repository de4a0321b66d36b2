"""`compstat week`: the weekly round in one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from compstat.cli.flags import CycleOption, JsonOption, WeekOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compstat.findings import Finding
    from compstat.load.inbox import Taken
    from compstat.meeting.briefing import Briefing
    from compstat.meeting.next_steps import Step
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat week --week 2026-W46")
def week(
    context: typer.Context,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the inbox, check the week's data, raise its flags, write its pack, and say what to do next.

    The exit code is 1 when a file was refused or a check found an error.
    """
    from datetime import date

    from compstat.cli.inbox import print_taken, rows_for_programs, take
    from compstat.cli.load import who_loads
    from compstat.cli.moments import now
    from compstat.cli.progress import steps
    from compstat.load.batch import Loading

    session = session_of(context)
    taken = take(session, lambda: Loading(now(), who_loads(), local_day=date.today()))
    if not as_json:
        print_taken(session, taken)
    with steps(session) as progress:
        from compstat.cli.check import findings_of_week
        from compstat.cli.prepare import write_week

        progress("checking")
        found = findings_of_week(session, week, cycle, None)
        briefing, paths = write_week(session, week, cycle, None, progress)
    open_steps = _next(session, briefing, taken, found)
    pack = paths[0].relative_to(session.workspace.root)
    if as_json:
        _print_for_programs(briefing, str(pack), rows_for_programs(taken), found, open_steps)
    else:
        _print(briefing, str(pack), found, open_steps)
    sys.exit(1 if any(file.refused for file in taken) or _errors(found) else 0)


def _errors(found: Sequence[Finding]) -> int:
    return sum(finding.severity == "error" for finding in found)


def _next(session: Session, briefing: Briefing, taken: Sequence[Taken], found: Sequence[Finding]) -> list[Step]:
    from compstat.meeting.next_steps import Round, next_steps
    from compstat.tracker.tracker import open_tracker

    first = briefing.cycle.cycle == session.workspace.cycles[0].cycle
    held = open_tracker(session.workspace).meetings()
    return next_steps(
        Round(
            week=briefing.week,
            cycle="" if first else briefing.cycle.cycle,
            refused=tuple(file.file for file in taken if file.refused),
            missing=tuple(dict.fromkeys(unit for unit, _ in briefing.quality.missing)),
            errors=_errors(found),
            signed_off=not briefing.draft,
            analyst=has_analyst(session.workspace),
            closed=any((row.week, row.cycle) == (briefing.week, briefing.cycle.cycle) for row in held),
        )
    )


def has_analyst(workspace: Workspace) -> bool:
    """Whether people.csv names somebody who may sign off."""
    return any(row.role == "analyst" for row in workspace.people)


def _flags(briefing: Briefing) -> str:
    """How many, beside what chance would raise; or that nothing was tested, which is no all-clear."""
    from compstat.packs.sections.counts import tested_nothing

    shown = f"{briefing.shown} shown"
    if nothing := tested_nothing(briefing):
        return f"{shown}. {nothing}"
    return f"{shown}, {briefing.expected_by_chance:.1f} expected by chance"


def _known(briefing: Briefing) -> str:
    """As known when; the tracker too, where it has newer entries than the figures."""
    words = f"figures as known {briefing.known_at:%Y-%m-%d %H:%M}"
    if briefing.acted_at is None or briefing.acted_at <= briefing.known_at:
        return words
    return f"{words}, actions as known {briefing.acted_at:%Y-%m-%d %H:%M}"


def _counted(found: Sequence[Finding]) -> str:
    """`1 error, 4 warnings, 1 information`; `nothing found`."""
    from collections import Counter

    counts = Counter(str(finding.severity) for finding in found)
    words = [f"{n} {word}" + ("s" if n > 1 and word != "information" else "") for word, n in counts.items()]
    return ", ".join(words) or "nothing found"


def _print_for_programs(
    briefing: Briefing, pack: str, inbox: list[dict[str, Any]], found: Sequence[Finding], open_steps: Sequence[Step]
) -> None:
    from dataclasses import asdict

    from compstat.cli.text import print_json

    print_json(
        {
            "week": briefing.week,
            "cycle": briefing.cycle.cycle,
            "known_at": briefing.known_at,
            "inbox": inbox,
            "findings": [asdict(finding) for finding in found],
            "flags_shown": briefing.shown,
            "expected_by_chance": briefing.expected_by_chance,
            "signed_off": not briefing.draft,
            "pack": pack,
            "next": [asdict(step) for step in open_steps],
        }
    )


def _print(briefing: Briefing, pack: str, found: Sequence[Finding], open_steps: Sequence[Step]) -> None:
    from compstat.cli.text import printable

    lines = [
        f"Week    {briefing.week}, {_known(briefing)}",
        f"Checks  {_counted(found)}",
        f"Flags   {_flags(briefing)}",
        f"Pack    {pack}{' (DRAFT)' if briefing.draft else ''}",
        *(f"{'Next' if n == 0 else 'Then':<8}{step.why}: {step.command}" for n, step in enumerate(open_steps)),
    ]
    print(printable("\n".join(lines)))
