"""Units and indicators by code or name, in any case, when only one can be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspace_example import make_workspace

from compstat.cli.names import flag_code, indicator_code, unit_code
from compstat.findings import UsageError
from compstat.workspace.workspace import Workspace

UNITS = (
    "unit,name,level,valid_from,valid_to\n"
    "a1,Harbour,precinct,,2026-06-30\na1,Harbour Town,precinct,2026-07-01,\n"
    "b2,Castle Hill,precinct,,\nc3,Central,precinct,,\nd4,central,area,,\nHarbour,,area,,\ne5,A1,precinct,,\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    indicators = "indicator,name,unit_of_measure\nburglary,Burglary,count\nodd,Burglary at night,count\n"
    return make_workspace(tmp_path, units=UNITS, indicators=indicators)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("b2", "b2"),
        ("B2", "b2"),
        ("castle hill", "b2"),
        (" Castle Hill ", "b2"),
        ("harbour town", "a1"),
        ("Harbour", "Harbour"),  # a code as it is written is never taken for somebody's name
        ("a1", "a1"),
    ],
)
def test_a_unit_is_known_by_its_code_or_name(workspace: Workspace, words: str, code: str) -> None:
    assert unit_code(workspace, words) == code


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Central", '"Central" can be "c3" or "d4". Give its code.'),
        ("A1 ", '"A1 " can be "a1" or "e5". Give its code.'),
        ("hill", 'There is no unit "hill". Did you mean "b2"?'),
        ("Castel Hill", 'There is no unit "Castel Hill". Did you mean "b2"?'),
        ("entra", 'There is no unit "entra". Did you mean "d4"?'),
        ("", 'There is no unit "".'),
        ("zzz", 'There is no unit "zzz".'),
    ],
)
def test_what_can_be_two_or_none_is_refused_with_the_candidates(workspace: Workspace, words: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        unit_code(workspace, words)
    finding = refused.value.findings[0]
    assert f"{finding.message} {finding.fix}".strip() == said
    assert finding.code == "unknown-unit"


def test_an_indicator_too(workspace: Workspace) -> None:
    assert indicator_code(workspace, "BURGLARY") == "burglary"
    assert indicator_code(workspace, "burglary at night") == "odd"
    with pytest.raises(UsageError, match=r'no indicator "night"\. Did you mean "odd"'):
        indicator_code(workspace, "night")


@pytest.mark.parametrize("words", ["F-YM866", "f-ym866", "YM866", " ym866 "])
def test_a_flags_code_is_known_however_it_is_typed(words: str) -> None:
    assert flag_code(words) == "F-YM866"
