"""What a unit's figure is when an action is raised, from the store: how much there is to promise."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING

from compstat.tracker.possible import PresentFigure
from compstat.windows.panel import read_panel
from compstat.windows.scope import open_scope, put_cells

if TYPE_CHECKING:
    from compstat.store import Store
    from compstat.workspace.settings import Cycle
    from compstat.workspace.workspace import Workspace


def present_figure(
    store: Store, workspace: Workspace, cycle: Cycle, unit: str, indicator: str, week: date, known: datetime
) -> PresentFigure | None:
    """The figure of a unit in a week as known at a moment; None where a return of the recent window is missing.

    Over the recent window a count is its total, anything else its level. The store's table `scope` is another
    afterwards.
    """
    scope = open_scope(store, workspace, cycle, week, known).of_indicators({indicator})
    put_cells(store, scope)
    panel = read_panel(store, scope, workspace.cadence_of(indicator))
    places = panel.at_unit(indicator, unit)
    if not places.size:
        return None
    place, recent = int(places[0]), panel.cadence.recent
    amount, volume = (float(part[place, -recent:].sum()) for part in (panel.amount, panel.volume))
    newest = float(panel.value[place, -1])
    if math.isnan(amount) or math.isnan(newest) or not volume > 0:
        return None
    total = panel.indicators[place].aggregate == "sum"
    return PresentFigure(newest, amount if total else amount / volume * float(panel.scale[place]), recent)
