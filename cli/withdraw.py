"""`compstat withdraw`: take a whole batch back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.session import session_of

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat withdraw B-0007")
def withdraw(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(help="The batch, as load and status print it.")],
    recorded_at: Annotated[str | None, typer.Option(help="When it was withdrawn, for historical entries.")] = None,
) -> None:
    """Take a batch back. Its figures are closed, not deleted; what they had replaced stands again. For analysts."""
    from compstat.cli.moments import moment, now
    from compstat.load.withdraw import withdraw_batch
    from compstat.store import open_store

    session = session_of(context)
    by = _who_withdraws(session.workspace)
    with open_store(session.workspace.store_path) as store:
        done = withdraw_batch(store, batch, moment(recorded_at) or now(), by)
    print(f"{done.batch} withdrawn: {done.closed:,} figures closed, {done.restored:,} earlier ones stand again")


def _who_withdraws(workspace: Workspace) -> str:
    """Whoever takes the batch back. Raises PermissionRefusedError for anybody but an analyst.

    Where people.csv names nobody there are no roles yet: then as with `load`, whoever it is.
    """
    from compstat.cli.load import who_loads
    from compstat.findings import Finding, PermissionRefusedError
    from compstat.tracker.identity import who_acts
    from compstat.workspace.tables import Role

    if not workspace.people:
        return who_loads()
    by = who_acts(workspace)
    if by.role is not Role.ANALYST:
        message = f"{by.title} is {by.role}; a batch is taken back by an analyst"
        raise PermissionRefusedError(Finding("not-an-analyst", "", message, "Ask an analyst of people.csv."))
    return by.person
