"""The checks of a week's data, one file each, in the order in which their findings are told."""

from __future__ import annotations

from compstat.quality.checks import (
    breaks,
    fractional_count,
    heaped,
    impossible_figure,
    improbable_stability,
    improbably_good,
    late_return,
    leaking,
    missing_return,
    most_missing,
    no_direction,
    no_owner,
    not_agreed,
    outlier,
    review_overdue,
    silence,
    sub_total,
    sum_mismatch,
)

CHECKS = (
    impossible_figure.CHECK,
    fractional_count.CHECK,
    sum_mismatch.CHECK,
    sub_total.CHECK,
    silence.CHECK,
    most_missing.CHECK,
    missing_return.CHECK,
    late_return.CHECK,
    outlier.CHECK,
    leaking.CHECK,
    improbably_good.CHECK,
    improbable_stability.CHECK,
    heaped.CHECK,
    no_direction.CHECK,
    no_owner.CHECK,
    not_agreed.CHECK,
    review_overdue.CHECK,
    breaks.CHECK,
)
