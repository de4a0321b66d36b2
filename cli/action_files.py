"""The commands of `compstat action` that write and read files for spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compstat.cli.session import session_of
from compstat.cli.tracking import record_of, tracker_of

app = typer.Typer(add_completion=False)


@app.command("export", epilog="Example: compstat action export open-actions.csv")
def export_actions(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="The CSV file to write.")]
) -> None:
    """Write every action to a CSV file for a spreadsheet, in the columns that import reads.

    A cell that starts with = + - @ or a tab gets an apostrophe in front, so that no spreadsheet runs it as a
    formula; import takes it off again. The file holds the last note only: the whole record is in action log.
    """
    from compstat.cli.text import printable
    from compstat.tracker.sheet import write_actions

    rows = write_actions(file, record_of(session_of(context)).actions_as_of())
    print(printable(f"{rows} actions written to {file}"))


@app.command("import", epilog="Example: compstat action import actions.csv")
def import_actions(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A CSV file as export writes it.")]
) -> None:
    """Put actions from before on record, with their own times: all of the file or nothing.

    The same file twice changes nothing. Only an analyst or a challenger may import.
    """
    from compstat.cli.text import printable
    from compstat.tracker.history import replay
    from compstat.tracker.identity import who_acts
    from compstat.tracker.rights import check_decides

    tracker = tracker_of(session_of(context))
    person = who_acts(tracker.workspace)
    check_decides(person, "import actions")
    added = replay(tracker, file, person.person)
    print(printable(f"{added} actions put on record from {file}"))
