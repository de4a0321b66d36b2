"""Checks of the ladders and tiers of rules.toml against the other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compstat.findings import Finding
from compstat.workspace.reading import table_place

if TYPE_CHECKING:
    from compstat.workspace.workspace import Workspace

RULES = "rules.toml"
LookUp = Callable[[str, str | None], Iterator[Finding]]


def ladder_checks(workspace: Workspace, scope: LookUp, indicator: LookUp) -> Iterator[Finding]:
    """Unknown names, a name given twice, and triggers that no unit can ever reach."""
    root = workspace.root
    yield from twice(root, RULES, "ladder", [row.ladder for row in workspace.rules.ladder])
    yield from twice(root, RULES, "tier", [row.tier for row in workspace.rules.tier])
    for number, ladder in enumerate(workspace.rules.ladder):
        where = table_place(root, RULES, "ladder", number, ladder.ladder)
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
    for number, tier in enumerate(workspace.rules.tier):
        for code in tier.units:
            yield from scope(table_place(root, RULES, "tier", number, tier.tier), code)


def twice(root: Path, file: str, table: str, names: Sequence[str]) -> Iterator[Finding]:
    """Every table of a settings file whose name an earlier one has."""
    for number, name in enumerate(names):
        if name in names[:number]:
            where = table_place(root, file, table, number, name)
            yield Finding("double-row", where, f'{table} "{name}" is there twice', "Keep one.")
