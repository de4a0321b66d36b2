"""`compstat withdraw`: take a whole batch back."""

from __future__ import annotations

from typing import Annotated

import typer

from compstat.cli.session import session_of

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat withdraw B-0007")
def withdraw(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(help="The batch, as load and status print it.")],
    recorded_at: Annotated[str | None, typer.Option(help="When it was withdrawn, for historical entries.")] = None,
) -> None:
    """Take a batch back. Its figures are closed, not deleted; what they had replaced stands again. For analysts."""
    from compstat.cli.load import who_withdraws
    from compstat.cli.moments import moment, now
    from compstat.load.withdraw import withdraw_batch
    from compstat.store import open_store

    session = session_of(context)
    by = who_withdraws(session.workspace, "a batch")
    with open_store(session.workspace.store_path) as store:
        done = withdraw_batch(store, batch, moment(recorded_at) or now(), by)
    print(f"{done.batch} withdrawn: {done.closed:,} figures closed, {done.restored:,} earlier ones stand again")
