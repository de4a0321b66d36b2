"""`compstat status`: where the cycle stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from datetime import datetime

app = typer.Typer(add_completion=False)
BATCHES_SHOWN = 5


@app.command(epilog="Example: compstat status")
def status(
    context: typer.Context, cycle: CycleOption = None, as_of: AsOfOption = None, as_json: JsonOption = False
) -> None:
    """Say what the store holds, what was loaded last, how many actions are open, and what to do next."""
    from compstat.cli.moments import moment

    session = session_of(context)
    page = _page(session, cycle, moment(as_of))
    if as_json:
        from compstat.cli.text import print_json

        print_json(page)
    else:
        _print(page)


def _page(session: Session, cycle: str | None, as_of: datetime | None) -> dict[str, Any]:
    from compstat.cli.moments import week_start
    from compstat.quality.sign_off import standing_sign_off
    from compstat.rules.scope import END_OF_TIME, known_at
    from compstat.store import open_store
    from compstat.tracker.action import OPEN_STATES
    from compstat.tracker.tracker import open_tracker

    workspace = session.workspace
    chosen = workspace.cycle(cycle)
    actions = open_tracker(workspace).actions_as_of(as_of or END_OF_TIME, cycle=chosen.cycle)
    page: dict[str, Any] = {
        "organisation": workspace.settings.organisation.name,
        "cycle": chosen.cycle,
        "actions_open": sum(action.state in OPEN_STATES for action in actions),
        "known_at": None,
        "week": None,
        "signed_off": False,
        "batches": [],
    }
    with open_store(workspace.store_path, read_only=True) as store:
        known = known_at(store, as_of)
        if known is None:
            return {**page, "next": "compstat load FILE"}
        start = week_start(workspace, "latest", store, cycle, as_of)
        signed = standing_sign_off(store, chosen, start, as_of or END_OF_TIME) is not None
        batches = store.rows("quality/batches", known_at=known)
    week = workspace.calendar.cadence("weekly").label(start)
    names = ("batch", "recorded_at", "source", "sha256", "rows", "withdrawn")
    return {
        **page,
        "known_at": known,
        "week": week,
        "signed_off": signed,
        "batches": [dict(zip(names, row, strict=True)) for row in batches],
        "next": f"compstat prepare --week {week}" if signed else f"compstat flags --week {week}",
    }


def _print(page: dict[str, Any]) -> None:
    from compstat.cli.text import print_table, printable

    print(printable(f"{page['organisation']}, cycle {page['cycle']}"))
    if page["week"]:
        signed = "signed off" if page["signed_off"] else "not signed off"
        print(f"Newest week {page['week']}, {signed}; figures as known {page['known_at']:%Y-%m-%d %H:%M}")
    print(f"{page['actions_open']} actions open\n")
    rows = [
        [
            row["batch"],
            f"{row['recorded_at']:%Y-%m-%d %H:%M}",
            row["source"],
            f"{row['rows']:,}",
            "withdrawn" if row["withdrawn"] else "",
        ]
        for row in page["batches"][:BATCHES_SHOWN]
    ]
    if rows:
        print_table(["batch", "recorded", "source", "figures", ""], rows, right=[3])
    print(f"\nNext: {page['next']}")
