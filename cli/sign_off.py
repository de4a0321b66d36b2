"""`compstat sign-off`: an analyst finds the week's data fit for the meeting."""

from __future__ import annotations

from typing import Annotated

import typer

from compstat.cli.flags import CycleOption, WeekOption
from compstat.cli.session import session_of

app = typer.Typer(add_completion=False)


@app.command(name="sign-off", epilog="Example: COMPSTAT_USER=m.okafor compstat sign-off --week 2026-W46")
def sign(
    context: typer.Context,
    week: WeekOption = "latest",
    cycle: CycleOption = None,
    note: Annotated[str, typer.Option(help="What a reader should know.")] = "",
    at: Annotated[str | None, typer.Option("--at", hidden=True, help="When, for historical entries.")] = None,
) -> None:
    """Sign a week's data off, so that its pack is final. A later restatement opens the week again."""
    from compstat.cli.moments import moment, no_returns, now, week_start
    from compstat.quality.sign_off import sign_off
    from compstat.rules.scope import known_at, refuse_empty
    from compstat.store import open_store
    from compstat.tracker.identity import who_acts

    session = session_of(context)
    workspace = session.workspace
    by = who_acts(workspace)
    chosen = workspace.cycle(cycle)
    with open_store(workspace.store_path) as store:
        start = week_start(workspace, week, store, cycle)
        known = known_at(store, None)
        if known is None:
            raise no_returns()
        refuse_empty(store, workspace, chosen, start, known)
        sign_off(store, chosen, start, by, moment(at) or now(), known, note)
    label = workspace.calendar.cadence("weekly").label(start)
    print(f"{label} signed off by {by.title}, figures as known {known:%Y-%m-%d %H:%M}")
    session.say(f"Next: compstat prepare --week {label}")
