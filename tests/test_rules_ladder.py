"""The ladder: which trigger, up to support by the rule, above it by signature, down again; and where it is silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rules_example import STEADY, W46, Figure, Force, history

from compstat.findings import CompstatError, PermissionRefusedError, UsageError
from compstat.rules.flag import flag_code
from compstat.rules.ladder.ladder import Standing
from compstat.rules.ladder.signed_steps import SignedStep, sign_step
from compstat.workspace.ladders import Step
from compstat.workspace.tables import Person, Role

FLOOR = '[[rule]]\nrule = "floor"\nfamily = "floor"\n'  # 20 burglaries or more are a concern of that week alone
LADDER = """
[[ladder]]
ladder = "main"
down_after = 3
[[ladder.trigger]]
step = "support"
periods = 3
of = 4
[[ladder.trigger]]
step = "contestability"
periods = 6
of = 6
[[ladder.trigger]]
step = "removal"
periods = 8
of = 8
"""
BAD, GOOD = 30.0, 10.0
CHALLENGER = Person(person="casey", role=Role.CHALLENGER)
WEEK = timedelta(days=7)


def force(root: Path, *newest: Figure, rules: str = FLOOR + LADDER, **tables: str) -> Force:
    tables = {
        "units": "unit\nnorth\nsouth\n",
        "targets": "indicator,unit,kind,value\nburglary,north,floor,20\n",
        **tables,
    }
    made = Force(root, rules=rules, **tables)  # type: ignore[arg-type]
    return made.load({("north", "burglary"): history(STEADY, *newest), ("south", "burglary"): STEADY})


def stands(made: Force, weeks_ago: int = 0, unit: str = "north", as_of: datetime | None = None) -> Standing:
    (found,) = [row for row in made.week(W46 - weeks_ago * WEEK, as_of).standings if row.unit == unit]
    return found


def signed(standing: Standing, step: Step, **words: str) -> SignedStep:
    at = datetime(2026, 11, 19, 12)
    reason, refused = words.get("reason", "No change in a quarter"), words.get("refused", "")
    return SignedStep(
        standing.ladder, standing.unit, W46, step, reason, refused, standing.reached, "casey", "avery", at
    )


def sign(made: Force, step: Step, by: Person = CHALLENGER, **words: str) -> Standing:
    standing = stands(made)
    sign_step(made.store, made.workspace.cycle(), standing, signed(standing, step, **words), by)
    return stands(made)


def places(standing: Standing) -> tuple[str, str, str | None]:
    proposed = standing.proposed
    return standing.step.word, standing.reached.word, None if proposed is None else proposed.word


def test_the_rule_moves_a_unit_up_to_support_and_no_further(tmp_path: Path) -> None:
    """Six bad weeks: support from the third on, contestability proposed from the sixth, not before."""
    made = force(tmp_path, *[BAD] * 6)
    seen = [places(stands(made, back)) for back in range(5, -1, -1)]
    assert seen == [
        ("challenge", "challenge", None),
        ("challenge", "challenge", None),
        ("support", "support", None),
        ("support", "support", None),
        ("support", "support", None),
        ("support", "contestability", "contestability"),
    ]


def test_the_receipt_names_the_trigger_the_weeks_and_the_flags(tmp_path: Path) -> None:
    found = stands(force(tmp_path, BAD, GOOD, BAD, BAD))
    assert found.because == "a concern in 3 of the last 4 weeks; support takes 3"
    code = flag_code("north", "burglary", "floor")
    assert [(one.week, one.concerns, one.flags, one.indicators) for one in found.periods] == [
        ("2026-W46", 1, (code,), ("burglary",)),
        ("2026-W45", 1, (code,), ("burglary",)),
        ("2026-W44", 0, (), ()),
        ("2026-W43", 1, (code,), ("burglary",)),
    ]


def test_one_week_less_is_no_trigger(tmp_path: Path) -> None:
    found = stands(force(tmp_path, BAD, GOOD, GOOD, BAD, BAD))  # 2 of the last 4, and never 3 in any four
    assert (found.step, found.because) == (Step.CHALLENGE, "a concern in 2 of the last 4 weeks; support takes 3")
    assert found.leaves_in is None


def test_down_again_so_many_periods_after_the_trigger_last_held(tmp_path: Path) -> None:
    """W41 to W43 bad: the trigger holds in W43 and W44 (3 of 4), so support stays for W45 and W46, and W47 is free."""
    made = force(tmp_path, BAD, BAD, BAD, GOOD, GOOD, GOOD, GOOD)
    steps = [stands(made, back).step.word for back in range(6, -1, -1)]
    assert steps == ["challenge", "challenge", "support", "support", "support", "support", "challenge"]
    assert [stands(made, back).leaves_in for back in range(4, -1, -1)] == [4, 3, 2, 1, None]
    assert stands(made, 1).because == "a concern in 3 of the last 4 weeks; support takes 3, last in 2026-W43"


def test_a_week_without_the_return_is_not_a_quiet_one(tmp_path: Path) -> None:
    """Sending nothing does not bring a unit down: such a week is left out where no-return tells of it."""
    silent = FLOOR + '[[rule]]\nrule = "no-return"\nfamily = "no_return"\n' + LADDER
    assert stands(force(tmp_path / "a", BAD, BAD, BAD, None, None, None, BAD, rules=silent)).step is Step.SUPPORT
    assert [one.week for one in stands(force(tmp_path / "b", BAD, BAD, None, BAD, rules=silent)).periods] == [
        "2026-W46", "2026-W44", "2026-W43", "2026-W42",
    ]  # fmt: skip


def test_above_support_only_a_signature_moves_a_unit_one_step_at_a_time(tmp_path: Path) -> None:
    made = force(tmp_path, *[BAD] * 10)
    assert places(stands(made)) == ("support", "removal", "contestability")
    with pytest.raises(UsageError, match="north is at support, and contestability is proposed, not removal"):
        sign(made, Step.REMOVAL, refused="two plans")
    found = sign(made, Step.CONTESTABILITY)
    assert places(found) == ("contestability", "removal", "removal")
    assert found.signed is not None and found.signed.reason == "No change in a quarter"
    found = sign(made, Step.REMOVAL, refused="The plan of 3 October, and the offer of two officers")
    assert places(found) == ("removal", "removal", None)


def test_removal_must_say_what_was_refused_and_every_step_why(tmp_path: Path) -> None:
    made = force(tmp_path, *[BAD] * 10)
    sign(made, Step.CONTESTABILITY)
    for words in ({"reason": "Ten weeks"}, {"reason": " ", "refused": "two plans"}, {"refused": " \n"}):
        with pytest.raises(UsageError) as stop:
            sign(made, Step.REMOVAL, **words)
        assert stop.value.findings[0].code == "step-without-reason"
    assert stands(made).step is Step.CONTESTABILITY


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CHALLENGER])
def test_only_a_challenger_signs(tmp_path: Path, role: Role) -> None:
    made = force(tmp_path, *[BAD] * 10)
    with pytest.raises(PermissionRefusedError, match="is signed by a challenger"):
        sign(made, Step.CONTESTABILITY, by=Person(person="avery", role=role))
    assert stands(made).signed is None


def test_down_from_above_support_is_proposed_and_signed(tmp_path: Path) -> None:
    made = force(tmp_path, *[BAD] * 6)
    sign(made, Step.CONTESTABILITY)
    for week in range(1, 4):
        made.load({("north", "burglary"): [GOOD]}, last=W46 + week * WEEK)
    found = stands(made, -3)
    assert places(found) == ("contestability", "support", "support"), "the signature stands until another takes it away"
    sign_step(
        made.store, made.workspace.cycle(), found, signed(found, Step.SUPPORT, reason="Three good weeks"), CHALLENGER
    )
    assert places(stands(made, -3)) == ("support", "support", None)


@pytest.mark.parametrize("step", [Step.CHALLENGE, Step.SUPPORT])
def test_what_the_rule_moves_is_not_signed(tmp_path: Path, step: Step) -> None:
    made = force(tmp_path, *[BAD] * 4)
    with pytest.raises(UsageError, match="nothing is to be signed: north is at support"):
        sign(made, step)


def test_an_earlier_week_and_an_earlier_moment_do_not_know_of_a_later_signature(tmp_path: Path) -> None:
    made = force(tmp_path, *[BAD] * 10)
    sign(made, Step.CONTESTABILITY)
    assert stands(made, 1).step is Step.SUPPORT
    assert stands(made, as_of=datetime(2026, 11, 18)).step is Step.SUPPORT
    assert stands(made, as_of=datetime(2026, 11, 20)).step is Step.CONTESTABILITY


def test_concerns_above_challenge_are_of_severity_3_and_say_the_step(tmp_path: Path) -> None:
    """A missed target is of severity 2; on support it goes before others; a watch has no step."""
    rules = '[[rule]]\nrule = "target"\nfamily = "target"\n'
    target = "indicator,unit,kind,value\nburglary,north,target,5\n"
    without = force(tmp_path / "a", rules=rules, targets=target).week().flags
    assert [(flag.severity, flag.step) for flag in without] == [(2, None)]
    made = force(tmp_path / "b", rules=rules + LADDER.replace("periods = 3", "periods = 4"), targets=target)
    assert [(flag.severity, flag.step) for flag in made.week().flags] == [(3, "support")]


def test_a_flag_of_an_indicator_off_the_ladder_has_no_step(tmp_path: Path) -> None:
    made = force(
        tmp_path,
        *[BAD] * 4,
        rules=FLOOR + LADDER.replace('"main"', '"main"\nindicators = ["robbery"]'),
        indicators="indicator,better,unit_of_measure\nburglary,lower,count\nrobbery,lower,count\n",
    )
    assert [flag.step for flag in made.week().flags] == [None]
    assert stands(made).step is Step.CHALLENGE


def test_a_provider_answers_for_the_units_below_it(tmp_path: Path) -> None:
    """Two concerns at once, one in each unit: neither unit is on support, their provider is."""
    ladder = """
