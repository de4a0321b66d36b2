"""The record of a unit: judged by the families that can add to it alone, and the same as if by all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rules_example import W46, sample_force

from compstat.rules.evaluation import Evaluation, evaluate
from compstat.rules.families import FAMILIES
from compstat.rules.flag import Outcome
from compstat.rules.ladder.track_record import IN_THE_RECORD, period_of
from compstat.rules.own.own_rules import OWN
from compstat.windows.scope import known_at


def judged(back: int, families: set[str]) -> Evaluation:
    sample = sample_force()
    known = known_at(sample.store, None)
    assert known is not None
    week = W46 - timedelta(weeks=back)
    return evaluate(sample.store, sample.workspace, sample.workspace.cycle(), week, known, families)


@pytest.mark.parametrize("back", [0, 2, 9])
def test_the_other_families_add_nothing(back: int) -> None:
    whole = period_of(judged(back, {*FAMILIES, OWN}))
    assert whole == period_of(judged(back, set(IN_THE_RECORD)))
    assert whole.concerns


def test_every_family_that_raises_a_concern_is_in_the_record() -> None:
    made = judged(0, set(FAMILIES)).decisions.decided
    assert {one.judgement.rule.family for one in made} == set(FAMILIES)
    concerns = {one.judgement.rule.family for one in made if one.judgement.outcome is Outcome.CONCERN}
    assert concerns == IN_THE_RECORD - {"no_return", OWN}
