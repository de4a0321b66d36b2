"""A scorecard as shares and means with intervals: one row a rule, group and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy.special import stdtrit

from compstat.rules.rehearsal.scorecard import FLAGGED, NEAR, NEAR_MISS, Later, Scorecard
from compstat.statistics.exact_interval import clopper_pearson

CONFIDENCE = 0.95
NO_PROOF = (
    "This is no proof that flagging helps: flagged cells were further from usual to begin with, such figures fall back "
    "whatever is done, and nobody drew lots who was flagged."
)
Row = dict[str, Any]


def as_public(card: Scorecard) -> dict[str, Any]:
    """The object that `rules scorecard --json` prints; docs/json.md."""
    return {
        "from": card.weeks[0] if card.weeks else None,
        "to": card.weeks[-1] if card.weeks else None,
        "cycle": card.cycle,
        "weeks": len(card.weeks),
        "near_miss_up_to": NEAR,
        "confidence": CONFIDENCE,
        "rows": list(_rows(card)),
        "caution": NO_PROOF,
    }


def _rows(card: Scorecard) -> Iterator[Row]:
    rules = list(dict.fromkeys(one.entry.key[2] for one in card.later))
    for rule in sorted(rules):
        for periods in sorted({one.periods for one in card.later}):
            for group in (FLAGGED, NEAR_MISS):
                every = [one for one in card.later if (one.entry.key[2], one.entry.group) == (rule, group)]
                found = [one for one in every if one.periods == periods]
                if found:
                    yield _row(card, rule, group, periods, found)


def _row(card: Scorecard, rule: str, group: str, periods: int, found: Sequence[Later]) -> Row:
    known = [one for one in found if one.back is not None]
    flagged_later = sum(one.entry in card.flagged_later for one in found)
    return {
        "rule": rule,
        "outcome": str(found[0].entry.outcome),
        "group": group,
        "periods_later": periods,
        "cells": len(found),
        "known": len(known),
        "on_watch_list": sum(one.entry.listed for one in found),
        "flagged_later": flagged_later if group == NEAR_MISS else None,
        **_share("back_within_chance", [bool(one.back) for one in known]),
        **_share("half_of_gap_left", [bool(one.still) for one in known]),
        **_mean("change_percent", [one.change for one in known if one.change is not None]),
    }


def _share(name: str, held: Sequence[bool]) -> Row:
    """A share (0-1) with its exact interval (Clopper and Pearson, 1934)."""
    low, high = clopper_pearson(sum(held), len(held), CONFIDENCE) if held else (None, None)
    return {name: sum(held) / len(held) if held else None, f"{name}_low": low, f"{name}_high": high}


def _mean(name: str, values: Sequence[float]) -> Row:
    """A mean with Student's interval; without one where there are fewer than two values."""
    mean = float(np.mean(values)) if values else None
    if mean is None or len(values) < 2:
        return {name: mean, f"{name}_low": None, f"{name}_high": None}
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5
    reach = float(stdtrit(len(values) - 1, (1 + CONFIDENCE) / 2)) * error
    return {name: mean, f"{name}_low": mean - reach, f"{name}_high": mean + reach}