[[ladder]]
ladder = "providers"
units = ["provider"]
below = true
[[ladder.trigger]]
step = "support"
concerns = 2
periods = 2
of = 2
"""
    made = Force(
        tmp_path,
        rules=FLOOR + ladder,
        units="unit,level,parent\nwest,provider,\nnorth,district,west\nsouth,district,west\neast,district,\n",
        targets="indicator,unit,kind,value\nburglary,*,floor,20\n",
    )
    made.load({(unit, "burglary"): history(STEADY, BAD, BAD) for unit in ("north", "south", "east")})
    found = made.week()
    assert [(row.unit, row.step, row.periods[0].concerns) for row in found.standings] == [("west", Step.SUPPORT, 2)]
    assert {flag.unit: flag.step for flag in found.flags} == {"north": "support", "south": "support", "east": None}


def test_without_a_ladder_nothing_is_said_and_nothing_read(tmp_path: Path) -> None:
    found = force(tmp_path, *[BAD] * 6, rules=FLOOR).week()
    assert (found.standings, dict(found.tiers)) == ((), {})
    assert {flag.step for flag in found.flags} == {None}


# Bad input

TRIGGER = '[[ladder]]\nladder = "main"\n[[ladder.trigger]]\nstep = "support"\n'


@pytest.mark.parametrize(
    ("rules", "where", "words"),
    [
        (TRIGGER + "periods = 5\nof = 4\n", "rules.toml:3", "wanted at most 4 periods"),
        (TRIGGER + "periods = 1\nof = 27\n", "rules.toml:6", "less than or equal to 26"),
        (TRIGGER + "periods = 0\nof = 4\n", "rules.toml:5", "greater than or equal to 1"),
        (TRIGGER + "concerns = 0\nperiods = 1\nof = 4\n", "rules.toml:5", "greater than or equal to 1"),
        (
            TRIGGER.replace("support", "suport") + "periods = 1\nof = 1\n",
            "rules.toml:4",
            "'contestability' or 'removal'",
        ),
        ('[[ladder]]\nladder = "main"\n', "rules.toml:1", "trigger"),
        ('[[ladder]]\nladder = "main"\ntrigger = []\n', "rules.toml:3", "trigger"),
        (
            TRIGGER + 'periods = 3\nof = 4\n[[ladder.trigger]]\nstep = "support"\nperiods = 4\nof = 4\n',
            "rules.toml:1",
            "each step once, the lowest first, found support after support",
        ),
        (
            TRIGGER + 'periods = 3\nof = 4\n[[ladder.trigger]]\nstep = "removal"\nperiods = 3\nof = 4\n',
            "rules.toml:1",
            "wanted removal to take more than support",
        ),
        (
            TRIGGER + "concerns = 2\nperiods = 1\nof = 1\n",
            "rules.toml:1 [[ladder]] main",
            "support wants 2 concerns, and the ladder has 1 indicators",
        ),
        (
            TRIGGER + "periods = 1\nof = 1\n" + TRIGGER + "periods = 1\nof = 1\n",
            "rules.toml:7 [[ladder]] main",
            'ladder "main" is there twice',
        ),
        (
            TRIGGER.replace('"main"\n', '"main"\nunits = ["Nroth"]\n') + "periods = 1\nof = 1\n",
            "rules.toml:1 [[ladder]] main",
            'unit "Nroth" is not in units.csv. Did you mean "north"?',
        ),
        (
            TRIGGER.replace('"main"\n', '"main"\nindicators = ["burglry"]\n') + "periods = 1\nof = 1\n",
            "rules.toml:1 [[ladder]] main",
            'indicator "burglry" is not in indicators.csv. Did you mean "burglary"?',
        ),
        ('[[tier]]\ntier = "free"\nof = 4\nconcern_periods = 4\n', "rules.toml:1", "else every unit earns it"),
        ('[[tier]]\ntier = "free"\nunits = ["x"]\n', "rules.toml:1 [[tier]] free", 'unit "x" is not in units.csv'),
        ('[[tier]]\ntier = "a"\n[[tier]]\ntier = "a"\n', "rules.toml:3 [[tier]] a", 'tier "a" is there twice'),
    ],
)
def test_a_ladder_or_tier_that_cannot_be_is_refused_with_its_place(
    tmp_path: Path, rules: str, where: str, words: str
) -> None:
    with pytest.raises(CompstatError) as stop:
        _ = Force(tmp_path, rules=rules).workspace
    told = [(finding.where, finding.message) for finding in stop.value.findings]
    assert any(place == where and words in message for place, message in told), told
    assert stop.value.exit_code == 10
