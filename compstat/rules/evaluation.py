"""One week judged: windows read, every family asked, every flag raised; before states, ranks and seats."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial

from compstat.rules.decision import Decisions, decide
from compstat.rules.families import FAMILIES
from compstat.rules.flagging import Key, Raised, flags_of, keys_of, outlines_of
from compstat.rules.history.force_season import read_totals
from compstat.rules.history.panel_history import History
from compstat.rules.history.persistence import read_earlier
from compstat.rules.history.restatement import learn
from compstat.rules.own.own_rules import OWN, OwnFlag, own_flags
from compstat.store import Store
from compstat.windows.panel import read_panel
from compstat.windows.scope import Scope, open_scope, put_cells
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace


@dataclass(frozen=True)
class Evaluation:
    """All that the rules say of one week as known at a moment. histories: by cadence, for charts and receipts.

    own: what the team's own rules raise.
    """

    scope: Scope
    decisions: Decisions
    histories: dict[str, History]
    own: tuple[OwnFlag, ...] = ()

    @cached_property
    def raised(self) -> tuple[Raised, ...]:
        """Every flag of the week, the watch list included; in the order of the rules."""
        ours = (one for decided in self.decisions.decided for one in flags_of(decided, self.scope, self.histories))
        return (*ours, *self._own_raised)

    @property
    def outlines(self) -> tuple[Raised, ...]:
        """The same in outline: whose they are and what orders them, without sentences and receipts."""
        ours = (one for decided in self.decisions.decided for one in outlines_of(decided, self.scope))
        return (*ours, *self._own_raised)

    @property
    def _own_raised(self) -> tuple[Raised, ...]:
        return tuple(Raised(one.flag, one.order, abs(one.flag.comparator or 0.0)) for one in self.own)

    @cached_property
    def keys(self) -> frozenset[Key]:
        """Whose flags they are, without the work of writing them out."""
        own = ((one.flag.unit, one.flag.indicator, one.flag.rule) for one in self.own)
        return frozenset((*(key for decided in self.decisions.decided for key in keys_of(decided)), *own))


def evaluate(
    store: Store,
    workspace: Workspace,
    cycle: Cycle,
    week: date,
    known_at: datetime,
    families: Collection[str] = (*FAMILIES, OWN),
) -> Evaluation:
    """Judge the week that starts on this day, as known at this moment (of a batch), by the rules of these families."""
    scope = open_scope(store, workspace, cycle, week, known_at)
    put_cells(store, scope)
    panels = [
        read_panel(store, scope, workspace.calendar.cadence(name)) for name in scope.windows if scope.cells_of(name)
    ]
    histories = {
        panel.cadence.name: History(
            panel,
            workspace.rules.decision,
            partial(learn, store, panel.cadence, panel.starts, known_at),
            partial(read_totals, store, panel),
            partial(read_earlier, store, scope, panel.cadence),
        )
        for panel in panels
    }
    judgements = [
        judgement
        for rule in workspace.rules.rule
        if rule.family in families
        for history in histories.values()
        for judgement in FAMILIES[rule.family](rule, history)
    ]
    own = own_flags(store, scope) if OWN in families else ()
    return Evaluation(scope, decide(judgements, workspace.rules.decision), histories, own)
