"""What the rules raised in earlier periods, each judged as it was known then: states, ladders and tiers ask for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from compstat.calendar import Cadence, end_of
from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.flagging import Key
from compstat.rules.ladder.track_record import IN_THE_RECORD, Period, period_of
from compstat.rules.own.own_rules import OWN
from compstat.rules.span_store import read_span
from compstat.store import Store
from compstat.windows.scope import first_known, known_at
from compstat.workspace.settings import Cycle
from compstat.workspace.workspace import Workspace


@dataclass
class Earlier:
    """What was raised in earlier periods of the cycle, judged when first asked for, each as it was known then."""

    store: Store
    workspace: Workspace
    cycle: Cycle
    week: date
    known: datetime
    _whole: dict[int, Evaluation | None] = field(default_factory=dict)
    _keys: dict[tuple[int, str], frozenset[Key]] = field(default_factory=dict)  # what a family raised, no figures

    @property
    def cadence(self) -> Cadence:
        return self.workspace.calendar.cadence(self.cycle.cadence)

    def read_at_once(self, back: int) -> None:
        """Read the figures of so many periods together: a record asks for every one of them."""
        weekly = self.workspace.calendar.cadence("weekly")
        oldest = weekly.start_of(self.cadence.shift(self.cadence.start_of(self.week), -back - 1))
        self.store = read_span(self.store, self.workspace, oldest, self.week)

    def evaluation(self, back: int) -> Evaluation | None:
        """Every flag so many periods before; None where nothing was known of that period."""
        if back not in self._whole:
            self._whole[back] = self._judge(back, set(self._family_of.values()))
        return self._whole[back]

    def period(self, back: int) -> Period | None:
        """What so many periods before adds to the record; the figures it was judged by are not kept."""
        found = self._whole[back] if back in self._whole else self._judge(back, IN_THE_RECORD)
        self._remember(back, IN_THE_RECORD, found)
        return period_of(found) if found else None

    def keys(self, back: int, among: Collection[Key]) -> set[Key]:
        """Which of these were raised so many periods before."""
        families = {self._family_of.get(rule, OWN) for _, _, rule in among}
        if back in self._whole:
            self._remember(back, families, self._whole[back])
        unknown = {family for family in families if (back, family) not in self._keys}
        if unknown:
            self._remember(back, unknown, self._judge(back, unknown))
        return {key for key in among if key in self._keys[back, self._family_of.get(key[2], OWN)]}

    @cached_property
    def _family_of(self) -> dict[str, str]:
        """The family of every rule, the team's own ones being one."""
        return {OWN: OWN} | {rule.rule: rule.family for rule in self.workspace.rules.rule}

    def _remember(self, back: int, families: Collection[str], found: Evaluation | None) -> None:
        raised = found.keys if found else frozenset()
        for family in families:
            self._keys[back, family] = frozenset(key for key in raised if self._family_of.get(key[2], OWN) == family)

    def _judge(self, back: int, families: Collection[str]) -> Evaluation | None:
        weekly = self.workspace.calendar.cadence("weekly")
        newest = self.workspace.calendar.windows(self.cadence, end_of(weekly, self.week)).week.first
        period = self.cadence.shift(newest, -back)
        week = weekly.start_of(end_of(self.cadence, period))
        next_ends = end_of(self.cadence, self.cadence.shift(period, 1))
        moment = known_then(self.store, self.workspace, self.cycle, week, next_ends, self.known)
        if moment is None:
            return None
        return evaluate(self.store, self.workspace, self.cycle, week, moment, families)


def known_then(
    store: Store, workspace: Workspace, cycle: Cycle, week: date, next_ends: date, newest: datetime
) -> datetime | None:
    """The newest moment of a batch before the next period's returns; later only where this one's came later.

    next_ends: the next period's last day. newest: the moment beyond which nothing is looked at.
    """
    came = first_known(store, workspace, cycle, week, newest)
    if came is None:
        return None
    return known_at(store, min(newest, max(came, datetime.combine(next_ends, datetime.max.time()))))
