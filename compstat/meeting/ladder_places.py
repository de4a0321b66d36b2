"""Where every unit stands on the ladders: since when, by which trigger and which flags, what is to be signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from compstat.meeting.briefing import LadderPlace
from compstat.rules.ladder.ladder import Counted, Standing
from compstat.rules.weeks import WeekFlags
from compstat.rules.wording import period_name
from compstat.workspace.ladders import Step
from compstat.workspace.workspace import Workspace


def ladder_places(week: WeekFlags) -> tuple[LadderPlace, ...]:
    """One place a unit and ladder, in the order of the ladders and units; empty where none is declared."""
    scope = week.evaluation.scope
    name = period_name(scope.cycle.cadence)
    return tuple(_place(scope.workspace, row, name) for row in week.standings)


def _place(workspace: Workspace, standing: Standing, name: str) -> LadderPlace:
    since, or_earlier = _since(workspace, standing)
    signed = standing.signed if standing.step > Step.SUPPORT else None
    person = workspace.person(signed.signed_by) if signed else None
    signer = person.title if person else signed.signed_by if signed else ""
    return LadderPlace(
        ladder=standing.ladder,
        unit=standing.unit,
        covers=tuple(sorted(standing.covers)),  # a set has another order in every run
        step=standing.step.word,
        because=standing.because,
        since=since,
        or_earlier=or_earlier,
        receipts=_receipts(standing.periods),
        proposed=standing.proposed.word if standing.proposed is not None else "",
        leaves=_leaves(standing, name),
        signed_by=signer,
        reason=signed.reason if signed else "",
        refused=signed.refused if signed else "",
    )


def _receipts(periods: Sequence[Counted]) -> tuple[tuple[str, int], ...]:
    """The flags counted, those of most periods first."""
    found = Counter(code for one in periods for code in one.flags)
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _leaves(standing: Standing, name: str) -> str:
    """Silence brings down what the rule moved; a signed step stands until a lower one is signed."""
    if standing.step > Step.SUPPORT:
        return "left when a challenger signs a lower step"
    if standing.leaves_in is None or standing.step is Step.CHALLENGE:
        return ""
    # above support the periods tell of the step that is proposed, not of the one in force
    what = "no longer proposed" if standing.reached > Step.SUPPORT else "left"
    return f"{what} after {standing.leaves_in} {name}{'s' if standing.leaves_in > 1 else ''} without a concern"


def _since(workspace: Workspace, standing: Standing) -> tuple[date | None, bool]:
    """The day on which the step in force began, and whether it may have begun before it; None on the first step."""
    signed = standing.signed.signed_at.date() if standing.signed else None
    if standing.step is Step.CHALLENGE:
        return None, False
    if standing.step > Step.SUPPORT or standing.since is None:
        return signed, False
    held = workspace.calendar.week_of(standing.since.week) + timedelta(days=6)
    if signed is not None and held <= signed:  # it came down from a signed step
        return signed, False
    return held, standing.since.or_earlier
