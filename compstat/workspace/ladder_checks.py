"""Checks of the ladders and tiers of rules.toml against the other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from compstat.findings import Finding

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace

LookUp = Callable[[str, str | None], Iterator[Finding]]


def ladder_checks(workspace: Workspace, scope: LookUp, indicator: LookUp) -> Iterator[Finding]:
    """Unknown names, a name given twice, and triggers that no unit can ever reach."""
    yield from _twice("ladder", [row.ladder for row in workspace.rules.ladder])
    yield from _twice("tier", [row.tier for row in workspace.rules.tier])
    for ladder in workspace.rules.ladder:
        where = f"rules.toml [[ladder]] {ladder.ladder}"
        for code in ladder.units:
            yield from scope(where, code)
        for code in ladder.indicators:
            if code != "*":
                yield from indicator(where, code)
        most = len(workspace.indicators) if "*" in ladder.indicators else len(set(ladder.indicators))
        for trigger in () if ladder.below else ladder.trigger:
            if trigger.concerns > most:
                message = f"{trigger.step} wants {trigger.concerns} concerns, and the ladder has {most} indicators"
                yield Finding("bad-setting", where, message, "Ask for fewer concerns, or name more indicators.")
    for tier in workspace.rules.tier:
        for code in tier.units:
            yield from scope(f"rules.toml [[tier]] {tier.tier}", code)


def _twice(what: str, names: Sequence[str]) -> Iterator[Finding]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Finding("double-row", "rules.toml", f'{what} "{name}" is there twice', "Keep one.")
