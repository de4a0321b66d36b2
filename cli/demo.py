"""`compstat demo`: the sample force, loaded and prepared, in one go."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from compstat.cli.session import Session, session_of

app = typer.Typer(add_completion=False)

SAMPLE_WEEK = "2026-W46"


@app.command(epilog="Example: compstat demo my-demo")
def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new folder, or an earlier demo.")] = Path("compstat-demo"),
) -> None:
    """Make the sample force's workspace, load two and a half years of returns and prepare this week's pack."""
    from compstat.cli.prepare import write_week
    from compstat.cli.progress import steps
    from compstat.workspace.create import DEMO_MARKER, sample_force_into

    outer = session_of(context)
    session = Session(folder, outer.quiet)
    if (folder / DEMO_MARKER).exists():
        outer.say(f"{folder} holds an earlier demo: it is made afresh, and what was changed in it is gone.")
    with steps(outer) as progress:
        progress("laying out the sample force")
        force = sample_force_into(folder)
        _load(session, [(load.recorded_at, load.file) for load in force.loads])
        _act(session, force.actions)
        _, paths = write_week(session, SAMPLE_WEEK, None, None, progress)
    print(paths[0])
    outer.say(f"The pack of {SAMPLE_WEEK}: {len(paths) - 2} unit copies and a manifest lie beside it. Now try:")
    for words in ("flags --week latest", "show unit harbour --week latest", "action list"):
        outer.say(f"  compstat -w {folder} {words}")


def _load(session: Session, loads: list[tuple[object, Path]]) -> None:
    from datetime import datetime

    from compstat.load.batch import Loading
    from compstat.load.load import load_files
    from compstat.store import open_store

    with open_store(session.workspace.store_path) as store:
        for recorded_at, together in groupby(loads, key=lambda load: load[0]):
            assert isinstance(recorded_at, datetime)
            loading = Loading(recorded_at, "demo")
            load_files(store, session.workspace, [path for _, path in together], loading)


def _act(session: Session, actions: Path) -> None:
    from compstat.tracker.history import replay
    from compstat.tracker.tracker import open_tracker

    replay(open_tracker(session.workspace), actions)
