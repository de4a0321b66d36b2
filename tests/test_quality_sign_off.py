"""Sign-off: refused while errors stand; waivers need a reason, are kept with the sign-off and fall with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from quality_example import OWNED, found, owned, poisson
from rules_example import W46, Force, history

from compstat.findings import DataError, PermissionRefusedError, UsageError
from compstat.quality.sign_off import SignOff, sign_off, standing_sign_off
from compstat.quality.waiver import Waived, Waiver, pair_with_reasons
from compstat.windows.scope import known_at

SIGNED = datetime(2026, 11, 17, 9)
LATER = datetime(2026, 11, 18, 9)
SUM = '[[sum]]\ntotal = "all_crime"\nparts = ["burglary", "theft"]\n'
SUMMED = f"{OWNED}theft,lower,count,avery\nall_crime,lower,count,avery\n"


def with_error(root: Path, total: float = 99.0) -> Force:
    """A force whose total is not the sum of its parts this week."""
    force = owned(Force(root, indicators=SUMMED, rules=SUM))
    parts = {("north", "burglary"): poisson(1, 10), ("north", "theft"): poisson(2, 10)}
    sums = [one + other for one, other in zip(*parts.values(), strict=True)]
    return force.load({**parts, ("north", "all_crime"): history(sums, total)})


def sign(force: Force, *waived: Waived, by: str = "avery", at: datetime = SIGNED) -> tuple[Waiver, ...]:
    person, known = force.workspace.person(by), known_at(force.store, None)
    assert person and known
    return sign_off(force.store, force.workspace.cycle(), W46, person, at, known, "", found(force), waived)


def standing(force: Force, as_of: datetime = datetime.max) -> SignOff | None:
    return standing_sign_off(force.store, force.workspace.cycle(), W46, as_of)


def test_a_week_with_an_error_is_not_signed_off(tmp_path: Path) -> None:
    force = with_error(tmp_path)
    with pytest.raises(DataError) as refused:
        sign(force)
    assert [finding.code for finding in refused.value.findings] == ["sum-mismatch"]
    assert "--waive" in refused.value.summary and standing(force) is None


def test_a_week_with_nothing_worse_than_warnings_is_signed_off(tmp_path: Path) -> None:
    force = owned(Force(tmp_path, indicators=OWNED)).load({("north", "burglary"): history(poisson(1, 10), 90)})
    assert [one.finding.severity for one in found(force)] == ["warning"]
    assert sign(force) == ()
    signed = standing(force)
    assert signed is not None and signed.waivers == ()


@pytest.mark.parametrize("name", ["sum-mismatch", "sum-mismatch:north", "sum-mismatch:north:all_crime"])
def test_a_waiver_lets_it_through_and_is_kept_with_its_reason(tmp_path: Path, name: str) -> None:
    force = with_error(tmp_path)
    given = sign(force, Waived(name, "Fraud is counted in the total only"))
    assert given == (Waiver(name, 1, "Fraud is counted in the total only", "avery", SIGNED),)
    signed = standing(force)
    assert signed is not None and signed.waivers == given


@pytest.mark.parametrize("name", ["sum-mismatch:south", "sum-mismatch:north:burglary", "leak", "all-of-it"])
def test_a_waiver_of_what_was_not_found_is_refused_and_nothing_is_signed(tmp_path: Path, name: str) -> None:
    force = with_error(tmp_path)
    with pytest.raises(UsageError, match="no finding of this week"):
        sign(force, Waived("sum-mismatch", "counted so"), Waived(name, "no reason"))
    assert standing(force) is None and force.store.rows("quality/waivers", **place()) == []


def place() -> dict[str, object]:
    return {"cycle": "main", "week_start": W46, "signed_at": SIGNED}


def test_a_waiver_of_another_finding_does_not_excuse_the_error(tmp_path: Path) -> None:
    force = with_error(tmp_path, total=300.0)  # the total is an outlier as well
    with pytest.raises(DataError):
        sign(force, Waived("outlier:north", "looked at"))
    assert standing(force) is None


def test_a_restatement_reopens_the_week_and_its_waivers_are_to_be_given_again(tmp_path: Path) -> None:
    force = with_error(tmp_path)
    sign(force, Waived("sum-mismatch", "counted so"))
    force.load({("north", "all_crime"): [98.0]}, recorded_at=datetime(2026, 11, 17, 18))
    assert standing(force) is None
    with pytest.raises(DataError):
        sign(force, at=LATER)
    sign(force, Waived("sum-mismatch:north", "counted so"), at=LATER)
    signed, before = standing(force), standing(force, as_of=datetime(2026, 11, 17, 12))
    assert signed is not None and [waiver.finding for waiver in signed.waivers] == ["sum-mismatch:north"]
    assert before is not None and [waiver.finding for waiver in before.waivers] == ["sum-mismatch"]


def test_before_it_was_signed_nothing_was_waived(tmp_path: Path) -> None:
    force = with_error(tmp_path)
    sign(force, Waived("sum-mismatch", "counted so"))
    assert standing(force, as_of=datetime(2026, 11, 17, 8)) is None


def test_only_an_analyst_signs_whatever_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(PermissionRefusedError):
        sign(with_error(tmp_path), by="blake")


def test_one_reason_serves_for_all_or_each_has_its_own() -> None:
    assert pair_with_reasons(["a", "b"], ["so"]) == [Waived("a", "so"), Waived("b", "so")]
    assert pair_with_reasons(["a", "b"], ["so", "thus"]) == [Waived("a", "so"), Waived("b", "thus")]
    assert pair_with_reasons([], []) == []


@pytest.mark.parametrize(
    ("findings", "reasons"),
    [(["a"], []), (["a"], [" "]), ([], ["so"]), (["a", "b", "c"], ["so", "thus"]), (["a"], ["so", "thus"])],
)
def test_a_waiver_without_a_reason_is_refused(findings: list[str], reasons: list[str]) -> None:
    with pytest.raises(UsageError):
        pair_with_reasons(findings, reasons)
