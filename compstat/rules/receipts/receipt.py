"""The receipt of a flag: everything that a doubting commander may ask, as one value; `explain` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from compstat.queries import read
from compstat.rules.flag import Flag
from compstat.rules.own.own_rules import OWN, OwnRule, own_rules
from compstat.rules.receipts.worked import worked
from compstat.rules.weeks import WeekFlags
from compstat.store import Store
from compstat.workspace.rulebook import Rule
from compstat.workspace.workspace import Workspace

SQL_OF_WINDOWS = "windows/recent_figures"
# what the receipt calls the windows of its inputs: first and last day are under these names
WINDOW_NAMES = {"": "window", "baseline_": "baseline", "year_ago_": "a year ago"}


def receipt(store: Store, workspace: Workspace, week: WeekFlags, flag: Flag) -> dict[str, Any]:
    """The flag's fields, and beside them its rule, gates, windows, worked formula, break-even, batches and SQL.

    A field that the rule's family does not have is None.
    """
    own = next((one for one in own_rules(workspace) if flag.family == OWN and one.rule == flag.rule), None)
    rule = next((one for one in workspace.rules.rule if one.rule == flag.rule), None)
    batches = store.records("quality/batches_of_cell", unit=flag.unit, indicator=flag.indicator, known_at=flag.known_at)
    return {
        **asdict(flag),
        **_of_rule(workspace, rule, own),
        "windows": windows_of(flag.inputs),
        "worked": worked(flag.family, flag.inputs, flag.p_value),
        "season": season_words(flag.inputs),
        "pool": _pool(week, flag),
        "breakeven": flag.inputs.get("breakeven"),
        "batches": [
            dict(zip(("batch", "recorded_at", "source", "figures"), row.values(), strict=True)) for row in batches
        ],
        "sql": own.text if own else read(SQL_OF_WINDOWS).sql,
    }


def _of_rule(workspace: Workspace, rule: Rule | None, own: OwnRule | None) -> dict[str, Any]:
    return {
        "rule_version": own.version if own else rule.version if rule else None,
        "rules_version": workspace.rules.version,
        "threshold_percent": rule.threshold_percent if rule else None,
        "minimum_gap": rule.minimum_gap if rule else None,
    }


def windows_of(inputs: Mapping[str, Any], above: str = "") -> list[dict[str, str]]:
    """Every window that the inputs name, with first and last day: `name`, `first`, `last`."""
    found = [
        {"name": f"{above} {name}".strip(), "first": inputs[f"{start}first"], "last": inputs[f"{start}last"]}
        for start, name in WINDOW_NAMES.items()
        if inputs.get(f"{start}first")
    ]
    for name, part in inputs.items():
        if isinstance(part, Mapping):
            found += windows_of(part, name.replace("_", " "))
    return found


def season_words(inputs: Mapping[str, Any]) -> str | None:
    """What was done about the season, in words; None for a test that has no season to handle."""
    if "season_handled" not in inputs:
        return None
    said = str(inputs.get("season", ""))
    if not inputs["season_handled"]:
        return f"{said or 'season not handled'}; an ordinary busy season counts as a rise"
    factors = {name: part["season"] for name, part in inputs.items() if isinstance(part, Mapping) and "season" in part}
    times = ", ".join(f"{factor:.3f} ({name.replace('_', ' ')})" for name, factor in factors.items())
    return f"{said or 'season handled'}; what is expected is multiplied by {times}"


def _pool(week: WeekFlags, flag: Flag) -> dict[str, Any] | None:
    """Among how many tests the p value was held, and up to which p one was accepted; None without a p value."""
    decided = [one for one in week.evaluation.decisions.decided if one.judgement.rule.family == flag.family]
    if flag.p_value is None or not decided:
        return None
    return {
        "tests": sum(len(one.judgement.p) for one in decided),
        "accepted_up_to_p": max(one.p_cut for one in decided),
        "watch_up_to_p": max(one.watch_p for one in decided),
    }
