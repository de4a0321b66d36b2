"""Steps of the ladder above support: a named person signs them, with a reason; removal with what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from compstat.findings import Finding, PermissionRefusedError, UsageError
from compstat.store import Store
from compstat.workspace.ladders import Step
from compstat.workspace.settings import Cycle
from compstat.workspace.tables import Person, Role

if TYPE_CHECKING:
    from compstat.rules.ladder.ladder import Standing


@dataclass(frozen=True, slots=True)
class SignedStep:
    """One step as it was signed. proposed: what the triggers reached then. entered_by: who wrote it down."""

    ladder: str
    unit: str
    week_start: date
    step: Step
    reason: str
    refused: str
    proposed: Step
    signed_by: str
    entered_by: str
    signed_at: datetime


def signed_steps(store: Store, cycle: Cycle, week: date, as_of: datetime) -> dict[tuple[str, str], SignedStep]:
    """The step that holds for each ladder and unit: the newest signed by a moment, for a week up to this one."""
    rows = store.records("ladder/steps", cycle=cycle.cycle, week_start=week, as_of=as_of)
    found = (SignedStep(**{**row, **{name: Step[row[name].upper()] for name in ("step", "proposed")}}) for row in rows)
    return {(one.ladder, one.unit): one for one in found}


def sign_step(store: Store, cycle: Cycle, standing: Standing, signed: SignedStep, by: Person) -> None:
    """Record a signed step. Raises PermissionRefusedError, or UsageError for a step that is not there to be signed."""
    if by.role is not Role.CHALLENGER:
        message = f"{by.title} is {by.role}; a step of the ladder is signed by a challenger"
        fix = "Say who signed it: --by PERSON, a challenger of people.csv."
        raise PermissionRefusedError(Finding("not-a-challenger", "", message, fix))
    _refuse_unreasoned(signed)
    _refuse_unproposed(standing, signed.step)
    store.run(
        "ladder/insert_step",
        cycle=cycle.cycle,
        ladder=signed.ladder,
        unit=signed.unit,
        week_start=signed.week_start,
        step=signed.step.word,
        reason=signed.reason,
        refused=signed.refused,
        proposed=signed.proposed.word,
        signed_by=signed.signed_by,
        entered_by=signed.entered_by,
        signed_at=signed.signed_at,
    )


def _refuse_unreasoned(signed: SignedStep) -> None:
    if not signed.reason.strip():
        message = "a step of the ladder is signed with a reason, and none was given"
        raise UsageError(Finding("step-without-reason", "", message, 'Give one: --reason "..."'))
    if signed.step is Step.REMOVAL and not signed.refused.strip():
        message = "removal is for prolonged under-performance with resistance to change; what was refused is not said"
        fix = 'Say what was asked and refused, and when: --refused "..."'
        raise UsageError(Finding("step-without-reason", "", message, fix))


def _refuse_unproposed(standing: Standing, step: Step) -> None:
    """A step up is signed when the triggers propose it, a step down whenever one above support is in force."""
    down = standing.step > Step.SUPPORT and step < standing.step
    if step == standing.proposed or down:
        return
    if standing.proposed is None:
        message = f"nothing is to be signed: {standing.unit} is at {standing.step.word} ({standing.because})"
    else:
        message = (
            f"{standing.unit} is at {standing.step.word}, and {standing.proposed.word} is proposed, not {step.word}"
        )
    raise UsageError(Finding("step-not-proposed", "", message, f"See: compstat ladder show {standing.unit}"))
