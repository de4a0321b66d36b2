"""`compstat prepare`: the week's briefing pack, on paper."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, WeekOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from compstat.meeting.briefing import Briefing

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat prepare --week 2026-W46")
def prepare(
    context: typer.Context,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    as_of: AsOfOption = None,
    draft: Annotated[
        bool,
        typer.Option("--draft", help="A draft is what is wanted: exit 0 though the week is not signed off."),
    ] = False,
) -> None:
    """Write the pack: briefing.pdf for the room, a copy a unit, and manifest.json with what it was made from.

    Until the week's data are signed off every page says DRAFT, and without --draft the exit code is 1.
    """
    from compstat.cli.progress import steps

    session = session_of(context)
    with steps(session) as progress:
        briefing, paths = write_week(session, week, cycle, as_of, progress)
    print(paths[0])
    session.say(f"{len(paths)} files; {briefing.shown} flags shown, {len(briefing.actions)} actions open.")
    if briefing.draft:
        session.say(f"DRAFT: not signed off. Next: compstat sign-off --week {briefing.week}")
        sys.exit(0 if draft else 1)


def write_week(
    session: Session, week: str, cycle: str | None, as_of: str | None, progress: Callable[[str], None]
) -> tuple[Briefing, list[Path]]:
    """Gather a week and write its pack: what it says, and the files, the briefing first."""
    from compstat.packs.pack import write_pack

    workspace = session.workspace
    briefing, inputs = gather_week(session, week, cycle, as_of, progress)
    first = briefing.cycle.cycle == workspace.cycles[0].cycle
    folder = workspace.root / "packs" / (briefing.week if first else f"{briefing.week}-{briefing.cycle.cycle}")
    options = {"cycle": briefing.cycle.cycle}
    paths = write_pack(
        briefing,
        folder,
        lambda done, total: progress(f"drawing {done} of {total}"),
        inputs=inputs,
        options=options,
    )
    return briefing, paths


def gather_week(
    session: Session,
    week: str,
    cycle: str | None,
    as_of: str | None,
    progress: Callable[[str], None] = lambda _words: None,
) -> tuple[Briefing, dict[str, Any]]:
    """A week's briefing and what it was made from, for the manifest.

    `as_of` of the inputs is the newest moment of anything that the pack shows: preparing as of then gives it again.
    """
    from compstat.cli.moments import moment, week_start
    from compstat.meeting.gather import gather
    from compstat.store import open_store
    from compstat.tracker.tracker import open_tracker

    workspace = session.workspace
    tracker = open_tracker(workspace)
    with open_store(workspace.store_path, read_only=True) as store:
        start = week_start(workspace, week, store, cycle, moment(as_of))
        briefing = gather(store, tracker, workspace, workspace.cycle(cycle), start, moment(as_of), progress)
        batches = store.rows("quality/batches", known_at=briefing.known_at)
    acted = (event.at.replace(tzinfo=None) for event in tracker.events(as_of=moment(as_of)))  # UTC, as the store's
    moments = [briefing.known_at, briefing.quality.signed_at, *acted]
    names = ("batch", "recorded_at", "source", "sha256", "rows", "withdrawn")
    return briefing, {
        "as_of": max(at for at in moments if at),
        "batches": [dict(zip(names, row, strict=True)) for row in batches],
    }
