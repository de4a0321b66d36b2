"""`compstat doctor`: whether all that a round needs is there and whole."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from compstat.cli.flags import JsonOption
from compstat.cli.session import Session, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compstat.meeting.health import Examined

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat doctor")
def doctor(context: typer.Context, as_json: JsonOption = False) -> None:
    """Look whether the tables, the store, the tracker, the fonts and the disk are fit for a round.

    Exit code 0 when all is well, else the class of the first part that is not: 10 the tables or the feeds, 12 a store
    in use, 14 the tracker, 15 the store or the disk, 19 the fonts.
    """
    parts = _examine(session_of(context))
    if as_json:
        from compstat.cli.text import print_json

        print_json([{**asdict(part), "well": part.exit_code == 0} for part in parts])
    else:
        _print(parts)
    sys.exit(next((part.exit_code for part in parts if part.exit_code), 0))


def _examine(session: Session) -> list[Examined]:
    """Every part, whatever is wrong with another; what needs the tables waits until they can be read."""
    from compstat.meeting import health
    from compstat.workspace.root import find_root

    root = find_root(session.chosen)
    parts = [health.examined("workspace", lambda: f"{root}: {health.tables(root)}")]
    if parts[0].exit_code == 0:
        workspace = session.workspace
        if workspace.feeds.feed or workspace.feed_problems:
            parts.append(health.examined("feeds", lambda: f"{len(workspace.sound_feeds.feed):,} in feeds.toml"))
        parts += [
            health.examined("store", lambda: health.store(workspace)),
            health.examined("tracker", lambda: health.tracker(workspace)),
        ]
        if not any(part.exit_code for part in parts):
            parts.append(health.examined("week", lambda: _newest(session)))
    parts += [
        health.examined("disk", lambda: health.room(root)),
        health.examined("fonts", _fonts),
        health.examined("versions", health.versions),
    ]
    return parts


def _newest(session: Session) -> str:
    from compstat.cli.standing import standing

    found = standing(session, None, None)
    return found.sentence if found else "no return is loaded yet"


def _fonts() -> str:
    from compstat.findings import CompstatError, Finding

    try:
        from compstat.packs.type import register_fonts

        return f"Source Sans, {len(register_fonts()):,} characters in every weight"
    except Exception as error:  # whatever keeps the font from being read keeps every page from being printed
        fix = "Install compstat again: pip install --force-reinstall font-source-sans-pro"
        raise CompstatError(Finding("no-fonts", "", f"the pages' font cannot be read: {error}", fix)) from None


def _print(parts: Sequence[Examined]) -> None:
    from compstat.cli.text import printable

    for part in parts:
        print(printable(f"{part.part:<10}{'ok    ' if part.exit_code == 0 else 'WRONG '}{part.words}"))
        for finding in part.findings:
            print(printable("  " + str(finding).replace("\n", "\n  ")))
