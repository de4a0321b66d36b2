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
    note: Annotated[str, typer.Option(help="What a reader should know.", metavar="WORDS")] = "",
    waive: Annotated[
        list[str] | None,
        typer.Option(help="A finding of compstat check, taken upon yourself.", metavar="CODE[:UNIT[:INDICATOR]]"),
    ] = None,
    reason: Annotated[
        list[str] | None, typer.Option(help="Why: one for every --waive, or one each.", metavar="WORDS")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", hidden=True, help="When, for historical entries.")] = None,
) -> None:
    """Check a week's data and sign them off, so that its pack is final. A later restatement opens the week again.

    Refused while the checks find errors. A waiver needs a reason, and both are printed in the pack.
    """
    from compstat.cli.moments import moment, no_returns, now, week_start
    from compstat.cli.names import with_codes
    from compstat.quality.checked_week import check_week
    from compstat.quality.sign_off import refuse_others, sign_off
    from compstat.quality.waiver import pair_with_reasons
    from compstat.store import open_store
    from compstat.tracker.identity import who_acts
    from compstat.windows.scope import known_at

    session = session_of(context)
    workspace = session.workspace
    by = who_acts(workspace)
    refuse_others(by)
    waived = pair_with_reasons(waive or [], reason or [])
    chosen = workspace.cycle(cycle)
    with open_store(workspace.store_path) as store:
        start = week_start(workspace, week, store, cycle)
        known = known_at(store, None)
        if known is None:
            raise no_returns()
        found = check_week(store, workspace, chosen, start, known)
        label = workspace.calendar.cadence("weekly").label(start)
        which = f" --week {label}" + (f" --cycle {cycle}" if cycle else "")
        by_code = [with_codes(workspace, one) for one in waived]
        waivers = sign_off(store, chosen, start, by, moment(at) or now(), known, note, found, by_code, which)
    print(f"{label} signed off by {by.title}, figures as known {known:%Y-%m-%d %H:%M}")
    if found:
        waived_count = sum(any(waiver.finding in one.names for waiver in waivers) for one in found)
        session.say(f"Findings of the checks: {len(found)}, waived {waived_count}; the pack's statement has them.")
    session.say(f"Next: compstat prepare{which}")
