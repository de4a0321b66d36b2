"""`compstat status`: where the cycle stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from compstat.cli.flags import AsOfOption, CycleOption, JsonOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from datetime import datetime

    from compstat.cli.standing import Standing

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
    from compstat.cli.standing import standing_in
    from compstat.store import open_store
    from compstat.tracker.action import OPEN_STATES
    from compstat.tracker.tracker import open_tracker
    from compstat.windows.scope import END_OF_TIME

    workspace = session.workspace
    chosen = workspace.cycle(cycle)
    tracker = open_tracker(workspace)
    actions = tracker.actions_as_of(as_of or END_OF_TIME, cycle=chosen.cycle)
    page: dict[str, Any] = {
        "organisation": workspace.settings.organisation.name,
        "cycle": chosen.cycle,
        "actions_open": sum(action.state in OPEN_STATES for action in actions),
        "known_at": None,
        "week": None,
        "signed_off": False,
        "reopened": False,
        "batches": [],
    }
    with open_store(workspace.store_path, read_only=True) as store:
        found = standing_in(store, session, cycle, as_of)
        if found is None:
            return {**page, "next": "compstat week" if _inbox(session) else "compstat load FILE"}
        batches = store.rows("quality/batches", known_at=found.known)
    held = any((row.week, row.cycle) == (found.week, chosen.cycle) for row in tracker.meetings(as_of))
    names = ("batch", "recorded_at", "source", "sha256", "rows", "withdrawn")
    return {
        **page,
        "known_at": found.known,
        "week": found.week,
        "signed_off": found.signed is not None,
        "reopened": found.fallen is not None,
        "sentence": found.sentence,
        "batches": [dict(zip(names, row, strict=True)) for row in batches],
        "next": _next(session, found, held),
    }


def _inbox(session: Session) -> bool:
    """Whether a return waits in the inbox."""
    folder = session.workspace.root / "inbox"
    return folder.is_dir() and any(path.is_file() and not path.name.startswith(".") for path in folder.iterdir())


def _next(session: Session, found: Standing, held: bool) -> str:
    """The first step of the round; the round itself where something waits, or the week was not looked at yet."""
    from compstat.meeting.next_steps import Round, next_steps

    cycle = "" if found.first_cycle else found.cycle
    analyst = any(row.role == "analyst" for row in session.workspace.people)
    if _inbox(session):
        return "compstat week" + (f" --cycle {cycle}" if cycle else "")
    return next_steps(
        Round(
            found.week,
            cycle,
            signed_off=found.signed is not None,
            printed=_printed(session, found),
            closed=held,
            analyst=analyst,
        )
    )[0].command


def _printed(session: Session, found: Standing) -> bool:
    """Whether the week's final pack lies in packs/: its manifest says that it is no draft."""
    import json

    name = found.week if found.first_cycle else f"{found.week}-{found.cycle}"
    try:
        manifest = json.loads((session.workspace.root / "packs" / name / "manifest.json").read_text("utf-8"))
        return manifest["draft"] is False
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _print(page: dict[str, Any]) -> None:
    from compstat.cli.text import print_table, printable

    print(printable(f"{page['organisation']}, cycle {page['cycle']}"))
    if page["week"]:
        print(printable(page["sentence"]))
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
