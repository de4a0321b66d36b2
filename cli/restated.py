"""`compstat restated`: what changed after it had been published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from compstat.cli.flags import AsOfOption, JsonOption
from compstat.cli.session import session_of

if TYPE_CHECKING:
    from compstat.quality.restated import Restated

app = typer.Typer(add_completion=False)


def decimals(change: Restated) -> int:
    """Decimals that a change is printed with: none where both figures are whole."""
    figures = [value for value in (change.was, change.now) if value is not None]
    return 0 if all(value == int(value) for value in figures) else 1


@app.command(epilog="Example: compstat restated --since 2026-11-09")
def restated(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="A moment: 2026-11-09T18:00, or a date (its end).")],
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every figure that replaced another since a moment: what it was and is, who recorded it where."""
    from compstat.cli.moments import moment
    from compstat.cli.text import number, print_json, print_table, signed
    from compstat.quality.restated import restated_since
    from compstat.store import open_store
    from compstat.windows.scope import END_OF_TIME

    workspace = session_of(context).workspace
    after = moment(since)
    assert after is not None, "the option is required"
    with open_store(workspace.store_path, read_only=True) as store:
        changes = restated_since(store, after, moment(as_of) or END_OF_TIME)
    if as_json:
        print_json([change._asdict() for change in changes])
        return
    rows = [
        [
            change.unit,
            change.indicator,
            change.period_start.isoformat(),
            number(change.was, decimals(change)),
            number(change.now, decimals(change)),
            "" if change.change is None else signed(change.change, decimals(change)),
            f"{change.recorded_at:%Y-%m-%d %H:%M}",
            change.loaded_by or "",
            change.source,
        ]
        for change in changes
    ]
    if rows:
        print_table(
            ["unit", "indicator", "period", "was", "now", "change", "recorded", "by", "source"],
            rows,
            right=[3, 4, 5],
        )
    else:
        print("Nothing was restated.")
